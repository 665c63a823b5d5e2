"""`/search` while the index is away: one sentence, and lists by subject, grade and type from the catalogue.

The addresses are those of searches, so that they lead to the same resources
when the index is back.
"""

from markupsafe import Markup
from starlette.responses import Response

from service.errors import LibraryError
from service.http.parameters import text
from service.http.problems import problem_of, retry
from service.library import browse
from service.web.asking import PAGE_SIZE, Asking
from service.web.facets import facet
from service.web.rendering import Page


def instead(page: Page, asked: Asking, error: LibraryError) -> Response:
    """A list in the place of results. Words that were typed were not searched for: then it says 503."""
    before = text(page.request, "before")

    def listed() -> Markup:
        return _list(page, asked, before)

    narrowed = before or asked.filters
    problem = problem_of(error, page.language)
    return page.render(
        "browse.html",
        status=problem.status if asked.text else 200,
        headers=retry(problem),
        asking=asked,
        listed=listed() if narrowed else page.door.browsing.lists.of(page.language, listed),
    )


def _list(page: Page, asked: Asking, before: str) -> Markup:
    """Nothing of it depends on who asks, nor on the words that were typed."""
    services = page.door.services
    counts = page.door.browsing.counts(services)
    browsed = browse.listing(services, asked.filters, before=before, size=PAGE_SIZE)
    start = Asking(links=page.links)
    groups = browse.facets(services, counts, asked.filters)
    return page.part(
        "browsed.html",
        browsed=browsed,
        # From the beginning each time, since the counts are of the whole library.
        facets=[made for name in browse.FACETS if (made := facet(page, start, groups[name], name, total=-1))],
        chips=[
            (page.labels.alone(name, code), asked.instead("").toggled(name, code).url) for name, code in asked.chosen
        ],
        following=asked.instead("").before(browsed.following) if browsed.following else "",
    )
