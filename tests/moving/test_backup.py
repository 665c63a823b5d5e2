"""Backups: what they store, what they keep and what they say of themselves."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service.adapters.objects.folder import FolderStore
from service.errors import BackupIdentity, BackupKey, Invalid, NotFound
from service.library import curate, discover
from service.library.moving import keep, load, secrets
from service.library.moving.dump import dump, newest
from service.library.moving.format import begun_key, generations, manifest_key, secrets_key
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import OPERATOR, PUBLIC
from tests.conftest import make_pdf
from tests.moving.conftest import ENGINES, pattern_of
from tests.moving.engines import Make, Room
from tests.moving.library import hoclieu, ids_of, looks_right, with_secrets

FILES = 16
"""Of the batch that runs meanwhile."""


class Counting(FolderStore):
    """A place that notes what is written into it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.written: list[str] = []

    def put(self, key: str, data: bytes) -> None:
        self.written.append(key)
        super().put(key, data)

    def put_blob(self, source):  # type: ignore[no-untyped-def]
        stored = super().put_blob(source)
        self.written.append(f"blobs/{stored.sha256}")
        return stored


def backed_up(services: Services, folder: Path) -> list[str]:
    """One more generation. Returns: the keys that were written."""
    place = Counting(folder)
    dump(services, OPERATOR, place, str(folder))
    return place.written


def test_the_second_backup_stores_what_is_new(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    first = backed_up(services, tmp_path / "place")
    assert {key.split("/")[0] for key in first} == {"format.json", "generations", "parts", "blobs", "documents"}
    again = backed_up(services, tmp_path / "place")
    assert [key.split("/")[0] for key in again] == ["generations", "generations"]
    # In another second than it was published in: the list of a set's members holds nothing but the second.
    time.sleep(1)
    curate.withdraw(services, OPERATOR, ids_of(services)["parabol.pdf"], reason="Sai.")
    changed = backed_up(services, tmp_path / "place")
    # resources, events and terms changed, the three tables of what harvesters get, what the record lacked; no object.
    assert sorted(key.split("/")[0] for key in changed) == ["generations"] * 2 + ["parts"] * 7
    services.catalogue.close()


def test_a_batch_runs_while_backups_are_taken(make: Make, tmp_path: Path) -> None:
    """Each of them is a library of its own: whatever its rows name is in it, and it restores."""
    room = make()
    for number in range(FILES):
        make_pdf(tmp_path / "files" / f"{number}.pdf", [f"Bài daynhieu {number}."], title=f"Bài {number}")
    services = room.open()
    batch = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "ingest", str(tmp_path / "files"), "--publish", "--licence", "CC0-1.0"],
        env={**os.environ, **room.environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert batch.stdout is not None
    taken = []
    while batch.poll() is None:
        taken.append(dump(services, OPERATOR, FolderStore(tmp_path / "place"), "place"))
    batch.stdout.read()
    batch.stdout.close()
    assert batch.returncode == 0
    services.catalogue.close()
    read = [manifest.tables["readings"].rows for manifest in taken]
    assert read == sorted(read)
    under_way = next(manifest for manifest, rows in zip(taken, read, strict=True) if 0 < rows < FILES)
    assert [manifest.missing for manifest in taken] == [()] * len(taken)
    assert list(keep.verify(FolderStore(tmp_path / "place"), "place")) == []
    new = make().open()
    place = FolderStore(tmp_path / "place")
    load.load(new, OPERATOR, place, load.choose(place, "place", under_way.name))
    with new.catalogue.reading() as work:
        resources = work.resources.after(0, 1_000)
        assert len(resources) == under_way.tables["resources"].rows
        files = [file for one in resources for rev in work.resources.revisions(one.key) for file in rev.files]
    assert all(new.objects.exists(f"blobs/{file.sha256}") for file in files)
    new.catalogue.close()


@pytest.mark.parametrize("make", ENGINES, indirect=True)
def test_what_the_library_lacks_is_named_and_the_rest_is_kept(
    make: Make, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    room = make(pattern_of(request.node.callspec.params["make"], request))
    services = room.open()
    lost, torn = sorted(services.objects.keys("blobs/"))[:2]
    services.objects.remove(lost)
    services.objects.put(torn, b"torn")
    services.catalogue.close()
    said = hoclieu(room, "backup", str(tmp_path / "place"), code=1)
    assert lost in said
    assert torn in said
    place = FolderStore(tmp_path / "place")
    manifest = newest(place)
    assert manifest is not None
    assert manifest.missing == (lost, torn)
    assert list(keep.verify(place, "place")) == []
    assert not place.exists(torn)


def test_old_generations_go_with_what_only_they_needed(filled: Room, make: Make, tmp_path: Path) -> None:
    services = filled.open()
    place = FolderStore(tmp_path / "place")
    first = dump(services, OPERATOR, place, "place")
    # A file that nobody needs any more leaves the library.
    make_pdf(tmp_path / "x" / "x.pdf", ["x"])
    with (tmp_path / "x" / "x.pdf").open("rb") as source:
        blob = services.objects.put_blob(source)
    with services.catalogue.writing() as work:
        work.blobs.add(blob.sha256, blob.size_bytes)
    dump(services, OPERATOR, place, "place")
    with services.catalogue.writing() as work:
        work.blobs.remove(blob.sha256)
    third = dump(services, OPERATOR, place, "place")
    ids = ids_of(services)
    services.catalogue.close()
    assert place.exists(f"blobs/{blob.sha256}")
    assert len(keep.prune(place, 1)) == 2
    assert generations(place) == [third.name]
    assert not place.exists(f"blobs/{blob.sha256}")
    assert not place.exists(begun_key(first.name))
    assert list(keep.verify(place, "place")) == []
    needed = {part.key for one in (*third.tables.values(), third.objects) for part in one.parts}
    assert set(place.keys("parts/")) == needed
    new = make().open()
    load.load(new, OPERATOR, place, load.choose(place, "place"))
    looks_right(new, ids)
    new.catalogue.close()


def test_nothing_goes_while_another_backup_is_written(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    place = FolderStore(tmp_path / "place")
    names = [dump(services, OPERATOR, place, "place").name for _ in range(2)]
    services.catalogue.close()
    place.put(begun_key("29990101T000000.000000Z-abcdef"), b"{}")
    assert keep.prune(place, 1) == ()
    place.remove(begun_key("29990101T000000.000000Z-abcdef"))
    place.put(begun_key("20200101T000000.000000Z-abcdef"), b"{}")
    assert keep.prune(place, 1) == (min(names),)
    assert not place.exists(begun_key("20200101T000000.000000Z-abcdef"))


def test_verify_names_what_is_not_as_it_was_written(filled: Room, tmp_path: Path) -> None:
    with_secrets(filled)
    services = filled.open()
    sealed = secrets.seal(filled.home, secrets.new_key()[1])
    place = FolderStore(tmp_path / "place")
    manifest = dump(services, OPERATOR, place, "place", sealed=sealed)
    services.catalogue.close()
    assert list(keep.verify(place, "place")) == []
    for key in (
        manifest.tables["events"].parts[0].key,
        manifest.objects.parts[0].key,
        next(place.keys("blobs/")),
        next(place.keys("documents/")),
        manifest_key(manifest.name),
        secrets_key(manifest.name),
    ):
        whole = place.get(key)
        torn = bytearray(whole)
        torn[len(torn) // 2] ^= 1
        place.put(key, bytes(torn))
        assert [found for found, _ in keep.verify(place, "place")] == [key]
        if key != manifest_key(manifest.name):
            place.remove(key)
            assert [found for found, _ in keep.verify(place, "place")] == [key]
        place.put(key, whole)
    assert list(keep.verify(place, "place")) == []
    place.remove(secrets_key(manifest.name))
    assert secrets_key(manifest.name) in hoclieu(filled, "backup", str(tmp_path / "place"), "--verify", code=1)


def test_secrets_need_a_key_and_open_only_with_theirs(filled: Room, tmp_path: Path) -> None:
    assert secrets.seal(filled.home, "") is None
    with_secrets(filled)
    with pytest.raises(BackupKey):
        secrets.seal(filled.home, "")
    with pytest.raises(Invalid):
        secrets.seal(filled.home, "age1nonsense")
    assert "HOCLIEU_BACKUP_KEY" in hoclieu(filled, "backup", str(tmp_path / "place"), code=2)
    assert not (tmp_path / "place").exists()
    secret, public = secrets.new_key()
    sealed = secrets.seal(filled.home, public)
    assert sealed is not None
    assert b"not-for-everybody" not in sealed.data
    with pytest.raises(BackupIdentity):
        secrets.unseal(sealed.data, secrets.new_key()[0])
    with pytest.raises(BackupIdentity):
        secrets.unseal(sealed.data, "nothing")
    assert secrets.unpack(secrets.unseal(sealed.data, f"# a comment\n{secret}\n"), tmp_path / "new") == 2
    assert (tmp_path / "new" / "secrets" / "oai").read_text() == "not-for-everybody"


def test_a_key_file_is_never_overwritten(filled: Room, tmp_path: Path) -> None:
    hoclieu(filled, "backup-key", str(tmp_path / "key"))
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    kept = (tmp_path / "key").read_text()
    assert "public key" in kept
    hoclieu(filled, "backup-key", str(tmp_path / "key"), code=2)
    assert (tmp_path / "key").read_text() == kept


def test_an_older_generation_is_restored_by_name(filled: Room, make: Make, tmp_path: Path) -> None:
    services = filled.open()
    ids = ids_of(services)
    place = FolderStore(tmp_path / "place")
    first = dump(services, OPERATOR, place, "place")
    curate.withdraw(services, OPERATOR, ids["parabol.pdf"], reason="Sai.")
    dump(services, OPERATOR, place, "place")
    services.catalogue.close()
    new = make()
    hoclieu(new, "restore", str(tmp_path / "place"), "--generation", first.name)
    services = new.open()
    looks_right(services, ids)
    services.catalogue.close()
    assert json.loads(place.get(f"generations/{first.name}/manifest.json"))["missing"] == []


def test_the_name_of_a_purged_item_does_not_come_back(filled: Room, make: Make, tmp_path: Path) -> None:
    """A copy set aside before the purge, restored with the ledger of a later place."""
    services = filled.open()
    ids = ids_of(services)
    dump(services, OPERATOR, FolderStore(tmp_path / "aside"), "aside")
    services.catalogue.close()
    hoclieu(filled, "purge", ids["parabol.pdf"], "--reason", "Gia đình yêu cầu.")
    hoclieu(filled, "backup", str(tmp_path / "later"))
    new = make()
    hoclieu(new, "restore", str(tmp_path / "aside"), "--purges", str(tmp_path / "later"))
    services = new.open()
    with services.catalogue.reading() as work:
        found = work.resources.get(ids["parabol.pdf"])
        assert found is not None
        assert found.withdrawn_reason == "Gia đình yêu cầu."
        revisions = work.resources.revisions(found.key)
        assert not [value for one in revisions for value in one.values if value.field == "title"]
        hashes = [file.sha256 for one in revisions for file in one.files]
        assert work.blobs.refused(hashes) == set(hashes)
    assert not any(services.objects.exists(f"blobs/{sha256}") for sha256 in hashes)
    with pytest.raises(NotFound):
        discover.search(services, PUBLIC, SearchRequest(text="x", resource=ids["parabol.pdf"]))
    services.catalogue.close()
