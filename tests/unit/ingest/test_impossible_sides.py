"""A picture that says it has sides which cannot be is broken, or too large to be drawn; never a fault of ours."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.document import Bundle, Document
from ingest.errors import BrokenFile, TooExpensive
from ingest.formats.images.image_size import LARGEST_SIDE, size
from ingest.sandbox import Sandbox
from ingest.sniff import sniff
from service.messages import LANGUAGES, catalogue
from tests.faults.hostile.images import bmp, gif, heic, jpeg, png, riff, svg, tiff_of, webp
from tests.ooxml import docx, paragraph
from tests.unit.ingest.packages_of_odf import make as odf


def big_tiff(width: int, height: int) -> bytes:
    """BigTIFF, whose sides may have 64 bits."""
    entries = ((256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, 9))
    rows = b"".join(struct.pack("<HHQQ", tag, 16, 1, value) for tag, value in entries)
    return b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, len(entries)) + rows + b"\0" * 8


def psd(width: int, height: int) -> bytes:
    return b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, height, width, 8, 3) + b"\0" * 99


def jp2(width: int, height: int) -> bytes:
    header = struct.pack(">HHIIIIIIIIH", 41, 0, width, height, 0, 0, 9, 9, 0, 0, 1)
    return b"\xff\x4f\xff\x51" + header + b"\7\1\1\xff\xd9"


def lossy_webp(width: int, height: int) -> bytes:
    key = b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return webp(riff(b"VP8 ", key + b"\0" * 40))


def ico(inner: bytes) -> bytes:
    return b"\0\0\1\0" + struct.pack("<HBBBBHHII", 1, 0, 0, 0, 0, 1, 32, len(inner), 22) + inner


_MAKERS: dict[str, Callable[[int, int], bytes]] = {
    "png": png, "jpeg": jpeg, "gif": gif, "tiff": lambda w, h: tiff_of(w, h, 1), "tiff of 64 bits": big_tiff,
    "bmp": bmp, "webp": lossy_webp, "heic": heic, "jp2": jp2, "psd": psd, "icon": lambda w, h: ico(png(w, h)),
}  # fmt: skip
_BITS = {"jpeg": 16, "gif": 16, "webp": 14, "bmp": 31, "tiff of 64 bits": 64}
_NONE = ((0, 9), (9, 0), (0, 0))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def _largest(name: str) -> int:
    return int(2 ** _BITS.get(name, 32) - 1)


@pytest.mark.parametrize("sides", _NONE)
@pytest.mark.parametrize("name", _MAKERS)
def test_a_picture_without_a_side_is_broken(
    name: str, sides: tuple[int, int], sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(_MAKERS[name](*sides))
    _is_broken(sandbox, path)


@pytest.mark.parametrize("sides", [(-1, -1), (-9, 9), (-(2**31), -(2**31))])
def test_a_width_below_zero_is_broken(sides: tuple[int, int], sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "x.bmp"
    path.write_bytes(bmp(*sides))
    _is_broken(sandbox, path)


@pytest.mark.parametrize("name", _MAKERS)
def test_sides_far_beyond_the_bytes_are_too_large_or_broken(name: str, sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "x"
    # Half of what WebP can say is no more than a camera takes.
    for side in (_largest(name), *([] if name == "webp" else [_largest(name) // 2 + 1])):
        path.write_bytes(_MAKERS[name](side, side))
        with pytest.raises((BrokenFile, TooExpensive)):
            sandbox.picture(path, media_type=sniff(path).media_type, page=1, width=320)
        try:
            document = sandbox.read(Bundle(path, path.name))
        except (BrokenFile, TooExpensive):
            continue
        # Kept, with what it claims.
        assert [warning.code for warning in document.warnings] == ["picture-too-large"]
        assert document.extent.width_pixels == side <= LARGEST_SIDE


@pytest.mark.parametrize("attributes", ['width="0" height="0"', 'width="-5" height="9"', 'viewBox="0 0 -1 1"'])
def test_a_drawing_without_a_side_keeps_its_words(attributes: str, sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    path.write_bytes(svg(attributes, "<text>Thấu kính</text>"))
    assert [passage.text for passage in sandbox.read(Bundle(path, path.name)).passages] == ["Thấu kính"]
    with pytest.raises(BrokenFile):
        sandbox.picture(path, media_type="image/svg+xml", page=1, width=320)


@pytest.mark.parametrize("picture", [png(0, 9), png(2**32 - 1, 2**32 - 1), bmp(-9, 9), bmp(99, -(2**31)), gif(0, 0)])
def test_a_picture_inside_that_cannot_be_takes_nothing_from_its_document(
    picture: bytes, sandbox: Sandbox, tmp_path: Path
) -> None:
    shown = '<w:r><w:drawing><a:blip r:embed="p1"/></w:drawing></w:r>'
    word = docx(
        tmp_path / "a.docx",
        paragraph("Còn nguyên", inside=shown),
        parts={"word/media/p.png": picture},
        relations=[("p1", "image", "media/p.png")],
    )
    image = "<text:p>Còn nguyên<draw:frame><draw:image xlink:href='Pictures/p.png'/></draw:frame></text:p>"
    text = odf(tmp_path / "a.odt", "text", image, extra={"Pictures/p.png": picture})
    for path in (word, text):
        document: Document = sandbox.read(Bundle(path, path.name))
        assert [passage.text for passage in document.passages] == ["Còn nguyên"]
        assert not document.pictures
    assert size(picture) is None


def test_a_picture_that_stands_on_its_head_is_none_the_worse(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "x.bmp"
    path.write_bytes(bmp(9, -9, body=b"\1" * 12 * 9))
    extent = sandbox.read(Bundle(path, path.name)).extent
    assert (extent.width_pixels, extent.height_pixels) == (9, 9)


def test_both_outcomes_have_a_sentence_with_a_remedy() -> None:
    for language in LANGUAGES:
        for code in ("broken-file", "too-expensive", "picture-too-large"):
            assert catalogue(language)[code]["remedy"]


def _is_broken(sandbox: Sandbox, path: Path) -> None:
    with pytest.raises(BrokenFile):
        sandbox.read(Bundle(path, path.name))
    with pytest.raises(BrokenFile):
        sandbox.picture(path, media_type=sniff(path).media_type, page=1, width=320)
