"""A picture of a chapter, judged by its bytes and drawn anew: what is served is never what somebody uploaded.

PNG, JPEG, GIF, WebP and SVG (as a tame copy) are drawn; a picture that moves
is shown still, at its first frame that is not blank.
"""

import tempfile
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile
from ingest.formats.images import raster, svg
from ingest.illustrate import svg as drawing
from ingest.illustrate.webp import MAX_SIDE, encoded

KINDS = ("PNG", "JPEG", "GIF", "WEBP")

_LARGEST_SIDE = 100_000


HEAD_BYTES = 65_536
"""Enough for the headers of most pictures."""


def size_of(data: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels as it is shown; None: of another kind, or of an impossible size.

    Raises: BrokenFile: a drawing that is none.
    """
    if is_drawing(data):
        found = svg.size(svg.parse(data)) if len(data) <= svg.MAX_BYTES else None
    else:
        found = _size_of_pixels(data)
    return found if found and max(found) <= _LARGEST_SIDE else None


def drawn(data: bytes, width: int) -> bytes:
    """As WebP, at most `width` pixels wide and never wider than it is.

    Raises: BrokenFile: of another kind, or nothing of it can be drawn; TooExpensive.
    """
    with tempfile.NamedTemporaryFile(suffix=".picture") as made:
        made.write(data)
        made.flush()
        path = Path(made.name)
        if is_drawing(data):
            size = size_of(data)
            if size is None:
                raise BrokenFile(part="svg")
            # Lines have no pixels of their own: twice their size stays sharp on the screens of phones.
            return drawing.picture(path, media_type="image/svg+xml", page=1, width=min(width, 2 * size[0]))
        if _size_of_pixels(data) is None:
            raise BrokenFile(part="picture")
        with raster.opened(path) as image:
            is_drawn = image.format in ("PNG", "GIF")
        shown = raster.drawn(path, page=1, width=width)
    return _smallest(shown.crop((0, 0, shown.width, min(shown.height, MAX_SIDE))), both=is_drawn)


def _smallest(image: Any, *, both: bool) -> bytes:
    """Formulas and diagrams come out smaller without loss than with it; photographs never do."""
    lossy = encoded(image)
    if not both:
        return lossy
    target = BytesIO()
    image.save(target, "WEBP", lossless=True, quality=60, method=3)
    return min(target.getvalue(), lossy, key=len)


def _size_of_pixels(data: bytes) -> tuple[int, int] | None:
    from PIL import Image

    raster.prepare()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=KINDS) as image:
                return raster.size_shown(image)
        except raster.FAULTS:
            return None


def is_drawing(data: bytes) -> bool:
    """Whether these bytes begin like an SVG."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in head.lower().replace(b"svg:svg", b"svg")
