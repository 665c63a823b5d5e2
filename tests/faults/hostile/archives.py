"""Archives: bombs, overlapping entries, names that lead elsewhere, archives in archives."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
from collections.abc import Callable

from tests.faults.hostile.attack import ZIP_BOMBS, ZIP_NAMES, Attack, Canary
from tests.faults.hostile.packages import (
    Entry,
    crafted,
    docx,
    epub,
    geogebra,
    h5p,
    inflating,
    odt,
    pptx,
    scorm,
    simulation,
    xlsx,
    zipped,
)

_GIBIBYTE = 1024**3
# Packed once and repeated: every one of these formats may stand several times in a file.
_MEBIBYTE = 1024**2
_DEFLATED, _BZIP2, _LZMA = 8, 12, 14
_LINK = 0o120777


def _with_bomb(members: dict[str, bytes], bombed: str, size: int = _GIBIBYTE) -> bytes:
    """A package one of whose members inflates without end: its beginning stays, so that a parser goes on."""
    start = members[bombed][:-1]
    rest = [Entry(name.encode(), data) for name, data in members.items() if name != bombed]
    # A deflate stream may begin with a stored block: the member's own words, then the bomb.
    stored = b"\x00" + struct.pack("<HH", len(start), len(start) ^ 0xFFFF) + start
    return crafted([*rest, Entry(bombed.encode(), stored + inflating(size), _DEFLATED, size=len(start) + size)])


# File, extractor, package, member that inflates to a gibibyte.
_BOMBED: tuple[tuple[str, str, Callable[[], dict[str, bytes]], str], ...] = (
    ("bomb.docx", "docx", docx, "word/document.xml"),
    ("bomb.pptx", "pptx", pptx, "ppt/slides/slide1.xml"),
    ("bomb.xlsx", "xlsx", xlsx, "xl/worksheets/sheet1.xml"),
    ("bomb.odt", "opendocument", odt, "content.xml"),
    ("bomb.epub", "epub", epub, "c1.xhtml"),
    ("bomb-of-the-book.epub", "epub", epub, "book.opf"),
    ("bomb-scorm.zip", "ims_package", scorm, "imsmanifest.xml"),
    ("bomb.h5p", "h5p", h5p, "content/content.json"),
    ("bomb.ggb", "geogebra", geogebra, "geogebra.xml"),
    ("bomb-simulation.zip", "html_package", simulation, "index.html"),
    ("bomb-of-the-types.docx", "docx", docx, "[Content_Types].xml"),
)


def _nested(depth: int) -> bytes:
    inner = zipped({"bai.txt": b"Bai hoc"})
    for level in range(depth):
        inner = zipped({f"level-{level}.zip": inner, f"copy-{level}.zip": inner})
    return inner


def _tar_slip(canary: Canary) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        member = tarfile.TarInfo(f"../../{canary.token}")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, str(canary.secret)
        archive.addfile(link)
    return target.getvalue()


def _million() -> bytes:
    return crafted(Entry(b"%06d.html" % number, b"") for number in range(1_000_000))


_PLAIN_BOMBS: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("a gibibyte in one member.zip", lambda: crafted([Entry(b"a.html", inflating(_GIBIBYTE), 8, size=_GIBIBYTE)])),
    ("ten gibibytes that say ten bytes.zip", lambda: crafted([Entry(b"a.html", inflating(10 * _GIBIBYTE), 8, size=10)])),
    ("a bomb in each of 100 members.zip",
     lambda: crafted(Entry(b"%d.html" % n, _HUNDRED, 8, size=100 << 20) for n in range(100))),
    ("overlapping entries.zip",
     lambda: crafted([Entry(b"0.html", _HUNDRED, 8, size=100 << 20),
                      *(Entry(b"%d.html" % n, _HUNDRED, 8, size=100 << 20, at=0) for n in range(1, 15_000))])),
    ("20,001 entries.zip", lambda: crafted(Entry(b"%d.html" % n) for n in range(20_001))),
    ("a dictionary of four gibibytes.zip",
     lambda: crafted([Entry(b"a.html", b"\x09\x14\x05\x00\x5d\xff\xff\xff\xff" + b"\0" * 64, _LZMA, size=_GIBIBYTE)])),
    ("bzip2 inside.zip", lambda: crafted([Entry(b"a.html", bz2.compress(b" " * _MEBIBYTE) * 256, _BZIP2, size=256 << 20)])),
    ("a way of packing that nobody knows.zip", lambda: crafted([Entry(b"a.html", b"x", 99)])),
    ("encrypted.zip", lambda: crafted([Entry(b"a.html", b"x" * 20, flags=1)])),
    ("archives in archives.zip", lambda: _nested(16)),
    ("nothing but a directory.zip", lambda: b"PK\x05\x06" + b"\xff" * 18),
    ("a directory that points at itself.zip", lambda: b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 22, 0, 0)),
    ("offsets past the end.zip", lambda: crafted([Entry(b"index.html", at=0x7FFFFFFF)])),
    ("64-bit sizes past everything.zip",
     lambda: b"PK\x03\x04" + b"\0" * 26 + b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, *[2**62] * 4)
     + b"PK\x06\x07" + struct.pack("<IQI", 0, 30, 1) + b"PK\x05\x06" + b"\xff" * 16 + b"\0\0"),
    ("bomb.gz", lambda: gzip.compress(b"\0" * _MEBIBYTE) * 1024),
    ("bomb.xz", lambda: lzma.compress(b"\0" * _MEBIBYTE) * 256),
    ("a header that claims everything.7z",
     lambda: b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 4 + struct.pack("<QQI", 2**40, 2**50, 0)),
    ("a broken volume.rar", lambda: b"Rar!\x1a\x07\x01\x00" + b"\xff" * 4000),
    ("old and broken.rar", lambda: b"Rar!\x1a\x07\x00" + b"\xcf\x90\x73\0\0\x0d\0\0\0\0\0\0\0" + b"\x7f" * 4000),
)  # fmt: skip

# What a name tries -> members beside an honest page.
_NAMES: dict[str, Callable[[Canary], list[Entry]]] = {
    "up": lambda canary: [Entry(f"../../{canary.token}".encode())],
    "up inside": lambda canary: [Entry(f"a/../../../{canary.token}".encode())],
    "absolute": lambda canary: [Entry(f"/tmp/{canary.token}".encode())],
    "backslashes": lambda canary: [Entry(f"..\\..\\{canary.token}".encode())],
    "drive": lambda canary: [Entry(f"C:\\{canary.token}".encode())],
    "share": lambda canary: [Entry(f"\\\\127.0.0.1\\share\\{canary.token}".encode())],
    "nul": lambda canary: [Entry(f"a\0/../{canary.token}".encode())],
    "link": lambda canary: [Entry(b"link.html", str(canary.secret).encode(), mode=_LINK)],
    "link to a folder": lambda canary: [
        Entry(b"d", str(canary.secret.parent).encode(), mode=_LINK),
        Entry(f"d/{canary.token}".encode()),
    ],
    "device": lambda _: [Entry(b"device.html", mode=0o020666)],
    "twins": lambda _: [Entry(b"INDEX.html"), Entry("İndex.HTML".encode(), flags=0x800)],
    "the same twice": lambda _: [Entry(b"index.html", b"<p>other</p>")],
    "composed and decomposed": lambda _: [
        Entry("bài.html".encode(), flags=0x800),
        Entry("bài.html".encode(), flags=0x800),
    ],
    "empty": lambda _: [Entry(b"")],
    "65,535 letters": lambda _: [Entry(b"x" * 65_535)],
    "line breaks": lambda canary: [Entry(f"a\r\nSet-Cookie: {canary.token}=1.html".encode())],
    "right to left": lambda _: [Entry("\u202egnp.html".encode(), flags=0x800)],
    "no encoding": lambda _: [Entry(bytes(range(128, 256)) + b".html")],
    "Windows devices": lambda _: [Entry(b"CON"), Entry(b"aux.html"), Entry(b"a.html::$DATA")],
    "a file as a folder": lambda _: [Entry(b"a"), Entry(b"a/b.html"), Entry(b"a/")],
}

_HUNDRED = inflating(100 << 20)


def _named(what: str) -> Callable[[Canary], bytes]:
    page = simulation()["index.html"]
    return lambda canary: crafted([Entry(b"index.html", page), *_NAMES[what](canary)])


# Odd, but they lead nowhere: the package is read.
_HARMLESS = ("65,535 letters", "line breaks", "right to left", "no encoding", "Windows devices", "a file as a folder")
# A zip with a page is taken for a package, if its names may stand; bombs of other packers have no reader.
_READERS = {
    **dict.fromkeys(
        (
            "a gibibyte in one member.zip", "ten gibibytes that say ten bytes.zip",
            "a bomb in each of 100 members.zip", "a dictionary of four gibibytes.zip", "bzip2 inside.zip",
            "a way of packing that nobody knows.zip", "encrypted.zip",
        ),
        "html_package",
    ),
    **dict.fromkeys(("bomb.gz", "bomb.xz", "offsets past the end.zip"), ""),
}  # fmt: skip

ATTACKS = (
    *(
        Attack(name, ZIP_BOMBS, reader, lambda _, make=make, member=member: _with_bomb(make(), member))
        for name, reader, make, member in _BOMBED
    ),
    *(
        Attack(name, ZIP_BOMBS, _READERS.get(name, "archive"), lambda _, make=make: make())
        for name, make in _PLAIN_BOMBS
    ),
    Attack("a million entries.zip", ZIP_BOMBS, "archive", lambda _: _million(), heavy=True),
    *(
        Attack(f"{what}.zip", ZIP_NAMES, "html_package" if what in _HARMLESS else "archive", _named(what))
        for what in _NAMES
    ),
    Attack("slip.tar.gz", ZIP_NAMES, "", _tar_slip),
)
