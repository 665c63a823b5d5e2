"""The way from tags to blocks: what breaks a line, what is not shown, what speaks without being text.

The parser that `html.read` starts calls it back.
"""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

from ingest.formats.mathml import Formula
from ingest.formats.words import BREAK, flowing, tidy


class Block(NamedTuple):
    """A heading (level 1–6), or a paragraph, an item, a row of a table (level 0).

    text: NFC, white space collapsed; a line break only where the page has one (<br>, <pre>).
    anchor: the id of the element it stands in, "" without one.
    """

    text: str
    level: int
    anchor: str


_FLOWING = """
a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike strong
sub sup time tt u var wbr ruby rb rt rp rtc button input select textarea meter progress output svg g text tspan textpath
tbody thead tfoot map picture canvas object head
"""
_UNSEEN = """
script style template noscript iframe frame embed applet audio video datalist noembed noframes defs metadata link base
param source track col colgroup
"""
_INLINE = frozenset(_FLOWING.split())
_SKIPPED = frozenset(_UNSEEN.split())
_SAYING = "hidden style id name aria-hidden aria-label alt value alttext lang xml:lang content src href xlink:href"
# Attributes that decide or say something; most elements have none of them.
_SPEAKING = frozenset(_SAYING.split())
_PICTURES = frozenset({"img", "image", "svg:image"})
_PLACES = ("src", "xlink:href", "href")
_PRE = frozenset({"pre", "listing", "xmp", "plaintext"})
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# A row that holds more than this is a page laid out with a table: its lines are blocks of their own.
_LONGEST_ROW = 1000
# A heading that holds more than this was never closed.
_LONGEST_HEADING = 300
_LONGEST_LABEL = 2000
_MAX_METADATA = 200


class Reading:
    """A parser target. After `close` it holds title, language, metadata, blocks and pictures."""

    def __init__(self) -> None:
        self.title = ""
        self.language: str | None = None
        self.metadata: dict[str, str] = {}
        self.blocks: list[Block] = []
        self.pictures: list[str] = []
        self._parts: list[str] = []
        self._cells: list[list[str]] | None = None
        self._level = 0
        self._anchor = ""
        self._skipping = 0
        self._formula: Formula | None = None
        self._depth = 0
        self._preformatted = 0
        self._titled = False
        self._labelled = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._skipping:
            self._skipping += 1
        elif self._formula is not None:
            self._depth += 1
            self._formula.start(tag.rpartition(":")[2])
        elif not _SPEAKING.isdisjoint(attributes) and not self._attributes(tag, attributes):
            self._skipping = 1
        elif tag not in _INLINE:
            _STARTS.get(tag.rpartition(":")[2], Reading._flush)(self)

    def end(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
        elif self._formula is not None:
            self._end_in_formula()
        elif tag not in _INLINE:
            _ENDS.get(tag, Reading._flush)(self)

    def data(self, text: str) -> None:
        if self._skipping:
            return
        if self._formula is not None:
            self._formula.data(text)
        else:
            self._parts.append(text.replace("\n", BREAK) if self._preformatted else text)

    def close(self) -> None:
        if self._formula is not None:
            self._depth = 0
            self._end_in_formula()
        self._end_row()

    def _attributes(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """What an element says in its attributes. Returns: whether the element is shown."""
        if attributes.get("hidden", "until-found") != "until-found":
            return False
        style = attributes.get("style")
        if style and _HIDDEN.search(style):
            return False
        # Formulas are set twice by KaTeX, once for eyes in spans that say nothing to ears.
        if tag == "span" and attributes.get("aria-hidden") == "true":
            return False
        if tag == "meta":
            self._metadata(attributes)
        elif tag in ("html", "body"):
            self.language = self.language or attributes.get("lang") or attributes.get("xml:lang") or None
        elif tag.rpartition(":")[2] == "math":
            self._start_formula(attributes.get("alttext", ""))
            return True
        if tag not in _INLINE and tag not in ("img", "br"):
            self._flush()
        if tag in _PICTURES and (place := next(filter(None, map(attributes.get, _PLACES)), None)):
            self.pictures.append(place)
        if anchor := attributes.get("id") or (tag == "a" and attributes.get("name")):
            self._anchor = self._anchor or anchor
        label = attributes.get("aria-label") or attributes.get("alt")
        if not label and tag == "input" and attributes.get("type") in ("button", "submit", "reset"):
            label = attributes.get("value")
        if label and tag not in _SKIPPED:
            self._labelled = True
            self._parts.append(f" {label[:_LONGEST_LABEL]} ")
        return True

    def _metadata(self, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        content = tidy(attributes.get("content", ""))
        if not content or len(self.metadata) >= _MAX_METADATA:
            return
        if attributes.get("http-equiv", "").lower() == "content-language":
            self.language = self.language or content
        elif name := name.strip().lower():
            known = self.metadata.get(name)
            self.metadata[name] = f"{known}; {content}" if known else content

    def _start_formula(self, alternative: str = "") -> None:
        self._formula, self._depth = Formula(alternative), 0

    def _end_in_formula(self) -> None:
        if self._formula is None:
            return
        if self._depth:
            self._depth -= 1
            self._formula.end()
        else:
            self._parts.append(f" {self._formula.text()} ")
            self._formula = None

    def _start_skipped(self) -> None:
        self._skipping = 1

    def _break(self) -> None:
        self._parts.append(BREAK)

    def _nothing(self) -> None:
        pass

    def _start_title(self) -> None:
        # A drawing's title is text like any other.
        self._flush()
        self._titled = not self.title and not self.blocks

    def _end_title(self) -> None:
        if self._titled:
            self.title = tidy("".join(self._parts))
            self._parts = []
            self._titled = False
        else:
            self._flush()

    def _start_pre(self) -> None:
        self._flush()
        self._preformatted += 1

    def _end_pre(self) -> None:
        self._flush()
        self._preformatted = max(0, self._preformatted - 1)

    def _start_heading(self, level: int) -> None:
        self._end_row()
        self._level = level

    def _end_heading(self) -> None:
        self._flush()
        self._level = 0

    def _start_cell(self) -> None:
        self._flush()
        if self._cells is None:
            self._cells = []
        self._cells.append([])

    def _end_row(self) -> None:
        self._flush()
        if (cells := self._cells) is not None:
            self._cells = None
            if sum(len(line) for cell in cells for line in cell) > _LONGEST_ROW:
                for line in (line for cell in cells for line in cell):
                    self._add(line)
            elif row := " | ".join(" ".join(cell) for cell in cells if cell):
                self._add(row)

    def _flush(self) -> None:
        """End the block, line of a cell or heading that is being read."""
        parts, self._parts = self._parts, []
        # What stands between two blocks is white space, most of the time.
        if not parts or (len(parts) == 1 and parts[0].isspace()):
            return
        text = self._joined(parts)
        if not text:
            return
        if self._cells is not None:
            (self._cells or [[]])[-1].append(text.replace("\n", " "))
        else:
            self._add(text)

    def _add(self, text: str) -> None:
        level = self._level if len(text) <= _LONGEST_HEADING else 0
        self.blocks.append(Block(text.replace("\n", " ") if level else text, level, self._anchor))
        self._anchor = ""
        self._level = 0

    def _joined(self, parts: list[str]) -> str:
        if self._labelled:
            # What a label says before the same words is said once.
            self._labelled = False
            parts = [part for part in parts if part.strip()]
            parts = [part for before, part in pairwise(["", *parts]) if part.strip() != before.strip()]
        return flowing("".join(parts))


def _heading(level: int) -> Callable[[Reading], None]:
    return lambda reading: reading._start_heading(level)


_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_STARTS: Mapping[str, Callable[[Reading], None]] = {
    **dict.fromkeys(_SKIPPED, Reading._start_skipped),
    **dict.fromkeys(_PRE, Reading._start_pre),
    **{tag: _heading(level) for tag, level in _HEADINGS.items()},
    "br": Reading._break,
    "img": Reading._nothing,
    "tr": Reading._end_row,
    "table": Reading._end_row,
    "td": Reading._start_cell,
    "th": Reading._start_cell,
    "math": Reading._start_formula,
    "title": Reading._start_title,
}
_ENDS: Mapping[str, Callable[[Reading], None]] = {
    **dict.fromkeys(_PRE, Reading._end_pre),
    **dict.fromkeys(_HEADINGS, Reading._end_heading),
    "br": Reading._nothing,
    "img": Reading._nothing,
    "tr": Reading._end_row,
    "table": Reading._end_row,
    "title": Reading._end_title,
}
