"""Looking inside one resource: what the reader lists beside a place, and `/search?resource=`, all places of it.

A result shows three of its places; "còn 12 trang khác" leads to all of them,
in the order of the file, each a link to its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from ingest.document import Locator
from service.errors import IndexUnavailable
from service.http.parameters import identifier
from service.http.principal import principal_of
from service.http.problems import problem_of, retry
from service.library import discover, look
from service.library.views import HitView, SearchRequest
from service.web.asking import Asking
from service.web.landing import title_of
from service.web.rendering import Page

# A page of as many links is as heavy as one of results with their places.
MOST = 200


@dataclass(frozen=True, slots=True)
class Inside:
    """What looking inside a resource found, the best place first; `away`: search cannot answer now.

    suggestion: where nothing was found, what might have been meant.
    """

    hits: tuple[HitView, ...] = ()
    places: int = 0
    away: bool = False
    suggestion: str = ""

    @property
    def in_order(self) -> list[HitView]:
        """In the order of the file."""
        return sorted(self.hits, key=lambda hit: rank(hit.file, hit.locator))


@dataclass(frozen=True, slots=True)
class Around:
    """The hits before and after the place that is shown. number: of the one shown, from 1; 0 where it is none."""

    number: int
    count: int
    previous: HitView | None
    next: HitView | None


def around(hits: Sequence[HitView], file: int, shown: Locator) -> Around:
    """hits: in the order of the file."""
    here = rank(file, shown)
    ranks = [rank(hit.file, hit.locator) for hit in hits]
    before = [hit for hit, own in zip(hits, ranks, strict=True) if own < here]
    after = [hit for hit, own in zip(hits, ranks, strict=True) if own > here]
    number = ranks.index(here) + 1 if here in ranks else 0
    return Around(number, len(hits), before[-1] if before else None, after[0] if after else None)


def rank(file: int, place: Locator) -> tuple[int, int, str]:
    return (file, place.value, "") if isinstance(place.value, int) else (file, 0, place.value)


def find(page: Page, asked: SearchRequest) -> Inside:
    """Where the words of a question about one resource stand in it. Raises: QueryTooLong; NotFound; Withdrawn."""
    if not asked.text:
        return Inside()
    try:
        results = discover.search(page.door.services, principal_of(page.request), asked)
    except IndexUnavailable:
        # The place can still be read, and its words still be marked.
        return Inside(away=True)
    if not results.items:
        return Inside(suggestion=results.suggestion or "")
    return Inside(results.items[0].hits, results.items[0].places)


def search(page: Page, asked: Asking) -> Response:
    """All places of one resource that match, at most MOST. Raises: NotFound; Withdrawn; QueryTooLong."""
    view = look.resource(page.door.services, principal_of(page.request), identifier(asked.resource))
    request = SearchRequest(text=asked.text, resource=view.resource.id, size=1, exact=asked.exact, inside=MOST)
    with page.door.limits.searching(page.request, filters=0):
        found = find(page, request)
    problem = problem_of(IndexUnavailable(part="index"), page.language)
    return page.render(
        "inside.html",
        status=problem.status if found.away else 200,
        headers=retry(problem) if found.away else None,
        asking=asked,
        view=view,
        title=title_of(view.revision),
        found=found,
        hits=found.in_order,
    )
