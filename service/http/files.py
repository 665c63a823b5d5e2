"""Stored bytes over HTTP: ranges, validators, names, and what may be shown inside the browser.

Uploaded bytes live on the library's own origin, so only types that cannot run
script there are shown inline; the rest is downloaded, unsniffed, sandboxed.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from service.errors import ObjectMissing
from service.http.disposition import content_disposition
from service.http.ranges import Span, parse
from service.library.views import OpenedFile
from service.ports import ObjectStore

INLINE_TYPES = frozenset(
    ("application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp")
)
INLINE_FAMILIES = ("audio/", "video/")

# Viewers of browsers (PDF, pictures, film) style themselves and load their own parts; scripts they need none.
VIEWER_POLICY = "script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"
# An address that holds for five minutes is kept by nobody, nor told to the next page.
UNKEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of bytes that were made here before any of them is read. tag: quoted; name: to be saved under."""

    size_bytes: int
    tag: str
    media_type: str
    name: str
    cache: str = REVALIDATED
    inline: bool = False


def may_be_inline(media_type: str) -> bool:
    """By the type that was sniffed from the bytes. SVG is a document with scripts, not a raster image."""
    return media_type in INLINE_TYPES or media_type.startswith(INLINE_FAMILIES)


def file_response(
    request: Request,
    objects: ObjectStore,
    opened: OpenedFile,
    *,
    immutable: bool,
    threads: CapacityLimiter,
    here: bool = False,
) -> Response:
    """A stored file: 200, 206 or 304; `immutable` for the address of one revision.

    302 where readers fetch from the store itself: whoever may not see the file was refused before, what a HEAD or a
    validator asks is answered here, and the store serves it under the same type and name.

    threads: in which the blocks are read while the reader takes them. here: readers are sent nowhere else.
    Raises: UnsatisfiableRange (416), ObjectMissing (before anything is sent).
    """
    entry = opened.entry
    tag = f'"{entry.sha256}"'
    inline = may_be_inline(entry.media_type)
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": IMMUTABLE if immutable else REVALIDATED,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition("inline" if inline else "attachment", entry.name),
    }
    headers["Content-Security-Policy"] = VIEWER_POLICY if inline else "sandbox"

    def begin(span: Span | None) -> Iterator[bytes] | str:
        if not here and (elsewhere := _elsewhere(objects, opened, headers["Content-Disposition"])):
            return elsewhere
        return objects.open(opened.key, start=span.first, length=span.length) if span else objects.open(opened.key)

    return _ranged(
        request,
        headers,
        begin,
        size_bytes=entry.size_bytes,
        kind=_type(entry.media_type),
        threads=threads,
        # A HEAD opens nothing, and says no more than a GET would.
        present=lambda: require_present(objects, (opened.key,)),
    )


def require_present(objects: ObjectStore, keys: Iterable[str]) -> None:
    """Raises: ObjectMissing: one of them is not in the store; Unavailable."""
    for key in keys:
        if not objects.exists(key):
            raise ObjectMissing(key=key)


def made_response(
    request: Request,
    made: Made,
    begin: Callable[[int, int], Iterator[bytes]],
    *,
    threads: CapacityLimiter,
    present: Callable[[], None] = lambda: None,
) -> Response:
    """Bytes that the library made, to be taken or played, with ranges and a validator: 200, 206 or 304.

    begin: (start, length) -> the bytes from there. present: asked by a HEAD, which begins nothing.
    Raises: UnsatisfiableRange; what `begin` or `present` raises.
    """
    headers = {
        "ETag": made.tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": made.cache,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition("inline" if made.inline else "attachment", made.name),
        "Content-Security-Policy": VIEWER_POLICY if made.inline else "sandbox",
    }

    def from_span(span: Span | None) -> Iterator[bytes]:
        return begin(span.first, span.length) if span else begin(0, made.size_bytes)

    return _ranged(
        request,
        headers,
        from_span,
        size_bytes=made.size_bytes,
        kind=made.media_type,
        threads=threads,
        present=present,
    )


def _ranged(
    request: Request,
    headers: dict[str, str],
    begin: Callable[[Span | None], Iterator[bytes] | str],
    *,
    size_bytes: int,
    kind: str,
    threads: CapacityLimiter,
    present: Callable[[], None],
) -> Response:
    """begin: the bytes of a span, or an address where they are had. present: raises where there are none."""
    if not_modified(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    span = _span(request, headers["ETag"], size_bytes)
    headers["Content-Length"] = str(span.length if span else size_bytes)
    if span:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size_bytes}"
    status = 206 if span else 200
    if request.method == "HEAD":
        present()
        response = Response(status_code=status, headers=headers, media_type=kind)
        response.headers["Content-Length"] = headers["Content-Length"]
        return response
    blocks = begin(span)
    if isinstance(blocks, str):
        return RedirectResponse(blocks, 302, headers=UNKEPT)
    # The first block has been read: a missing object is an error and not half an answer.
    begun = chain((next(blocks, b""),), blocks)
    return StreamingResponse(_read_in(threads, begun), status_code=status, headers=headers, media_type=kind)


def bytes_response(request: Request, data: bytes, *, media_type: str, tag: str, cache: str) -> Response:
    """Small derived bytes (pictures) or shipped ones (styles), with a validator."""
    headers = {"ETag": tag, "Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    if not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)


def not_modified(request: Request, tag: str) -> bool:
    """If-None-Match, compared weakly (RFC 9110, 13.1.2)."""
    # Several lines of a header are one list (RFC 9110, 5.3).
    given = [one.strip() for line in request.headers.getlist("if-none-match") for one in line.split(",")]
    return "*" in given or any(one.removeprefix("W/") == tag for one in given)


def _span(request: Request, tag: str, size_bytes: int) -> Span | None:
    """If-Range asks for the part only if the file still is the one somebody holds (RFC 9110, 13.1.5)."""
    condition = request.headers.get("if-range", "").strip()
    # Only GET knows ranges (14.2); a HEAD with one is told of the whole.
    if request.method != "GET" or (condition and condition != tag):
        return None
    return parse(request.headers.get("range", ""), size_bytes)


def _elsewhere(objects: ObjectStore, opened: OpenedFile, disposition: str) -> str | None:
    """Raises: ObjectMissing, Unavailable: before a reader is sent there."""
    media_type = _type(opened.entry.media_type)
    if not may_be_inline(opened.entry.media_type):
        # No header of ours goes with it there: what could run script is neither shown nor named as what it is.
        media_type = "application/octet-stream"
    address = objects.address(opened.key, media_type=media_type, disposition=disposition)
    if address:
        require_present(objects, (opened.key,))
    return address


async def _read_in(threads: CapacityLimiter, blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    # The framework would read them in the threads that answer everybody.
    while block := await anyio.to_thread.run_sync(next, blocks, b"", limiter=threads):
        yield block


def _type(media_type: str) -> str:
    # A charset in text files is the file's own matter; starlette would add one to text/*.
    return media_type if not media_type.startswith("text/") else "application/octet-stream"
