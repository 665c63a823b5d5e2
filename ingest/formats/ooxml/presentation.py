"""Slides of a presentation in the order they are shown, each with everything written on and under it.

Shapes, tables, charts, diagrams, descriptions of pictures, then notes and
comments. What layouts and masters add to every slide stands apart, because
it repeats.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.errors import BrokenFile
from ingest.formats.ooxml import drawing
from ingest.formats.ooxml.graphics import GRAPHICS, graphic
from ingest.formats.ooxml.names import P14, A, P, R
from ingest.formats.ooxml.package import Package
from ingest.formats.rows import EDGE, row_lines

_TITLES = ("title", "ctrTitle")
# Placeholders of slides and notes that hold what a program writes: footer, header, date, number, the slide itself.
_FOOTERS = ("ftr", "hdr", "dt", "sldNum")
_EMBEDDED = ("package", "oleObject")
_FRAME, _GROUP, _PLACE = P + "graphicFrame", P + "nvGrpSpPr", P + "ph"
_SHAPES = frozenset((P + "sp", P + "pic", P + "cxnSp", P + "contentPart", _FRAME, _GROUP))


@dataclass(slots=True)
class Slide:
    """A slide: number from 1. footers: its own footers and what its layout shows. embedded, pictures: parts."""

    number: int
    title: str = ""
    lines: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    hidden: bool = False
    embedded: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Presentation:
    """slides: those that could be read. count: all that there are. parts: (title, number of its first slide)."""

    slides: list[Slide]
    count: int
    parts: list[tuple[str, int]]


def read(package: Package) -> Presentation:
    """Read all slides. Raises: BrokenFile: no list of slides, or none of them can be read."""
    main = package.main()
    root = package.parse(main)
    layouts: dict[str, list[str]] = {}
    slides: list[Slide] = []
    numbers: dict[str, int] = {}
    number = 0
    for entry in root.iterfind(f"{P}sldIdLst/{P}sldId"):
        number += 1
        numbers[entry.get("id", "")] = number
        part = package.target(main, entry.get(R + "id"))
        # Its tree has gone when the notes are parsed, and so on: memory that was just used is the quickest.
        slide = _slide(package, part, number, layouts)
        if slide is not None:
            slide.lines += _notes(package, part)
            slide.lines += _comments(package, part)
            slides.append(slide)
    if number and not slides:
        raise BrokenFile(part="slides")
    return Presentation(slides, number, list(_parts(root, numbers)))


def _parts(root: Any, numbers: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Sections that its author made, where there is more than the one that a program made."""
    sections = [
        (section.get("name", ""), [numbers.get(entry.get("id", ""), 0) for entry in section.iter(P14 + "sldId")])
        for section in root.iter(P14 + "section")
    ]
    if len(sections) > 1:
        yield from ((name, slides[0]) for name, slides in sections if slides and slides[0])


def _slide(package: Package, part: str, number: int, layouts: dict[str, list[str]]) -> Slide | None:
    root = package.tree(part)
    if root is None:
        return None
    slide = Slide(number, hidden=root.get("show") in ("0", "false"))
    drawing.settle(root)
    for shape in _shapes(root):
        _read_shape(package, part, shape, slide)
    slide.pictures = [package.target(part, identifier) for _, identifier in drawing.picture_ids(root)]
    slide.embedded = package.related(part, *_EMBEDDED)
    if root.get("showMasterSp") not in ("0", "false"):
        for layout in package.related(part, "slideLayout"):
            if layout not in layouts:
                layouts[layout] = _standing(package, layout)
            slide.footers += layouts[layout]
    return slide


def _shapes(element: Any) -> Iterator[Any]:
    """Shapes, pictures and frames in the order they are drawn, and what stands for each group."""
    for child in element:
        if child.tag in _SHAPES:
            yield child
        elif isinstance(child.tag, str):
            yield from _shapes(child)


def _read_shape(package: Package, part: str, shape: Any, slide: Slide) -> None:
    kind, described = _about(shape)
    if shape.tag == _FRAME:
        slide.lines += _frame(package, part, shape)
    else:
        texts = drawing.lines(shape)
        if kind in _FOOTERS:
            slide.footers += texts
        else:
            slide.lines += texts
        if kind in _TITLES and not slide.title:
            slide.title = " ".join(texts)
    if described:
        slide.lines.append(described)


def _about(shape: Any) -> tuple[str | None, str]:
    """(kind of placeholder, description) of a shape, both from the element that it begins with."""
    properties = shape if shape.tag == _GROUP else next(iter(shape), None)
    if properties is None or not len(properties):
        return None, ""
    # Their order is fixed: what it is called and described as, locks, what it is on this slide.
    kind = next((place.get("type", "obj") for place in properties[-1] if place.tag == _PLACE), None)
    return kind, drawing.description(properties[0])


def _frame(package: Package, part: str, frame: Any) -> list[str]:
    told: list[str] = []
    for element in frame.iter(A + "tbl", *GRAPHICS):
        if element.tag == A + "tbl":
            told += [line for row in drawing.rows(element) for line in row_lines(row, EDGE)]
        else:
            told += graphic(package, part, element)
    return told


def _standing(package: Package, layout: str) -> list[str]:
    """Text that a layout and its master draw on every slide; their placeholders only say where text would go."""
    told: list[str] = []
    for part in (layout, *package.related(layout, "slideMaster")):
        root = package.tree(part)
        if root is None:
            continue
        drawing.settle(root)
        for shape in _shapes(root):
            if shape.tag == P + "sp" and _about(shape)[0] is None:
                told += drawing.lines(shape)
        if root.get("showMasterSp") in ("0", "false"):
            break
    return told


def _notes(package: Package, part: str) -> Iterator[str]:
    for notes in package.related(part, "notesSlide"):
        root = package.tree(notes)
        if root is None:
            continue
        drawing.settle(root)
        for shape in _shapes(root):
            if _about(shape)[0] not in (*_FOOTERS, "sldImg"):
                yield from _frame(package, notes, shape) if shape.tag == _FRAME else drawing.lines(shape)


def _comments(package: Package, part: str) -> Iterator[str]:
    """Comments of both generations, without their authors."""
    for comments in package.related(part, "comments"):
        root = package.tree(comments)
        if root is not None:
            yield from (text.text for text in root.iter(P + "text") if text.text)
            yield from drawing.lines(root)
