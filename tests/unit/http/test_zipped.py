"""A zip that is never written: every tool reads it, a range is that part of it, the same files give the same bytes."""

import datetime
import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.adapters.objects.folder import FolderStore
from service.http.zipped import Zip
from service.library.views import OpenedFile
from service.model import FileEntry
from service.ports import blob_key

AT = datetime.datetime(2026, 9, 5, 0, 30, 10, tzinfo=datetime.UTC)
FILES = {
    "Bài 1.pptx": b"P" * 1000,
    "bài 1.PPTX": b"other",
    "trống.txt": b"",
    "phụ lục/đáp án.docx": bytes(range(256)) * 30,
}
CHECKSUMS = {
    FileEntry(number, hashlib.sha256(data).hexdigest(), len(data), "application/octet-stream", name): zlib.crc32(data)
    for number, (name, data) in enumerate(FILES.items(), start=1)
}


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    made = FolderStore(tmp_path / "objects")
    for data in FILES.values():
        made.put_blob(io.BytesIO(data))
    return made


def packed(store: FolderStore, at: datetime.datetime = AT) -> Zip:
    files = []
    for number, (name, data) in enumerate(FILES.items(), start=1):
        sha256 = hashlib.sha256(data).hexdigest()
        entry = FileEntry(number, sha256, len(data), "application/octet-stream", name)
        files.append(OpenedFile(entry, blob_key(sha256)))
    return Zip(store, files, at, CHECKSUMS.__getitem__)


def whole(made: Zip) -> bytes:
    return b"".join(made.open(0, made.size_bytes))


def test_it_holds_the_files_in_order_as_they_are_with_one_date(store: FolderStore) -> None:
    made = packed(store)
    data = whole(made)
    assert len(data) == made.size_bytes
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        assert read.testzip() is None
        assert [one.filename for one in read.infolist()] == [
            "Bài 1.pptx", "bài 1 (2).PPTX", "trống.txt", "phụ lục_đáp án.docx",
        ]  # fmt: skip
        assert [read.read(one) for one in read.infolist()] == list(FILES.values())
        assert {one.compress_type for one in read.infolist()} == {zipfile.ZIP_STORED}
        # By the clock of Viet Nam.
        assert {one.date_time for one in read.infolist()} == {(2026, 9, 5, 7, 30, 10)}


def test_every_range_is_that_part_of_the_whole(store: FolderStore) -> None:
    made = packed(store)
    data = whole(made)
    for start in range(0, made.size_bytes, 37):
        for length in (1, 36, 999, made.size_bytes - start):
            assert b"".join(made.open(start, min(length, made.size_bytes - start))) == data[start : start + length]


def test_the_same_files_give_the_same_bytes_and_tag_and_others_another(store: FolderStore) -> None:
    assert whole(packed(store)) == whole(packed(store))
    assert packed(store).tag == packed(store).tag
    assert packed(store).tag != packed(store, AT + datetime.timedelta(days=1)).tag


def test_a_part_asks_for_no_more_than_it_sends(store: FolderStore) -> None:
    asked: list[FileEntry] = []
    made = packed(store)
    watched = Zip(made._objects, made._files, AT, lambda entry: asked.append(entry) or CHECKSUMS[entry])  # type: ignore[func-returns-value]
    assert len(watched.tag) == 34
    assert watched.size_bytes == made.size_bytes
    next(watched.open(100, 200))
    assert asked == []
    next(watched.open(0, 10))
    assert [entry.number for entry in asked] == [1]


LARGE = 2**32 + 5_000
FEW = b"behind four gigabytes"


class Halves:
    """A store of one film of more than four gigabytes, of zeros, and one small file."""

    def __init__(self) -> None:
        self.blocks: list[int] = []

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        if key == "few":
            yield FEW[start : start + (len(FEW) if length is None else length)]
            return
        left = LARGE - start if length is None else length
        while left:
            self.blocks.append(min(left, 1 << 20))
            yield bytes(self.blocks[-1])
            left -= self.blocks[-1]


class Seekable(io.RawIOBase):
    """A zip as a file that is read here and there, as who opens it does."""

    def __init__(self, made: Zip) -> None:
        self._made = made
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._made.size_bytes}[whence]
        return self._at

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        wanted = max(0, min(len(buffer), self._made.size_bytes - self._at))
        data = b"".join(self._made.open(self._at, wanted)) if wanted else b""
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def large(store: Halves, *, behind: bool = True) -> Zip:
    film = FileEntry(1, "1" * 64, LARGE, "video/mp4", "phim.mp4")
    few = FileEntry(2, "2" * 64, len(FEW), "text/plain", "lời.txt")
    files = [OpenedFile(film, "film"), OpenedFile(few, "few")]
    checksums = {film: 0x12345678, few: zlib.crc32(FEW)}
    return Zip(store, files if behind else files[::-1], AT, checksums.__getitem__)  # type: ignore[arg-type]


@pytest.mark.parametrize("behind", [True, False])
def test_beyond_four_gigabytes_it_is_a_zip_all_the_same(behind: bool) -> None:
    made = large(Halves(), behind=behind)
    assert made.size_bytes > LARGE
    with zipfile.ZipFile(Seekable(made)) as read:  # type: ignore[arg-type]
        listed = {one.filename: one for one in read.infolist()}
        assert (listed["phim.mp4"].file_size, listed["phim.mp4"].CRC) == (LARGE, 0x12345678)
        assert listed["phim.mp4"].extract_version == 45
        assert listed["lời.txt"].extract_version == (45 if behind else 20)
        assert read.read("lời.txt") == FEW
        with read.open("phim.mp4") as film:
            assert film.read(10) == bytes(10)


def test_what_is_in_memory_is_a_block_however_much_is_sent() -> None:
    store = Halves()
    sent = sum(len(block) for block in large(store).open(0, 50_000_000))
    assert sent == 50_000_000
    assert max(store.blocks) == 1 << 20


def test_more_files_than_a_plain_zip_counts_are_counted() -> None:
    entry = FileEntry(1, hashlib.sha256(b"").hexdigest(), 0, "text/plain", "x")
    made = Zip(Halves(), [OpenedFile(entry, "few")] * 66_000, AT, lambda _entry: 0)  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(whole(made))) as read:
        assert len(read.infolist()) == 66_000
