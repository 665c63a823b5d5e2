"""The text of a page laid over its picture as SVG: selectable, with the words that were looked for marked.

SVG places text by attributes, so that the page needs no inline style and the
Content-Security-Policy can forbid them. All measures are in a box of WIDTH
units; the height follows from the page's shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.library.views import PageLayer, Word
from service.search.marking import Wanted
from service.search.snippets import matching_words

WIDTH = 1000
# Of a line's height, what stands above the base line; near enough for every Latin typeface.
ASCENT = 0.8
# A gap wider than this many line heights is another column: the space before it is not stretched.
WIDEST_SPACE = 2.0


@dataclass(frozen=True, slots=True)
class Run:
    """A word with where it begins and how wide it is drawn, its following space included."""

    text: str
    x: float
    length: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one base line."""

    y: float
    size: float
    words: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a mark lies."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layer ready to be written into the page. width and height: of the view box."""

    width: int
    height: int
    lines: tuple[Line, ...]
    marks: tuple[Box, ...]


def draw(layer: PageLayer, wanted: Wanted) -> Drawn:
    """Lines and marks of a page."""
    height = round(WIDTH / layer.aspect) if layer.aspect > 0 else WIDTH
    matched = chosen([word.text for words in layer.lines for word in words], wanted)
    lines, marks, before = [], [], 0
    for words in filter(None, layer.lines):
        lines.append(_line(words, height))
        marks.extend(_boxes(words, frozenset(number - before for number in matched), height))
        before += len(words)
    return Drawn(WIDTH, height, tuple(lines), tuple(marks))


def chosen(words: Sequence[str], wanted: Wanted) -> frozenset[int]:
    """Indices of words to mark: those that match and stand side by side, or all that match where none do.

    Of "hàm số bậc hai" a page marks the phrase and its parts of two words and more, not every "hai".
    """
    matched = frozenset(matching_words(words, wanted.settled([" ".join(words)]))) if wanted else frozenset()
    together = frozenset(number for number in matched if number - 1 in matched or number + 1 in matched)
    return together or matched


def _line(words: Sequence[Word], height: int) -> Line:
    top, bottom = min(word.top for word in words) * height, max(word.bottom for word in words) * height
    size = max(bottom - top, 1.0)
    runs = []
    for number, word in enumerate(words):
        left, right = word.left * WIDTH, word.right * WIDTH
        following = words[number + 1].left * WIDTH if number + 1 < len(words) else right
        joined = right < following <= right + WIDEST_SPACE * size
        runs.append(Run(word.text, round(left, 1), round(max((following if joined else right) - left, 1.0), 1)))
    return Line(round(top + ASCENT * size, 1), round(size, 1), tuple(runs))


def _boxes(words: Sequence[Word], matched: frozenset[int], height: int) -> list[Box]:
    """One box for words that stand side by side."""
    boxes: list[tuple[float, float, float, float]] = []
    for number in sorted(number for number in matched if 0 <= number < len(words)):
        word = words[number]
        left, top, right, bottom = word.left * WIDTH, word.top * height, word.right * WIDTH, word.bottom * height
        near = boxes and number - 1 in matched and left - boxes[-1][2] <= WIDEST_SPACE * (bottom - top)
        if near:
            last = boxes.pop()
            left, top, bottom = last[0], min(last[1], top), max(last[3], bottom)
        boxes.append((left, top, right, bottom))
    return [Box(round(x, 1), round(y, 1), round(r - x, 1), round(b - y, 1)) for x, y, r, b in boxes]
