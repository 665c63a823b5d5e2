"""Show a page: its picture as WebP, and its words with their places to lay over it.

Asked for page by page, after reading: a thumbnail when something is
published, a page when a reader opens it. Runs in the sandbox's children only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile, NoReader
from ingest.formats.words import tidy
from ingest.vietnamese.language import detect
from ingest.vietnamese.letters import with_strokes

MAX_PIXELS = 100_000_000
MAX_SIDE = 16_383
"""WebP holds no more."""

# 320 px first pages come out at 3–8 KB, 1,440 px pages of text at 60–120 KB, letters still crisp.
_QUALITY = 60
_EFFORT = 4


def picture(path: Path, *, media_type: str, page: int, width: int) -> bytes:
    """Page `page` (from 1) as WebP, `width` pixels wide; narrower where it would pass 100 megapixels.

    Raises: NoReader: a kind without pages; BrokenFile: no such page, or it cannot be drawn; EncryptedFile.
    """
    import pymupdf
    from PIL import Image

    with _page(path, media_type, page) as source:
        zoom = _zoom(source.rect.width, source.rect.height, width)
        matrix = (zoom, 0, 0, zoom, 0, 0)
        pixels = source.get_pixmap(matrix=matrix, colorspace=pymupdf.csRGB, alpha=False)
        size = (pixels.width, pixels.height)
        image = Image.frombuffer("RGB", size, pixels.samples_mv, "raw", "RGB", pixels.stride, 1)
        target = BytesIO()
        image.save(target, "WEBP", quality=_QUALITY, method=_EFFORT)
    return target.getvalue()


def layer(path: Path, *, media_type: str, page: int) -> dict[str, Any]:
    """Words of a page with their boxes, in reading order, spelt as in the passage's text.

    Returns: {"aspect": width / height, "lines": [[[text, left, top, right, bottom], …], …]}; boxes are
    fractions of the page as it is shown.
    Raises: as `picture`.
    """
    from ingest.formats.pdf_pages import page_words

    with _page(path, media_type, page) as source:
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
def _page(path: Path, media_type: str, page: int) -> Iterator[Any]:
    if media_type != "application/pdf":
        raise NoReader(media_type=media_type)
    from ingest.formats.pdf_file import FAULTS, opened, raised

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


def _zoom(page_width: float, page_height: float, width: int) -> float:
    zoom = min(width / page_width, MAX_SIDE / page_width, MAX_SIDE / page_height)
    area = page_width * page_height * zoom * zoom
    return zoom if area <= MAX_PIXELS else zoom * (MAX_PIXELS / area) ** 0.5
