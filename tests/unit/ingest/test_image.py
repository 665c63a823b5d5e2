"""Pictures: size as shown, what they say of themselves but never where they were taken, and bombs that stay shut."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin, TiffImagePlugin

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile
from ingest.formats.images import raster

_XMP = (
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:exif='http://ns.adobe.com/exif/1.0/'"
    " exif:GPSLatitude='22,39.9N'><dc:title><rdf:Alt><rdf:li xml:lang='vi'>Thác Bản Giốc</rdf:li></rdf:Alt></dc:title>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _values(document: Document) -> list[tuple[str, str, str]]:
    return [(value.field, value.value, value.where) for value in document.metadata if value.where != "name"]


def _codes(document: Document) -> list[str]:
    return [warning.code for warning in document.warnings]


def photo(path: Path, *, orientation: int = 1, position: bool = False) -> Path:
    """A photograph as a telephone takes it: 64 × 48 pixels, left half orange, right half blue."""
    image = Image.new("RGB", (64, 48), "orange")
    image.paste("blue", (32, 0, 64, 48))
    exif = Image.Exif()
    exif[0x0112] = orientation
    # Pillow writes ASCII there; cameras and programs write UTF-8, so it is put in afterwards.
    texts = {0x010E: "Học sinh làm thí nghiệm".encode(), 0x013B: "Cô giáo Hoa".encode()}
    for tag, text in texts.items():
        exif[tag] = chr(tag & 0x7F) * len(text)
    exif.get_ifd(0x8769)[0x9003] = "2024:03:15 08:30:00"
    if position:
        exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 39.0, 56.5), 3: "E", 4: (106.0, 15.0, 25.2)})
    image.save(path, exif=exif)
    data = path.read_bytes()
    for tag, text in texts.items():
        data = data.replace(bytes([tag & 0x7F]) * len(text), text)
    # A PNG's chunks carry a sum over their bytes, which are left alone there.
    if path.suffix != ".png":
        path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tif", "a.heic", "a.avif", "a.jp2"])
def test_every_kind_is_read_with_its_size(name: str, tmp_path: Path) -> None:
    raster.prepare()
    path = tmp_path / name
    Image.new("RGB", (64, 48), "orange").save(path)
    document = _read(path)
    assert (document.extent.width_pixels, document.extent.height_pixels) == (64, 48)
    assert document.media_type.startswith("image/")
    assert _codes(document) == []


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "a.webp", "a.png"])
def test_size_and_picture_stand_upright(name: str, orientation: int, tmp_path: Path) -> None:
    path = photo(tmp_path / name, orientation=orientation)
    document = _read(path)
    wanted = (48, 64) if orientation in (6, 8) else (64, 48)
    assert (document.extent.width_pixels, document.extent.height_pixels) == wanted
    drawn = raster.drawn(path, page=1, width=320)
    assert drawn.size == wanted
    # The orange half was on the left: turned clockwise by 90° it is above, by 270° below, by 180° on the right.
    corner = {1: (4, 4), 3: (60, 4), 6: (4, 4), 8: (4, 60)}[orientation]
    red, _, blue = drawn.getpixel(corner)
    assert red > 200 > 60 > blue


def test_exif_says_what_and_who_and_when_and_never_where(tmp_path: Path) -> None:
    document = _read(photo(tmp_path / "a.jpg", position=True))
    assert sorted(_values(document)) == [
        ("created", "2024-03-15", "exif"),
        ("creator", "Cô giáo Hoa", "exif"),
        ("description", "Học sinh làm thí nghiệm", "exif"),
    ]
    assert _codes(document) == ["holds-position"]
    assert "106" not in str(document)
    assert "22.0" not in str(document)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif"])
def test_xmp_is_read_without_its_position(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    image = Image.new("RGB", (8, 8))
    if name == "a.png":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", _XMP)
        image.save(path, pnginfo=text)
    elif name == "a.tif":
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[700] = _XMP.encode()
        tags.tagtype[700] = 1
        image.save(path, tiffinfo=tags)
    else:
        image.save(path, xmp=_XMP.encode())
    document = _read(path)
    assert _values(document) == [("title", "Thác Bản Giốc", "xmp")]
    assert "22,39.9N" not in str(document)


def test_iptc_captions_are_read(tmp_path: Path) -> None:
    def record(number: int, text: str) -> bytes:
        data = text.encode()
        return b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(data)) + data

    block = record(5, "Chợ phiên") + record(120, "Chợ phiên vùng cao ngày Tết") + record(80, "Nguyễn Văn A")
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    payload = b"Photoshop 3.0\0" + resource
    plain = io.BytesIO()
    Image.new("RGB", (8, 8)).save(plain, "JPEG")
    data = plain.getvalue()
    path = tmp_path / "a.jpg"
    path.write_bytes(data[:2] + b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload + data[2:])
    assert _values(_read(path)) == [
        ("title", "Chợ phiên", "iptc"),
        ("description", "Chợ phiên vùng cao ngày Tết", "iptc"),
        ("creator", "Nguyễn Văn A", "iptc"),
    ]


def test_texts_of_a_png_are_read(tmp_path: Path) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Title", "Sơ đồ tế bào")
    text.add_itxt("Author", "Tổ Sinh học")
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path, pnginfo=text)
    assert _values(_read(path)) == [("title", "Sơ đồ tế bào", "png"), ("creator", "Tổ Sinh học", "png")]


def test_pages_of_a_tiff_are_counted_and_drawn(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (40, 20 + number), colour) for number, colour in enumerate(("red", "lime", "blue"))]
    path = tmp_path / "scan.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    assert _read(path).extent.pages == 3
    assert [raster.drawn(path, page=page, width=320).getpixel((5, 5)) for page in (1, 2, 3)] == [
        (255, 0, 0), (0, 255, 0), (0, 0, 255),
    ]  # fmt: skip
    with pytest.raises(BrokenFile):
        raster.drawn(path, page=4, width=320)


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_cut_picture_is_kept_with_a_warning_and_drawn_as_far_as_it_goes(name: str, tmp_path: Path) -> None:
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    noise.save(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(data[: len(data) // 2])
    document = _read(cut)
    assert _codes(document) == ["damaged-picture"]
    assert document.extent.width_pixels == 200
    assert raster.drawn(cut, page=1, width=100).size == (100, 100)


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (5000, 1), (1, 5000)])
def test_pictures_of_a_pixel_or_a_line_are_whole(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", size, "orange").save(path)
    assert _codes(_read(path)) == []
    assert raster.drawn(path, page=1, width=320).size == (
        min(size[0], 320),
        max(1, min(size[0], 320) * size[1] // size[0]),
    )


def test_what_is_no_picture_behind_its_first_bytes_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"rubbish" * 20)
    with pytest.raises(BrokenFile):
        _read(path)


def png_claiming(path: Path, width: int, height: int, *, rows: int = 0) -> Path:
    """A PNG whose header claims a size, with so many of its rows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * ((width + 1) * rows), 9)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b""))
    return path


def test_a_bomb_is_kept_with_a_warning_and_never_decoded(tmp_path: Path) -> None:
    document = _read(png_claiming(tmp_path / "bomb.png", 60_000, 60_000, rows=200))
    assert [(warning.code, warning.parameters) for warning in document.warnings] == [
        ("picture-too-large", {"width": 60_000, "height": 60_000})
    ]
