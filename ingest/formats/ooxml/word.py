"""Read the text of a word processor's file in its order, as pieces that are still to be cut into sections.

Paragraphs with their numbers, tables row by row, and behind each paragraph
what hangs at it (`settled`). Source: ECMA-376-1, 17.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.ooxml.names import R, W, integer
from ingest.formats.ooxml.numbering import Numbering
from ingest.formats.ooxml.package import Package
from ingest.formats.ooxml.settled import PAGE, PARAGRAPH, SECTION, TEXTS, Found, Settled
from ingest.formats.ooxml.styles import Styles, numbered, outline_level
from ingest.formats.rows import EDGE, MOST_EMPTY, row_lines

_TABLE, _ROW, _CELL = W + "tbl", W + "tr", W + "tc"
_VAL = W + "val"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a row of a table. level: of a heading, from 1; 0: none. May hold PAGE."""

    text: str
    level: int = 0


@dataclass(slots=True, eq=False)
class Margins:
    """Headers and footers of what follows, up to the next ones."""

    lines: list[str] = field(default_factory=list)


Piece = Line | Found | Margins


@dataclass(slots=True)
class Text:
    """title: the paragraph set as the title, empty where there is none."""

    pieces: list[Piece]
    title: str


def read(package: Package) -> Text:
    """Read the whole text. Raises: BrokenFile: the main part cannot be read."""
    return _Reader(package).read()


class _Reader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main()
        self._styles = Styles(self._one("styles"))
        self._numbering = Numbering(self._one("numbering"))
        self._settled = Settled(package, self._main)
        self._headers: dict[str, list[Line | Found]] = {}
        self._margins, self._margins_at = Margins(), 0
        self._pieces: list[Piece] = [self._margins]
        self._title = ""

    def read(self) -> Text:
        root = self._package.parse(self._main)
        self._settled.settle(root, self._main)
        for block in root.iterchildren(W + "body"):
            self._block(block)
        self._pieces += self._hanging(self._settled.left())
        return Text(self._pieces, self._title)

    def _one(self, kind: str) -> Any | None:
        return next(map(self._package.tree, self._package.related(self._main, kind)), None)

    def _block(self, block: Any) -> None:
        tag = block.tag
        if tag == PARAGRAPH:
            text, level = self._paragraph(block)
            if text:
                self._pieces.append(Line(text, level))
            if block in self._settled.hung:
                self._pieces += self._hanging(self._settled.hung.pop(block))
            if block in self._settled.ends:
                self._end_section(self._settled.ends[block])
        elif tag == _TABLE:
            self._pieces += self._rows(block)
        elif tag == SECTION:
            self._fill_margins(block)
        elif tag == W + "altChunk":
            self._pieces.append(Found("embedded", self._package.target(self._main, block.get(R + "id"))))
        elif isinstance(tag, str):
            for child in block:
                self._block(child)

    def _paragraph(self, paragraph: Any) -> tuple[str, int]:
        """(text, heading level) of a paragraph, its number before it."""
        text = "".join([piece.text or "" for piece in paragraph.iter(*TEXTS)])
        properties = paragraph.find(W + "pPr")
        if properties is None or not len(properties):
            return text, 0
        if properties.find(W + "pageBreakBefore") is not None:
            text = PAGE + text
        if not text.replace(PAGE, "").strip():
            return text.strip(), 0
        style = properties.find(W + "pStyle")
        name = "" if style is None else style.get(_VAL, "")
        level = outline_level(properties)
        if level is None:
            level = self._styles.level(name)
        if not self._title and self._styles.is_title(name):
            self._title = text.replace(PAGE, "")
        label = self._label(properties, name)
        return f"{label} {text}" if label else text, level

    def _label(self, properties: Any, style: str) -> str:
        identifier, depth = numbered(properties) or (None, None)
        if identifier is None:
            identifier, styled = self._styles.number(style)
            depth = styled if depth is None else depth
        # Zero takes a style's numbers away.
        return self._numbering.label(identifier, depth or 0) if identifier not in (None, "0") else ""

    def _rows(self, table: Any) -> Iterator[Line | Found]:
        for row in table.iter(_ROW):
            if next(row.iterancestors(_TABLE)) is table:
                yield from self._row(row)

    def _row(self, row: Any) -> Iterator[Line | Found]:
        cells: list[list[str]] = []
        found: list[Found] = []
        for cell in row.iter(_CELL):
            if next(cell.iterancestors(_ROW)) is row:
                pieces = list(self._inside(cell))
                found += (piece for piece in pieces if isinstance(piece, Found))
                cells.append([piece.text for piece in pieces if isinstance(piece, Line) and piece.text.strip()])
                cells += [[]] * _more_columns(cell)
        for line in row_lines(cells, EDGE):
            # A page that begins inside a row begins before it: a row is read as one.
            yield Line(PAGE + line.replace(PAGE, "") if PAGE in line else line)
        yield from found

    def _inside(self, container: Any) -> Iterator[Line | Found]:
        """Everything in a cell, a text box or a note, where headings do not count."""
        for block in container:
            if block.tag == PARAGRAPH:
                yield Line(self._paragraph(block)[0])
                yield from self._hanging(self._settled.hung.pop(block, ()))
            elif block.tag == _TABLE:
                yield from self._rows(block)
            elif isinstance(block.tag, str):
                yield from self._inside(block)

    def _hanging(self, hung: Iterable[Any]) -> Iterator[Line | Found]:
        """What hangs at a paragraph; pages do not begin in it."""
        for item in hung:
            if isinstance(item, Found):
                yield item
            elif isinstance(item, str):
                yield Line(item)
            else:
                for piece in self._inside(item):
                    yield Line(piece.text.replace(PAGE, "")) if isinstance(piece, Line) else piece

    def _end_section(self, section: Any) -> None:
        self._fill_margins(section)
        kind = section.find(W + "type")
        if kind is None or kind.get(_VAL) != "continuous":
            self._pieces.append(Line(PAGE))
        self._margins, self._margins_at = Margins(), len(self._pieces)
        self._pieces.append(self._margins)

    def _fill_margins(self, section: Any) -> None:
        """Headers and footers that a section brings along; those of a first page alone are text at its beginning."""
        alone = section.find(W + "titlePg") is not None
        told: list[Piece] = []
        for reference in section.iter(W + "headerReference", W + "footerReference"):
            once = alone and reference.get(W + "type") == "first"
            for piece in self._header(self._package.target(self._main, reference.get(R + "id"))):
                if once or isinstance(piece, Found):
                    told.append(piece)
                else:
                    self._margins.lines.append(piece.text)
        self._pieces[self._margins_at + 1 : self._margins_at + 1] = told

    def _header(self, part: str) -> list[Line | Found]:
        if part not in self._headers:
            root = self._package.tree(part)
            if root is not None:
                self._settled.settle(root, part)
            self._headers[part] = [] if root is None else list(self._inside(root))
        return self._headers[part]


def _more_columns(cell: Any) -> int:
    """How many columns a cell spans beside its first one."""
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return 0 if span is None else min(max(0, integer(span.get(_VAL), 1) - 1), MOST_EMPTY)
