"""EPUB 2 and 3: a passage a chapter, its number the chapter's place in the reading order.

Books are seldom perfect: a chapter or picture that is listed and missing
costs a warning, never the rest of the book.
"""

from ingest.document import Bundle, ContentsEntry, Document, Locator, Passage, Picture, Warning
from ingest.errors import BrokenFile
from ingest.formats import html
from ingest.formats.epub import Book, Item, Names, book
from ingest.formats.epub.contents import contents
from ingest.formats.images import image_size
from ingest.formats.passages import tidy_passage
from ingest.formats.zip import Members
from ingest.vietnamese.language import main_language

VERSION = "2"
MEDIA_TYPES = {"application/epub+zip": 100}

_READABLE = ("html", "svg", "dtbook", "text/x-oeb1-document")
_MAX_PICTURES = 2000
# Bullets, rules and logos are no pictures to speak of.
_PICTURE_PIXELS = 32


def extract(bundle: Bundle) -> Document:
    """Read one book. Raises: BrokenFile: no package document, or no chapter; EncryptedFile: its chapters need a key."""
    with Members(bundle.main) as members:
        names = Names(members)
        read = book(members, names)
        chapters = _Chapters(members, names, read)
        warnings = chapters.warnings()
        entries: list[ContentsEntry] = []
        try:
            entries = contents(members, names, read)
        except BrokenFile:
            warnings.append(Warning("broken-metadata"))
    return Document(
        media_type="application/epub+zip",
        metadata=read.values,
        language=main_language((passage.language, len(passage.text)) for passage in chapters.passages),
        passages=tuple(chapters.passages),
        contents=tuple(entries),
        pictures=tuple(chapters.pictures),
        warnings=tuple(warnings),
    )


class _Chapters:
    """Passages and pictures of the spine, and what was missing on the way."""

    def __init__(self, members: Members, names: Names, read: Book) -> None:
        self.passages: list[Passage] = []
        self.pictures: list[Picture] = []
        self._members, self._names = members, names
        self._pages = html.Reader()
        self._seen: set[str] = set()
        self._total = len(read.spine)
        self._broken = self._missing_pictures = 0
        if read.cover is not None and read.cover.name:
            self._picture(1, read.cover.name)
        for number, item in enumerate(read.spine, start=1):
            self._chapter(number, item)
        if self._broken == self._total:
            raise BrokenFile(part="epub")

    def warnings(self) -> list[Warning]:
        """What its owner should know."""
        found = []
        if self._broken:
            found.append(Warning("broken-parts", {"parts": self._broken}))
        if self.pictures and not self.passages:
            found.append(Warning("no-text-layer", {"pages": self._total, "total": self._total}))
        if self._missing_pictures:
            found.append(Warning("missing-pictures", {"pictures": self._missing_pictures}))
        return found

    def _chapter(self, number: int, item: Item) -> None:
        if item.name is None:
            self._broken += 1
            return
        if item.media_type.startswith("image/") and "svg" not in item.media_type:
            self._picture(number, item.name)
            return
        if not any(sign in item.media_type for sign in _READABLE):
            return
        try:
            page = self._pages.read(self._members.read(item.name))
        except BrokenFile:
            self._broken += 1
            return
        if page.blocks:
            text = "\n".join(block.text for block in page.blocks)
            self.passages.append(tidy_passage(Locator("section", number), text))
        for reference in page.pictures:
            if name := self._names.find(item.name, reference):
                self._picture(number, name)
            elif not reference.startswith(("data:", "http:", "https:", "#")):
                self._missing_pictures += 1

    def _picture(self, number: int, name: str) -> None:
        if name in self._seen or len(self._seen) >= _MAX_PICTURES:
            return
        self._seen.add(name)
        size = image_size.size(self._members.beginning(name, image_size.HEAD_BYTES))
        if size and min(size) >= _PICTURE_PIXELS:
            self.pictures.append(Picture(Locator("section", number), *size))
