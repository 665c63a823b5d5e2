"""What a file is, by its bytes and manifests."""

import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from ingest.document import Warning
from ingest.formats import ole
from ingest.sniff import UNKNOWN, Sniffed, is_litter, sniff

_TYPES = '<Types xmlns="x"><Override ContentType="application/vnd.openxmlformats-officedocument.{}+xml"/></Types>'


def _zip(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in members.items():
            target.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"rubbish before it\n%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x18ftypqt  ", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm", "video/webm"),
        (b"ID3\x03\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        ("Chữ".encode("utf-16"), "text/plain"),
        (b"<?xml version='1.0'?>\n<office:document x=''>", "application/vnd.oasis.opendocument.text-flat-xml"),
        (b"OggS\0\x02vorbis", "audio/ogg"),
        (b"CWS\x0a", "application/x-shockwave-flash"),
        (b"MZ\x90\0", "application/vnd.microsoft.portable-executable"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n", "text/vtt"),
        (b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\r\nXin ch\xc3\xa0o\r\n", "application/x-subrip"),
        (b"<!-- made by hand --><!DOCTYPE html><html>", "text/html"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<quiz><question/></quiz>', "application/x-moodle-xml"),
        (b'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1">', "application/x-qti"),
        (b'<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0">', "application/x-qti"),
        (b"::Question 1:: Two and two {=four ~five}", "text/x-gift"),
        (b"// a comment\n\nTwo and two {\n=four\n~five\n}", "text/x-gift"),
        (b"std::vector<int> a; std::map<int, int>::iterator b = c;", "text/plain"),
        (b"\\section{~Title} and some more text", "text/plain"),
        (b"What is it?\nA. This\nB. That\nANSWER: B\n", "text/x-aiken"),
        ("Một đoạn văn bản thường.".encode(), "text/plain"),
        ("Một đoạn văn bản thường.".encode("utf-16"), "text/plain"),
        ("1\n00:00:01,000 --> 00:00:02,000\nChào\n".encode("utf-16"), "application/x-subrip"),
        (
            b"00:00:01.000 --> 00:00:02.000\nkh\xc3\xb4ng \xc4\x91\xe1\xba\xa7u \xc4\x91\xe1\xbb\x81",
            "application/x-subrip",
        ),
        (b"\x00\x01\x02\x03 nothing known", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_bytes_tell_the_type_whatever_the_name_says(head: bytes, media_type: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(head)
    assert sniff(path, "file").media_type == media_type


@pytest.mark.parametrize(
    ("members", "media_type"),
    [
        (
            {"[Content_Types].xml": _TYPES.format("presentationml.presentation.main"), "ppt/x.xml": ""},
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (
            {"[Content_Types].xml": _TYPES.format("wordprocessingml.document.main"), "index.html": ""},
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ({"mimetype": "application/epub+zip", "index.html": ""}, "application/epub+zip"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "application/vnd.oasis.opendocument.text"),
        ({"mimetype": "text/html\r\nX-Header: injected"}, "application/zip"),
        ({"imsmanifest.xml": '<manifest xmlns:adlcp="x"/>', "index.html": ""}, "application/x-scorm"),
        ({"course/imsmanifest.xml": '<manifest xmlns:adlcp="x"/>'}, "application/x-scorm"),
        ({"imsmanifest.xml": '<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/x"/>'}, "application/x-imscc"),
        ({"imsmanifest.xml": "<manifest/>", "index.html": ""}, "application/x-imscp"),
        ({"h5p.json": "{}", "content/content.json": "{}"}, "application/x-h5p"),
        ({"geogebra.xml": "<geogebra/>"}, "application/vnd.geogebra.file"),
        (
            {"imsmanifest.xml": "<manifest><metadata><schema>ADL SCORM</schema></metadata></manifest>"},
            "application/x-scorm",
        ),
        ({"content.xml": '<ode xmlns="x"/>', "index.html": ""}, "application/x-exelearning"),
        ({"contentv3.xml": "<instance/>", "index.html": ""}, "application/x-exelearning"),
        ({"imsmanifest.xml": "<manifest/>", "content.xml": "<ode/>"}, "application/x-exelearning"),
        ({"content.xml": "<lesson/>", "index.html": ""}, "application/x-html5-simulation"),
        ({"moodle_backup.xml": "<moodle_backup/>", "files.xml": ""}, "application/vnd.moodle.backup"),
        ({"imsmanifest.xml": '<manifest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>'}, "application/x-qti"),
        (
            {
                "imsmanifest.xml": '<manifest xmlns:q="http://www.imsglobal.org/xsd/imsqti_v2p1"><item id="a"/>',
                "page.html": "",
            },
            "application/x-imscp",
        ),
        ({"_slide0/geogebra.xml": "<geogebra/>"}, "application/vnd.geogebra.file"),
        ({"geogebra_macro.xml": "<geogebra/>"}, "application/vnd.geogebra.tool"),
        ({"sim/index.html": "<html>"}, "application/x-html5-simulation"),
        ({"sim/start.html": "<html>", "a.png": ""}, "application/x-html5-simulation"),
        ({"a.docx": "", "b.pdf": "", "trang lưu.html": "<html>"}, "application/zip"),
        ({"index.html": "", "phiếu.pdf": ""}, "application/x-html5-simulation"),
        ({"a.txt": ""}, "application/zip"),
    ],
)
def test_a_manifest_goes_before_weaker_signs(members: dict[str, str], media_type: str, tmp_path: Path) -> None:
    assert sniff(_zip(tmp_path / "package", members), "package").media_type == media_type


def test_an_archive_of_a_pdf_as_it_is_stays_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        target.writestr("a.pdf", "%PDF-1.4\n")
    assert sniff(path, "a.zip").media_type == "application/zip"
    path.write_bytes(b"Rar!\x1a\x07\x01\x00 a.pdf %PDF-1.4")
    assert sniff(path, "a.rar") == Sniffed("application/vnd.rar")


@pytest.mark.parametrize(
    ("name", "media_type"), [("moodle_backup.xml", "application/vnd.moodle.backup"), ("a.txt", "application/gzip")]
)
def test_a_moodle_backup_is_told_from_other_tars(name: str, media_type: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mbz"
    with tarfile.open(path, "w:gz") as target:
        for member in ("activities/quiz.xml", name):
            entry = tarfile.TarInfo(member)
            entry.size = 700
            target.addfile(entry, io.BytesIO(b"x" * 700))
    assert sniff(path, "a.mbz").media_type == media_type
    path.write_bytes(path.read_bytes()[:40])
    assert sniff(path, "a.mbz").media_type == "application/gzip"


def test_a_broken_zip_is_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK\x03\x04" + b"\xff" * 40 + b"PK\x05\x06" + b"\xff" * 18)
    assert sniff(path, "broken.zip").media_type == "application/zip"


def _ole(path: Path, entries: list[tuple[str, int, int, int]]) -> Path:
    """A compound file of a header, one FAT sector and one directory sector; entries: name, left, right, child."""
    header = bytearray(ole.MAGIC + b"\0" * 504)
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b""
    for name, left, right, child in entries:
        raw = name.encode("utf-16-le")
        row = bytearray(raw.ljust(64, b"\0") + b"\0" * 64)
        struct.pack_into("<H", row, 64, len(raw) + 2)
        struct.pack_into("<III", row, 68, left, right, child)
        directory += row
    path.write_bytes(bytes(header) + fat + directory.ljust(512, b"\0"))
    return path


_NONE = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("stream", "media_type"),
    [
        ("WordDocument", "application/msword"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("Workbook", "application/vnd.ms-excel"),
        ("EncryptedPackage", "application/x-ole-encrypted"),
        ("Something", "application/x-ole-storage"),
    ],
)
def test_old_office_files_are_told_apart_by_their_streams(stream: str, media_type: str, tmp_path: Path) -> None:
    path = _ole(tmp_path / "old", [("Root Entry", _NONE, _NONE, 1), (stream, _NONE, _NONE, _NONE)])
    assert sniff(path, "old").media_type == media_type


def test_a_slide_show_inside_a_text_leaves_it_a_text(tmp_path: Path) -> None:
    entries = [
        ("Root Entry", _NONE, _NONE, 1),
        ("WordDocument", _NONE, 2, _NONE),
        ("ObjectPool", _NONE, _NONE, 3),
        ("PowerPoint Document", _NONE, _NONE, _NONE),
    ]
    assert sniff(_ole(tmp_path / "old", entries), "old").media_type == "application/msword"


def test_a_directory_that_points_at_itself_ends(tmp_path: Path) -> None:
    entries = [("Root Entry", _NONE, _NONE, 1), ("WordDocument", 1, 1, 1)]
    assert sniff(_ole(tmp_path / "loop", entries), "loop").media_type == "application/msword"


def test_a_wrong_extension_is_a_warning_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"%PDF-1.4\n")
    found = sniff(path, "bài giảng.DOCX")
    assert found.media_type == "application/pdf"
    assert found.warnings == (Warning("wrong-extension", {"extension": "docx", "media_type": "application/pdf"}),)


@pytest.mark.parametrize("name", ["a.pdf", "a.PDF", "a", "2.5 tiết", "bài 1.2"])
def test_names_that_fit_or_say_nothing_give_no_warning(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"%PDF-1.4\n")
    assert sniff(path, name).warnings == ()


@pytest.mark.parametrize(
    "name",
    ["Thumbs.db", "~$giáo án.docx", "Bai 1.lnk", "desktop.ini", "AUTORUN.INF", ".DS_Store", "._a.pdf", "Setup.exe"],
)
def test_litter_is_known_by_its_name(name: str) -> None:
    assert is_litter(name)
    assert is_litter(f"folder/{name}")


@pytest.mark.parametrize("name", ["a.pdf", "Setup of the lesson.pdf", "mô phỏng.exe", "thumbs.pdf", "$100.docx"])
def test_learning_resources_are_not_litter(name: str) -> None:
    assert not is_litter(name)


def test_comments_before_a_root_are_read_once(tmp_path: Path) -> None:
    # Divided in every possible way, these would take longer than any test run.
    path = tmp_path / "remarks.svg"
    path.write_text("<!-- a -->" * 60 + "<x>", encoding="utf-8")
    assert sniff(path, "remarks.svg").media_type == "text/plain"
    path.write_text("<!-- a -->" * 60 + "<svg>", encoding="utf-8")
    assert sniff(path, "remarks.svg").media_type == "image/svg+xml"
