"""Text of OpenDocument elements as lines: paragraphs, headings, rows of tables, and what hangs on them.

Notes, comments, text boxes and embedded objects stand behind the paragraph
they are anchored in. Deletions that are only tracked, hidden text and
drawings' geometry are not read.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ingest.errors import BrokenFile
from ingest.formats.mathml import Formula
from ingest.formats.odf import Package
from ingest.formats.odf.lists import Lists
from ingest.formats.odf.names import ROW_PARENTS, attribute, short
from ingest.formats.rows import MOST_EMPTY, row_lines
from ingest.formats.words import BREAK, flowing

_UNREAD = """
text:tracked-changes text:note-citation text:footnote-citation text:endnote-citation text:script text:hidden-text
text:table-of-content-source
text:illustration-index-source text:table-index-source text:object-index-source text:user-index-source
text:alphabetical-index-source text:bibliography-source table:content-validations table:tracked-changes office:forms
office:scripts office:event-listeners office:binary-data office:annotation-end office:settings office:change-info
draw:page-thumbnail draw:object-ole draw:enhanced-geometry presentation:header presentation:footer
presentation:date-time
"""
_SKIPPED = frozenset(_UNREAD.split())
_SKIPPED_PREFIXES = ("dc:", "meta:", "anim:", "style:", "number:", "config:")
# Anchored in a paragraph, read behind it.
_HUNG = """
text:note text:footnote text:endnote office:annotation draw:frame draw:g draw:custom-shape draw:rect draw:ellipse
draw:circle draw:line draw:polygon draw:polyline draw:path draw:connector draw:caption draw:measure draw:regular-polygon
draw:text-box draw:image draw:object draw:control
"""
_ASIDE = frozenset(_HUNG.split())
_VALUES = ("string-value", "date-value", "time-value", "value", "boolean-value")
_DEEPEST = 120
"""Levels of elements, embedded documents included; a page of real slides has 25. Python ends at 1,000 frames."""
_MAX_OBJECTS = 500
_MAX_SPACES = 100
# A number or a word; more of it thirty times over would be an attack.
_LONGEST_REPEATED = 40


class Line(NamedTuple):
    """A paragraph or row (level 0), or a heading (level from 1)."""

    text: str
    level: int


class Story:
    """Reads elements of one package; `lines` grows until somebody takes it with `take`.

    pictures: members that are shown as pictures, where they were met. broken: embedded documents that cannot be read.
    """

    def __init__(self, package: Package) -> None:
        self.lines: list[Line] = []
        self.pictures: list[str] = []
        self.broken = 0
        self._package = package
        self._hidden = _hidden_styles(package)
        self._lists = Lists(package)
        self._label = ""
        self._objects: set[str] = set()
        self._depth = 0

    def take(self) -> list[Line]:
        """The lines read since the last call."""
        lines, self.lines = self.lines, []
        return lines

    def read(self, element: Any) -> None:
        """Read what an element holds, blocks one after another."""
        if self._depth >= _DEEPEST:
            return
        self._depth += 1
        for child in element:
            name = short(child.tag)
            if name in ("text:p", "text:h"):
                self._paragraph(child, name)
            elif name in _SKIPPED or name.startswith(_SKIPPED_PREFIXES):
                continue
            elif (act := _BLOCKS.get(name)) is not None:
                act(self, child)
            elif name != "text:section" or attribute(child, "text:display") != "none":
                self.read(child)
        self._depth -= 1

    def row(self, element: Any) -> list[str]:
        """The cells of one row as text, empty ones too; long texts that repeat stand once."""
        cells = []
        for cell in element:
            if short(cell.tag) in ("table:table-cell", "table:covered-table-cell"):
                before, self.lines = self.lines, []
                self.read(cell)
                # Sheets of other programs may keep a value without the text it is shown as.
                text = " ".join(line.text for line in self.lines) or _value(cell)
                again = text if len(text) <= _LONGEST_REPEATED else ""
                cells += [text, *[again] * _times_more(cell)]
                self.lines = before
        return cells

    def _paragraph(self, element: Any, name: str) -> None:
        if attribute(element, "text:style-name") in self._hidden:
            return
        parts: list[str] = []
        asides: list[Any] = []
        self._inline(element, parts, asides)
        if text := flowing("".join(parts)):
            level = 0
            if name == "text:h":
                level = _level(attribute(element, "text:outline-level") or attribute(element, "text:level"))
                text = text.replace("\n", " ")
                if attribute(element, "text:is-list-header") != "true":
                    self._label = self._label or self._lists.heading(level)
            # Numbers that nobody typed: of the item it begins, of the note it is the text of.
            label, self._label = self._label, ""
            self.lines.append(Line(f"{label} {text}" if label else text, level))
        if asides:
            self.read(asides)

    def _inline(self, element: Any, parts: list[str], asides: list[Any]) -> None:
        if element.text:
            parts.append(element.text)
        if self._depth >= _DEEPEST:
            return
        self._depth += 1
        for child in element:
            name = short(child.tag)
            if name in ("text:span", "text:a"):
                if attribute(child, "text:style-name") not in self._hidden:
                    self._inline(child, parts, asides)
            elif name == "text:s":
                count = attribute(child, "text:c")
                parts.append(" " * min(int(count), _MAX_SPACES) if count.isdecimal() else " ")
            elif name in ("text:tab", "text:tab-stop"):
                parts.append(" ")
            elif name == "text:line-break":
                parts.append(BREAK)
            elif name in _ASIDE:
                asides.append(child)
            elif name not in _SKIPPED:
                self._inline(child, parts, asides)
            if child.tail:
                parts.append(child.tail)
        self._depth -= 1

    def _table(self, element: Any) -> None:
        for row in rows(element):
            before, self.lines = self.lines, []
            cells = self.row(row)
            self.lines = before
            self.lines += [Line(line, 0) for line in row_lines([[cell] if cell else [] for cell in cells])]
        for child in element:
            if short(child.tag) in ("table:shapes", "svg:title", "svg:desc"):
                self.read([child] if child.tag.endswith(("title", "desc")) else child)

    def _list(self, element: Any) -> None:
        self._lists.enter(element)
        for item in element:
            if short(item.tag) in ("text:list-item", "text:list-header"):
                self._label = self._lists.label(item) if item.tag.endswith("item") else ""
                self.read(item)
                self._label = ""
        self._lists.leave()

    def _note(self, element: Any) -> None:
        citation = next(element.iter("{*}note-citation", "{*}footnote-citation", "{*}endnote-citation"), None)
        self._label = "" if citation is None else flowing("".join(citation.itertext()))
        self.read(element)
        self._label = ""

    def _described(self, element: Any) -> None:
        """What stands for a picture or shape where it cannot be seen."""
        if text := flowing("".join(element.itertext())):
            self.lines.append(Line(text, 0))

    def _picture(self, element: Any) -> None:
        reference = attribute(element, "xlink:href").removeprefix("./")
        if reference and "://" not in reference and not reference.startswith("ObjectReplacements/"):
            self.pictures.append(reference)
        self.read(element)

    def _object(self, element: Any) -> None:
        """An embedded document, each once however often it is shown: no loop of them is endless."""
        self.read(element)
        reference = attribute(element, "xlink:href").removeprefix("./").rstrip("/")
        if not reference or reference in self._objects or len(self._objects) >= _MAX_OBJECTS:
            return
        self._objects.add(reference)
        try:
            root = self._package.embedded(reference)
        except BrokenFile:
            self.broken += 1
            return
        if root is not None:
            self.read([root])

    def _formula(self, element: Any) -> None:
        formula = Formula()
        _spell(element, formula)
        if text := flowing(formula.text()):
            self.lines.append(Line(text, 0))


_BLOCKS: dict[str, Callable[[Story, Any], None]] = {
    "table:table": Story._table,
    "table:sub-table": Story._table,
    "text:list": Story._list,
    "text:ordered-list": Story._list,
    "text:unordered-list": Story._list,
    "text:note": Story._note,
    "text:footnote": Story._note,
    "text:endnote": Story._note,
    "svg:title": Story._described,
    "svg:desc": Story._described,
    "draw:image": Story._picture,
    "draw:object": Story._object,
    "math:math": Story._formula,
}


def rows(table: Any) -> Iterator[Any]:
    """The rows of a table or sheet, those of groups too."""
    for child in table:
        name = short(child.tag)
        if name == "table:table-row":
            yield child
        elif name in ROW_PARENTS:
            yield from rows(child)


def _level(text: str) -> int:
    return min(10, max(1, int(text))) if text.isdecimal() and len(text) < 3 else 1


def _times_more(cell: Any) -> int:
    """How often a cell is there beside once: programs write equal neighbours as one that repeats."""
    number = attribute(cell, "table:number-columns-repeated")
    return min(max(0, int(number) - 1), MOST_EMPTY) if number.isdecimal() and len(number) < 9 else 0


def _value(cell: Any) -> str:
    return next(filter(None, (attribute(cell, f"office:{name}") for name in _VALUES)), "")


def _spell(element: Any, formula: Formula) -> None:
    """Hand a formula's elements over, without recursion: formulas are as deep as XML may be."""
    waiting: list[Any] = [iter(element)]
    formula.data(element.text or "")
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            if waiting:
                formula.end()
            continue
        formula.start(short(child.tag).partition(":")[2])
        formula.data(child.text or "")
        waiting.append(iter(child))


def _hidden_styles(package: Package) -> frozenset[str]:
    """Names of styles whose text is not shown."""
    return frozenset(
        attribute(properties.getparent(), "style:name")
        for root in (package.content, package.styles)
        if root is not None
        for properties in root.iter("{*}text-properties")
        if attribute(properties, "text:display") == "none"
    )
