"""Find what repeats on pages: running headers, footers, page numbers, watermarks.

They are kept for people and not searched: a school's name at the top of 200
pages would make each of them a hit. Something counts as running when it
stands in the margin zone and comes back on other pages, digits put aside.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Protocol

# An inch of A4 held upright is 0.085 of its height, held sideways 0.12; table heads that repeat begin at 0.10.
_ZONE = 0.10
_LONGEST = 200
_TIMES = 3
# Text this short that comes back on picture pages is a stamp ("Scanned by …", a site's name), not content.
_STAMP_LONGEST = 200

_DIGITS = re.compile(r"\d+|\b[ivxlc]{1,7}\b")
_SPACE = re.compile(r"\s+")


class Placed(Protocol):
    """A block of text with its place as fractions of the page's height."""

    @property
    def text(self) -> str: ...
    @property
    def top(self) -> float: ...
    @property
    def bottom(self) -> float: ...


def marginal_blocks(pages: Sequence[Sequence[Placed]]) -> set[int]:
    """`id()` of every block that is a running header, footer or page number. One page alone has none."""
    if len(pages) < 2:
        return set()
    places: dict[tuple[bool, str], list[tuple[int, int]]] = defaultdict(list)
    for number, blocks in enumerate(pages):
        for block in blocks:
            above = block.bottom <= _ZONE
            if (above or block.top >= 1 - _ZONE) and len(block.text) <= _LONGEST:
                key = _key(block.text)
                if key:
                    places[above, key].append((number, id(block)))
    needed = min(_TIMES, len(pages))
    return {block for found in places.values() if len({number for number, _ in found}) >= needed for _, block in found}


def watermarks(texts: Sequence[str], pictured: Collection[int]) -> set[int]:
    """Indexes of picture pages whose only text is a stamp that other picture pages carry too."""
    keys = {
        index: _key(texts[index]) for index in pictured if texts[index].strip() and len(texts[index]) <= _STAMP_LONGEST
    }
    counts = Counter(keys.values())
    return {index for index, key in keys.items() if key and counts[key] >= _TIMES}


def _key(text: str) -> str:
    return _DIGITS.sub("#", _SPACE.sub(" ", text.strip().lower()))
