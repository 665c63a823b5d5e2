"""SVG as pixels: a tame copy, without anything that runs or loads, drawn by MuPDF."""

from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile, TooExpensive
from ingest.formats.images import svg
from ingest.illustrate.webp import encoded, zoom

MEDIA_TYPES = ("image/svg+xml",)


def picture(path: Path, *, media_type: str, page: int, width: int) -> bytes:  # noqa: ARG001 - one kind only
    """As `ingest.illustrate.picture`."""
    import pymupdf
    from PIL import Image

    from ingest.formats.pdf.file import FAULTS, raised

    if page != 1:
        raise BrokenFile(page=page)
    if path.stat().st_size > svg.MAX_BYTES:
        raise TooExpensive(limit="size")
    drawing = svg.tame(svg.parse(path.read_bytes()))
    mupdf: Any = pymupdf
    try:
        with mupdf.open(stream=drawing, filetype="svg") as document:
            source = document.load_page(0)
            if source.rect.is_empty:
                raise BrokenFile(part="svg")
            factor = zoom(source.rect.width, source.rect.height, width)
            pixels = source.get_pixmap(matrix=(factor, 0, 0, factor, 0, 0), colorspace=mupdf.csRGB, alpha=False)
            size = (pixels.width, pixels.height)
            return encoded(Image.frombuffer("RGB", size, pixels.samples_mv, "raw", "RGB", pixels.stride, 1))
    except FAULTS as error:
        raise raised(error) from error
