"""Pictures made of pixels: opened by their header, judged, and only then decoded, small where they are to be shown.

Pillow decodes, in the sandbox's children only. A header may claim any size,
so nothing is decoded before it was judged: 100 megapixels at once; more only
where the file is large enough to be an honest scan, and memory holds it.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile, TooExpensive
from ingest.formats.images.image_size import is_possible

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "DIB", "JPEG2000", "HEIF", "AVIF", "PSD", "ICO")

MAX_PIXELS = 100_000_000
# Deflate packs a plain area 1,000 to 1; a scanned page is 5 to 100 pixels a byte, in fax compression too.
_MOST_PIXELS_A_BYTE = 200
# What a child's 2 GB hold beside the drawing; 500 megapixels of grey, 125 of colour.
_MAX_DECODED_BYTES = 512 * 1024**2
_BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
# A photograph of a good camera; 0.1 s as JPEG, 0.4 s as PNG. Larger ones are looked at when they are drawn.
_TRIED_PIXELS = 30_000_000

MAX_FRAMES = 2_000
"""Pages of a TIFF that are counted; a scanned book has 500."""

# An animation may fade in: so many frames of so many pixels are looked at for one with something on it.
_LOOKED_AT_FRAMES = 40
_LOOKED_AT_PIXELS = 4_000_000
# Luminance, 0–255. A fade to black has a mean under 16 and hardly any contrast; a plain card has contrast 0.
_DARK = 20.0
_FLAT = 10.0

_ORIENTATION = 0x0112
_LYING = (5, 6, 7, 8)

# What Pillow's readers raise on files that are not what they seem.
FAULTS = (
    OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError, AttributeError, EOFError, ArithmeticError,
    struct.error, zlib.error,
)  # fmt: skip


def prepare() -> None:
    """Import Pillow's readers, and HEIC's through libheif. Judging size is done here, by more than pixels."""
    import pillow_heif
    from PIL import Image

    Image.init()
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A Pillow image whose header was read, nothing decoded. Raises: BrokenFile: no picture of ours, or broken."""
    from PIL import Image

    prepare()
    with warnings.catch_warnings():
        # Pillow warns of odd tags that it leaves out; so would we.
        warnings.simplefilter("ignore")
        try:
            with Image.open(path, formats=FORMATS) as image:
                if not is_possible(image.width, image.height):
                    raise BrokenFile(part="picture")
                yield image
        except FAULTS as error:
            raise BrokenFile(part="picture") from error


def size_shown(image: Any) -> tuple[int, int]:
    """Width and height in pixels as a viewer shows it: cameras write turned pictures and say how to hold them."""
    return (image.height, image.width) if _orientation(image) in _LYING else (image.width, image.height)


def exif(image: Any) -> Any:
    """The EXIF of an opened image, nothing decoded: asked for it, a PNG that has none would look behind its pixels."""
    from PIL import Image

    return image.getexif() if image.format != "PNG" or "exif" in image.info else Image.Exif()


def _orientation(image: Any) -> int:
    # Pillow turns TIFF itself, as libheif does HEIC.
    found = 1 if image.format == "TIFF" else exif(image).get(_ORIENTATION, 1)
    return found if isinstance(found, int) else 1


def is_bomb(image: Any, size_bytes: int) -> bool:
    """Whether its header claims far more pixels than its bytes can honestly hold."""
    pixels: int = image.width * image.height
    return pixels > MAX_PIXELS and pixels > size_bytes * _MOST_PIXELS_A_BYTE


def is_damaged(path: Path) -> bool:
    """Whether the pixels are not all there. Found by decoding, so not asked of very large pictures."""
    try:
        with opened(path) as image:
            if image.width * image.height > _TRIED_PIXELS:
                return False
            image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
            image.load()
    except BrokenFile:
        return True
    return False


def count_pages(image: Any) -> int:
    """Pages of a TIFF, 1 of everything else; counting stops at MAX_FRAMES or at a page that is broken."""
    if image.format != "TIFF":
        return 1
    count = 1
    try:
        while count < MAX_FRAMES:
            image.seek(count)
            count += 1
    except FAULTS:
        # The end, or a broken page: those before it are there.
        pass
    image.seek(0)
    return count


def drawn(path: Path, *, page: int, width: int) -> Any:
    """Frame `page` (from 1) upright on white as a Pillow RGB image, `width` pixels wide, or as wide as it is.

    What is missing of a damaged picture stays grey.
    Raises: BrokenFile: no such frame, or nothing of it; TooExpensive: a bomb, or more than memory holds.
    """
    from PIL import ImageFile, ImageOps

    with opened(path) as image:
        if page > 1:
            if image.format != "TIFF" or page > MAX_FRAMES:
                raise BrokenFile(page=page)
            image.seek(page - 1)
        if is_bomb(image, path.stat().st_size):
            raise TooExpensive(limit="pixels")
        if page == 1 and image.format != "TIFF" and image.width * image.height <= _LOOKED_AT_PIXELS:
            _seek_something(image)
        orientation = _orientation(image)
        # JPEG decodes at 1/2, 1/4 or 1/8 of its size; enough pixels are left for a clean picture.
        image.draft("RGB", (width * 2, max(1, width * 2 * image.height // image.width)))
        if image.width * image.height * _BYTES_A_PIXEL.get(image.mode, 4) > _MAX_DECODED_BYTES:
            raise TooExpensive(limit="pixels")
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            small = _shrunk(image, width, lying=orientation in _LYING)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        small.getexif()[_ORIENTATION] = orientation
        return ImageOps.exif_transpose(_on_white(small))


def is_blank(grey: Any) -> bool:
    """Whether a picture in grey is black or one plain area."""
    from PIL import ImageStat

    seen = ImageStat.Stat(grey)
    return bool(seen.mean[0] < _DARK or seen.stddev[0] < _FLAT)


def _seek_something(image: Any) -> None:
    """Move an animation to its first frame that is not blank; to its first one where there is none."""
    frames = min(getattr(image, "n_frames", 1), _LOOKED_AT_FRAMES)
    for frame in range(frames if frames > 1 else 0):
        image.seek(frame)
        if not is_blank(image.convert("L")):
            return
    if frames > 1:
        image.seek(0)


def _shrunk(image: Any, width: int, *, lying: bool) -> Any:
    """In eight bits and at most as wide as wanted when it will stand upright, before anything else is done to it."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in ("I", "F"):
        low, high = image.getextrema()
        image = image.point(lambda value: (value - low) * (255 / max(high - low, 1e-6))).convert("L")
    wide = image.height if lying else image.width
    if wide <= width:
        return image.copy()
    if image.mode not in ("L", "RGB", "RGBA", "LA", "CMYK"):
        image = image.convert("L" if image.mode == "1" else "RGBA")
    size = (max(1, round(image.width * width / wide)), max(1, round(image.height * width / wide)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _on_white(image: Any) -> Any:
    from PIL import Image

    if image.mode not in ("RGBA", "LA", "PA", "P"):
        return image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground.convert("RGB")
