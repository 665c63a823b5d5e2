"""From cells to what a programme says: under which headings and labels each of its requirements stands.

A programme's tables have one column of requirements ("Yêu cầu cần đạt") and,
on one side of it, one or two columns of labels: the farther, the wider what it
names. Cells over the whole width are headings, or requirements without labels.
Where a page ends inside of a row nothing says so; it goes on when the next
page's first label is empty or begins in lower case, and what that rule misses
is listed in the programme's `*.toml`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pymupdf

from deploy.curriculum.cells import Box, Cell, Sheet
from deploy.curriculum.programme import Programme

EDGE = 6.0
REQUIREMENTS = "Yêu cầu cần đạt"
DASH = re.compile(r"^[–-]\s*(?=\S)")


@dataclass(slots=True)
class Label:
    """Words of a label or heading; more may come from the next page."""

    text: str
    page: int


@dataclass(slots=True)
class Row:
    """path: headings and labels from the widest. items: requirements, each with the page where it begins."""

    grade: int
    path: list[Label]
    items: list[tuple[int, str]] = field(default_factory=list)


def walk(document: pymupdf.Document, programme: Programme) -> list[Row]:
    """Rows in the order of the text."""
    walker = _Walker(programme)
    for number in range(programme.first_page, programme.last_page + 1):
        walker.page(number, Sheet(document[number - 1]))
    return [row for row in walker.rows if row.items]


class _Walker:
    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.rows: list[Row] = []
        self.grade = 0
        self.kept = ""
        """A part that goes over several grades."""
        self.headings: dict[int, Label] = {}
        self.labels: dict[int, Label] = {}
        """Of the last row, by column: 0 stands at the table's outer edge."""
        self.known: dict[Box, Label] = {}
        """Of this page."""
        self.top: float | None = None
        """Where the first row below a table's head begins, as long as nothing else came before it."""

    def page(self, number: int, sheet: Sheet) -> None:
        self.known = {}
        head: Cell | None = None
        for one in sheet.cells:
            if one.text == REQUIREMENTS:
                head, self.top = one, one.bottom
                self._lonely(sheet, one)
            elif not one.left:
                self._loose(one.text, number)
            elif not self.grade or one.text in self.programme.heads:
                continue
            elif self._is_wide(one):
                if one.text:
                    self._wide(one, number)
                self.top = None
            elif head and abs(one.left - head.left) < EDGE:
                self._row(one, self._columns(sheet, one), number)

    def _lonely(self, sheet: Sheet, head: Cell) -> None:
        """Below a table's head the end of a label may stand beside nothing."""
        first = [one for one in sheet.cells if one.top == head.bottom]
        if not any(abs(one.left - head.left) < EDGE or self._is_wide(one) for one in first):
            for one in first:
                edges = (self.programme.left + EDGE, self.programme.left + self.programme.width - EDGE)
                rank = 0 if one.left < edges[0] or one.right > edges[1] else 1
                if rank in self.labels:
                    self.labels[rank].text = f"{self.labels[rank].text} {one.text}"

    def _is_wide(self, cell: Cell) -> bool:
        wide = cell.right - cell.left > self.programme.width - EDGE
        return wide or re.match(self.programme.heading, cell.text) is not None

    def _columns(self, sheet: Sheet, cell: Cell) -> list[tuple[Box, str]]:
        """The cells of labels beside a cell of requirements, from the widest, with or without text."""
        left, right = self.programme.left, self.programme.left + self.programme.width
        before = cell.left > left + EDGE
        places = (left + EDGE, cell.left - EDGE) if before else (right - EDGE, cell.right + EDGE)
        middle = (cell.top + cell.bottom) / 2
        boxes = dict.fromkeys(box for x in places if (box := sheet.around(x, middle)))
        return [(box, sheet.text(box)) for box in boxes]

    def _loose(self, text: str, page: int) -> None:
        """Text between tables."""
        if grade := re.fullmatch(r"LỚP (\d+)", text):
            self.grade, self.labels, self.top = int(grade[1]), {}, None
            self.headings = {-1: Label(self.kept, page)} if self.kept else {}
        for part in self.programme.parts:
            if re.match(part.begins, text):
                self.labels, self.top = {}, None
                if part.over_grades:
                    self.kept, self.headings, self.grade = part.label, {}, 0
                else:
                    above = {rank: label for rank, label in self.headings.items() if rank < 0}
                    self.headings = {**above, 0: Label(part.label, page)}

    def _wide(self, cell: Cell, page: int) -> None:
        """A cell over the whole width: a heading, or requirements without labels."""
        text = cell.text
        if text.isupper() or (cell.bold and not DASH.match(text)) or re.match(self.programme.heading, text):
            level = 1 if text.isupper() else 2
            self.headings = {rank: label for rank, label in self.headings.items() if rank < level}
            self.headings[level], self.labels = Label(text, page), {}
            return
        path = self._path({})
        if not (self.top == cell.top and self._same(path)):
            self.rows.append(Row(self.grade, path))
        self.labels = {}
        _extend(self.rows[-1], cell.lines, page)

    def _row(self, cell: Cell, columns: Sequence[tuple[Box, str]], page: int) -> None:
        former, self.labels = self.labels, {}
        for rank, (box, text) in enumerate(columns):
            if box not in self.known:
                goes_on = self.top == box[1] and rank in former
                # Below a label that is new here nothing goes on.
                goes_on = goes_on and all(self.labels[above] is former[above] for above in self.labels)
                if goes_on and self._joins(former[rank], text, page, rank):
                    self.known[box] = former[rank]
                    former[rank].text = f"{former[rank].text} {text}".strip()
                else:
                    self.known[box] = Label(text, page)
            self.labels[rank] = self.known[box]
        path = self._path(self.labels)
        if not (self.top == cell.top and self._same(path)):
            self.rows.append(Row(self.grade, path))
        _extend(self.rows[-1], cell.lines, page)

    def _path(self, labels: dict[int, Label]) -> list[Label]:
        return [part[rank] for part in (self.headings, labels) for rank in sorted(part)]

    def _same(self, path: Sequence[Label]) -> bool:
        return bool(self.rows) and [id(one) for one in self.rows[-1].path] == [id(one) for one in path]

    def _joins(self, former: Label, text: str, page: int, rank: int) -> bool:
        if (page, rank) in self.programme.new:
            return False
        # No label ends in a full stop: another part of it follows.
        open_ended = not former.text or former.text.endswith((".", ","))
        return open_ended or not text[:1].isupper() or (page, rank) in self.programme.joined


def _extend(row: Row, lines: Sequence[str], page: int) -> None:
    """A requirement begins with a dash, an activity with its number; other lines go on, or stand alone."""
    for number, line in enumerate(lines):
        begins = DASH.match(line) or re.match(r"Hoạt động \d+\b", line)
        if begins or not row.items or (number == 0 and _ended(row.items[-1][1]) and line[0].isupper()):
            row.items.append((page, DASH.sub("", line)))
        else:
            start, text = row.items[-1]
            row.items[-1] = (start, f"{text} {line}")


def _ended(text: str) -> bool:
    return text.endswith((".", ":", ";"))
