"""A drawn picture as WebP, and how large it may be: what every kind of picture ends in."""

from io import BytesIO
from typing import Any

MAX_PIXELS = 100_000_000
MAX_SIDE = 16_383
"""WebP holds no more."""

# 320 px first pages come out at 3–8 KB, 1,440 px pages of text at 60–120 KB, letters still crisp.
_QUALITY = 60
_EFFORT = 4


def encoded(image: Any) -> bytes:
    """A Pillow image as the bytes of a WebP file."""
    target = BytesIO()
    image.save(target, "WEBP", quality=_QUALITY, method=_EFFORT)
    return target.getvalue()


def zoom(source_width: float, source_height: float, width: int) -> float:
    """The factor that makes a source `width` wide, or as wide as the limits on sides and pixels let it be."""
    factor = min(width / source_width, MAX_SIDE / source_width, MAX_SIDE / source_height)
    area = source_width * source_height * factor * factor
    return factor if area <= MAX_PIXELS else factor * (MAX_PIXELS / area) ** 0.5
