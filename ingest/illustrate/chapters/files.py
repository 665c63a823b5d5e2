"""Where a chapter's links lead and its pictures lie: in a book, or in a page that stands alone."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, unquote_to_bytes

from ingest.errors import BrokenFile, TooExpensive
from ingest.formats import html
from ingest.formats.epub import Item, Names, book
from ingest.formats.zip import Members
from ingest.illustrate.chapters.shape import Source
from ingest.illustrate.chapters.tree import Node, Tree, address

BOOKS = ("application/epub+zip",)
PAGES = ("text/html", "application/xhtml+xml")

MOST_PAGE_BYTES = 64 * 1024**2
"""Of a page, its embedded pictures included, and of a chapter."""
MOST_PICTURE_BYTES = 32 * 1024**2

_DRAWING = re.compile(
    r"<!--.*?-->|<(script|style)\b[^>]*>.*?</\1\s*>|(?P<begin><(?:svg:)?svg\b[^>]*>)|(?P<end></(?:svg:)?svg\s*>)",
    re.DOTALL | re.IGNORECASE,
)
_SPACES = {
    "xmlns": "http://www.w3.org/2000/svg", "xmlns:svg": "http://www.w3.org/2000/svg",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
}  # fmt: skip

Place = tuple[int, str]
"""Section (0: this one) and the id in it, "" for its beginning."""


class Files(Protocol):
    """What a chapter stands among."""

    def place(self, reference: str) -> Place | None:
        """Where a link inside leads; None: nowhere that is read."""
        ...

    def picture(self, reference: str) -> Source | None:
        """A picture of its own file; None: not here."""
        ...

    def data(self, source: Source) -> bytes:
        """The bytes of a picture. Raises: BrokenFile: no such picture; TooExpensive."""
        ...

    def head(self, source: Source, size_bytes: int) -> bytes:
        """At least so many of its first bytes, where there are as many; empty where there is nothing to read."""
        ...

    @property
    def page(self) -> str:
        """The member that the chapter is; empty for a lone page."""
        ...


class InBook:
    """The files around a chapter of an EPUB."""

    def __init__(self, members: Members, names: Names, spine: Sequence[Item], page: str) -> None:
        self.page = page
        self._members, self._names = members, names
        self._places: dict[str, int] = {}
        for number, item in enumerate(spine, start=1):
            if item.name:
                self._places.setdefault(item.name, number)
        self._own: dict[str, OwnPictures] = {}

    def place(self, reference: str) -> Place | None:
        path, _, anchor = reference.partition("#")
        if not path:
            return (0, unquote(anchor)) if anchor else None
        name = self._names.find(self.page, path)
        if name == self.page:
            return 0, unquote(anchor)
        return (self._places[name], unquote(anchor)) if name in self._places else None

    def picture(self, reference: str) -> Source | None:
        name = self._names.find(self.page, reference)
        return Source("member", member=name) if name else None

    def head(self, source: Source, size_bytes: int) -> bytes:
        if source.kind == "member":
            return self._members.beginning(source.member, size_bytes)
        return self.data(source)

    def data(self, source: Source) -> bytes:
        if source.kind == "member":
            return self._members.read(source.member, most=MOST_PICTURE_BYTES)
        if source.member not in self._own:
            read = self._members.read
            self._own[source.member] = OwnPictures(lambda: read(source.member, most=MOST_PAGE_BYTES))
        return self._own[source.member].data(source)


class LonePage:
    """A page without anything around it: what lies beside it was not handed in."""

    page = ""

    def __init__(self, path: Path, section: int, places: Mapping[str, int]) -> None:
        self._section, self._places = section, places
        self._own = OwnPictures(lambda: page_bytes(path))

    def place(self, reference: str) -> Place | None:
        path, _, anchor = reference.partition("#")
        for name in (anchor, unquote(anchor)):
            if not path and name in self._places:
                number = self._places[name]
                return (0 if number == self._section else number), name
        return None

    def picture(self, reference: str) -> Source | None:  # noqa: ARG002 - there is none, whatever its name
        return None

    def data(self, source: Source) -> bytes:
        return self._own.data(source)

    def head(self, source: Source, size_bytes: int) -> bytes:  # noqa: ARG002 - it stands in the page, whole
        return self.data(source)


class OwnPictures:
    """Pictures that stand in a page itself."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read

    def data(self, source: Source) -> bytes:
        try:
            return self._drawings[source.number - 1] if source.kind == "drawing" else self._embedded(source.number)
        except IndexError as error:
            raise BrokenFile(part="picture") from error

    def _embedded(self, number: int) -> bytes:
        return embedded(address(self._nodes[number - 1].attributes))

    @cached_property
    def _nodes(self) -> list[Node]:
        tree = Tree()
        html.walk(self._read(), tree)
        return [node for node in tree.root.walk() if node.number and node.tag in ("img", "image")]

    @cached_property
    def _drawings(self) -> list[bytes]:
        return list(drawings(html.decoded(self._read())))


def embedded(reference: str) -> bytes:
    """What a `data:` address holds. Raises: BrokenFile: nothing that can be read."""
    head, comma, data = reference.partition(",")
    if not comma:
        raise BrokenFile(part="picture")
    if not head.lower().rstrip().endswith(";base64"):
        return unquote_to_bytes(data)
    try:
        return base64.b64decode(re.sub(r"\s|%0[AaDd]|%20", "", data.replace("%2B", "+").replace("%3D", "=")) + "==")
    except (binascii.Error, ValueError) as error:
        raise BrokenFile(part="picture") from error


def drawings(page: str) -> Iterator[bytes]:
    """Each outermost <svg> of a page as a file of its own: the parser of pages has forgotten capitals by then."""
    depth = begin = 0
    head = ""
    for match in _DRAWING.finditer(page):
        if match["begin"]:
            if not depth:
                begin, head = match.start(), match["begin"]
            depth += not match["begin"].endswith("/>")
            if match["begin"].endswith("/>") and not depth:
                yield b"<svg/>"
        elif match["end"] and depth:
            depth -= 1
            if not depth:
                named = "".join(f' {name}="{value}"' for name, value in _SPACES.items() if f"{name}=" not in head)
                cut = begin + re.match(r"<(?:svg:)?svg", head, re.IGNORECASE).end()  # type: ignore[union-attr]
                yield f"{page[begin:cut]}{named}{page[cut : match.end()]}".encode("utf-8", "replace")


def page_bytes(path: Path) -> bytes:
    """A lone page. Raises: TooExpensive(limit="size")."""
    if path.stat().st_size > MOST_PAGE_BYTES:
        raise TooExpensive(limit="size")
    return path.read_bytes()


@contextmanager
def chapter_of(path: Path, number: int) -> Iterator[tuple[InBook, bytes]]:
    """The files around a chapter of a book, and its bytes (none of a picture's).

    Raises: BrokenFile: no such chapter, or it is missing; EncryptedFile; HostileArchive; TooExpensive.
    """
    with Members(path) as members:
        names = Names(members)
        read = book(members, names)
        item = read.spine[number - 1] if 1 <= number <= len(read.spine) else None
        if item is None or item.name is None:
            raise BrokenFile(part="epub")
        is_text = not item.media_type.startswith("image/")
        data = members.read(item.name, most=MOST_PAGE_BYTES) if is_text else b""
        yield InBook(members, names, read.spine, item.name), data


@contextmanager
def pictures_of(path: Path, media_type: str) -> Iterator[Files]:
    """For whoever wants the bytes of a picture, which a chapter has named before."""
    if media_type in PAGES:
        yield LonePage(path, 1, {})
        return
    with Members(path) as members:
        yield InBook(members, Names(members), (), "")
