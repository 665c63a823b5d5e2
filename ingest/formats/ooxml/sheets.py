"""Sheets of a workbook, row by row as they are read, with what is drawn and noted on them.

A sheet may have a million rows: rows and characters are bounded, what is
past the bounds is told, and memory stays flat whatever the file holds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.errors import BrokenFile
from ingest.formats import xml
from ingest.formats.bounds import MAX_CHARACTERS, MAX_ROWS
from ingest.formats.ooxml import drawing
from ingest.formats.ooxml.cells import Formats, column, shown, string
from ingest.formats.ooxml.graphics import GRAPHICS, graphic
from ingest.formats.ooxml.names import R, S
from ingest.formats.ooxml.package import Package
from ingest.formats.rows import EDGE, MOST_EMPTY, row

_MAX_STRINGS_CHARACTERS = 50_000_000
_DEFAULT_NAME = re.compile(r"(?:sheet|trang tính|chart)\s*\d+", re.IGNORECASE)
# Fonts, sizes and fields in a printed header (ECMA-376-1, 18.3.1.39).
_HEADER_CODES = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-F+-]{6}|\d+|[A-Z&])")
_THREADED = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}text"


@dataclass(slots=True)
class Sheet:
    """A sheet: number from 1. rows: cells of those that hold something. beside: charts, text boxes, comments."""

    number: int
    name: str
    hidden: bool = False
    rows: list[list[str]] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    is_cut: bool = False

    @property
    def title(self) -> str:
        """Its name, where somebody gave it one."""
        return "" if _DEFAULT_NAME.fullmatch(self.name) else self.name

    def lines(self) -> list[str]:
        """Everything on it."""
        return [*filter(None, [self.title]), *(row(cells, EDGE) for cells in self.rows), *self.beside]


@dataclass(slots=True)
class Workbook:
    """sheets: those that could be read. count: all that there are."""

    sheets: list[Sheet]
    count: int


def read(package: Package) -> Workbook:
    """Read all sheets. Raises: BrokenFile: no list of sheets, or none of them can be read."""
    main = package.main()
    root = package.parse(main)
    reader = Reader(package, main, root)
    sheets: list[Sheet] = []
    number = 0
    for entry in root.iterfind(f"{S}sheets/{S}sheet"):
        number += 1
        part = package.target(main, entry.get(R + "id"))
        sheet = Sheet(number, entry.get("name", ""), entry.get("state", "visible") != "visible")
        if reader.read(part, sheet):
            sheets.append(sheet)
    if number and not sheets:
        raise BrokenFile(part="sheets")
    return Workbook(sheets, number)


class Reader:
    """What the sheets of one workbook share. strings, formats: what cells refer to; strings_cut: not all are there."""

    def __init__(self, package: Package, main: str, root: Any) -> None:
        self._package = package
        self._left = MAX_CHARACTERS
        self.strings, self.strings_cut = self._shared(main)
        styles = next(map(package.tree, package.related(main, "styles")), None)
        properties = root.find(S + "workbookPr")
        from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.formats = Formats(styles, from_1904=from_1904)

    def read(self, part: str, sheet: Sheet) -> bool:
        """Fill a sheet from its part. Returns: whether anything of it could be read."""
        whole = True
        try:
            self._rows(part, sheet)
        except BrokenFile:
            self._package.broken.add(part)
            whole = False
        sheet.is_cut |= self.strings_cut
        sheet.beside += self._beside(part, sheet)
        sheet.embedded = self._package.related(part, "package", "oleObject")
        return whole or bool(sheet.rows or sheet.beside)

    def elements(self, part: str, *tags: str) -> Iterator[Any]:
        """Elements of a part, each forgotten when the next is asked for. Raises: BrokenFile, TooExpensive."""
        with self._package.stream(part) as source:
            yield from xml.stream(source, *tags)

    def _shared(self, main: str) -> tuple[list[str], bool]:
        strings: list[str] = []
        left = _MAX_STRINGS_CHARACTERS
        for part in self._package.related(main, "sharedStrings"):
            try:
                for item in self.elements(part, S + "si"):
                    text = string(item)
                    left -= len(text)
                    if left < 0:
                        return strings, True
                    strings.append(text)
            except BrokenFile:
                self._package.broken.add(part)
        return strings, False

    def _rows(self, part: str, sheet: Sheet) -> None:
        for element in self.elements(part, S + "row", S + "headerFooter"):
            if element.tag != S + "row":
                texts = (_HEADER_CODES.sub(" ", child.text or "").strip() for child in element)
                sheet.margins += dict.fromkeys(filter(None, texts))
                continue
            cells = self._cells(element)
            if not any(cells):
                continue
            self._left -= sum(map(len, cells))
            if len(sheet.rows) >= MAX_ROWS or self._left < 0:
                sheet.is_cut = True
                return
            sheet.rows.append(cells)

    def _cells(self, row: Any) -> list[str]:
        cells: list[str] = []
        strings, formats = self.strings, self.formats
        place = 0
        for cell in row.iterchildren(S + "c"):
            text = " ".join(shown(cell, strings, formats).split())
            if text:
                at = column(cell.get("r"))
                if at is not None and at > place:
                    cells += [""] * min(at - place, MOST_EMPTY)
                    place = at
                cells.append(text)
                place += 1
            elif cell.get("r") is None:
                cells.append("")
                place += 1
        return cells

    def _beside(self, part: str, sheet: Sheet) -> Iterator[str]:
        package = self._package
        for name in package.related(part, "drawing"):
            root = package.tree(name)
            if root is None:
                continue
            drawing.settle(root)
            yield from drawing.lines(root)
            for element in root.iter(*GRAPHICS):
                yield from graphic(package, name, element)
            for properties in root.iter("{*}cNvPr"):
                yield from filter(None, [drawing.description(properties)])
            sheet.pictures += (package.target(name, identifier) for _, identifier in drawing.picture_ids(root))
        threads = package.related(part, "threadedComment")
        for name in threads:
            root = package.tree(name)
            yield from (text.text for text in root.iter(_THREADED) if text.text) if root is not None else ()
        # Beside a thread, the older comment only says that this program cannot show it.
        for name in () if threads else package.related(part, "comments"):
            root = package.tree(name)
            yield from map(string, root.iter(S + "text")) if root is not None else ()
