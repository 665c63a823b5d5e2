"""Cut a word processor's text into sections that a reader can be sent to.

A section begins at each heading. A text without headings is cut where the
file says that a page begins: at breaks somebody set, and at those of the last
time a program laid it out, which it writes down. Both are in the file, so a
section's number stays the same however well the rest is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.formats.ooxml.settled import PAGE, Found
from ingest.formats.ooxml.word import Line, Margins, Piece


@dataclass(slots=True)
class Section:
    """title and level (from 1) of its heading; level 0: it has none. embedded, pictures: parts."""

    title: str = ""
    level: int = 0
    lines: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def cut(pieces: Iterable[Piece]) -> list[Section]:
    """Sections in order, the first one is number 1. All of them hold text, unless the file has none at all."""
    pieces = list(pieces)
    headed = any(isinstance(piece, Line) and piece.level for piece in pieces)
    sections = [Section()]
    for piece in pieces:
        if isinstance(piece, Margins):
            sections[-1].margins += piece.lines
        elif isinstance(piece, Found):
            (sections[-1].embedded if piece.kind == "embedded" else sections[-1].pictures).append(piece.part)
        elif headed:
            _say(sections, piece.text.replace(PAGE, ""), piece.level)
        else:
            _turn(sections, piece.text)
    if len(sections) > 1 and not sections[-1].lines:
        _merge(sections)
    return sections


def _say(sections: list[Section], text: str, level: int) -> None:
    if not text.strip():
        return
    if level:
        if sections[-1].lines:
            sections.append(Section())
        sections[-1].title, sections[-1].level = text, level
    sections[-1].lines.append(text)


def _turn(sections: list[Section], text: str) -> None:
    """Text in which pages may begin. A page without text is none: two marks for one page are common."""
    first, *others = text.split(PAGE)
    _say(sections, first, 0)
    for other in others:
        if sections[-1].lines:
            sections.append(Section())
        _say(sections, other, 0)


def _merge(sections: list[Section]) -> None:
    """What stands on a last page without text belongs to the one before."""
    last = sections.pop()
    sections[-1].margins += last.margins
    sections[-1].embedded += last.embedded
    sections[-1].pictures += last.pictures
