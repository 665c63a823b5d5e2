"""The drill: a library is backed up, changes, is backed up again and lost; a new one takes its place."""

import shutil
import stat
from itertools import product
from pathlib import Path

import pytest

from service import compose
from service.adapters.objects.folder import FolderStore
from service.library import discover
from service.library.deposit import Offered, deposit
from service.library.moving import keep, secrets
from service.library.moving.dump import dump
from service.library.moving.format import generations
from service.library.views import SearchRequest
from service.model import OPERATOR, PUBLIC, Value
from tests.conftest import make_pdf
from tests.kinds import work_off
from tests.moving.conftest import ENGINES, pattern_of, rooms
from tests.moving.engines import Room
from tests.moving.library import hoclieu, ids_of, rows_of, with_secrets
from tests.servers.s3 import ACCESS_KEY, SECRET_KEY, S3Server

RETOLD = {"events", "resources", "refused_blobs", "oai_records", "oai_members", "oai_trial"}
"""Tables that a purge writes into again, with its own time; the set for trials, which the purge's worker may fill."""


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Where backups go: a folder, or a bucket of another store's keys than those of the library's files."""
    if request.getfixturevalue("first") == "embedded":
        return {"HOCLIEU_BACKUP_URL": str(tmp_path / "backups")}
    server: S3Server = request.getfixturevalue("s3_server")
    return {
        "HOCLIEU_BACKUP_URL": server.url(request.getfixturevalue("bucket")),
        "HOCLIEU_BACKUP_ACCESS_KEY": ACCESS_KEY,
        "HOCLIEU_BACKUP_SECRET_KEY": SECRET_KEY,
    }


@pytest.mark.parametrize(("first", "second"), list(product(ENGINES, ENGINES)))
def test_the_drill(
    first: str, second: str, place: dict[str, str], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Links, counts, search, secrets, checksums; and what was purged after the last backup stays away."""
    lost = rooms(first, request, tmp_path / "a")(pattern_of(first, request))
    with_secrets(lost)
    identity, public = secrets.new_key()
    (tmp_path / "key").write_text(identity, encoding="ascii")
    settings = {**place, "HOCLIEU_BACKUP_KEY": public}
    hoclieu(lost, "backup", **settings)
    services = lost.open()
    ids = ids_of(services)
    late = make_pdf(tmp_path / "sau.pdf", ["Bài học thembaisau."], title="Bài sau")
    values = [Value("licence", "CC-BY-4.0", "sheet")]
    ids["sau.pdf"] = deposit(
        services, OPERATOR, [Offered(late, late.name)], owner="default", values=values, publish=True
    ).resource.id
    work_off(services)
    services.catalogue.close()
    assert "Backup " in hoclieu(lost, "backup", **settings)
    hoclieu(lost, "purge", ids["quangphan.pdf"], "--reason", "Toà án yêu cầu.", **settings)
    services = lost.open()
    right = dump(services, OPERATOR, FolderStore(tmp_path / "right"), "right")
    services.catalogue.close()
    shutil.rmtree(lost.home)

    new = rooms(second, request, tmp_path / "b")()
    assert "--identity" in hoclieu(new, "restore", code=2, **place)
    assert "secret files: 2" in hoclieu(new, "restore", "--identity", str(tmp_path / "key"), **place)
    services = new.open()
    found = discover.search(services, PUBLIC, SearchRequest(text="thembaisau"))
    assert [item.id for item in found.items] == [ids["sau.pdf"]]
    assert discover.search(services, PUBLIC, SearchRequest(text="quangphan")).total == 0
    with services.catalogue.reading() as work:
        alias = work.resources.get("000000000000")
        assert alias is not None
        assert alias.id == ids["parabol.pdf"]
        assert work.counters.used([alias.id]) == {alias.id: 7}
        purged = work.resources.get(ids["quangphan.pdf"])
        assert purged is not None
        assert (purged.visibility, purged.withdrawn_reason) == ("withdrawn", "Toà án yêu cầu.")
    restored = dump(services, OPERATOR, FolderStore(tmp_path / "after"), "after")
    for name in right.tables.keys() - RETOLD:
        assert restored.tables[name] == right.tables[name], name
    assert restored.objects == right.objects
    untold = [
        [row for row in rows_of(FolderStore(tmp_path / where), manifest, "events") if row["kind"] != "purged"]
        for where, manifest in (("right", right), ("after", restored))
    ]
    assert untold[0] == untold[1]
    has_secrets(new)
    # The place is whole, and the new library's from now on: its next backup stands beside those of the lost one.
    hoclieu(new, "backup", **settings)
    backups = compose.place(services.settings.model_copy(update=_fields(place)), place["HOCLIEU_BACKUP_URL"])
    assert len(generations(backups)) == 3
    assert list(keep.verify(backups, "backups")) == []
    services.catalogue.close()


def has_secrets(room: Room) -> None:
    folder = room.home / "secrets"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in files.items()} == {
        "oai": b"not-for-everybody",
        "tokens/a": bytes(range(256)),
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}


def _fields(place: dict[str, str]) -> dict[str, object]:
    from pydantic import SecretStr

    return {
        name.removeprefix("HOCLIEU_").lower(): SecretStr(value) if name.endswith("_KEY") else value
        for name, value in place.items()
    }
