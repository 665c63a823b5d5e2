"""Bytes behind the pages: files, pictures, thumbnails, captions. One address each, whatever the page's language."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from service.errors import NotFound
from service.http.counting import begins_file
from service.http.door import Door
from service.http.files import bytes_response, file_response
from service.http.parameters import counted, identifier, number
from service.http.principal import principal_of
from service.library import look
from service.library.pictures import PICTURE_WIDTHS

WEBP = "image/webp"
WEBVTT = "text/vtt; charset=utf-8"
# A page that has shown its text layer finds its picture made; a larger one may take a moment.
WAIT_SECONDS = 4.0
# A picture of a page follows its file's bytes; a withdrawal must reach it within minutes.
PICTURE_CACHE = "private, max-age=300"


def file(door: Door, request: Request) -> Response:
    """The file: ranges, validators, its own name; under `/v/{revision}` the bytes of that revision for ever."""
    revision = request.path_params.get("revision")
    pinned = counted(revision) if revision is not None else None
    asked, wanted = identifier(request.path_params["id"]), counted(request.path_params["number"])
    door.limits.spend(request, "file")
    opened = look.open_file(door.services, principal_of(request), asked, wanted, pinned)
    threads = door.threads.taking
    response = file_response(request, door.services.objects, opened, immutable=pinned is not None, threads=threads)
    if response.status_code in (200, 206, 302) and begins_file(request):
        view = look.resource(door.services, principal_of(request), asked, pinned)
        # Players of browsers since Chrome 80 say what they are.
        plays = request.headers.get("sec-fetch-dest", "") in ("video", "audio")
        door.counting.opened(request, "play" if plays else "download", view)
    return response


def page_picture(door: Door, request: Request) -> Response:
    """A page as WebP, `width=` 720 or 1440; the smaller one answers while a larger one is not made."""
    width = number(request, "width", PICTURE_WIDTHS[0])
    if width not in PICTURE_WIDTHS:
        raise NotFound
    asked, file = identifier(request.path_params["id"]), counted(request.path_params["number"])
    page = counted(request.path_params["page"])
    door.limits.spend(request, "file")
    waits = [(width, WAIT_SECONDS), *((smaller, 0.0) for smaller in PICTURE_WIDTHS if smaller < width)]
    for made, seconds in waits:
        data = look.page_picture(
            door.services, principal_of(request), asked, file=file, page=page, width=made, wait_seconds=seconds
        )
        if data is not None:
            cache = PICTURE_CACHE if made == width else "no-store"
            return _derived(request, data, media_type=WEBP, cache=cache)
    raise NotFound


def captions(door: Door, request: Request) -> Response:
    """A captions file as WebVTT, for the player's track; `language=`: the captions inside a recording."""
    asked, number = identifier(request.path_params["id"]), counted(request.path_params["number"])
    language = request.query_params.get("language", "")
    data = look.captions(
        door.services, principal_of(request), asked, number, language=language, wait_seconds=WAIT_SECONDS
    )
    if data is None:
        raise NotFound
    return _derived(request, data, media_type=WEBVTT, cache=PICTURE_CACHE)


def thumbnail(door: Door, request: Request) -> Response:
    """The first page, slide or frame as WebP, 320 pixels wide; a drawn card where there is none."""
    data = look.thumbnail(door.services, principal_of(request), identifier(request.path_params["id"]))
    if data is None:
        raise NotFound
    return _derived(request, data, media_type=WEBP, cache=PICTURE_CACHE)


def _derived(request: Request, data: bytes, *, media_type: str, cache: str) -> Response:
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    return bytes_response(request, data, media_type=media_type, tag=tag, cache=cache)
