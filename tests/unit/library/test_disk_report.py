"""What a principal is told of a disk: every file counted once, nothing stored, in numbers that add up."""

import json
import os
from pathlib import Path

import pytest

from ingest.document import Bundle, Document, Finding, Locator
from ingest.errors import BrokenFile, EncryptedFile, NoReader
from service.library.deposit import Offered, deposit
from service.library.disk.kinds import KINDS, kind_of
from service.library.disk.report import Report, in_words, report
from service.library.disk.trying import Drawn
from service.library.disk.walking import files
from service.library.services import Services
from service.model import OPERATOR


class Reader:
    """Reads by names: what a real one finds out is its own tests' matter."""

    def __init__(self) -> None:
        self.read_paths: list[Path] = []

    def read(self, bundle: Bundle) -> Document:
        self.read_paths.append(bundle.main)
        for word, error in (("khoá", EncryptedFile), ("hỏng", BrokenFile), ("lạ", NoReader)):
            if word in bundle.name:
                raise error()
        found = (Finding("births", Locator("page", 1), None, 30),) if "danh sách" in bundle.name else ()
        return Document("text/plain", findings=found)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    root = tmp_path / "ổ cứng"
    (root / "toán").mkdir(parents=True)
    for name, text in (
        ("toán/bài 1.txt", "Hàm số bậc hai"), ("toán/bài 1 (sao).txt", "Hàm số bậc hai"),
        ("bài 2.txt", "Hàm số bậc ba"),
        ("danh sách lớp.txt", "Nguyễn Văn A"), ("khoá.txt", "bí mật"), ("hỏng.txt", "hỏng rồi"), ("rỗng.txt", ""),
        ("trang.html", "<!doctype html><p>Một"), ("Thumbs.db", "x" * 100),
    ):  # fmt: skip
        (root / name).write_text(text, encoding="utf-8")
    (root / "máy tính.exe").write_bytes(b"MZ" + b"\0" * 98)
    (root / "ảnh.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 92)
    (root / "liên kết").symlink_to("/etc")
    os.mkfifo(root / "ống")
    return root


def told(disk: Path, parts: Services | None = None, *, sample: int | None = None) -> Report:
    return report(disk, parts.catalogue if parts else None, Reader(), sample=sample, lanes=2)


def test_every_file_is_counted_in_one_place(disk: Path, parts: Services) -> None:
    deposit(parts, OPERATOR, [Offered(disk / "bài 2.txt", "khác.txt")], owner="default")
    found = told(disk, parts)
    assert found.everything.files == 13
    assert {kind: total.files for kind, total in found.kinds.items()} == {
        "texts": 6, "web": 1, "programs": 1, "pictures": 1,
    }  # fmt: skip
    assert (found.litter.files, found.empty, found.special, found.unreadable) == (1, 1, 2, 0)
    assert (found.copies.here, found.copies.twice) == (1, 1)
    assert (found.candidates.files, found.not_learning.files, found.new.files) == (8, 3, 6)
    assert found.exact
    assert {name: found.about(name) for name in ("readable", "encrypted", "broken", "unread", "held")} == {
        "readable": 6, "encrypted": 1, "broken": 1, "unread": 0, "held": 1,
    }  # fmt: skip
    data = json.loads(json.dumps(found.as_json()))
    assert data["already_here"] == {"files": 1, "size_bytes": (disk / "bài 2.txt").stat().st_size}
    assert data["estimate"]["exact"] is True
    assert set(data["kinds"]) <= set(KINDS)


def test_nothing_is_stored(disk: Path, parts: Services, tmp_path: Path) -> None:
    before = sorted(path for path in tmp_path.rglob("*"))
    with parts.catalogue.reading() as work:
        rows = work.blobs.total()
    told(disk, parts)
    assert sorted(path for path in tmp_path.rglob("*")) == before
    with parts.catalogue.reading() as work:
        assert (work.blobs.total(), work.jobs.numbers()) == (rows, {})


def test_some_of_each_kind_stand_for_the_rest(tmp_path: Path) -> None:
    for number in range(200):
        locked = "khoá " if number % 4 == 0 else ""
        (tmp_path / f"{locked}{number}.txt").write_text(f"Bài {number}", encoding="utf-8")
    found = told(tmp_path, sample=100)
    assert found.tried["texts"].files == 100
    assert not found.exact
    # 50 of 200; a hundred that were drawn tell it within a dozen.
    assert abs(found.about("encrypted") - 50) <= 12
    assert found.about("encrypted") + found.about("readable") == 200
    assert found.seconds is not None
    unread = told(tmp_path, sample=0)
    assert (unread.tried, unread.seconds) == ({}, None)
    assert unread.as_json()["already_here"] is None


def test_each_file_has_the_same_chance_to_be_drawn() -> None:
    drawn = Drawn(300)
    for number in range(3000):
        drawn.offer("pdf", Path(str(number)))
    assert len(drawn) == 300
    thirds = [sum(int(path.name) // 1000 == third for _, path in drawn.each()) for third in range(3)]
    assert all(60 <= number <= 140 for number in thirds), thirds


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_is_said_in_both_languages(disk: Path, parts: Services, language: str) -> None:
    for found in (told(disk, parts), told(disk, sample=1), told(disk, sample=0)):
        lines = list(in_words(found, language))
        assert not [line for line in lines if "{" in line]
        assert lines[-1] in (
            "Không lưu lại và không gửi đi gì từ ổ đĩa này.",
            "Nothing of this disk was stored or sent.",
        )


def test_a_folder_of_many_files_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / str(number)).touch()
    walk = files(tmp_path)
    assert next(walk).sort == "file"
    for number in range(50):
        (tmp_path / str(number)).unlink()
    # What vanishes meanwhile is no end of the walk.
    assert {one.sort for one in walk} <= {"file", "unreadable"}


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/vnd.ms-powerpoint", "slides"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "texts"),
        ("application/vnd.ms-excel.sheet.macroEnabled.12", "sheets"),
        ("application/vnd.oasis.opendocument.presentation", "slides"),
        ("application/x-scorm", "packages"), ("application/x-html5-simulation", "packages"),
        ("application/x-shockwave-flash", "packages"), ("video/mp4", "video"), ("image/svg+xml", "pictures"),
        ("text/vtt", "captions"), ("text/markdown", "texts"), ("application/zip", "archives"),
        ("application/x-ole-encrypted", "locked"), ("application/octet-stream", "others"), ("x/y", "others"),
    ],
)  # fmt: skip
def test_media_types_have_kinds(media_type: str, kind: str) -> None:
    assert kind_of(media_type) == kind
