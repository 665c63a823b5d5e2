"""Reading zips: names as people gave them, bounds that hold, members that are refused."""

import struct
import zlib
from pathlib import Path

import pytest

from ingest.errors import BrokenFile, EncryptedFile, HostileArchive, SplitArchive, TooExpensive
from ingest.formats.zip import Members
from ingest.formats.zip.names import meant
from tests.archives import Entry, honest, zip_of

_PATH = b"Gi\xe1o \xe1n/To\xe1n.txt"


def test_a_member_is_read_whole_by_its_exact_name(tmp_path: Path) -> None:
    with Members(honest(tmp_path / "a.zip", {"thư mục/bài.txt": b"xin " * 9, "thư mục/": b""})) as members:
        assert members.names == ["thư mục/bài.txt"]
        assert members.read("thư mục/bài.txt") == b"xin " * 9
        assert members.size("thư mục/bài.txt") == 36
        assert members.beginning("thư mục/bài.txt", 4) == b"xin "
        with pytest.raises(BrokenFile):
            members.read("Thư mục/bài.txt")
        assert members.size("không có") == 0
        assert members.beginning("không có", 9) == b""


def test_a_member_streams(tmp_path: Path) -> None:
    with Members(honest(tmp_path / "a.zip", {"a": bytes(range(256)) * 40})) as members, members.open("a") as stream:
        assert stream.read(100) == bytes(range(100))
        assert len(stream.read()) == 256 * 40 - 100
        assert stream.read(10) == b""


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Toán.txt".encode(), "Toán.txt"),
        ("Toán.txt".encode("cp437"), "Toán.txt"),
        (b"To\xe1n.txt", "Toán.txt"),
        (b"Gia\xec tri\xf2 tuy\xea\xf2t d\xf4\xeci.doc", "Giá trị tuyệt dối.doc"),
        ("für Élise.mp3".encode("cp437"), "für Élise.mp3"),
        (b"plain.txt", "plain.txt"),
    ],
)
def test_names_without_the_flag_are_read_as_what_they_most_likely_are(raw: bytes, name: str) -> None:
    assert meant(raw) == name


def test_both_the_decoded_and_the_stored_name_are_told(tmp_path: Path) -> None:
    with Members(zip_of(tmp_path / "a.zip", [Entry(_PATH, b"x")])) as members:
        assert members.names == ["Giáo án/Toán.txt"]
        assert members.stored("Giáo án/Toán.txt") == _PATH
        assert members.read("Giáo án/Toán.txt") == b"x"


def test_the_unicode_path_of_winrar_goes_before_a_guess(tmp_path: Path) -> None:
    field = struct.pack("<BI", 1, zlib.crc32(_PATH)) + "Giáo án/Toán 7.txt".encode()
    entry = Entry(_PATH, b"x", extra=struct.pack("<2H", 0x7075, len(field)) + field)
    with Members(zip_of(tmp_path / "a.zip", [entry])) as members:
        assert members.names == ["Giáo án/Toán 7.txt"]


def test_a_unicode_path_of_another_name_counts_for_nothing(tmp_path: Path) -> None:
    field = struct.pack("<BI", 1, 12345) + b"other.txt"
    entry = Entry(_PATH, b"x", extra=struct.pack("<2H", 0x7075, len(field)) + field)
    with Members(zip_of(tmp_path / "a.zip", [entry])) as members:
        assert members.names == ["Giáo án/Toán.txt"]


@pytest.mark.parametrize(
    "name", [b"/etc/passwd", b"a/../../b", b"..", b"a\\b", b"C:/a", b"c:a", b"a\0b", b"//server/share"]
)
def test_a_name_that_leads_out_is_refused(name: bytes, tmp_path: Path) -> None:
    with pytest.raises(HostileArchive) as caught:
        Members(zip_of(tmp_path / "a.zip", [Entry(b"good.txt", b"x"), Entry(name, b"x")]))
    assert caught.value.parameters == {"sign": "name"}


@pytest.mark.parametrize("name", [b"a..b.txt", b"...", b"a/b..c/d", b"time 12:30.txt", "Bài: 1.txt".encode()])
def test_an_odd_but_harmless_name_is_not(name: bytes, tmp_path: Path) -> None:
    with Members(zip_of(tmp_path / "a.zip", [Entry(name, b"x")])) as members:
        assert members.read(members.names[0]) == b"x"


@pytest.mark.parametrize("kind", [0o120777, 0o060644, 0o020644, 0o010644, 0o140755])
def test_links_and_devices_are_refused(kind: int, tmp_path: Path) -> None:
    with pytest.raises(HostileArchive) as caught:
        Members(zip_of(tmp_path / "a.zip", [Entry(b"a", b"/etc/passwd", mode=kind)]))
    assert caught.value.parameters == {"sign": "link"}


@pytest.mark.parametrize(
    "names", [(b"A.txt", b"a.TXT"), (b"a", b"a"), ("é".encode(), "e\u0301".encode()), ("ß".encode(), b"SS")]
)
def test_names_that_some_system_takes_for_one_are_refused(names: tuple[bytes, bytes], tmp_path: Path) -> None:
    with pytest.raises(HostileArchive) as caught:
        Members(zip_of(tmp_path / "a.zip", [Entry(name, b"x", flags=0x800) for name in names]))
    assert caught.value.parameters == {"sign": "twins"}


def test_folders_are_no_twins(tmp_path: Path) -> None:
    entries = [Entry(b"Media/"), Entry(b"media/"), Entry(b"media/a.png", b"x"), Entry(b"Media/b.png", b"x")]
    with Members(zip_of(tmp_path / "a.zip", entries)) as members:
        assert members.names == ["media/a.png", "Media/b.png"]


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    entries = [Entry(b"a", b"x" * 5000), Entry(b"b", b"x" * 5000, at=0), Entry(b"c", b"x" * 5000, at=0)]
    with pytest.raises(HostileArchive) as caught:
        Members(zip_of(tmp_path / "a.zip", entries))
    assert caught.value.parameters == {"sign": "overlap"}


def test_entries_quoted_inside_another_are_refused(tmp_path: Path) -> None:
    inner = zip_of(tmp_path / "inner.zip", [Entry(b"b", b"y" * 50)]).read_bytes()
    entries = [Entry(b"a", inner, method=0), Entry(b"b", b"y" * 50, at=31)]
    with pytest.raises(HostileArchive) as caught:
        Members(zip_of(tmp_path / "a.zip", entries))
    assert caught.value.parameters == {"sign": "overlap"}


def test_an_entry_that_reaches_into_the_directory_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", [Entry(b"a", b"x" * 100, method=0)])
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 20, 5000)
    path.write_bytes(data)
    with pytest.raises(HostileArchive):
        Members(path)


def test_bytes_before_the_archive_change_nothing(tmp_path: Path) -> None:
    path = honest(tmp_path / "a.zip", {"a": b"x"})
    path.write_bytes(b"#!/bin/sh\nexit\n" + path.read_bytes())
    with Members(path) as members:
        assert members.read("a") == b"x"


def test_a_size_that_says_too_little_is_damage(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", [Entry(b"a", b"x" * 1000, inflated=10)])
    with Members(path) as members, pytest.raises(BrokenFile):
        members.read("a")


def test_a_size_that_says_too_much_reserves_nothing(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", [Entry(b"a", b"x" * 1000, inflated=99_999_999)])
    with Members(path) as members:
        assert members.read("a") == b"x" * 1000


def test_inflated_bytes_are_counted_whatever_the_directory_says(tmp_path: Path) -> None:
    path = honest(tmp_path / "a.zip", {"a": b"x" * 1000})
    with Members(path) as members:
        with pytest.raises(TooExpensive) as caught:
            members.read("a", most=999)
        assert caught.value.parameters == {"limit": "size"}
        with members.open("a", most=999) as stream, pytest.raises(TooExpensive):
            stream.read()


def test_a_ratio_that_no_honest_member_has_ends_the_reading(tmp_path: Path) -> None:
    path = honest(tmp_path / "a.zip", {"a": b"\0" * 60 * 1024**2, "b": b"<row/>" * 1_000_000})
    with Members(path) as members:
        assert len(members.read("b")) == 6_000_000
        with pytest.raises(TooExpensive):
            members.read("a")


def test_all_that_is_read_from_one_zip_is_bounded(tmp_path: Path) -> None:
    with Members(honest(tmp_path / "a.zip", {"a": b"x" * 30 * 1024**2})) as members:
        # 34 times 30 MB are within a gibibyte, 35 times are not.
        for _ in range(34):
            members.read("a")
        with pytest.raises(TooExpensive):
            members.read("a")


def test_a_locked_member_says_so(tmp_path: Path) -> None:
    with Members(zip_of(tmp_path / "a.zip", [Entry(b"a", b"x", flags=1)])) as members:
        assert members.beginning("a", 10) == b""
        with pytest.raises(EncryptedFile):
            members.read("a")


def test_a_method_without_bounds_is_not_read(tmp_path: Path) -> None:
    with Members(zip_of(tmp_path / "a.zip", [Entry(b"a", b"BZh9", method=12)])) as members:
        assert not members.is_common("a")
        with pytest.raises(BrokenFile):
            members.read("a")


def test_a_damaged_member_is_broken(tmp_path: Path) -> None:
    path = honest(tmp_path / "a.zip", {"a": b"some words that are packed", "b": b"fine"})
    data = bytearray(path.read_bytes())
    data[33:40] = b"\xff" * 7
    path.write_bytes(data)
    with Members(path) as members:
        with pytest.raises(BrokenFile):
            members.read("a")
        assert members.read("b") == b"fine"


def test_the_last_of_several_volumes_is_named(tmp_path: Path) -> None:
    with pytest.raises(SplitArchive):
        Members(zip_of(tmp_path / "a.zip", [Entry(b"a", b"x")], disk=3))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18, b"x" * 70_000])
def test_what_has_no_directory_is_broken(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises((BrokenFile, SplitArchive)):
        Members(path)
