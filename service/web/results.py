"""`/search`: results with the places that match, facets, chips, pages, and the next step where nothing was found."""

from dataclasses import replace

from starlette.responses import Response

from service.errors import IndexUnavailable
from service.http.limits import FILTERS_FREE
from service.http.parameters import SHOWN_CHARACTERS
from service.http.principal import principal_of
from service.library import discover
from service.library.filters import current, unknown
from service.library.views import SearchResults
from service.model import FACETS
from service.web import asking, browsing, facets, inside
from service.web.asking import Asking
from service.web.rendering import Page

STEPS_OFFERED = 6


def search(page: Page) -> Response:
    """Results with the places that match; the same parameters as the JSON search, without size and cursor."""
    asked = asking.read(page.request, page.links)
    if asked.resource:
        return inside.search(page, asked)
    services = page.door.services
    asked = replace(asked, filters=current(services, asked.filters))
    with page.door.limits.searching(page.request, filters=len(asked.chosen)):
        try:
            results = discover.search(services, principal_of(page.request), asked.request())
        except IndexUnavailable as error:
            return browsing.instead(page, asked, error)
    if asked.page == 1:
        page.door.counting.searched(page.request, asked.text, results.total, door="web")
    return page.render(
        "search.html",
        asking=asked,
        results=results,
        facets=[
            facet
            for name in FACETS
            if (facet := facets.facet(page, asked, results.facets[name], name, total=results.total))
        ],
        unknown=_unknown(page, asked),
        chips=_chips(page, asked, results),
        steps=_steps(page, asked, results) if not results.items else [],
        pages=_pages(results),
        last=_last(results),
        deep=len(asked.chosen) > FILTERS_FREE,
        share_url=replace(asked, links=page.absolute).url,
    )


def _unknown(page: Page, asked: Asking) -> list[tuple[str, str, str]]:
    """(facet, value, address without it) of every filter that names nothing here: an old link, or a typed one."""
    return [
        (page.speech(f"facet-{name}"), code[:SHOWN_CHARACTERS], asked.toggled(name, code).url)
        for name, code in unknown(page.door.services, asked.filters)
    ]


def _label(page: Page, results: SearchResults, name: str, code: str) -> str:
    for count in results.facets[name]:
        if count.value == code and count.label:
            return count.label
    return page.labels.alone(name, code)


def _chips(page: Page, asked: Asking, results: SearchResults) -> list[tuple[str, str]]:
    """(label, address without it) of every filter. A chip stands alone, so it says more than a line of a tree."""
    return [(_label(page, results, name, code), asked.toggled(name, code).url) for name, code in asked.chosen]


def _steps(page: Page, asked: Asking, results: SearchResults) -> list[tuple[str, int, str]]:
    """What to do when nothing was found: (sentence, resources then, address), only steps that lead somewhere."""
    tries: list[tuple[str, Asking]] = []
    if asked.page > 1:
        tries.append((page.speech("step-first-page"), asked.at(1)))
    for name, code in asked.chosen[:STEPS_OFFERED]:
        label = _label(page, results, name, code)
        tries.append((page.speech("step-drop-filter", label=label), asked.toggled(name, code)))
    if len(asked.chosen) > 1:
        tries.append((page.speech("step-drop-filters"), asked.unfiltered()))
    if asked.text:
        tries.append((page.speech("step-browse"), asked.instead("").unfiltered()))
    offered = []
    for sentence, step in tries:
        total = discover.search(page.door.services, principal_of(page.request), step.request(size=1)).total
        if total:
            offered.append((sentence, total, step.url))
    return offered


def _last(results: SearchResults) -> int:
    reachable = min(results.total, discover.MAX_RESULTS_BY_PAGE)
    return max(1, -(-reachable // results.size))


def _pages(results: SearchResults) -> list[int]:
    """Numbers to show: the first, the last, and those around this one; 0 stands for a gap."""
    last = _last(results)
    near = sorted({1, last, *range(max(1, results.page - 1), min(last, results.page + 1) + 1)})
    numbers: list[int] = []
    for number in near:
        if numbers and number > numbers[-1] + 1:
            numbers.append(0)
        numbers.append(number)
    return numbers
