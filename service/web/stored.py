"""Bytes behind the pages: files, pictures, thumbnails, captions. One address each, whatever the page's language."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from service.errors import NotFound
from service.http.counting import begins_file
from service.http.covers import jpeg
from service.http.disposition import content_disposition
from service.http.door import Door
from service.http.files import (
    IMMUTABLE,
    REVALIDATED,
    Made,
    bytes_response,
    file_response,
    made_response,
    require_present,
)
from service.http.parameters import counted, identifier, number
from service.http.principal import principal_of
from service.http.zipped import Zip
from service.library import lighter, look, printing
from service.library.chapters import WIDTHS
from service.library.pictures import PICTURE_WIDTHS
from service.web import signposting
from service.web.speech import Speech

WEBP = "image/webp"
WEBVTT = "text/vtt; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
# A page that has shown its text layer finds its picture made; a larger one may take a moment.
WAIT_SECONDS = 4.0
# LibreOffice takes a second to start and some more for a long text; somebody who has tapped "PDF" waits for a file.
PRINTED_WAIT_SECONDS = 8.0
# A picture of a page follows its file's bytes; a withdrawal must reach it within minutes.
PICTURE_CACHE = "private, max-age=300"


def file(door: Door, request: Request) -> Response:
    """The file: ranges, validators, its own name; under `/v/{revision}` the bytes of that revision for ever.

    `here=1`: not by way of the store. What keeps it on a phone is a script of the pages, which may ask no other origin.
    """
    revision = request.path_params.get("revision")
    pinned = counted(revision) if revision is not None else None
    asked, wanted = identifier(request.path_params["id"]), counted(request.path_params["number"])
    door.limits.spend(request, "file")
    opened = look.open_file(door.services, principal_of(request), asked, wanted, pinned)
    threads = door.threads.taking
    here = request.query_params.get("here") == "1"
    response = file_response(
        request, door.services.objects, opened, immutable=pinned is not None, threads=threads, here=here
    )
    if response.status_code in (200, 206, 302) and begins_file(request):
        view = look.resource(door.services, principal_of(request), asked, pinned)
        response.headers["Link"] = signposting.file_header(door.services, door.absolute(request), view, wanted, pinned)
        door.counting.opened(request, "play" if _plays(request) else "download", view)
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


def chapter_picture(door: Door, request: Request) -> Response:
    """A picture in a section of a book or page as WebP, `width=` 640 or 1280; drawn anew, whatever the file holds."""
    width = number(request, "width", WIDTHS[0])
    if width not in WIDTHS:
        raise NotFound
    asked = identifier(request.path_params["id"])
    file, section, picture = (counted(request.path_params[name]) for name in ("number", "section", "picture"))
    door.limits.spend(request, "file")
    data = look.chapter_picture(
        door.services,
        principal_of(request),
        asked,
        file=file,
        section=section,
        picture=picture,
        width=width,
        wait_seconds=WAIT_SECONDS,
    )
    if data is None:
        raise NotFound
    return _derived(request, data, media_type=WEBP, cache=PICTURE_CACHE)


def captions(door: Door, request: Request) -> Response:
    """A captions file as WebVTT, for the player's track; `language=`: the captions inside a recording."""
    asked, number = identifier(request.path_params["id"]), counted(request.path_params["number"])
    door.limits.spend(request, "file")
    language = request.query_params.get("language", "")
    data = look.captions(
        door.services, principal_of(request), asked, number, language=language, wait_seconds=WAIT_SECONDS
    )
    if data is None:
        raise NotFound
    return _derived(request, data, media_type=WEBVTT, cache=PICTURE_CACHE)


def files_zip(door: Door, request: Request) -> Response:
    """All files of a resource as one zip; under `/v/{revision}` those of that revision for ever."""
    revision = request.path_params.get("revision")
    pinned = counted(revision) if revision is not None else None
    asked = identifier(request.path_params["id"])
    door.limits.spend(request, "file")
    found, files = look.open_files(door.services, principal_of(request), asked, pinned)
    packed = Zip.of(door.services, found, files)
    name = f"{found.first('title') or asked}.zip"
    cache = IMMUTABLE if pinned is not None else REVALIDATED
    made = Made(packed.size_bytes, packed.tag, "application/zip", name, cache)
    # Before the first byte: a zip that breaks off in the middle says nothing to whoever takes it.
    require_present(door.services.objects, [one.key for one in files])
    response = made_response(request, made, packed.open, threads=door.threads.taking)
    _taken(door, request, response, asked, pinned)
    return response


def printed(door: Door, request: Request) -> Response:
    """Slides or a text as PDF; `sheet=4`: four slides on a page. 503 until it is made."""
    asked, file = identifier(request.path_params["id"]), counted(request.path_params["number"])
    door.limits.spend(request, "file")
    sheet = number(request, "sheet", printing.ONE) or printing.ONE
    opened = look.printed(
        door.services, principal_of(request), asked, file, sheet=sheet, wait_seconds=PRINTED_WAIT_SECONDS
    )
    data = door.services.objects.get(opened.key)
    ending = ".pdf" if sheet == printing.ONE else f" ({sheet}).pdf"
    made = Made(len(data), _tag(data), "application/pdf", _renamed(opened.entry.name, ending))
    response = made_response(
        request, made, lambda start, length: iter((data[start : start + length],)), threads=door.threads.taking
    )
    _taken(door, request, response, asked)
    return response


def lighter_form(door: Door, request: Request) -> Response:
    """A smaller form of a recording: `film.mp4` or `sound.webm`, with ranges."""
    form = lighter.NAMES.get(request.path_params["form"])
    if form is None:
        raise NotFound
    asked, file = identifier(request.path_params["id"]), counted(request.path_params["number"])
    door.limits.spend(request, "file")
    opened, found = look.lighter_form(door.services, principal_of(request), asked, file, form)
    name = _renamed(opened.entry.name, " (360p).mp4" if form == "film" else ".webm")
    made = Made(found.size_bytes, f'"{found.tag}"', lighter.TYPES[form], name, REVALIDATED, inline=True)
    response = made_response(
        request,
        made,
        lambda start, length: door.services.objects.open(found.key, start=start, length=length),
        threads=door.threads.taking,
        present=lambda: require_present(door.services.objects, (found.key,)),
    )
    _taken(door, request, response, asked)
    return response


def text(door: Door, request: Request) -> Response:
    """All that was read of a file as plain text, place by place."""
    asked, file = identifier(request.path_params["id"]), counted(request.path_params["number"])
    door.limits.spend(request, "file")
    opened = look.open_file(door.services, principal_of(request), asked, file)
    said = Speech(door.services.settings.language)
    lines: list[str] = []
    before = None
    for _, passage in look.passages(door.services, principal_of(request), asked, file):
        if passage.locator != before:
            lines.append(f"— {said.place(passage.locator)} —" if passage.locator.kind != "item" else "—")
        before = passage.locator
        lines.append(passage.text)
    if not lines:
        raise NotFound
    data = "\n\n".join(lines).encode()
    response = bytes_response(request, data, media_type=TEXT, tag=_tag(data), cache=REVALIDATED)
    response.headers["Content-Disposition"] = content_disposition("attachment", _renamed(opened.entry.name, ".txt"))
    response.headers["Content-Security-Policy"] = "sandbox"
    _taken(door, request, response, asked)
    return response


def _renamed(name: str, ending: str) -> str:
    return f"{name.rpartition('.')[0] or name}{ending}"


def _taken(door: Door, request: Request, response: Response, asked: str, pinned: int | None = None) -> None:
    if response.status_code in (200, 206) and begins_file(request):
        view = look.resource(door.services, principal_of(request), asked, pinned)
        door.counting.opened(request, "play" if _plays(request) else "download", view)


def _plays(request: Request) -> bool:
    """Players of browsers since Chrome 80 say what they are."""
    return request.headers.get("sec-fetch-dest", "") in ("video", "audio")


def thumbnail(door: Door, request: Request) -> Response:
    """The first page, slide or frame as WebP, 320 pixels wide; a drawn card where there is none."""
    asked = identifier(request.path_params["id"])
    door.limits.spend(request, "picture")
    data = look.thumbnail(door.services, principal_of(request), asked)
    if data is None:
        raise NotFound
    return _derived(request, data, media_type=WEBP, cache=PICTURE_CACHE)


def cover(door: Door, request: Request) -> Response:
    """The thumbnail as JPEG, for reading programs and pages elsewhere that show no WebP."""
    door.limits.spend(request, "picture")
    data = look.thumbnail(door.services, principal_of(request), identifier(request.path_params["id"]))
    if data is None:
        raise NotFound
    response = _derived(request, jpeg(data), media_type="image/jpeg", cache=PICTURE_CACHE)
    # Shown in pages of other origins, which is what it is for.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _derived(request: Request, data: bytes, *, media_type: str, cache: str) -> Response:
    return bytes_response(request, data, media_type=media_type, tag=_tag(data), cache=cache)


def _tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'
