"""The cells of a page's tables, found by the rules that are drawn between them.

The programmes are set by a word processor: every rule is a thin filled
rectangle, and a cell is what stands between four of them. Words are taken
character by character, because a line of text may run through two cells.
Points are 1/72 inch, y grows downwards, as MuPDF counts.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pymupdf

# A rule is 0.5 points thick; text is no rectangle.
THIN = 3.0
SLACK = 2.0
# A space of the body's 14 points is 3.5 wide; between letters of a word stand 0.
GAP = 0.18
# The font Symbol as it is found in the text: a private character a sign.
SYMBOLS = str.maketrans(
    "\uf022\uf024\uf028\uf029\uf02b\uf02d\uf030\uf03c\uf03d\uf061\uf070\uf0a5\uf0ae\uf0b0\uf0b9\uf0c6\uf0c9\uf0cc\uf0ce",
    "∀∃()+−0<=απ∞→°≠∅⊃⊂∈",
)
SUPERSCRIPT = str.maketrans("0123456789+-–nkxo", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿᵏˣ°")
SUBSCRIPT = str.maketrans("0123456789+-–n", "₀₁₂₃₄₅₆₇₈₉₊₋₋ₙ")


@dataclass(frozen=True, slots=True)
class Character:
    x: float
    right: float
    line: float
    text: str
    bold: bool
    shift: int
    """1 above the line, -1 below it."""


@dataclass(slots=True)
class Cell:
    """left, top, right, bottom: its rules. None of them: text outside of any table."""

    left: float
    top: float
    right: float
    bottom: float
    characters: list[Character] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """Its lines from above, with single spaces, NFC."""
        rows: list[list[Character]] = []
        for one in sorted(self.characters, key=lambda one: one.line):
            if rows and one.line - rows[-1][0].line < THIN:
                rows[-1].append(one)
            else:
                rows.append([one])
        return [text for text in map(_line, rows) if text]

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def bold(self) -> bool:
        """Most of its letters are."""
        letters = [one for one in self.characters if one.text.strip()]
        return sum(one.bold for one in letters) * 2 > len(letters)


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Sheet:
    """A page: its cells that hold text, from above, then from the left; text outside of tables a line, `left` 0."""

    def __init__(self, page: pymupdf.Page) -> None:
        boxes = [item[1] for drawing in page.get_drawings() for item in drawing["items"] if item[0] == "re"]
        self.upright = [box for box in boxes if box.width < THIN < box.height]
        self.level = [box for box in boxes if box.height < THIN < box.width]
        found: dict[Box, Cell] = {}
        box: Box | None = None
        before: Character | None = None
        for one in _characters(page):
            # A word stands in one cell.
            begins = before is None or not before.text.strip() or abs(one.x - before.right) > 1
            if box is None or begins or (before is not None and before.line != one.line):
                box = self.around((one.x + one.right) / 2, one.line - SLACK) or (0, one.line, 0, one.line)
            found.setdefault(box, Cell(*box)).characters.append(one)
            before = one
        self.cells = sorted(found.values(), key=lambda cell: (cell.top, cell.left))
        self._texts = {(cell.left, cell.top): cell.text for cell in self.cells}

    def text(self, box: Box) -> str:
        """What stands in a cell, "" where nothing does."""
        return self._texts.get(box[:2], "")

    def around(self, x: float, y: float) -> Box | None:
        """The cell of a point, with text or without; None outside of tables."""
        beside = [rule.x0 for rule in self.upright if rule.y0 - SLACK <= y <= rule.y1 + SLACK]
        lefts, rights = [at for at in beside if at <= x], [at for at in beside if at > x]
        across = [rule.y0 for rule in self.level if rule.x0 - SLACK <= x <= rule.x1 + SLACK]
        tops, bottoms = [at for at in across if at <= y], [at for at in across if at > y]
        if not bottoms and self.level:
            # A cell that goes on on the next page may have no rule at its foot.
            bottoms = [rule.y0 for rule in self.level if rule.y0 > y]
        if not (lefts and rights and tops and bottoms):
            return None
        return round(max(lefts)), round(max(tops)), round(min(rights)), round(min(bottoms))


def _characters(page: pymupdf.Page) -> Iterator[Character]:
    layout: dict[str, Any] = page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE)
    for block in layout["blocks"]:
        for line in block.get("lines", ()):
            sizes = [span["size"] for span in line["spans"] for _ in span["chars"]]
            body = max(sizes, default=0)
            feet = [one["origin"][1] for span in line["spans"] if span["size"] == body for one in span["chars"]]
            foot = max(set(feet), key=feet.count) if feet else 0.0
            for span in line["spans"]:
                for one in span["chars"]:
                    shift = 0
                    if span["size"] < body * 0.8:
                        shift = 1 if one["origin"][1] < foot - 1 else -1 if one["origin"][1] > foot + 1 else 0
                    box = one["bbox"]
                    yield Character(box[0], box[2], foot, one["c"], bool(span["flags"] & 16), shift)


def _line(row: list[Character]) -> str:
    text, before = "", None
    for one in sorted(row, key=lambda one: one.x):
        if before is not None and one.x - before > GAP * 14 and not text.endswith(" "):
            text += " "
        shifted = {1: SUPERSCRIPT, -1: SUBSCRIPT}.get(one.shift)
        text += one.text.translate(shifted) if shifted else one.text
        before = one.right
    return " ".join(unicodedata.normalize("NFC", text.translate(SYMBOLS)).split())
