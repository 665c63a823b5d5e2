"""OpenDocument: text, presentations, sheets and drawings, their templates and flat files, OpenOffice.org 1 too.

A text is cut into sections at its headings, a presentation into slides with
their notes, a spreadsheet into sheets: long ones by blocks of rows that
repeat the first row, so that a hit says what its columns are.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ingest.document import Bundle, ContentsEntry, Document, Extent, Locator, Passage, Picture, Value, Warning
from ingest.formats import odf
from ingest.formats.bounds import MAX_CHARACTERS, MAX_ROWS
from ingest.formats.images import image_size
from ingest.formats.odf import Package
from ingest.formats.odf.names import attribute, short
from ingest.formats.odf.text import Line, Story, rows
from ingest.formats.passages import tidy_passage
from ingest.formats.rows import row
from ingest.formats.sections import sections
from ingest.formats.words import flowing, tidy
from ingest.vietnamese.language import main_language

VERSION = "2"

_ODF = "application/vnd.oasis.opendocument."
_SUN = "application/vnd.sun.xml."
MEDIA_TYPES = {
    **{_ODF + kind + variant: 100 for kind in ("text", "presentation", "spreadsheet", "graphics")
       for variant in ("", "-template", "-flat-xml")},
    **{_ODF + kind: 100 for kind in ("text-master", "text-master-template", "text-web")},
    **{_SUN + kind + variant: 100 for kind in ("writer", "impress", "calc", "draw") for variant in ("", ".template")},
}  # fmt: skip
_KINDS = {"impress": "presentation", "draw": "graphics", "calc": "spreadsheet"}
_ON_EVERY_SLIDE = ("", "header", "footer")
_BLOCK_CHARACTERS = 2500
"""Of rows in one passage: below where `segment` would cut it without its header."""
_LONGEST_HEADER = 500
_MAX_PICTURES = 2000
# Bullets, rules and logos are no pictures to speak of.
_PICTURE_PIXELS = 32
_MAX_NAMED = 30


def extract(bundle: Bundle) -> Document:
    """Read one file. Raises: BrokenFile: no readable content; EncryptedFile: a password is needed."""
    with odf.opened(bundle.main) as package:
        reading = _Reading(package)
        body = package.body
        kind = _kind(package, body)
        {"presentation": reading.slides, "graphics": reading.slides, "spreadsheet": reading.sheets}.get(
            kind, reading.text
        )(body)
        values = list(odf.values(package))
        flat = "-flat-xml" if package.members is None else ""
        stored = package.media_type + flat
        return Document(
            media_type=stored if stored in MEDIA_TYPES else f"{_ODF}{kind}{flat}",
            metadata=tuple(values + reading.titles),
            language=main_language((passage.language, len(passage.text)) for passage in reading.passages),
            passages=tuple(reading.passages),
            contents=tuple(reading.contents),
            pictures=tuple(reading.pictures),
            warnings=tuple(package.warnings + reading.warnings()),
            extent=Extent(pages=reading.count),
        )


def _kind(package: Package, body: Any) -> str:
    name = short(body.tag).partition(":")[2]
    if name == "body":
        # OpenOffice.org 1 has no element between body and text.
        word = package.media_type.removeprefix(_SUN).partition(".")[0] or attribute(package.content, "office:class")
        return _KINDS.get(word, word if word in _KINDS.values() else "text")
    return "graphics" if name == "drawing" else name


class _Reading:
    """What is met on the way through one file."""

    def __init__(self, package: Package) -> None:
        self.passages: list[Passage] = []
        self.contents: list[ContentsEntry] = []
        self.pictures: list[Picture] = []
        self.titles: list[Value] = []
        self.count: int | None = None
        self._package = package
        self._story = Story(package)
        self._hidden: list[str] = []
        self._cut: list[str] = []
        self._silent = 0
        self._left = MAX_CHARACTERS
        self._seen: set[str] = set()
        self._met = 0

    def warnings(self) -> list[Warning]:
        """What its owner should know."""
        found = []
        if self._hidden:
            slides = ", ".join(self._hidden[:_MAX_NAMED])
            total = self.count or 0
            found.append(Warning("hidden-slides", {"count": len(self._hidden), "total": total, "slides": slides}))
        if self._silent:
            found.append(Warning("no-text-layer", {"pages": self._silent, "total": self.count or 0}))
        if cut := list(dict.fromkeys(self._cut)):
            found.append(Warning("sheets-cut", {"count": len(cut), "sheets": ", ".join(cut[:_MAX_NAMED])}))
        if self._story.broken:
            found.append(Warning("broken-parts", {"parts": self._story.broken}))
        return found

    def text(self, body: Any) -> None:
        """Sections, headers and footers as the margin of the first one."""
        self._story.read(body)
        self.passages, self.contents = sections(self._story.take(), marginal=self._margins())
        self.count = odf.statistic(self._package, "meta:page-count")
        # Where in the text a picture stands is not kept: the file as a whole has it.
        self._pictures(Locator("section", 1))
        if self.contents:
            self.titles.append(Value("title", self.contents[0].title, "heading"))

    def slides(self, body: Any) -> None:
        """A passage a slide, notes behind what is shown."""
        masters = dict(self._masters())
        declared = {attribute(each, "presentation:name"): tidy(each.text or "") for each in body.iter("{*}footer-decl")}
        concealed = self._concealing_styles()
        pages = [page for page in body if short(page.tag) == "draw:page"]
        for number, page in enumerate(pages, start=1):
            title = _title(page)
            if title:
                self.contents.append(ContentsEntry(title, 1, Locator("slide", number)))
            self._story.read(page)
            marginal = [
                masters.get(attribute(page, "draw:master-page-name"), ""),
                declared.get(attribute(page, "presentation:use-footer-name"), ""),
            ]
            lines = self._story.take()
            if len(pages) == 1:
                # Nothing repeats in a single slide: it is all its own.
                lines += [Line(text, 0) for text in filter(None, marginal)]
                marginal = []
            self._silent += not lines and len(self._story.pictures) > self._met
            self._keep(Locator("slide", number), lines, "\n".join(filter(None, marginal)))
            if attribute(page, "draw:style-name") in concealed:
                self._hidden.append(str(number))
        self.count = len(pages)
        if self.contents and self.contents[0].locator.value == 1:
            self.titles.append(Value("title", self.contents[0].title, "heading"))

    def sheets(self, body: Any) -> None:
        """Blocks of rows, each under its sheet's name and first row."""
        tables = [table for table in body if short(table.tag) == "table:table"]
        for number, table in enumerate(tables, start=1):
            name = tidy(attribute(table, "table:name"))
            place = Locator("sheet", number)
            lines = list(self._lines(table, number))
            self._story.take()
            for block in _blocks(lines):
                self.passages.append(tidy_passage(place, "\n".join(filter(None, (name, *block)))))
            self._story.read([shapes for shapes in table if short(shapes.tag) == "table:shapes"])
            self._keep(place, self._story.take())
            if name and lines:
                self.contents.append(ContentsEntry(name, 1, place))
        self.count = len(tables)

    def _lines(self, table: Any, number: int) -> Iterator[str]:
        """Rows that hold something, each once however often it is repeated, as many as are read of a sheet."""
        if table in self._package.cut:
            self._cut.append(str(number))
        count = 0
        for cells in map(self._story.row, rows(table)):
            line = row(cells)
            if not line:
                continue
            count += 1
            self._left -= len(line)
            if count > MAX_ROWS or self._left < 0:
                self._cut.append(str(number))
                return
            yield line

    def _keep(self, place: Locator, lines: Iterable[Line], marginal: str = "") -> None:
        if texts := [line.text for line in lines]:
            self.passages.append(tidy_passage(place, "\n".join(texts), marginal))
        self._pictures(place)

    def _pictures(self, place: Locator) -> None:
        for name in self._story.pictures[self._met :]:
            members = self._package.members
            if members is None or name in self._seen or len(self._seen) >= _MAX_PICTURES:
                continue
            self._seen.add(name)
            size = image_size.size(members.beginning(name, image_size.HEAD_BYTES))
            if size and min(size) >= _PICTURE_PIXELS:
                self.pictures.append(Picture(place, *size))
        self._met = len(self._story.pictures)

    def _margins(self) -> str:
        """Headers and footers of every kind of page, what repeats once."""
        if self._package.styles is None:
            return ""
        for element in self._package.styles.iter("{*}header", "{*}footer", "{*}header-left", "{*}footer-left"):
            if short(element.tag).startswith("style:"):
                self._story.read(element)
        return "\n".join(dict.fromkeys(line.text for line in self._story.take()))

    def _masters(self) -> Iterator[tuple[str, str]]:
        """(name, text) of slide masters: what waits for no words of a slide's own stands on every slide."""
        if self._package.styles is None:
            return
        for master in self._package.styles.iter("{*}master-page"):
            shapes = [
                shape
                for shape in master
                if attribute(shape, "presentation:class") in _ON_EVERY_SLIDE
                and short(shape.tag) != "presentation:notes"
            ]
            self._story.read(shapes)
            yield attribute(master, "style:name"), "\n".join(line.text for line in self._story.take())
        self._met = len(self._story.pictures)

    def _concealing_styles(self) -> frozenset[str]:
        return frozenset(
            attribute(properties.getparent(), "style:name")
            for properties in self._package.content.iter("{*}drawing-page-properties")
            if attribute(properties, "presentation:visibility") == "hidden"
        )


def _title(page: Any) -> str:
    frame = next((frame for frame in page if attribute(frame, "presentation:class") == "title"), None)
    return "" if frame is None else flowing(" ".join(frame.itertext())).replace("\n", " ")


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Rows in blocks of a readable length; from the second on they begin with the first row."""
    header = lines[:1] if lines and len(lines[0]) <= _LONGEST_HEADER else []
    block: list[str] = []
    length = 0
    for line in lines:
        if block and length + len(line) > _BLOCK_CHARACTERS:
            yield block
            block, length = [*header], sum(map(len, header))
        block.append(line)
        length += len(line) + 1
    if block:
        yield block
