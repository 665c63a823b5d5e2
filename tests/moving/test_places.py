"""Where exports and backups stand: a folder or a bucket, never a library's own, never another library's."""

from pathlib import Path

import pytest

from service.adapters.objects.folder import FolderStore
from service.errors import HoldsBackups
from service.library.moving import ledger
from service.library.moving.format import generations
from tests.moving.engines import Make, Room
from tests.moving.library import hoclieu, ids_of
from tests.servers.s3 import ACCESS_KEY, SECRET_KEY, S3Server

KEYS = {"HOCLIEU_BACKUP_ACCESS_KEY": ACCESS_KEY, "HOCLIEU_BACKUP_SECRET_KEY": SECRET_KEY}


def test_a_place_is_named_or_set(make: Make) -> None:
    room = make()
    for command in ("backup", "restore"):
        assert "HOCLIEU_BACKUP_URL" in hoclieu(room, command, code=2)


def test_what_is_wrong_with_a_bucket_of_backups_is_one_sentence_and_code_2(
    make: Make, s3_server: S3Server, bucket: str
) -> None:
    room = make()
    url = s3_server.url(bucket)
    wrong = {**KEYS, "HOCLIEU_BACKUP_SECRET_KEY": "wrong"}
    for command in ("backup", "restore"):
        said = hoclieu(room, command, url, code=2, **wrong)
        assert "HOCLIEU_BACKUP_ACCESS_KEY and HOCLIEU_BACKUP_SECRET_KEY" in said
        assert len(said.splitlines()) == 2
    # Where backups have no keys of their own, those of the files are the ones to correct.
    files = {"HOCLIEU_OBJECTS_ACCESS_KEY": ACCESS_KEY, "HOCLIEU_OBJECTS_SECRET_KEY": "wrong"}
    assert "HOCLIEU_OBJECTS_SECRET_KEY" in hoclieu(room, "backup", url, code=2, **files)
    said = hoclieu(room, "backup", s3_server.url("not-there"), code=2, **KEYS)
    assert "“not-there”, which HOCLIEU_BACKUP_URL names" in said
    assert "HOCLIEU_BACKUP_URL" in hoclieu(room, "backup", "s3+http://127.0.0.1:9/b", code=2, **KEYS)
    assert "HOCLIEU_BACKUP_URL" in hoclieu(room, "backup", "s4://127.0.0.1:9/b", code=2, **KEYS)


@pytest.mark.parametrize("make", ["scaled"], indirect=True)
def test_a_bucket_is_a_librarys_or_holds_backups_never_both(make: Make, s3_server: S3Server, bucket: str) -> None:
    room, other = make(), make()
    own = room.environment["HOCLIEU_OBJECTS_URL"]
    room.open().catalogue.close()
    # Its own bucket, and another library's.
    assert "no export and no backup" in hoclieu(room, "backup", own, code=2)
    assert "no export and no backup" in hoclieu(other, "backup", own, code=2, HOCLIEU_REPOSITORY_ID="b.example")
    hoclieu(room, "backup", s3_server.url(bucket))
    taken = {"HOCLIEU_OBJECTS_URL": s3_server.url(bucket)}
    said = hoclieu(other, "doctor", code=2, HOCLIEU_REPOSITORY_ID="b.example", **taken)
    assert "Backups or exports stand in" in said
    assert s3_server.store(bucket, room.home).exists("format.json")


def test_a_folder_is_a_librarys_or_holds_backups_never_both(filled: Room, make: Make, tmp_path: Path) -> None:
    objects = filled.home / "objects"
    before = sorted(objects.rglob("*"))
    for inside in ("", "inside"):
        assert "no export and no backup" in hoclieu(filled, "backup", str(objects / inside), code=2)
    empty = make()
    assert "no export and no backup" in hoclieu(empty, "backup", str(empty.home / "objects"), code=2)
    assert sorted(objects.rglob("*")) == before
    hoclieu(filled, "backup", str(tmp_path / "place"))
    assert "HOCLIEU_OBJECTS_URL" in hoclieu(empty, "doctor", code=2, HOCLIEU_OBJECTS_URL=f"file://{tmp_path / 'place'}")
    with pytest.raises(HoldsBackups):
        FolderStore(tmp_path / "place").begin("b.example")


def test_backups_are_one_librarys_and_whoever_restored_them_goes_on(filled: Room, make: Make, tmp_path: Path) -> None:
    place = str(tmp_path / "place")
    hoclieu(filled, "backup", place, HOCLIEU_REPOSITORY_ID="a.example")
    new = make()
    assert "HOCLIEU_REPOSITORY_ID=a.example" in hoclieu(new, "restore", place)
    said = hoclieu(new, "backup", place, code=2, HOCLIEU_REPOSITORY_ID="b.example")
    assert "those of another library (a.example)" in said
    assert len(generations(FolderStore(tmp_path / "place"))) == 1
    hoclieu(new, "backup", place, HOCLIEU_REPOSITORY_ID="a.example")
    assert len(generations(FolderStore(tmp_path / "place"))) == 2


def test_a_purge_before_the_first_backup_leaves_its_place_usable(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    identifier = ids_of(services)["parabol.pdf"]
    services.catalogue.close()
    place = {"HOCLIEU_BACKUP_URL": str(tmp_path / "place")}
    hoclieu(filled, "purge", identifier, "--reason", "Toà án yêu cầu.", **place)
    hoclieu(filled, "backup", **place)
    assert [record.resource for record in ledger.of_place(FolderStore(tmp_path / "place"))] == [identifier]
