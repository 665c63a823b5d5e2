"""Blocks out of the marked text of a page: paragraphs, headings, rows of tables.

`html_target` writes the characters of a page into one text with marks where
blocks, rows and cells begin; here it is cleaned and cut once. Cleaning each
paragraph by itself took twice as long as parsing it. The marks are
noncharacters of Unicode, which no text may contain.
"""

import re
from typing import NamedTuple

from ingest.formats.rows import row_lines
from ingest.formats.words import BREAK, collapsed, visible

END = "\ufdd0"
"""Between two blocks. The other marks that begin one stand right behind it."""
ANCHOR = "\ufdd7"
"""An id was met here; ids are told apart by their order."""
ROW, CELL, ROW_END = "\ufdd8", "\ufdd9", "\ufdda"
_FIRST_LEVEL = 0xFDD1
_BEGINNINGS = frozenset(chr(code) for code in range(_FIRST_LEVEL, 0xFDDF)) - {ANCHOR}
# A piece without them and without line feeds is as clean as it can be.
_UNCOMMON = ("  ", "\xa0", "\t", "\r", BREAK)
MARKS = re.compile("[\ufdd0-\ufddf]")

# A heading that holds more than this was never closed.
_LONGEST_HEADING = 300


class Block(NamedTuple):
    """A heading (level 1–6), or a paragraph, an item, a row of a table (level 0).

    text: NFC, white space collapsed; a line break only where the page has one (<br>, <pre>).
    anchor: the id of the element it stands in, "" without one.
    """

    text: str
    level: int
    anchor: str


def heading(level: int) -> str:
    """The mark of a heading's beginning; it ends a row that it stands in."""
    return f"{END}{ROW_END}{END}{chr(_FIRST_LEVEL - 1 + level)}"


def cut(marked: str, anchors: list[str]) -> list[Block]:
    """The blocks of a marked text in order; `anchors`: the ids it met."""
    cutting = _Cutting(anchors)
    blocks = cutting.blocks
    text = visible(marked)
    met = [sign for sign in _UNCOMMON if sign in text]
    for piece in text.split(END):
        # What stands between two blocks is white space, most of the time.
        if not (said := piece.strip()):
            continue
        # A plain paragraph, which most blocks are, is done with here.
        if cutting.is_plain and said[0] not in _BEGINNINGS and "\n" not in said and ANCHOR not in said:
            for sign in met:
                if sign in said:
                    said = collapsed(said)
                    break
            blocks.append(Block(said, 0, ""))
        else:
            cutting.piece(said)
    cutting.end_row()
    return blocks


class _Cutting:
    def __init__(self, anchors: list[str]) -> None:
        self.blocks: list[Block] = []
        self.is_plain = True
        self._anchors = iter(anchors)
        self._anchor = ""
        self._level = 0
        self._cells: list[list[str]] | None = None

    def piece(self, text: str) -> None:
        """A block or a line of a cell, with the mark it begins with; many are a mark alone."""
        mark = text[0]
        if mark in _BEGINNINGS:
            self.is_plain = False
            if mark == CELL:
                if self._cells is None:
                    self._cells = []
                self._cells.append([])
            elif mark == ROW:
                self.end_row()
                self._cells = []
            elif mark == ROW_END:
                self.end_row()
            else:
                self._level = ord(mark) - _FIRST_LEVEL + 1
            text = text[1:]
            if not text:
                return
        if ANCHOR in text:
            found = [next(self._anchors, "") for _ in range(text.count(ANCHOR))]
            self._anchor = self._anchor or found[0]
            text = text.replace(ANCHOR, "")
        if text := collapsed(text):
            if self._cells is None:
                self._add(text)
            else:
                self._cells = self._cells or [[]]
                self._cells[-1].append(text.replace("\n", " ") if "\n" in text else text)
        self.is_plain = self._cells is None and not self._anchor and not self._level

    def end_row(self) -> None:
        cells, self._cells = self._cells, None
        self.is_plain = not self._anchor and not self._level
        if not cells:
            return
        for line in row_lines(cells):
            self._add(line)

    def _add(self, text: str) -> None:
        level = self._level if len(text) <= _LONGEST_HEADING else 0
        self.blocks.append(Block(text.replace("\n", " ") if level else text, level, self._anchor))
        self._anchor = ""
        self._level = 0
