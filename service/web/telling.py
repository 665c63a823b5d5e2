"""A resource's metadata in a format of `service/library/records`: taken by its address, or asked for by Accept.

`/resources/{id}` answers a page to whoever accepts one as gladly as anything
else, so browsers always get it; a program that prefers a format gets that
format from the same address, under the same permissions.
"""

import hashlib

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from service.crosswalks import Crosswalk, Record
from service.errors import NotFound
from service.http.accept import weights
from service.http.disposition import content_disposition
from service.http.door import Door
from service.http.files import bytes_response
from service.http.parameters import counted, identifier
from service.http.principal import principal_of
from service.library import look, records
from service.library.views import ResourceView
from service.links import Links

# They change with the next publication or withdrawal, as the page does.
CACHE = "no-cache"
HTML = "text/html"
PAGES = (HTML, "application/xhtml+xml")
FAMILIES = ("*/*", "text/*", "application/*")
_PROFILES = {name for one in records.CROSSWALKS for name in one.FORMAT.accepts if ";" in name}


def metadata(door: Door, request: Request) -> Response:
    """The record in a format of [crosswalks](crosswalks.md) as a file; under `/v/{revision}` that revision's."""
    door.limits.spend(request, "page")
    crosswalk = records.crosswalk(request.path_params["format"])
    if crosswalk is None:
        raise NotFound
    revision = request.path_params.get("revision")
    pinned = counted(revision) if revision is not None else None
    asked = identifier(request.path_params["id"])
    view = look.resource(door.services, principal_of(request), asked, pinned)
    return answer(door, request, view, crosswalk, pinned=pinned is not None, attached=True)


def answer(
    door: Door, request: Request, view: ResourceView, crosswalk: Crosswalk, *, pinned: bool, attached: bool = False
) -> Response:
    """The record of a view. attached: to be saved under a name of its own."""
    links = door.absolute(request)
    number = view.revision.number if pinned else None
    data = records.document(crosswalk, record_of(door, links, view, pinned=pinned))
    media_type = crosswalk.FORMAT.accepts[0]
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    charset = "; charset=utf-8" if ";" not in media_type else ""
    response = bytes_response(request, data, media_type=f"{media_type}{charset}", tag=tag, cache=CACHE)
    # What is found here is the page, for people who search elsewhere.
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Link"] = f'<{links.resource(view.resource.id, number)}>; rel="describes"; type="text/html"'
    if attached:
        name = f"{view.resource.id}{crosswalk.FORMAT.extension}"
        response.headers["Content-Disposition"] = content_disposition("attachment", name)
    else:
        response.headers["Content-Location"] = links.metadata(view.resource.id, crosswalk.FORMAT.name, number)
        response.headers["Vary"] = "Accept"
    return response


def record_of(door: Door, links: Links, view: ResourceView, *, pinned: bool, thumbnail: bool | None = None) -> Record:
    """The record of a view; thumbnail: whether there is one, None: find out."""
    if thumbnail is None:
        # Its address is the published revision's: beside another one it would show what is not there.
        current = view.revision.number == view.resource.published
        thumbnail = current and look.has_wide_thumbnail(door.services, view) is not None
    return records.record(door.services, links, view, pinned=pinned, thumbnail=thumbnail)


def preferred(request: Request) -> Crosswalk | None:
    """The format that Accept (RFC 9110, 12.5.1) prefers to a page; None: the page."""
    given = weights(request.headers.get("accept", ""), _PROFILES)
    page = max(given.get(name, 0.0) for name in (*PAGES, "text/*", "*/*"))
    named = [
        (given[media_type], -place, crosswalk)
        for place, crosswalk in enumerate(records.CROSSWALKS)
        for media_type in crosswalk.FORMAT.accepts
        if given.get(media_type, 0.0) > page
    ]
    return max(named, key=lambda one: one[:2])[2] if named else None


def acceptable(request: Request) -> bool:
    """Whether Accept names a page or one of the formats, or nothing that can be read. A family counts as the page."""
    given = weights(request.headers.get("accept", ""), _PROFILES)
    named = {name for name, weight in given.items() if name and weight > 0}
    formats = {media_type for one in records.CROSSWALKS for media_type in one.FORMAT.accepts}
    return not named or bool(named & {*PAGES, *FAMILIES, *formats})


def unacceptable(said: str, links: Links, view: ResourceView, *, pinned: int | None) -> Response:
    """406, in words: which forms there are and where. said: the sentence before them."""
    forms = [(HTML, links.resource(view.resource.id, pinned))]
    forms += [
        (one.FORMAT.accepts[0], links.metadata(view.resource.id, one.FORMAT.name, pinned)) for one in records.CROSSWALKS
    ]
    lines = [said, *(f"{media_type}\t{address}" for media_type, address in forms)]
    headers = {"Vary": "Accept", "Cache-Control": CACHE}
    return PlainTextResponse("\n".join(lines) + "\n", 406, headers=headers)
