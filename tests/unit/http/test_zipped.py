"""A zip that is never written: every tool reads it, a range is that part of it, the same files give the same bytes."""

import datetime
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from service.adapters.objects.folder import FolderStore
from service.http.zipped import Zip, names_of
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
    return Zip(store, files, at)


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


def test_names_lose_folders_and_marks_and_stay_apart() -> None:
    assert names_of(["../../etc/passwd", "a\u202egpj.exe", "A.txt", "a.TXT", "a (2).TXT"]) == [
        b"_.._etc_passwd", b"agpj.exe", b"A.txt", b"a (2).TXT", b"a (2) (2).TXT",
    ]  # fmt: skip


def test_what_no_zip_holds_is_not_offered(store: FolderStore) -> None:
    entry = FileEntry(1, "0" * 64, 2**32 - 10, "video/mp4", "phim.mp4")
    assert not Zip(store, [OpenedFile(entry, "blobs/x")], AT).fits
    assert packed(store).fits
