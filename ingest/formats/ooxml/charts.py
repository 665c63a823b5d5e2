"""What a chart says: titles, names of series, categories. Its numbers stay in the file.

The values a chart was drawn from are kept in it as a cache; the workbook
behind it repeats them and is not read again.
"""

from collections.abc import Iterator
from typing import Any

from ingest.formats.ooxml.drawing import lines
from ingest.formats.ooxml.names import CX, C

_MAX_CATEGORIES = 500


def chart(root: Any) -> list[str]:
    """Lines of a chart part, of either generation (c:chartSpace, cx:chartSpace)."""
    told = [*_texts(root), *_series(root)]
    categories = list(dict.fromkeys(_categories(root)))[:_MAX_CATEGORIES]
    return [*dict.fromkeys(told), *([", ".join(categories)] if categories else [])]


def _texts(root: Any) -> Iterator[str]:
    """Titles of the chart and its axes, typed labels."""
    yield from lines(root)
    for title in root.iter(C + "title"):
        yield from _cached(title)
    for name in root.iter(CX + "v"):
        if name.text:
            yield name.text


def _series(root: Any) -> Iterator[str]:
    for name in root.iterfind(f".//{C}ser/{C}tx"):
        # A name that was typed stands as it is, one from a cell in the cache.
        yield from _cached(name) or [text for text in [name.findtext(C + "v")] if text]


def _categories(root: Any) -> Iterator[str]:
    for name in ("cat", "xVal"):
        for category in root.iter(C + name):
            yield from _cached(category)
    for level in root.iterfind(f".//{CX}strDim/{CX}lvl/{CX}pt"):
        if level.text:
            yield level.text


def _cached(element: Any) -> list[str]:
    return [point.text for point in element.iterfind(f".//{C}pt/{C}v") if point.text]
