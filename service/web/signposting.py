"""Links that lead programs from a resource's page to what belongs to it, and from a file back (signposting.org).

They stand in the Link header of the page (level 1), of which a proxy takes
some kilobytes at most, and all of them in a document of their own, the
linkset (level 2, RFC 9264), for resources of many files.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from service.crosswalks import is_web
from service.http.door import Door
from service.http.files import bytes_response
from service.http.parameters import counted, identifier
from service.http.principal import principal_of
from service.library import look, records
from service.library.permissions import access_of
from service.library.services import Services
from service.library.views import ResourceView
from service.links import Links
from service.model import Revision
from service.web.static import tag_of

HTML = "text/html"
ABOUT_PAGE = "https://schema.org/AboutPage"
LINKSET, LINKSET_JSON = "application/linkset", "application/linkset+json"
ITEMS_IN_HEADER = 10
"""A proxy's buffer for headers is 4 or 8 KB; a link is a hundred bytes or two."""
CACHE = "no-cache"


@dataclass(frozen=True, slots=True)
class Link:
    """A typed link. attributes: (name, value) beside the relation."""

    target: str
    rel: str
    attributes: tuple[tuple[str, str], ...] = ()

    def text(self, anchor: str = "") -> str:
        """As a Link header writes it (RFC 8288)."""
        told = "".join(f'; {name}="{value}"' for name, value in self.attributes)
        return f'<{self.target}>; rel="{self.rel}"{told}' + (f'; anchor="{anchor}"' if anchor else "")


def of_page(services: Services, links: Links, view: ResourceView, pinned: int | None) -> list[Link]:
    """All links of a resource's page, or of a revision's. links: absolute."""
    revision, resource = view.revision, view.resource
    # What lies elsewhere is cited where it is, as its records in every format say.
    link = (not revision.main_files and revision.first("link")) or ""
    made = [Link(link if is_web(link) else links.resource(resource.id, pinned), "cite-as")]
    made += [Link(uri, "type") for uri in (ABOUT_PAGE, _type(services, revision)) if uri]
    if licence := licence_url(services, revision):
        made.append(Link(licence, "license"))
    made += [Link(name, "author") for name in revision.every("creator") if is_web(name)]
    made += _described_by(links, resource.id, pinned)
    if access_of(resource) == "public":
        made += [
            Link(links.file(resource.id, entry.number, pinned), "item", (("type", entry.media_type),))
            for entry in revision.files
        ]
    return made


def _type(services: Services, revision: Revision) -> str:
    term = services.vocabularies.get("type", revision.first("type") or "")
    word = term.extra.get("schema", "") if term else ""
    return f"https://schema.org/{word}" if word else ""


def licence_url(services: Services, revision: Revision) -> str:
    term = services.vocabularies.get("licence", revision.first("licence") or "")
    return term.extra.get("uri", "") if term else ""


def _described_by(links: Links, resource_id: str, pinned: int | None) -> Iterable[Link]:
    for one in (crosswalk.FORMAT for crosswalk in records.CROSSWALKS):
        media_type = one.accepts[0].partition(";")[0]
        profile = (("profile", one.namespace),) if one.namespace else ()
        yield Link(links.metadata(resource_id, one.name, pinned), "describedby", (("type", media_type), *profile))


def header(services: Services, links: Links, view: ResourceView, pinned: int | None) -> str:
    """The Link header of the page: the first files, and where all links are."""
    told: list[Link] = []
    items = 0
    for link in of_page(services, links, view, pinned):
        items += link.rel == "item"
        if link.rel != "item" or items <= ITEMS_IN_HEADER:
            told.append(link)
    told += _linksets(links, view.resource.id, pinned)
    return ", ".join(link.text() for link in told)


def _linksets(links: Links, resource_id: str, pinned: int | None) -> list[Link]:
    return [
        Link(links.linkset(resource_id, ending, pinned), "linkset", (("type", kind),))
        for ending, kind in (("", LINKSET), (".json", LINKSET_JSON))
    ]


def of_file(services: Services, links: Links, view: ResourceView, number: int, pinned: int | None) -> list[Link]:
    """Links of one file: where it belongs, how it may be used, what it is."""
    media_type = next((entry.media_type for entry in view.revision.files if entry.number == number), "")
    made = [Link(links.resource(view.resource.id, pinned), "collection", (("type", HTML),))]
    if licence := licence_url(services, view.revision):
        made.append(Link(licence, "license"))
    if media_type and (kind := _type(services, view.revision)):
        made.append(Link(kind, "type"))
    return made


def file_header(services: Services, links: Links, view: ResourceView, number: int, pinned: int | None) -> str:
    """The Link header of a file."""
    told = of_file(services, links, view, number, pinned) + _linksets(links, view.resource.id, pinned)
    return ", ".join(link.text() for link in told)


def linkset(door: Door, request: Request) -> Response:
    """All typed links of a resource's page, its metadata and its files, as a list of Link headers (RFC 9264)."""
    text = ",\n".join(link.text(anchor) for anchor, links in _anchored(door, request) for link in links)
    return _sent(request, f"{text}\n", LINKSET)


def linkset_json(door: Door, request: Request) -> Response:
    """The same as JSON."""
    contexts = []
    for anchor, links in _anchored(door, request):
        told: dict[str, object] = {"anchor": anchor}
        for rel in dict.fromkeys(link.rel for link in links):
            told[rel] = [{"href": one.target, **dict(one.attributes)} for one in links if one.rel == rel]
        contexts.append(told)
    return _sent(request, json.dumps({"linkset": contexts}, ensure_ascii=False), LINKSET_JSON)


def _anchored(door: Door, request: Request) -> list[tuple[str, list[Link]]]:
    """(address, its links): the page, then its files, then its metadata."""
    asked = identifier(request.path_params["id"])
    door.limits.spend(request, "page")
    revision = request.path_params.get("revision")
    pinned = counted(revision) if revision is not None else None
    view = look.resource(door.services, principal_of(request), asked, pinned)
    links, services = door.absolute(request), door.services
    page = links.resource(view.resource.id, pinned)
    of_it = of_page(services, links, view, pinned)
    numbers = {links.file(view.resource.id, entry.number, pinned): entry.number for entry in view.revision.files}
    files = [
        (link.target, of_file(services, links, view, numbers[link.target], pinned))
        for link in of_it
        if link.rel == "item"
    ]
    back = [Link(page, "describes", (("type", HTML),))]
    described = [(link.target, back) for link in of_it if link.rel == "describedby"]
    return [(page, of_it), *files, *described]


def _sent(request: Request, text: str, media_type: str) -> Response:
    data = text.encode()
    response = bytes_response(request, data, media_type=media_type, tag=tag_of(data), cache=CACHE)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
