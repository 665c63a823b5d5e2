"""The package document of an EPUB: what the book says of itself, and its chapters in reading order.

Reading, drawing the cover and the table of contents start here. Names are
resolved to members of the zip as readers of books do it, which forgives
escapes and capitals. Source: EPUB 3.3, https://www.w3.org/TR/epub-33/
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ingest.document import Value
from ingest.errors import BrokenFile, EncryptedFile
from ingest.formats import html, xml
from ingest.formats.dates import date_of
from ingest.formats.zip import Members

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# Fonts are mangled with these; the book is open all the same.
_MANGLED_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_FIELDS = {
    "title": "title", "creator": "creator", "publisher": "publisher", "language": "language", "subject": "keyword",
    "description": "description", "rights": "rights", "date": "created",
}  # fmt: skip
_ACCESSIBILITY = (
    "schema:accessMode", "schema:accessModeSufficient", "schema:accessibilityFeature", "schema:accessibilityHazard",
    "schema:accessibilitySummary", "dcterms:conformsTo",
)  # fmt: skip
_EVENT = "{http://www.idpf.org/2007/opf}event"
_MOST_PACKAGE_BYTES = 32 * 1024**2
_MAX_CHAPTERS = 20_000


@dataclass(frozen=True, slots=True)
class Item:
    """A listed resource. name: the member of the zip, None where there is none."""

    name: str | None
    media_type: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Book:
    """An EPUB's package document.

    spine: chapters in reading order, missing ones too: their places count.
    navigation, ncx, cover: the items that are these, where the book has them.
    """

    values: tuple[Value, ...]
    spine: tuple[Item, ...]
    navigation: Item | None
    ncx: Item | None
    cover: Item | None


class Names:
    """Members of the zip by what a file of the book calls them."""

    def __init__(self, members: Members) -> None:
        self._exact = frozenset(members.names)
        self._folded = {name.casefold(): name for name in members.names}

    def find(self, base: str, reference: str) -> str | None:
        """The member that `reference` inside the member `base` means; None: missing, or not of this book."""
        path = reference.partition("#")[0]
        if not path or "://" in path or path.startswith("data:"):
            return None
        for candidate in (path, unquote(path)):
            name = posixpath.normpath(posixpath.join(posixpath.dirname(base), candidate)).lstrip("/")
            if name in self._exact:
                return name
            if name.casefold() in self._folded:
                return self._folded[name.casefold()]
        return None


def book(members: Members, names: Names) -> Book:
    """Read the package document.

    Raises: BrokenFile: none that could be read, or one without chapters. EncryptedFile: chapters need a key.
    """
    place = _package(members, names)
    root = xml.parse(members.read(place, most=_MOST_PACKAGE_BYTES))
    items = {
        element.get("id", ""): Item(
            names.find(place, element.get("href", "")),
            element.get("media-type", "").strip().lower(),
            frozenset(element.get("properties", "").split()),
        )
        for element in root.iterfind("{*}manifest/{*}item")
    }
    spine = root.find("{*}spine")
    listed = [] if spine is None else [reference.get("idref", "") for reference in spine.iterfind("{*}itemref")]
    chapters = [items.get(name, Item(None, "", frozenset())) for name in listed[:_MAX_CHAPTERS]]
    if not chapters:
        raise BrokenFile(part="epub")
    _refuse_encrypted(members, names, {item.name for item in chapters})
    metadata = root.find("{*}metadata")
    fallback = next((item for item in items.values() if item.media_type == "application/x-dtbncx+xml"), None)
    return Book(
        values=() if metadata is None else tuple(_values(metadata)),
        spine=tuple(chapters),
        navigation=next((item for item in items.values() if "nav" in item.properties), None),
        ncx=items.get("" if spine is None else spine.get("toc", ""), fallback),
        cover=_cover(items, metadata),
    )


def _package(members: Members, names: Names) -> str:
    """The member that is the package document: as the container says, else the only one there is."""
    try:
        container = xml.parse(members.read(_CONTAINER, most=_MOST_PACKAGE_BYTES))
        for element in container.iter("{*}rootfile"):
            if place := names.find("", element.get("full-path", "")):
                return place
    except BrokenFile:
        pass
    found = [name for name in members.names if name.lower().endswith(".opf")]
    if not found:
        raise BrokenFile(part="epub")
    return min(found, key=lambda name: (name.count("/"), name))


def _refuse_encrypted(members: Members, names: Names, chapters: set[str | None]) -> None:
    if _ENCRYPTION not in members.names:
        return
    try:
        root = xml.parse(members.read(_ENCRYPTION, most=_MOST_PACKAGE_BYTES))
    except BrokenFile:
        return
    for data in root.iter("{*}EncryptedData"):
        method = data.find("{*}EncryptionMethod")
        if method is not None and method.get("Algorithm") in _MANGLED_FONTS:
            continue
        if any(names.find("", reference.get("URI", "")) in chapters for reference in data.iter("{*}CipherReference")):
            raise EncryptedFile


def _cover(items: dict[str, Item], metadata: Any) -> Item | None:
    """EPUB 3 marks the picture; EPUB 2 names its id in a meta element."""
    named = [] if metadata is None else [meta.get("content") for meta in metadata.iter("{*}meta") if _is_cover(meta)]
    candidates = [item for item in items.values() if "cover-image" in item.properties]
    candidates += [items[name] for name in named if name in items]
    return next((item for item in candidates if item.media_type.startswith("image/")), None)


def _is_cover(meta: Any) -> bool:
    return bool(meta.get("name") == "cover")


def _values(metadata: Any) -> Iterator[Value]:
    """Dublin Core, the main title first, and what the book says of its accessibility."""
    main = {
        meta.get("refines", "").removeprefix("#")
        for meta in metadata.iter("{*}meta")
        if meta.get("property") == "title-type" and (meta.text or "").strip() == "main"
    }
    # OEB 1 and EPUB 2 may nest them one deeper (dc-metadata).
    elements = [element for element in metadata.iter() if "/dc/elements/" in str(element.tag)]
    for element in sorted(elements, key=lambda element: element.get("id") not in main):
        field = _FIELDS.get(element.tag.rpartition("}")[2].lower())
        text = "".join(element.itertext()).strip()
        if not field or not text or element.get(_EVENT) == "modification":
            continue
        if field == "created":
            text = date_of(text)
        elif field == "description" and "<" in text:
            text = " ".join(block.text for block in html.read(text).blocks)
        if text:
            yield Value(field, text, "opf")
    for meta in metadata.iter("{*}meta"):
        name = meta.get("property") or meta.get("name") or ""
        text = (meta.text or meta.get("content") or "").strip()
        if name in _ACCESSIBILITY and text:
            yield Value("accessibility", f"{name.partition(':')[2]}: {text}", "opf")
