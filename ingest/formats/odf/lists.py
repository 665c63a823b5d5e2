"""Numbers of list items and headings of OpenDocument, which stand in no text: "2.", "b)", "IV.".

People cite and seek exercises by them. Bullets are not spelt out.
Source: OASIS ODF 1.3 part 3, 16.30 (list styles), 5.3 (lists), 19.874 (display levels).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ingest.formats.numerals import SIGNS, of_sign
from ingest.formats.odf import Package
from ingest.formats.odf.names import attribute, short

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_MAX_LEVELS = 10
_LARGEST = 100_000
_LEVEL_STYLES = ("text:list-level-style-number", "text:outline-level-style")


class _Level(NamedTuple):
    """How one level counts. shown: how many levels its number shows, its own and those above."""

    sign: str
    prefix: str
    suffix: str
    start: int
    shown: int


class Lists:
    """Counts through one document. `enter` and `leave` a list, `label` each item; `heading` each heading."""

    def __init__(self, package: Package) -> None:
        self._styles = dict(_styles(package))
        self._outline = self._styles.get("", {})
        self._open: list[tuple[str, list[int]]] = []
        self._last: dict[str, list[int]] = {}
        self._id = ""
        self._headings: list[int] = [0] * (_MAX_LEVELS + 1)

    def enter(self, element: Any) -> None:
        """A list begins; without a style of its own it has that of the list around it."""
        style, above = self._open[-1] if self._open else ("", [])
        own = attribute(element, "text:style-name")
        style = own or style
        level = self._level(style, len(above) + 1)
        first = (level.start if level else 1) - 1
        if not above:
            # The list of that id goes on here, or simply the one before of the same style.
            continued = attribute(element, "text:continue-list")
            if not continued and attribute(element, "text:continue-numbering") == "true":
                continued = style
            first = self._last.get(continued, [first])[0]
            self._id = element.get(_ID, "")
        self._open.append((style, [*above, first]))

    def leave(self) -> None:
        """The list that began last ends."""
        style, counts = self._open.pop()
        self._last[style] = counts
        if not self._open and self._id:
            self._last[self._id] = counts

    def label(self, item: Any) -> str:
        """The number of the next item of the innermost list; "" where it has none."""
        style, counts = self._open[-1]
        start = attribute(item, "text:start-value")
        counts[-1] = int(start) if start.isdecimal() and len(start) < 6 else min(counts[-1] + 1, _LARGEST)
        # What stands above counts as the outer list stands now.
        for depth, (_, outer) in enumerate(self._open[:-1]):
            counts[depth] = outer[-1]
        return self._spelt(self._styles.get(style, {}), counts)

    def heading(self, level: int) -> str:
        """The number of a heading of that level, where the document numbers them."""
        level = min(level, _MAX_LEVELS)
        self._headings[level - 1] += 1
        self._headings[level:] = [0] * (len(self._headings) - level)
        return self._spelt(self._outline, self._headings[:level])

    def _level(self, style: str, depth: int) -> _Level | None:
        return self._styles.get(style, {}).get(depth)

    @staticmethod
    def _spelt(levels: dict[int, _Level], counts: list[int]) -> str:
        level = levels.get(len(counts))
        if level is None:
            return ""
        first = max(0, len(counts) - level.shown)
        numbers = [
            of_sign(count, own.sign)
            for depth, count in enumerate(counts[first:], start=first + 1)
            if (own := levels.get(depth)) is not None
        ]
        return f"{level.prefix}{'.'.join(numbers)}{level.suffix}"


def _styles(package: Package) -> Iterator[tuple[str, dict[int, _Level]]]:
    """(name, levels) of list styles; the outline of headings has the name ""."""
    for root in (package.styles, package.content):
        if root is None:
            continue
        for style in root.iter("{*}list-style", "{*}outline-style"):
            levels = dict(_levels(style))
            if levels:
                name = attribute(style, "style:name") if short(style.tag) == "text:list-style" else ""
                yield name, levels


def _levels(style: Any) -> Iterator[tuple[int, _Level]]:
    for level in style:
        depth, start = attribute(level, "text:level"), attribute(level, "text:start-value")
        sign = attribute(level, "style:num-format")
        if short(level.tag) in _LEVEL_STYLES and sign in SIGNS and depth.isdecimal() and len(depth) < 3:
            shown = attribute(level, "text:display-levels")
            yield (
                int(depth),
                _Level(
                    sign,
                    attribute(level, "style:num-prefix"),
                    attribute(level, "style:num-suffix"),
                    int(start) if start.isdecimal() and len(start) < 6 else 1,
                    min(int(shown), _MAX_LEVELS) if shown.isdecimal() and len(shown) < 3 else 1,
                ),
            )
