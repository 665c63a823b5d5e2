"""The schema's history: every earlier revision comes up to the tables as they are, and nothing is lost."""

import contextlib
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event

from service.adapters.database.migrations import HISTORY, History
from service.adapters.database.sqlite import SqliteCatalogue
from service.adapters.database.sqlite_upgrade import upgrade
from service.adapters.database.tables import HEAD, Row
from service.errors import LibraryFromTheFuture, Unavailable
from tests.contract.catalogue_transactions import SPAWN
from tests.contract.processes import migrate

REVISIONS = HISTORY.revisions()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[SqliteCatalogue]:
    catalogue = SqliteCatalogue(f"sqlite:///{path}")
    try:
        yield catalogue
    finally:
        catalogue.close()


def bring_to(path: Path, revision: str, history: History = HISTORY) -> None:
    """An old library, as the version with this newest revision left it."""
    sqlite3.connect(path).close()
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def explicit(connection, _) -> None:  # type: ignore[no-untyped-def]
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection) -> None:  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode")
            connection.rollback()
            upgrade(connection, path, target=revision, history=history)
    finally:
        engine.dispose()


def run(path: Path, *statements: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    with connection:
        rows = [connection.execute(statement).fetchall() for statement in statements][-1]
    connection.close()
    return rows


def fill_statements() -> list[str]:
    """One row in every table of the first revision, columns of later ones at their defaults; on both engines."""
    return [
        (
            "INSERT INTO resources (key, id, owner, origin, visibility, access, created_at, modified_at,"
            " withdrawn_reason, row_version) VALUES (7, '000000000000', 'default', 'local', 'live', 'public',"
            " '2026-01-02 03:04:05.000006', '2026-01-02 03:04:05.000006', '', 3)"
        ),
        "INSERT INTO resource_aliases VALUES ('111111111114', 7)",
        "INSERT INTO blobs VALUES ('aa', 5, '2026-01-02 03:04:05.000000')",
        "INSERT INTO refused_blobs VALUES ('bb', '2026-01-02 03:04:05.000000')",
        (
            "INSERT INTO revisions (key, resource, number, state, created_at, row_version)"
            " VALUES (1, 7, 1, 'draft', '2026-01-02 03:04:05.000000', 1)"
        ),
        "INSERT INTO revision_values VALUES (1, 0, 'title', 'Bài một', 'vi', 'file', 'info')",
        "INSERT INTO files VALUES (1, 1, 0, 'aa', 5, 'application/pdf', 'a.pdf', 'main')",
        (
            "INSERT INTO readings (bundle, fingerprint, media_type, passages, warnings, error_parameters,"
            " seconds, read_at) VALUES ('aa', 'p', 'application/pdf', 1, '[]', '{}', 0.5, '2026-01-02 03:04:05.000000')"
        ),
        (
            "INSERT INTO events (kind, resource, actor, details, at)"
            " VALUES ('deposited', 7, 'operator', '{}', '2026-01-02 03:04:05.000000')"
        ),
        (
            "INSERT INTO jobs (kind, subject, priority, state, failures, losses, reason, reason_parameters, created_at)"
            " VALUES ('read', '000000000000', 50, 'queued', 0, 0, '', '{}', '2026-01-02 03:04:05.000000')"
        ),
        "INSERT INTO terms VALUES (7, 'grade', 'lop-10')",
        (
            "INSERT INTO index_generations (name, engine, fingerprint, state, created_at, row_version)"
            " VALUES ('g', 'tantivy', 'f', 'live', '2026-01-02 03:04:05.000000', 1)"
        ),
        "INSERT INTO daily_counts VALUES ('2026-01-02', 'opening', '000000000000', 'default', 'web', 4)",
        "INSERT INTO organisation_codes VALUES ('ministry', '79', 1, NULL, NULL)",
        "INSERT INTO organisation_parents VALUES (1, 1, 1, 'professional', NULL, '2025-07-01')",
        "INSERT INTO organisation_successions VALUES (1, 1, '2025-07-01')",
    ]


def fill(path: Path) -> None:
    run(path, *fill_statements())


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    names = [str(name) for (name,) in run(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: run(path, f"SELECT * FROM {name}") for name in names if not name.startswith(("sqlite_", "alembic"))}  # noqa: S608


def _parts(sql: str) -> list[str]:
    """A definition cut at its outer brackets and at the commas between them."""
    begin, end = sql.find("("), sql.rfind(")")
    inside, depth, parts = sql[begin + 1 : end], 0, [""]
    for character in inside:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [sql[:begin], *parts, sql[end + 1 :]]


def definitions(path: Path) -> dict[str, set[str]]:
    """Name -> its lines, without regard to order and spacing: columns, constraints, indexes."""
    rows = run(path, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {
        # Cut at what separates columns: a column that was added in place stands on the last line.
        str(name): {re.sub(r"\s+", " ", part.strip().replace('"', "")) for part in _parts(str(sql))}
        for name, sql in rows
        if name != "alembic_version"
    }


def test_the_newest_revision_is_the_one_that_the_tables_name() -> None:
    assert REVISIONS[-1] == HEAD


@pytest.mark.parametrize("revision", [None, *REVISIONS])
def test_every_earlier_revision_becomes_the_tables(tmp_path: Path, revision: str | None) -> None:
    path = tmp_path / "library.sqlite"
    if revision is not None:
        bring_to(path, revision)
    with opened(path) as catalogue:
        catalogue.migrate()
        catalogue.check()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()
    # Alembic does not compare CHECKs, partial indexes and AUTOINCREMENT; SQLite's own texts do.
    wanted = tmp_path / "wanted.sqlite"
    engine = create_engine(f"sqlite:///{wanted}")
    Row.metadata.create_all(engine)
    engine.dispose()
    assert definitions(path) == definitions(wanted)


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgrade_keeps_every_row(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "library.sqlite"
    bring_to(path, REVISIONS[0])
    fill(path)
    before = contents(path)
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    bring_to(path, revision)
    with opened(path) as catalogue:
        catalogue.migrate()
        with catalogue.reading() as work:
            kept = work.resources.get("111111111114")
            assert kept is not None
            assert kept.created_at.microsecond == 6
    after = contents(path)
    assert {name: len(rows) for name, rows in after.items() if name in before} == {
        name: len(rows) for name, rows in before.items()
    }


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with opened(path) as catalogue:
        catalogue.migrate()
        run(path, "UPDATE alembic_version SET version_num = 'r9999'")
        with pytest.raises(LibraryFromTheFuture) as caught:
            catalogue.migrate()
        with pytest.raises(Unavailable):
            catalogue.check()
    assert caught.value.parameters == {"found": "r9999"}
    assert run(path, "SELECT version_num FROM alembic_version") == [("r9999",)]


def test_many_processes_may_migrate_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "library.sqlite"
    starters = [SPAWN.Process(target=migrate, args=(SqliteCatalogue, f"sqlite:///{path}")) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(60)
    assert [starter.exitcode for starter in starters] == [0, 0, 0, 0]
    assert run(path, "SELECT count(*) FROM organisations") == [(1,)]
    assert run(path, "PRAGMA journal_mode") == [("wal",)]


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "r9998"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # PostgreSQL alters in place: it could not take away a table that others refer to.
    rebuilt = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("resources", recreate=rebuilt, table_kwargs={{"sqlite_autoincrement": True}}) as batch:
        batch.add_column(sa.Column("series", sa.Text(), nullable=False, server_default=""))
    {rest}
"""


def with_a_next_revision(folder: Path, rest: str = "") -> History:
    """The library's history and one revision more, which rebuilds the table that everything refers to."""
    folder.mkdir()
    for script in HISTORY.versions.glob("r*.py"):
        shutil.copy(script, folder)
    (folder / "r9998_next.py").write_text(NEXT.format(head=HEAD, rest=rest))
    return History(folder)


def test_an_upgrade_rebuilds_a_table_without_loss_and_leaves_a_copy_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    bring_to(path, HEAD)
    fill(path)
    before = contents(path)
    bring_to(path, "r9998", with_a_next_revision(tmp_path / "versions"))
    after = contents(path)
    assert after.pop("resources") == [(*row, "") for row in before["resources"]]
    assert after.items() <= before.items()
    assert run(path, "SELECT sql FROM sqlite_master WHERE name = 'resources' AND sql LIKE '%AUTOINCREMENT%'")
    copy = tmp_path / f"library.sqlite.before-{HEAD}"
    assert contents(copy) == before
    assert not list(tmp_path.glob("*.copying"))


@pytest.mark.parametrize(
    "rest", ["raise ValueError('hỏng')", "op.execute('DELETE FROM resources')"], ids=["fails", "breaks a reference"]
)
def test_an_upgrade_that_goes_wrong_changes_nothing(tmp_path: Path, rest: str) -> None:
    path = tmp_path / "library.sqlite"
    bring_to(path, HEAD)
    fill(path)
    before = contents(path), definitions(path)
    with pytest.raises((ValueError, Unavailable)):
        bring_to(path, "r9998", with_a_next_revision(tmp_path / "versions", rest))
    assert (contents(path), definitions(path)) == before
    with opened(path) as catalogue:
        catalogue.check()
