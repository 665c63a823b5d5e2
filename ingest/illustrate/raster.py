"""Pictures made of pixels, upright on white; page n of a TIFF is its nth frame. Never larger than they are."""

from pathlib import Path

from ingest.extractors.image import MEDIA_TYPES as _READ
from ingest.formats.images import raster
from ingest.illustrate.webp import MAX_SIDE, encoded

MEDIA_TYPES = tuple(_READ)


def picture(path: Path, *, media_type: str, page: int, width: int) -> bytes:  # noqa: ARG001 - Pillow looks itself
    """As `ingest.illustrate.picture`."""
    image = raster.drawn(path, page=page, width=width)
    # A scroll of a drawing may be longer than WebP holds.
    return encoded(image.crop((0, 0, image.width, min(image.height, MAX_SIDE))))
