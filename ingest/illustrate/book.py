"""The first page of an EPUB, which is its cover or its title page, with MuPDF's own layout.

Only the first chapters are laid out, so a long book costs no more than a short
one: 30–60 ms each for 27 books of all kinds.
"""

from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile
from ingest.illustrate.webp import encoded, zoom

MEDIA_TYPES = ("application/epub+zip",)

# A5 in points, as a reading device would show it.
_SHAPE = {"width": 420, "height": 595, "fontsize": 11}
# Some books begin with an empty page; three of 27 with nothing that MuPDF draws at all.
_CHAPTERS = 3


def picture(path: Path, *, media_type: str, page: int, width: int) -> bytes:  # noqa: ARG001 - one kind only
    import pymupdf
    from PIL import Image

    from ingest.formats.pdf.file import FAULTS, raised

    if page != 1:
        raise BrokenFile(page=page)
    library: Any = pymupdf
    try:
        with library.open(path, filetype="epub") as document:
            document.layout(**_SHAPE)
            for chapter in range(min(_CHAPTERS, document.chapter_count)):
                source = document.load_page((chapter, 0))
                factor = zoom(source.rect.width, source.rect.height, width)
                pixels = source.get_pixmap(matrix=(factor, 0, 0, factor, 0, 0), colorspace=pymupdf.csRGB, alpha=False)
                if not pixels.is_unicolor:
                    size = (pixels.width, pixels.height)
                    return encoded(Image.frombuffer("RGB", size, pixels.samples_mv, "raw", "RGB", pixels.stride, 1))
    except FAULTS as error:
        raise raised(error) from error
    raise BrokenFile
