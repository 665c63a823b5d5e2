"""`/resources/{id}/read`: one place of a file, with the words that led here marked, and the way to its neighbours."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.responses import Response

from ingest.document import Locator
from service.errors import IndexUnavailable
from service.http.parameters import flag, identifier, locator, number
from service.http.principal import principal_of
from service.library import discover, look
from service.library.views import HitView, Place, ResourceView, SearchRequest
from service.links import PARAMETERS
from service.search.understand import tokens_to_mark
from service.web.landing import moved, title_of
from service.web.layer import draw, paragraphs
from service.web.rendering import Page

# How long a page waits for its picture before it shows the text.
WAIT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Inside:
    """What looking inside this resource found, in the order of the file; `away`: search cannot answer now."""

    hits: tuple[HitView, ...] = ()
    places: int = 0
    away: bool = False


def read(page: Page) -> Response:
    """A place of a file (`file=`, `page=` and the like), the words of `q=` marked; `text=1`: without pictures."""
    request, services, principal = page.request, page.door.services, principal_of(page.request)
    asked = identifier(request.path_params["id"])
    view = look.resource(services, principal, asked)
    if view.resource.id != asked:
        return moved(page, asked, view.resource.id)
    file, wanted, text_only = number(request, "file"), locator(request), flag(request, "text")
    inside = _inside(page, asked)
    if wanted is None and inside.hits:
        # Somebody looked inside without naming a place: the best one is shown.
        best = inside.hits[0]
        file, wanted = (best.file, best.locator) if file in (None, best.file) else (file, None)
    place = look.place(services, principal, asked, file=file, locator=wanted)
    _count(page, view, found=bool(page.query and wanted))
    if place is None:
        return page.render(
            "unreadable.html", view=view, title=title_of(view.revision), entry=view.revision.main_files[0]
        )
    tokens = tokens_to_mark(page.query) if page.query else frozenset()
    layer = None
    if place.picture and not text_only:
        layer = look.page_layer(
            services, principal, asked, file=place.file.number, page=int(place.locator.value), wait_seconds=WAIT_SECONDS
        )
    return page.render(
        "reader.html",
        view=view,
        title=title_of(view.revision),
        place=place,
        name=PARAMETERS.get(place.locator.kind, place.locator.kind),
        layer=draw(layer, tokens) if layer else None,
        passages=[(passage, paragraphs(passage.text, tokens)) for passage in place.passages],
        text_only=text_only,
        inside=inside,
        hits=sorted(inside.hits, key=_order),
        to=Neighbours(page, view, place, text_only=text_only),
    )


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses near a place; what is looked for and the chosen form (picture or text) go along."""

    page: Page
    view: ResourceView
    place: Place
    text_only: bool

    def at(self, locator: Locator, file: int | None = None) -> str:
        return self._address(locator, file=file or self.place.file.number, text_only=self.text_only)

    def other_form(self) -> str:
        return self._address(self.place.locator, file=self.place.file.number, text_only=not self.text_only)

    def picture(self, width: int) -> str:
        page = int(self.place.locator.value)
        return self.page.links.page_picture(self.view.resource.id, self.place.file.number, page, width)

    def _address(self, locator: Locator, *, file: int, text_only: bool) -> str:
        url = self.page.links.read(
            self.view.resource.id, file=file, kind=locator.kind, value=locator.value, q=self.page.query
        )
        return f"{url}&text=1" if text_only else url


def _inside(page: Page, resource_id: str) -> Inside:
    if not page.query:
        return Inside()
    asked = SearchRequest(text=page.query, resource=resource_id, size=1)
    try:
        results = discover.search(page.door.services, principal_of(page.request), asked)
    except IndexUnavailable:
        # The place can still be read, and its words still be marked.
        return Inside(away=True)
    return Inside(results.items[0].hits, results.items[0].places) if results.items else Inside()


def _order(hit: HitView) -> tuple[int, int, str]:
    value = hit.locator.value
    return (hit.file, value, "") if isinstance(value, int) else (hit.file, 0, value)


def _count(page: Page, view: ResourceView, *, found: bool) -> None:
    """Somebody who came from a page of this very resource has been counted there."""
    before = urlsplit(page.request.headers.get("referer", "")).path
    if f"/resources/{view.resource.id}" not in before:
        page.door.counting.opened(page.request, "hit-opened" if found else "opening", view)
