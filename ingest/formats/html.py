"""HTML and XHTML as blocks of visible text: headings, paragraphs, items, rows of tables.

Files, chapters of EPUB and pages of packages are read with it. libxml2's
HTML parser knows no entity declarations and no network; it calls back tag by
tag and builds no tree, so that memory follows the text, whatever the nesting.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ingest.formats import charset
from ingest.formats.html_blocks import Block, Reading

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
# Browsers look for it in the first 1,024 bytes; exporters put styles before it.
_DECLARED_WITHIN = 4096


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
    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


def read(data: bytes | str) -> Html:
    """Read a page; rubbish has no blocks. Nothing is raised over what stands in it."""
    page = Reading()
    walk(data, page)
    return Html(page.title, page.language, page.metadata, tuple(page.blocks), tuple(page.pictures))


def walk(data: bytes | str, target: Target) -> None:
    """Hand a page's elements to a target, the only door to the HTML parser."""
    # Here, because only extraction children load lxml.
    from lxml import etree  # type: ignore[import-untyped]

    # Without libxml2's limits, because pages carry pictures of 20 MB in attributes; no tree grows huge by it.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, target=target)
    try:
        etree.fromstring(_utf8(data), parser)
    except etree.XMLSyntaxError:
        # Not one element: no page.
        target.close()


def _utf8(data: bytes | str) -> bytes:
    if isinstance(data, bytes):
        if charset.is_utf8(data):
            return data
        declared = _DECLARED.search(data, 0, _DECLARED_WITHIN)
        data = charset.decode(data, declared[1].decode() if declared else None)
    return data.encode("utf-8", "replace")
