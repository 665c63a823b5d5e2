"""Pictures: headers that promise gigapixels, frames and directories without end, colour profiles that inflate."""

import io
import struct
import zlib
from collections.abc import Callable

from tests.faults.hostile.attack import IMAGE_BOMBS, PARSERS, Attack
from tests.faults.hostile.packages import docx, epub, inflating_zlib, pptx, relations, zipped


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, rows: int = 0) -> bytes:
    """A grey PNG; `rows` of them are really there."""
    pixels = inflating_zlib(-(-rows * (width // 8 + 2) // 1024**2) * 1024**2, b"\0") if rows else b""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _apng(frames: int) -> bytes:
    control = b"".join(_chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, 9, 9, 0, 0, 1, 100, 0, 0)) for n in range(frames))
    return png(9, 9, _chunk(b"acTL", struct.pack(">II", frames, 0)), control, rows=9)


def jpeg(width: int, height: int, *segments: bytes, scans: int = 1) -> bytes:
    """A progressive grey JPEG whose scans hold nothing."""
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    tables = b"\xff\xdb\0\x43\0" + b"\1" * 64 + b"\xff\xc4\0\x14\0" + b"\1" + b"\0" * 15 + b"\0"
    scan = b"\xff\xda\0\x08\1\1\0\0\0\0" + b"\0" * 8
    return b"\xff\xd8" + b"".join(segments) + tables + frame + scan * scans + b"\xff\xd9"


def _exif(directories: bytes) -> bytes:
    data = b"Exif\0\0" + directories
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def gif(width: int, height: int, frames: int = 1, inner: tuple[int, int] | None = None) -> bytes:
    inner_width, inner_height = inner or (width, height)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, inner_width, inner_height, 0) + b"\x02\x02\x4c\x01\0"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frame * frames + b";"


def _tiff(entries: list[tuple[int, int, int, int]], following: int = 0, body: bytes = b"", big: bool = False) -> bytes:
    """One directory of (tag, type, count, value), the offset of the next one, then whatever else."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following) + body


def tiff_of(width: int, height: int, compression: int, count: int = 1) -> bytes:
    return _tiff(
        [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1),
         (273, 4, count, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, count, 0x7FFFFFFF)]
    )  # fmt: skip


def _many_directories(count: int) -> bytes:
    made = bytearray(b"II*\0\x08\0\0\0")
    for number in range(count):
        size = 2 + 2 * 12 + 4
        made += struct.pack("<H", 2) + struct.pack("<HHII", 256, 4, 1, 9) + struct.pack("<HHII", 257, 4, 1, 9)
        made += struct.pack("<I", 8 + (number + 1) * size)
    return bytes(made)


def riff(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def webp(*chunks: bytes) -> bytes:
    data = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(data)) + data


def _lossless(side: int) -> bytes:
    bits = (side - 1) | (side - 1) << 14
    return riff(b"VP8L", b"\x2f" + struct.pack("<I", bits) + b"\x88\x88\x08" + b"\0" * 64)


def _animated(frames: int) -> bytes:
    side = struct.pack("<I", 16_382)[:3] * 2
    frame = riff(b"ANMF", b"\0" * 6 + side + b"\1\0\0\0" + _lossless(16_383))
    return webp(riff(b"VP8X", b"\x02\0\0\0" + side), riff(b"ANIM", b"\0" * 6), frame * frames)


def bmp(width: int, height: int, *, bits: int = 8, compression: int = 0, body: bytes = b"\0\1") -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 1024 + len(body), 0, 0, 54 + 1024) + head + b"\0" * 1024 + body


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def heic(width: int, height: int, *, items: int = 1, grid: bool = False) -> bytes:
    """An image whose size is promised, whose data is not there, or a grid of grids."""
    kind = b"grid" if grid else b"hvc1"
    infos = b"".join(_box(b"infe", struct.pack(">IHH", 2 << 24, n, 0) + kind + b"\0") for n in range(1, items + 1))
    links = (
        b"".join(_box(b"dimg", struct.pack(">HHH", n, 1, n % items + 1)) for n in range(1, items + 1)) if grid else b""
    )
    sizes = _box(b"ipco", _box(b"ispe", struct.pack(">III", 0, width, height)))
    uses = _box(b"ipma", struct.pack(">II", 0, 1) + struct.pack(">HBB", 1, 1, 0x81))
    places = _box(b"iloc", struct.pack(">IBBH", 0, 0x44, 0, 1) + struct.pack(">HHHII", 1, 0, 1, 0, 0x7FFFFFFF))
    meta = (
        b"\0" * 4 + _box(b"hdlr", b"\0" * 8 + b"pict" + b"\0" * 13) + _box(b"pitm", b"\0" * 4 + struct.pack(">H", 1))
        + _box(b"iinf", struct.pack(">IH", 0, items) + infos) + _box(b"iprp", sizes + uses) + places
        + (_box(b"iref", b"\0" * 4 + links) if links else b"")
    )  # fmt: skip
    return _box(b"ftyp", b"heic\0\0\0\0mif1heic") + _box(b"meta", meta) + _box(b"mdat", b"\0" * 64)


def svg(attributes: str, inside: str) -> bytes:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {space} {attributes}>{inside}</svg>".encode()


def _uses(levels: int) -> str:
    groups = "".join(f'<g id="g{n}">' + f'<use xlink:href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, levels))
    return f'<defs><g id="g0"><rect width="9" height="9"/></g>{groups}</defs><use xlink:href="#g{levels - 1}"/>'


_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "four gigapixels.png": ("image", lambda: png(65_535, 65_535)),
    "two gigapixels that are there.png": ("image", lambda: png(46_000, 46_000, rows=46_000)),
    "a header of endless width.png": ("image", lambda: png(0x7FFFFFFF, 0x7FFFFFFF)),
    "a colour profile that inflates.png": ("image", lambda: png(9, 9, _chunk(b"iCCP", b"x\0\0" + inflating_zlib(1 << 30)), rows=9)),
    "a comment that inflates.png": (
        "image", lambda: png(9, 9, *[_chunk(b"zTXt", b"Comment\0\0" + inflating_zlib(64 << 20))] * 50, rows=9)
    ),
    "a hundred thousand frames.png": ("image", lambda: _apng(100_000)),
    "four gigapixels.jpg": ("image", lambda: jpeg(65_500, 65_500)),
    "a hundred thousand scans.jpg": ("image", lambda: jpeg(8_000, 8_000, scans=100_000)),
    "Exif that comes before itself.jpg": ("image", lambda: jpeg(9, 9, _exif(_tiff([(0x8769, 4, 1, 8)], following=8)))),
    "Exif of endless count.jpg": ("image", lambda: jpeg(9, 9, _exif(_tiff([(0x9286, 7, 0xFFFFFFFF, 8)])))),
    "four gigapixels.gif": ("image", lambda: gif(65_535, 65_535)),
    "a million frames.gif": ("image", lambda: gif(9, 9, 1_000_000)),
    "frames past the picture.gif": ("image", lambda: gif(1, 1, 1_000, (65_535, 65_535))),
    "four gigapixels.tiff": ("image", lambda: tiff_of(65_535, 65_535, 1)),
    "a picture of endless size.tiff": ("image", lambda: tiff_of(0xFFFFFFFF, 0xFFFFFFFF, 5)),
    "strips without end.tiff": ("image", lambda: tiff_of(9, 9, 1, count=0xFFFFFFFF)),
    "a directory that follows itself.tiff": ("image", lambda: _tiff([(256, 4, 1, 9), (257, 4, 1, 9)], following=8)),
    "a hundred thousand directories.tiff": ("image", lambda: _many_directories(100_000)),
    "268 megapixels.webp": ("image", lambda: webp(_lossless(16_383))),
    "a thousand frames of 268 megapixels.webp": ("image", lambda: _animated(1_000)),
    "endless rows.bmp": ("image", lambda: bmp(0x7FFFFFFF, 0x7FFFFFFF)),
    "runs of four gigapixels.bmp": ("image", lambda: bmp(65_535, 65_535, compression=1, body=b"\xff\0" * 99_999)),
    "rows below zero.bmp": ("image", lambda: bmp(-2_147_483_648, -2_147_483_648, bits=32)),
    "four gigapixels.heic": ("image", lambda: heic(65_535, 65_535)),
    "grids of grids.heic": ("image", lambda: heic(9, 9, items=200, grid=True)),
    "endless.jp2": ("image", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + _box(b"jp2h", _box(b"ihdr", b"\xff" * 14)) + b"\xff\x4f\xff\x51"),
    "endless.psd": ("image", lambda: b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 56, 300_000, 300_000, 32, 3) + b"\0" * 99),
    "a thousand icons.ico": (
        "image", lambda: b"\0\0\1\0" + struct.pack("<H", 65_535) + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, 1 << 30, 22) * 999
    ),
    "endless.svg": ("svg", lambda: svg('width="1e9" height="1e9"', '<rect width="1e9" height="1e9"/>')),
    "uses of uses.svg": ("svg", lambda: svg('width="9" height="9"', _uses(20))),
    "a use of itself.svg": ("svg", lambda: svg('width="9" height="9"', '<g id="a"><use xlink:href="#a"/></g>')),
    "patterns in patterns.svg": (
        "svg",
        lambda: svg(
            'width="2000" height="2000"',
            "".join(
                f'<pattern id="p{n}" width="1" height="1" patternUnits="userSpaceOnUse">'
                f'<rect width="999" height="999" fill="url(#p{n + 1})"/></pattern>'
                for n in range(20)
            )
            + '<rect width="2000" height="2000" fill="url(#p0)"/>',
        ),
    ),
    "a blur of endless width.svg": (
        "svg",
        lambda: svg(
            'width="5000" height="5000"',
            '<filter id="f"><feGaussianBlur stdDeviation="1e9"/><feMorphology radius="1e9"/></filter>'
            '<rect width="5000" height="5000" filter="url(#f)"/>',
        ),
    ),
    "a million points.svg": (
        "svg", lambda: svg('width="9" height="9"', f'<path stroke="red" stroke-dasharray="1e-9" d="M0 0{"L9e9 9e9 0 0" * 300_000}"/>')
    ),
}  # fmt: skip


def _with_picture(members: dict[str, bytes], folder: str, part: str) -> bytes:
    name, _, base = part.rpartition("/")
    return zipped(
        {
            **members,
            f"{folder}/media/image1.png": png(65_535, 65_535, rows=2_000),
            f"{name}/_rels/{base}.rels": relations(("i1", "image", f"/{folder}/media/image1.png")),
        }
    )


def _with_cover() -> bytes:
    members = epub('<img src="cover.png" alt="Bìa"/>')
    book = members["book.opf"].replace(
        b"<manifest>", b'<manifest><item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/>'
    )
    return zipped({**members, "book.opf": book, "cover.png": png(65_535, 65_535, rows=2_000)})


def _noise() -> bytes:
    data = io.BytesIO()
    for number in range(3_000):
        data.write(b"\xff" + bytes([0xC0 + number % 60]) + b"\0\x09" + bytes([number % 251]) * 7)
    return b"\xff\xd8" + data.getvalue()


ATTACKS = (
    *(Attack(name, IMAGE_BOMBS, reader, lambda _, make=make: make()) for name, (reader, make) in _FILES.items()),
    Attack(
        "a picture of four gigapixels inside.docx", IMAGE_BOMBS, "docx",
        lambda _: _with_picture(
            docx('<w:p><w:r><w:drawing><a:blip r:embed="i1"/></w:drawing></w:r></w:p>'), "word", "word/document.xml"
        ),
    ),
    Attack(
        "a picture of four gigapixels inside.pptx", IMAGE_BOMBS, "pptx",
        lambda _: _with_picture(
            pptx('<p:pic><p:blipFill><a:blip r:embed="i1"/></p:blipFill></p:pic>'), "ppt", "ppt/slides/slide1.xml"
        ),
    ),
    Attack("a cover of four gigapixels.epub", IMAGE_BOMBS, "epub", lambda _: _with_cover()),
    Attack("markers of every kind.jpg", PARSERS, "image", lambda _: _noise()),
)  # fmt: skip
