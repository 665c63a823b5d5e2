"""The table of contents of an EPUB: the navigation document of EPUB 3, the NCX of EPUB 2.

Entries lead to a chapter by its place in the spine; what stands inside the
chapter ("#part2") is below what a locator can say.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.document import ContentsEntry, Locator
from ingest.formats import xml
from ingest.formats.epub import Book, Names
from ingest.formats.html import walk
from ingest.formats.sections import MAX_CONTENTS
from ingest.formats.words import tidy
from ingest.formats.zip import Members

_MOST_BYTES = 32 * 1024**2


class _Line(NamedTuple):
    title: str
    level: int
    reference: str


def contents(members: Members, names: Names, book: Book) -> list[ContentsEntry]:
    """Entries that lead to a chapter of the spine. Raises: BrokenFile: what lists them cannot be read."""
    places: dict[str, int] = {}
    for number, item in enumerate(book.spine, start=1):
        if item.name:
            places.setdefault(item.name, number)
    for listing, lines_of in ((book.navigation, _navigation), (book.ncx, _ncx)):
        if listing is None or listing.name is None:
            continue
        found = [
            ContentsEntry(title, line.level, Locator("section", places[name]))
            for line in lines_of(members.read(listing.name, most=_MOST_BYTES))
            if (title := tidy(line.title)) and (name := names.find(listing.name, line.reference)) in places
        ]
        if found:
            return found[:MAX_CONTENTS]
    return []


def _navigation(data: bytes) -> Iterator[_Line]:
    listing = _Navigation()
    walk(data, listing)
    yield from listing.lines


def _ncx(data: bytes) -> Iterator[_Line]:
    for point in xml.parse(data).iter("{*}navPoint"):
        content = point.find("{*}content")
        level = 1 + sum(1 for ancestor in point.iterancestors("{*}navPoint"))
        if content is not None:
            title = point.findtext("{*}navLabel/{*}text") or ""
            yield _Line(title, level, content.get("src", ""))


class _Navigation:
    """A parser target that collects links of the nested lists in <nav epub:type="toc">."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self._inside = 0
        self._level = 0
        self._reference = ""
        self._words: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "nav":
            kind = attributes.get("epub:type") or attributes.get("role") or ""
            self._inside += bool(self._inside) or kind in ("toc", "doc-toc")
        elif self._inside and tag in ("ol", "ul"):
            self._level += 1
        elif self._inside and tag == "a":
            self._reference = attributes.get("href", "")
            self._words = []

    def data(self, text: str) -> None:
        if self._reference:
            self._words.append(text)

    def end(self, tag: str) -> None:
        if not self._inside:
            return
        if tag == "nav":
            self._inside -= 1
        elif tag in ("ol", "ul"):
            self._level -= 1
        elif tag == "a" and self._reference:
            self.lines.append(_Line("".join(self._words), max(1, self._level), self._reference))
            self._reference = ""

    def close(self) -> None:
        """What the parser asks of a target."""
