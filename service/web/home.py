"""`/`: useful at once to somebody new — a box, examples, this week, subjects by level, what is new."""

from dataclasses import dataclass

from starlette.responses import Response

from service.errors import IndexUnavailable
from service.http.principal import principal_of
from service.library import discover
from service.library.views import Item, SearchResults
from service.web import this_week
from service.web.asking import Asking
from service.web.rendering import Page

NEWEST = 6
EXAMPLES = 3
EXAMPLE_WORDS = 6
SUBJECTS_A_LEVEL = 12


@dataclass(frozen=True, slots=True)
class Shelf:
    """A level with its subjects: (label, count, address)."""

    label: str
    count: int
    url: str
    subjects: list[tuple[str, int, str]]


def home(page: Page) -> Response:
    """The start page: search box, examples, this week of school for chosen grades, subjects by level, newest."""
    page.door.limits.spend(page.request, "page")
    start = Asking(links=page.links)
    try:
        newest = _search(page, start, NEWEST)
        week = this_week.this_week(page, newest)
        shelves = _shelves(page, start, newest)
    except IndexUnavailable:
        # The box stands there all the same; whoever uses it is told what is the matter.
        return page.render("home.html", newest=None, week=None, shelves=[], examples=[], subjects=[], types=[])
    return page.render(
        "home.html",
        headers=this_week.headers(page),
        newest=newest,
        week=week,
        shelves=shelves,
        examples=[(words, start.instead(words).url) for words in _examples(newest.items)],
        subjects=[] if shelves else _subjects(page, start, newest),
        types=_types(page, start, newest),
    )


def _search(page: Page, asked: Asking, size: int) -> SearchResults:
    return discover.search(page.door.services, principal_of(page.request), asked.request(size=size))


def _shelves(page: Page, start: Asking, everything: SearchResults) -> list[Shelf]:
    """Levels in the order of the vocabulary, each with its subjects; one question a level gives exact counts."""
    counts = {one.value: one.count for one in everything.facets["grade"] if one.parent is None}
    shelves = []
    for code in page.door.services.vocabularies.terms.get("grade", {}):
        if code in counts:
            level = start.toggled("grade", code)
            results = _search(page, level, 1)
            shelves.append(
                Shelf(page.labels.of("grade", code), counts[code], level.url, _subjects(page, level, results))
            )
    return shelves


def _subjects(page: Page, asked: Asking, results: SearchResults) -> list[tuple[str, int, str]]:
    return [
        (page.labels.facet("subject", one), one.count, asked.toggled("subject", one.value).url)
        for one in results.facets["subject"]
        if one.parent is None and one.count
    ][:SUBJECTS_A_LEVEL]


def _types(page: Page, start: Asking, everything: SearchResults) -> list[tuple[str, str, int, str]]:
    """(icon, label, count, address) of each type there is, most first; none where all is of one."""
    found = [
        (page.labels.icon(one.value), page.labels.facet("type", one), one.count, start.toggled("type", one.value).url)
        for one in everything.facets["type"]
        if one.parent is None and one.count
    ]
    return found if len(found) > 1 else []


def _examples(items: tuple[Item, ...]) -> list[str]:
    """Queries that find something: the beginnings of some titles, which find at least what they begin."""
    words = (" ".join(item.title.split()[:EXAMPLE_WORDS]).rstrip(" ,.:;–—-(") for item in items)
    return list(dict.fromkeys(filter(None, words)))[:EXAMPLES]
