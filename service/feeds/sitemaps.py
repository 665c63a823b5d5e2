"""`/sitemap.xml` and its files: every page that crawlers should know, with the moment it changed.

A file is a block of 50,000 resources by their inner key, so a resource stands
in the same file for ever and only files that changed have a new date. A file
is made while it is sent, packed, some thousand rows at a time: its memory is
the same in a library of a million. What it would hold is known from two
numbers, so that a crawler that has it already costs one look.

The files stand beside the index, because a sitemap tells of addresses below
its own folder only ("Sitemap file location").

Source: https://www.sitemaps.org/protocol.html
"""

import hashlib
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain

from starlette.responses import Response, StreamingResponse

from service.crosswalks import XML_PROLOG, leaf, moment, tree
from service.errors import NotFound
from service.feeds.asked import Asked
from service.feeds.sending import KEPT_LONG, OPEN, sent
from service.http.door import Door
from service.http.parameters import counted
from service.http.validators import unchanged, validators
from service.library import browse, syndicate
from service.links import Links
from service.ports import Block

SIZE = 50_000
"""What the protocol lets a file hold; the unpacked file stays below a third of its 50 MB."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
XML, GZIP = "application/xml", "application/gzip"
PAGES = "/sitemap-pages.xml.gz"
FILE = "/sitemap-{number}.xml.gz"
FORM = "1"
"""Of the lines; a change of it changes every validator."""
# Counting walks over every resource: a second for a million.
KEPT_SECONDS = 600.0


class Sitemaps:
    """The documents of one library; which files there are is counted now and then. Shared by threads."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._lock = threading.Lock()
        self._at = 0.0
        self._blocks: Sequence[Block] | None = None

    def blocks(self) -> Sequence[Block]:
        """At most KEPT_SECONDS old, but for those who ask while somebody counts anew: they do not wait for it."""
        known = self._blocks
        if known is not None and (time.monotonic() - self._at <= KEPT_SECONDS or self._lock.locked()):
            return known
        with self._lock:
            if self._blocks is None or time.monotonic() - self._at > KEPT_SECONDS:
                self._blocks = syndicate.blocks(self._door.services, SIZE)
                self._at = time.monotonic()
            return self._blocks

    def index(self, asked: Asked) -> Response:
        """Which sitemaps there are, each with the moment of its last change."""
        asked.door.limits.spend(asked.request, "page")
        links = asked.links
        files = [tree("sitemap", leaf("loc", f"{links.public_url}{PAGES}"))]
        files += [
            tree(
                "sitemap",
                leaf("loc", links.public_url + FILE.format(number=block.number)),
                leaf("lastmod", moment(block.newest)),
            )
            for block in self.blocks()
        ]
        document = XML_PROLOG + tree("sitemapindex", files, xmlns=NAMESPACE)
        return sent(asked.request, document.encode(), media_type=XML, cache=KEPT_LONG)

    def file(self, asked: Asked) -> Response:
        """The pages of up to 50,000 resources in the order of their keys, packed, made while it is sent."""
        number = counted(asked.request.path_params["number"])
        # It costs what the dearest pages do.
        asked.door.limits.spend(asked.request, "deep")
        block = next(iter(syndicate.blocks(asked.door.services, SIZE, number)), None)
        if block is None:
            raise NotFound
        known = (FORM, asked.links.public_url, block.pages, block.newest, *asked.door.prefixes.values())
        tag = f'"{hashlib.sha256(repr(known).encode()).hexdigest()[:32]}"'
        headers = {**validators(tag, block.newest), **OPEN, "Cache-Control": KEPT_LONG}
        if unchanged(asked.request, tag, block.newest):
            return Response(status_code=304, headers=headers)
        lines = packed(self._resources(asked, number)) if asked.request.method == "GET" else iter(())
        return StreamingResponse(lines, headers=headers, media_type=GZIP)

    def pages(self, asked: Asked) -> Response:
        """The pages that are no resource's: the start, what the library is, each subject, grade and type."""
        asked.door.limits.spend(asked.request, "page")
        counts = asked.door.browsing.counts(asked.door.services)
        shelves = [Links("").search(**{name: code}) for name in browse.FACETS for code in sorted(counts[name])]
        paths = ["/", "/about", *shelves]
        data = b"".join(packed([_lines(asked, ((path, "") for path in paths))]))
        return sent(asked.request, data, media_type=GZIP, cache=KEPT_LONG)

    def _resources(self, asked: Asked, number: int) -> Iterator[bytes]:
        for listed in syndicate.walk(asked.door.services, number, SIZE):
            yield _lines(asked, ((f"/resources/{one.id}", moment(one.modified_at)) for one in listed))


def packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The whole document, packed piece by piece; the same bytes for the same lines."""
    # 31: with gzip's head, whose date is zero.
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    begin = f'{XML_PROLOG}<urlset xmlns="{NAMESPACE}" xmlns:xhtml="{XHTML}">\n'.encode()
    for piece in chain((begin,), lines, (b"</urlset>\n",)):
        if out := packer.compress(piece):
            yield out
    yield packer.flush()


def _lines(asked: Asked, pages: Iterable[tuple[str, str]]) -> bytes:
    """A line a page, (path, last change), with its address in each language."""
    # Put together by hand: there are 50,000 of them in a file.
    beginnings = {language: escape(asked.links.public_url + prefix) for language, prefix in asked.door.prefixes.items()}
    first = next(iter(beginnings.values()))
    lines = []
    for path, changed in pages:
        path = escape(path)
        dated = f"<lastmod>{changed}</lastmod>" if changed else ""
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{beginning}{path}"/>'
            for language, beginning in beginnings.items()
        )
        lines.append(f"<url><loc>{first}{path}</loc>{dated}{links}</url>\n")
    return "".join(lines).encode()
