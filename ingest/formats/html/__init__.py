"""HTML and XHTML as blocks of visible text: headings, paragraphs, items, rows of tables.

Files, chapters of EPUB and pages of packages are read with it. libxml2's
HTML parser knows no entity declarations and no network; it calls back tag by
tag and builds no tree, so that memory follows the text, whatever the nesting.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ingest.formats import charset
from ingest.formats.html.blocks import MARKS, Block
from ingest.formats.html.target import Reading, is_hidden

__all__ = ["Block", "Html", "Reader", "Target", "decoded", "is_hidden", "read", "walk"]

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
# Browsers look for it in the first 1,024 bytes; exporters put styles before it.
_DECLARED_WITHIN = 4096
# How the marks of blocks begin in UTF-8, with some rare Arabic signs.
_MAY_BE_MARKED = b"\xef\xb7"


@dataclass(frozen=True, slots=True)
class Html:
    """What a page says.

    language: as its root has it. metadata: name or property in lower case -> content.
    pictures: addresses of pictures as written, in order.
    """

    title: str = ""
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    pictures: tuple[str, ...] = ()


class Target(Protocol):
    """What the parser calls back, element by element."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    @property
    def data(self) -> Callable[[str], None]: ...
    def close(self) -> None: ...


def read(data: bytes | str) -> Html:
    """Read a page; rubbish has no blocks. Nothing is raised over what stands in it."""
    return Reader().read(data)


class Reader:
    """Reads the pages of a book or package with one parser: making one costs as much as a short page."""

    def __init__(self) -> None:
        self._page = Reading()
        self._parser = _parser(self._page)

    def read(self, data: bytes | str) -> Html:
        """Read one page, as `read` does."""
        if isinstance(data, bytes) and not charset.is_marked(data):
            # Most pages are UTF-8; those that are not show it, and are read again.
            page = self._read(_unmarked(data))
            if page.misread and not charset.is_utf8(data):
                page = self._read(_unmarked(_utf8(data)))
        else:
            page = self._read(_unmarked(_utf8(data)))
        return Html(page.title, page.language, page.metadata, tuple(page.blocks), tuple(page.pictures))

    def _read(self, data: bytes) -> Reading:
        self._page.begin()
        _parse(data, self._parser, self._page)
        return self._page


def walk(data: bytes | str, target: Target) -> None:
    """Hand a page's elements to a target, whatever the encoding."""
    _parse(_unmarked(_utf8(data)), _parser(target), target)


def decoded(data: bytes) -> str:
    """A page as text, whatever the encoding."""
    return _utf8(data).decode("utf-8", "replace")


def _parser(target: Target) -> Any:
    # Here, because only extraction children load lxml.
    from lxml import etree  # type: ignore[import-untyped]

    # Without libxml2's limits, because pages carry pictures of 20 MB in attributes; no tree grows huge by it.
    return etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, target=target)


def _parse(data: bytes, parser: Any, target: Target) -> None:
    from lxml import etree

    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        # Not one element: no page.
        target.close()


def _unmarked(data: bytes) -> bytes:
    """UTF-8 without the noncharacters that blocks are marked with."""
    # The first byte alone is sought ten times as fast as both, and is rare.
    if _MAY_BE_MARKED[:1] in data and _MAY_BE_MARKED in data:
        return MARKS.sub("", data.decode("utf-8", "replace")).encode()
    return data


def _utf8(data: bytes | str) -> bytes:
    if isinstance(data, bytes):
        if charset.is_utf8(data):
            return data
        declared = _DECLARED.search(data, 0, _DECLARED_WITHIN)
        data = charset.decode(data, declared[1].decode() if declared else None)
    return data.encode("utf-8", "replace")
