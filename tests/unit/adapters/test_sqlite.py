import sqlite3
import threading
from pathlib import Path

import pytest

from service.adapters.database.sqlite import SqliteCatalogue
from service.errors import SettingsError, Unavailable


def a_catalogue(path: Path, **options: float) -> SqliteCatalogue:
    return SqliteCatalogue(f"sqlite:///{path}", **options)


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///:memory:", "postgresql://h/d", "sqlite+aiosqlite:///a"])
def test_a_url_that_names_no_file_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        SqliteCatalogue(url)
    assert caught.value.parameters["name"] == "HOCLIEU_DATABASE_URL"


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    path = tmp_path / "thư viện 50% #1?" / "library.sqlite"
    catalogue = a_catalogue(path)
    catalogue.migrate()
    catalogue.check()
    catalogue.close()
    assert path.exists()


def test_a_missing_database_is_unavailable_and_not_made_by_looking(tmp_path: Path) -> None:
    catalogue = a_catalogue(tmp_path / "library.sqlite")
    with pytest.raises(Unavailable):
        catalogue.check()
    with pytest.raises(Unavailable):
        catalogue.changes()
    with pytest.raises(Unavailable), catalogue.writing():
        pass
    with pytest.raises(Unavailable), catalogue.reading():
        pass
    catalogue.close()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_is_not_this_versions(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    sqlite3.connect(path).close()
    path.touch()
    catalogue = a_catalogue(path)
    with pytest.raises(Unavailable) as caught:
        catalogue.check()
    assert caught.value.parameters == {"part": "database"}
    catalogue.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"not a database, but long enough to look like one " * 100)
    catalogue = a_catalogue(path)
    for act in (catalogue.check, catalogue.migrate):
        with pytest.raises(Unavailable):
            act()
    catalogue.close()


def test_a_database_that_breaks_while_open_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    catalogue = a_catalogue(path)
    catalogue.migrate()
    catalogue.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(Unavailable), catalogue.reading() as work:
        work.organisations.all()
    catalogue.close()


def test_a_commit_is_synced_and_references_hold_on_every_connection(tmp_path: Path) -> None:
    catalogue = a_catalogue(tmp_path / "library.sqlite")
    catalogue.migrate()
    for block in (catalogue.reading, catalogue.writing, catalogue.writing):
        with block() as work:
            connection = work.resources.transaction.connection
            pragmas = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert pragmas == ["wal", 2, 1]
    catalogue.close()


def test_a_writer_that_waits_too_long_gives_up_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    holder = a_catalogue(path)
    holder.migrate()
    impatient = a_catalogue(path, busy_seconds=0.05)
    with holder.writing():
        with pytest.raises(Unavailable), impatient.writing():
            pass
        with impatient.reading() as work:
            assert work.organisations.all()
    with impatient.writing() as work:
        assert work.organisations.all()
    holder.close()
    impatient.close()


def test_a_thread_that_waits_too_long_for_another_gives_up_too(tmp_path: Path) -> None:
    catalogue = a_catalogue(tmp_path / "library.sqlite", busy_seconds=0.05)
    catalogue.migrate()
    caught: list[BaseException] = []

    def act() -> None:
        try:
            with catalogue.writing():
                pass
        except Unavailable as error:
            caught.append(error)

    with catalogue.writing():
        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
    assert len(caught) == 1
    catalogue.close()


def test_changes_go_on_rising_after_the_watching_connection_was_lost(tmp_path: Path) -> None:
    catalogue = a_catalogue(tmp_path / "library.sqlite")
    catalogue.migrate()
    seen = [catalogue.changes()]
    for _ in range(3):
        catalogue.close()
        seen.append(catalogue.changes())
    assert seen == sorted(set(seen))
    catalogue.close()
