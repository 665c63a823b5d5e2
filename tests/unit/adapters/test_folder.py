import io
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from service.adapters.objects.folder import STALE_SECONDS, FolderStore
from service.errors import Unavailable
from service.ports import blob_key


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_hashes_are_fanned_out_over_two_levels(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    sha = store.put_blob(io.BytesIO(b"abc")).sha256
    store.put(f"documents/{sha}/p1", b"x")
    assert files(tmp_path) == [f"blobs/{sha[:2]}/{sha[2:4]}/{sha}", f"documents/{sha[:2]}/{sha[2:4]}/{sha}/p1"]


def test_known_bytes_are_not_written_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    sha = store.put_blob(io.BytesIO(b"abc")).sha256
    with store.local(blob_key(sha)) as path:
        before = path.stat()
    # A folder that nothing can be created in: only a look is possible.
    (tmp_path / ".incoming").rmdir()
    (tmp_path / ".incoming").touch()
    assert store.put_blob(io.BytesIO(b"abc")).sha256 == sha
    assert path.stat() == before
    with pytest.raises(Unavailable):
        store.put_blob(io.BytesIO(b"other"))


def test_a_blob_that_was_cut_short_from_outside_is_made_whole(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    sha = store.put_blob(io.BytesIO(b"abcdef")).sha256
    with store.local(blob_key(sha)) as path:
        path.write_bytes(b"abc")
    store.put_blob(io.BytesIO(b"abcdef"))
    assert store.get(blob_key(sha)) == b"abcdef"


class Breaking(io.BytesIO):
    """A disk that fails in the middle of the source."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 0:
            raise OSError(5, "the source's own error")
        return super().read(size)

    def seekable(self) -> bool:
        return False


def test_an_error_of_the_source_stays_the_sources_and_leaves_nothing(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with pytest.raises(OSError, match="own error"):
        store.put_blob(Breaking(b"abc" * 1_000_000))
    assert files(tmp_path) == []


def test_temporaries_of_the_dead_are_swept_after_a_day(tmp_path: Path) -> None:
    incoming = tmp_path / ".incoming"
    incoming.mkdir()
    old, fresh = incoming / "old", incoming / "fresh"
    old.touch()
    fresh.touch()
    yesterday = time.time() - STALE_SECONDS - 1
    os.utime(old, (yesterday, yesterday))
    FolderStore(tmp_path)
    assert files(tmp_path) == [".incoming/fresh"]
    os.utime(fresh, (yesterday, yesterday))
    FolderStore(tmp_path).check()
    assert files(tmp_path) == []


def test_nothing_is_made_before_something_is_stored(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "objects")
    assert list(store.keys("")) == []
    assert not store.exists("documents/x")
    assert not (tmp_path / "objects").exists()


def test_a_folder_that_cannot_be_used_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "objects").touch()
    with pytest.raises(Unavailable) as caught:
        FolderStore(tmp_path / "objects").check()
    assert caught.value.parameters == {"part": "objects"}


def test_a_stream_that_nobody_finishes_closes_its_file(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("documents/d", b"x" * 3_000_000)
    for _ in range(10):
        next(store.open("documents/d"))
        store.open("documents/d")
    # Only what lies in the store: the garbage of tests before this one may be collected meanwhile.
    assert [held for held in opened_files() if held.is_relative_to(tmp_path)] == []


def opened_files() -> Iterator[Path]:
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            yield entry.readlink()
