"""Keep a resource on the phone: the page that offers it, the list of what is kept, the worker that opens it offline.

The browser fetches what the page names, keeps it under the resource's id and
opens it when there is no network (`static/keep.js`, `static/worker.js`). Files
come through the library, where readers fetch them from the store, too. The
library is told nothing: what is kept stands on the phone alone. Without
JavaScript, and on old browsers or plain http, the same page leads to the text
and the file, which every browser can save.
"""

import json
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from ingest.document import Passage
from service.errors import Unavailable
from service.http.door import Door
from service.http.files import REVALIDATED, bytes_response
from service.http.parameters import identifier
from service.http.principal import principal_of
from service.http.security import worker_policy
from service.library import look, shown
from service.library.views import ResourceView
from service.model import FileEntry
from service.web import landing, qualities, static, whole
from service.web.landing import moved, title_of
from service.web.rendering import Page

# What pages need to look as they do; kept beside the first thing that is kept.
ASSETS = ("look.css", "suggest.js", "share.js", "keep.js", "icon.svg")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be kept. label: what its button says; pages: fetched as pages; files: as files, the one that
    is opened last. size_bytes: about, of all of it."""

    name: str
    label: str
    pages: list[str]
    files: list[str]
    size_bytes: int


def offer(page: Page) -> Response:
    """What of a resource can be kept on this phone, with its size; without JavaScript, what can be saved instead."""
    asked = identifier(page.request.path_params["id"])
    page.door.limits.spend(page.request, "page")
    view = look.resource(page.door.services, principal_of(page.request), asked)
    if view.resource.id != asked:
        return moved(page, asked, view.resource.id)
    file, parts = whole.read(page, view, None)
    links, resource = page.links, view.resource.id
    texts = [links.whole(resource, part=number) for number in range(1, len(parts) + 1)] if parts[0] else []
    thumbnail = _thumbnail(page, resource)
    thumbnails = [links.thumbnail(resource)] if thumbnail else []
    size = len(landing.shown(page, view, None).body) + len(thumbnail)
    size += _texts_bytes(page, view, file, parts) if texts else 0
    light = Offer("light", page.speech("keep-light"), [links.resource(resource), *texts], thumbnails, size)
    lightest = _lightest(view.revision.main_files)
    whole_file = page.speech("keep-file", format=page.speech.format(lightest.media_type, lightest.name))
    with_files = [
        Offer(name, label, light.pages, [*thumbnails, url], size + size_bytes)
        for name, label, url, size_bytes in (
            *_smaller(page, resource, lightest),
            ("file", whole_file, links.file(resource, lightest.number), lightest.size_bytes),
        )
    ]
    return page.render(
        "keep.html",
        view=view,
        title=title_of(view.revision),
        offers=[light, *with_files],
        file=lightest,
        has_text=bool(texts),
        shell=shell(page.door),
        assets=[page.static(name) for name in ASSETS],
    )


def _thumbnail(page: Page, resource: str) -> bytes:
    """Empty where there is none, or the store is away."""
    try:
        return look.thumbnail(page.door.services, principal_of(page.request), resource) or b""
    except Unavailable:
        return b""


def _texts_bytes(page: Page, view: ResourceView, file: int, parts: list[tuple[Passage, ...]]) -> int:
    """Of all parts of a text as pages: the first one as it is, what stands around the text of the others as around
    its text."""
    first, empty = (
        len(whole.shown(page, view, file, made, chosen=None, part=1).body) for made in (parts, [(), *parts[1:]])
    )
    read = [sum(len(one.text.encode()) for one in part) for part in parts]
    return first + (len(parts) - 1) * empty + round(sum(read[1:]) * (first - empty) / max(1, read[0]))


def _lightest(files: tuple[FileEntry, ...]) -> FileEntry:
    """Of the main files the smallest: the one that a phone has room for."""
    return min(files, key=lambda file: (file.size_bytes, file.number))


def _smaller(page: Page, resource: str, entry: FileEntry) -> list[tuple[str, str, str, int]]:
    """(name, label, address, bytes) of the smaller forms of a recording, lightest first."""
    if not shown.is_recording(entry):
        return []
    forms = qualities.of_file(page.door.services, page, resource, entry)[:-1]
    return [(f"form-{one.name}", page.speech(f"keep-form-{one.name}"), one.url, one.size_bytes) for one in forms]


def kept(page: Page) -> Response:
    """What is kept on this phone, with a way to open it and to free its space; the browser fills it in."""
    return page.render("kept.html", shell=shell(page.door), assets=[])


def shell(door: Door) -> str:
    """Address of the worker's script. It has no hash: browsers look there whether it has changed."""
    return f"{door.relative(door.services.settings.language).public_url}/keeper.js"


def worker(door: Door, request: Request) -> Response:
    """The worker that opens kept pages, with the addresses of the pages it falls back to."""
    bases = {language: door.relative(language) for language in door.prefixes}
    root = next(iter(bases.values())).public_url
    told = {
        "root": root,
        "lists": {links.prefix: links.page("/kept") for links in bases.values()},
        "assets": [
            f"{root}{quote(static.address(name))}" for name in ("look.css", "suggest.js", "keep.js", "icon.svg")
        ],
    }
    code = static.asset("worker.js")
    data = b"var TOLD = %s;\n%s" % (json.dumps(told, sort_keys=True).encode(), code.data)
    response = bytes_response(request, data, media_type="text/javascript", tag=static.tag_of(data), cache=REVALIDATED)
    # Whatever folder it is served from, it opens pages of the whole library.
    response.headers["Service-Worker-Allowed"] = f"{root}/"
    response.headers["Content-Security-Policy"] = worker_policy(door.services.objects.redirects_to)
    return response
