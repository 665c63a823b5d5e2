"""A disk that fills up at any write: an error with its name, nothing half-written, and work goes on with room again."""

import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.adapters.database.sqlite import SqliteCatalogue
from service.adapters.objects.folder import FolderStore
from service.errors import StorageFull
from service.ports import blob_key

SIZE = 4 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    path = tmp_path / "disk"
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(path)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here (needs root): {mounted.stderr.strip()}")
    yield path
    subprocess.run(["umount", str(path)], check=True)


def leave(disk: Path, free_bytes: int) -> Path:
    """Fill the disk up to what is to stay free."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    room = os.statvfs(disk)
    filler.write_bytes(b"\0" * max(0, room.f_bavail * room.f_frsize - free_bytes))
    return filler


def objects(store: FolderStore) -> list[str]:
    return sorted(store.keys(""))


@pytest.mark.parametrize("free_bytes", [0, 4096, 8192, 12_288, 65_536, 1 << 20])
def test_a_full_disk_stores_no_half_object(disk: Path, free_bytes: int) -> None:
    store = FolderStore(disk / "objects")
    store.put("documents/kept", b"kept")
    before = objects(store)
    filler = leave(disk, free_bytes)
    data = os.urandom(free_bytes + 100_000)
    for act in (lambda: store.put_blob(io.BytesIO(data)), lambda: store.put("documents/kept", data)):
        with pytest.raises(StorageFull) as caught:
            act()
        assert caught.value.parameters == {"part": "objects"}
        assert objects(store) == before
        assert list((disk / "objects" / ".incoming").iterdir()) == []
    assert store.get("documents/kept") == b"kept"
    filler.unlink()
    assert store.get(blob_key(store.put_blob(io.BytesIO(data)).sha256)) == data


def test_a_store_on_a_full_disk_is_not_well(disk: Path) -> None:
    store = FolderStore(disk / "objects")
    store.check()
    leave(disk, 0)
    with pytest.raises(StorageFull):
        store.check()


@pytest.mark.parametrize("free_bytes", [0, 4096, 16_384, 65_536, 262_144])
def test_a_full_disk_loses_nothing_that_was_committed(disk: Path, free_bytes: int) -> None:
    catalogue = SqliteCatalogue(f"sqlite:///{disk / 'library.sqlite'}")
    catalogue.migrate()
    filler = leave(disk, free_bytes)
    acknowledged: list[str] = []
    with pytest.raises(StorageFull) as caught:
        fill(catalogue, acknowledged)
    assert caught.value.parameters == {"part": "database"}
    catalogue.close()
    filler.unlink()
    again = SqliteCatalogue(f"sqlite:///{disk / 'library.sqlite'}")
    with again.writing() as work:
        kept = [resource.id for resource in work.resources.after(0, 10_000)]
        assert kept == acknowledged
        assert sum(work.jobs.numbers().values()) == len(acknowledged)
        assert work.resources.add(owner="default").id not in acknowledged
    again.close()


def fill(catalogue: SqliteCatalogue, acknowledged: list[str]) -> None:
    """Commit until nothing goes in any more; three rows a transaction, all or none."""
    while True:
        with catalogue.writing() as work:
            made = work.resources.add(owner="default")
            work.events.add("deposited", made.key, "operator", {"text": "x" * 5000})
            work.jobs.add("read", made.id, priority=50)
        acknowledged.append(made.id)


@pytest.mark.parametrize("free_bytes", [0, 4096, 8192, 12_288, 16_384, 65_536])
def test_a_library_cannot_begin_on_a_full_disk_and_begins_when_there_is_room(disk: Path, free_bytes: int) -> None:
    filler = leave(disk, free_bytes)
    catalogue = SqliteCatalogue(f"sqlite:///{disk / 'library.sqlite'}")
    with pytest.raises(StorageFull):
        catalogue.migrate()
    filler.unlink()
    catalogue.migrate()
    catalogue.check()
    catalogue.close()
