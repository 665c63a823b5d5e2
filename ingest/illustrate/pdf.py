"""Pages of a PDF as pictures, and the words that lie over them, with PyMuPDF."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile
from ingest.formats.words import tidy
from ingest.illustrate.webp import encoded, zoom
from ingest.vietnamese.language import detect
from ingest.vietnamese.letters import with_strokes

MEDIA_TYPES = ("application/pdf",)


def picture(path: Path, *, media_type: str, page: int, width: int) -> bytes:  # noqa: ARG001 - one kind only
    """As `ingest.illustrate.picture`."""
    import pymupdf
    from PIL import Image

    with _page(path, page) as source:
        factor = zoom(source.rect.width, source.rect.height, width)
        pixels = source.get_pixmap(matrix=(factor, 0, 0, factor, 0, 0), colorspace=pymupdf.csRGB, alpha=False)
        size = (pixels.width, pixels.height)
        return encoded(Image.frombuffer("RGB", size, pixels.samples_mv, "raw", "RGB", pixels.stride, 1))


def layer(path: Path, *, media_type: str, page: int) -> dict[str, Any]:  # noqa: ARG001 - one kind only
    """As `ingest.illustrate.layer`."""
    from ingest.formats.pdf.pages import page_words

    with _page(path, page) as source:
        width, height = source.rect.width, source.rect.height
        words = page_words(source)
    texts = [tidy(word[4]) for word in words]
    if detect(" ".join(texts)) == "vi":
        texts = [with_strokes(text) for text in texts]
    lines: dict[tuple[int, int], list[list[Any]]] = {}
    for text, (x0, y0, x1, y1, _, block, line, _) in zip(texts, words, strict=True):
        fractions = (x0 / width, y0 / height, x1 / width, y1 / height)
        left, top, right, bottom = (round(min(1.0, max(0.0, part)), 5) for part in fractions)
        if text and right > left and bottom > top:
            lines.setdefault((block, line), []).append([text, left, top, right, bottom])
    return {"aspect": round(width / height, 5), "lines": list(lines.values())}


@contextmanager
def _page(path: Path, page: int) -> Iterator[Any]:
    from ingest.formats.pdf.file import FAULTS, opened, raised

    with opened(path) as document:
        if not 1 <= page <= document.page_count:
            raise BrokenFile(page=page)
        try:
            source = document.load_page(page - 1)
            if source.rect.is_empty:
                raise BrokenFile(page=page)
            yield source
        except FAULTS as error:
            raise raised(error, page=page) from error
