"""What a reader of RTF holds while it reads: running texts, groups, entries of the style sheet."""

from typing import NamedTuple

from ingest.formats.rows import row
from ingest.formats.words import BREAK, flowing

BODY, ABOUT, FONTS, STYLES, ALTERNATIVE = range(5)
"""Kinds of groups."""


class Line(NamedTuple):
    """A paragraph or row (level 0), or a heading (level from 1)."""

    text: str
    level: int


class Story:
    """Text that runs: the document's, a note's, a header's."""

    def __init__(self, depth: int = 0) -> None:
        self.depth = depth
        self.lines: list[Line] = []
        self.parts: list[str] = []
        self.after: list[Line] = []
        self.cells: list[str] = []
        self.level = 0
        self.in_table = False

    def end_paragraph(self) -> None:
        if self.in_table:
            self.parts.append(BREAK)
            return
        self._add(flowing("".join(self.parts)), self.level)

    def end_cell(self) -> None:
        self.cells.append(flowing("".join(self.parts)).replace("\n", " "))
        self.parts = []

    def end_row(self) -> None:
        if self.parts:
            self.end_cell()
        cells, self.cells = self.cells, []
        self._add(row(cells), 0)

    def finish(self) -> list[Line]:
        self.in_table = False
        if self.cells:
            self.end_row()
        self.end_paragraph()
        return self.lines

    def _add(self, text: str, level: int) -> None:
        self.parts = []
        if text:
            self.lines.append(Line(text.replace("\n", " ") if level else text, level))
        self.lines += self.after
        self.after = []


class Group:
    """What holds between two braces; a group inside begins with a copy."""

    __slots__ = ("codec", "fallback", "field", "hidden", "kind", "story")

    def __init__(self, story: Story, codec: str) -> None:
        self.story = story
        self.codec = codec
        self.kind = BODY
        self.fallback = 1
        self.hidden = False
        self.field = b""

    def inside(self) -> "Group":
        group = Group(self.story, self.codec)
        group.kind, group.fallback, group.hidden, group.field = self.kind, self.fallback, self.hidden, self.field
        return group


class Style:
    """An entry of the style sheet while it is read."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.level = 0
        self.name = ""
