"""The catalogue for reading programs: a start, ways by subject, grade and type, lists with facets and pages.

What is listed comes from the same search as the pages'; what a subject or a
grade holds is counted from the catalogue, so that the ways open while the
index is away. Each document is made once, as a `Shelf`, and written in the
form that was asked for.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol, cast

from starlette.responses import Response

from service.errors import Invalid, NotFound, UnknownFilter
from service.feeds import opds1, opds2
from service.feeds.asked import Asked
from service.feeds.sending import sent
from service.feeds.shelves import BROWSE, NEW, POPULAR, PUBLICATIONS, Choice, Group, Pages, Parameters, Shelf, Way
from service.feeds.told import Told, told
from service.http.accept import weights
from service.http.parameters import SHOWN_CHARACTERS, flag, identifier, number, text
from service.http.principal import principal_of
from service.library import browse, discover, look, syndicate
from service.library.views import FacetCount, SearchRequest, SearchResults
from service.model import FACETS, PUBLIC, Sort

ENTRIES = 30
NEWEST = 10
CHOICES = 30
"""Of a facet, the most frequent values."""
LAST_BY_NUMBER = discover.MAX_RESULTS_BY_PAGE // ENTRIES
BESIDE = {"grade": "subject", "subject": "grade"}
"""What a grade or subject without anything below it is divided by."""


class Form(Protocol):
    """`opds1` or `opds2`."""

    ROOT: str
    PUBLICATION: str

    def media_type(self, shelf: Shelf, /) -> str: ...
    def write(self, asked: Asked, shelf: Shelf) -> bytes: ...
    def write_one(self, asked: Asked, told: Told) -> bytes: ...


FORMS = cast("tuple[Form, Form]", (opds1, opds2))


def start(asked: Asked, form: Form) -> Response:
    """The start of the catalogue: newest, most used, books, ways by grade, subject and type."""
    asked.door.limits.spend(asked.request, "page")
    preferred = form
    if form is FORMS[0] and _prefers_json(asked):
        preferred = FORMS[1]
    services = asked.door.services
    books = [code for code, term in asked.vocabularies.terms["type"].items() if term.extra.get("schema") == "Book"]
    newest = syndicate.recent(services, {}, size=NEWEST).views if preferred is FORMS[1] else ()
    shelf = Shelf(
        path="",
        title=asked.library_name,
        about=asked("feed-about", name=asked.library_name),
        updated=syndicate.newest_change(services),
        up=None,
        ways=(
            Way(asked("home-newest"), PUBLICATIONS, rel=NEW, about=asked("feed-newest-about")),
            Way(asked("sort-used"), PUBLICATIONS, {"sort": "used"}, rel=POPULAR, about=asked("feed-used-about")),
            Way(asked("feed-books"), PUBLICATIONS, {"type": books}, about=asked("feed-books-about")),
            *(
                Way(asked(f"feed-by-{name}"), f"{BROWSE}/{name}", kind="navigation", about=asked(f"feed-by-{name}"))
                for name in ("grade", "subject", "type")
            ),
        ),
        newest=tuple(told(asked, view) for view in newest),
    )
    response = _written(asked, preferred, shelf)
    response.headers["Vary"] = "Accept"
    return response


def _prefers_json(asked: Asked) -> bool:
    given = weights(asked.request.headers.get("accept", ""))
    others = ("application/atom+xml", "application/xml", "text/xml", "application/*", "*/*")
    return given.get(opds2.FEED, 0.0) > max(given.get(name, 0.0) for name in others)


def ways(asked: Asked, form: Form) -> Response:
    """Ways by `subject`, `grade` or `type`, those below `parent=`; at the end of a way grades lead to subjects."""
    name = asked.request.path_params["name"]
    if name not in browse.FACETS:
        raise NotFound
    parent = text(asked.request, "parent")
    asked.door.limits.spend(asked.request, "page")
    services = asked.door.services
    counts = asked.door.browsing.counts(services)[name]
    if parent and asked.vocabularies.get(name, parent) is None and parent not in counts:
        raise UnknownFilter(field="parent", value=parent[:SHOWN_CHARACTERS])
    label = asked.label(name, parent) if parent else ""
    below = list(_below(asked, name, parent, counts))
    if parent:
        everything = Way(asked("feed-all-of", label=label), PUBLICATIONS, {name: [parent]}, count=counts.get(parent, 0))
        below = [everything, *(below or _beside(asked, name, parent))]
    shelf = Shelf(
        path=f"{BROWSE}/{name}",
        title=label or asked(f"feed-by-{name}"),
        updated=syndicate.newest_change(services),
        parameters={"parent": parent},
        named={"parent": parent},
        up=_above(asked, name, parent),
        ways=tuple(below),
    )
    return _written(asked, form, shelf)


def _below(asked: Asked, name: str, parent: str, counts: Mapping[str, int]) -> Iterator[Way]:
    """In the order of the vocabulary; what it does not know stands at the end."""
    terms = asked.vocabularies.terms.get(name, {})
    known = [code for code, term in terms.items() if (term.parent or "") == parent]
    strange = [] if parent else [code for code in counts if code not in terms]
    parents = {term.parent for code, term in terms.items() if counts.get(code)}
    for code in (*known, *strange):
        if counts.get(code):
            title = asked.label(name, code)
            if code in parents or name in BESIDE:
                path = f"{BROWSE}/{name}"
                yield Way(title, path, {"parent": code}, kind="navigation", count=counts[code])
            else:
                yield Way(title, PUBLICATIONS, {name: [code]}, count=counts[code])


def _beside(asked: Asked, name: str, code: str) -> list[Way]:
    """The subjects of a grade, the grades of a subject."""
    other = BESIDE.get(name)
    if other is None:
        return []
    with asked.door.limits.searching(asked.request, filters=1):
        results = discover.search(asked.door.services, PUBLIC, SearchRequest(filters={name: (code,)}, size=1))
    return [
        Way(asked.label(other, one.value), PUBLICATIONS, {name: [code], other: [one.value]}, count=one.count)
        for one in results.facets[other]
        if one.parent is None or other == "grade"
    ]


def _above(asked: Asked, name: str, code: str) -> str:
    if not code:
        return ""
    term = asked.vocabularies.get(name, code)
    above = f"?parent={term.parent}" if term and term.parent else ""
    return f"{BROWSE}/{name}{above}"


def publications(asked: Asked, form: Form) -> Response:
    """Resources and files: `q=` (or `query=`), the filters of a search, `sort=`, `exact=`, `page=`, `cursor=`."""
    request, services = asked.request, asked.door.services
    words = text(request, "q") or text(request, "query")
    sort = text(request, "sort") or ("fit" if words else "newest")
    if sort not in discover.SORTS:
        raise Invalid(field="sort", value=sort[:SHOWN_CHARACTERS])
    question = SearchRequest(
        text=words,
        filters=asked.filters,
        sort=cast("Sort", sort),
        page=number(request, "page", 1) or 1,
        size=ENTRIES,
        cursor=text(request, "cursor"),
        exact=flag(request, "exact"),
    )
    with asked.door.limits.searching(request, filters=sum(map(len, asked.filters.values()))):
        results, views = syndicate.found(services, question)
    if results.page == 1:
        asked.door.counting.searched(request, words, results.total, door="feeds")
    # What makes it another list; a page of it is none.
    named: dict[str, str | list[str]] = {"q": words, **asked.filtered, "sort": sort if sort != _usual(words) else ""}
    exact = "1" if question.exact else ""
    named |= {"exact": exact} if exact else {}
    shelf = Shelf(
        path=PUBLICATIONS,
        title=_title(asked, results.searched, sort),
        updated=max((view.resource.modified_at for view in views), default=syndicate.EPOCH),
        parameters=_page(named, results.page, question.cursor),
        named=named,
        entries=tuple(told(asked, view) for view in views),
        facets=tuple(_facets(asked, results, named, sort, words)),
        pages=_pages(results, named),
        html=asked.links.search(q=words, **asked.filtered, sort=sort if words or sort != "newest" else "", exact=exact),
    )
    return _written(asked, form, shelf)


def _usual(words: str) -> Sort:
    return "fit" if words else "newest"


def _title(asked: Asked, words: str, sort: str) -> str:
    parts = [f"“{words}”" if words else "", asked.chosen]
    said = " · ".join(part for part in parts if part)
    return said or asked("sort-used" if sort == "used" else "home-newest")


def _page(named: Parameters, number: int, cursor: str = "") -> Parameters:
    if cursor:
        return {**named, "cursor": cursor}
    return {**named, "page": str(number) if number > 1 else ""}


def _pages(results: SearchResults, named: Parameters) -> Pages:
    """Pages have numbers as far as those of the search reach; behind them a cursor goes on to the end."""
    last = min(max(1, -(-results.total // ENTRIES)), LAST_BY_NUMBER)
    following: Parameters | None = None
    if results.page * ENTRIES < results.total:
        if results.page < LAST_BY_NUMBER:
            following = _page(named, results.page + 1)
        elif results.cursor:
            following = _page(named, 0, results.cursor)
    back = 1 < results.page <= LAST_BY_NUMBER + 1
    return Pages(
        total=results.total,
        size=ENTRIES,
        number=results.page,
        first=_page(named, 1),
        last=_page(named, last),
        previous=_page(named, results.page - 1) if back else None,
        next=following,
    )


def _facets(asked: Asked, results: SearchResults, named: Parameters, sort: str, words: str) -> Iterator[Group]:
    orders = [one for one in discover.SORTS if words or one != "fit"]
    choices = (
        Choice(asked(f"sort-{one}"), {**named, "sort": one if one != _usual(words) else ""}, active=one == sort)
        for one in orders
    )
    yield Group(asked("sort"), tuple(choices))
    if results.rewritten:
        # What a catalogue has for the reader's way back to what was typed.
        exactly = Choice(asked("search-exactly", query=words), {**named, "exact": "1"})
        yield Group(asked("search-rewritten"), (Choice(results.rewritten, named, results.total, active=True), exactly))
    if results.suggestion:
        yield Group(asked("search-suggestion"), (Choice(results.suggestion, {**named, "q": results.suggestion}),))
    for name in FACETS:
        counts = results.facets[name]
        chosen = [count for count in counts if count.chosen]
        if len(counts) > 1 or chosen:
            yield Group(asked(f"facet-{name}"), tuple(_choices(asked, name, counts, chosen, named)))


def _choices(
    asked: Asked, name: str, counts: tuple[FacetCount, ...], chosen: list[FacetCount], named: Parameters
) -> Iterator[Choice]:
    """The most frequent values, each instead of what is chosen; first the way out of the choice."""
    if chosen:
        yield Choice(asked("feed-facet-all"), {**named, name: ""})
    shown = dict.fromkeys((*chosen[:1], *counts[:CHOICES]))
    for count in shown:
        title = count.label or asked.label(name, count.value)
        # One of a group is active at most, where several may be chosen in a page.
        active = len(chosen) == 1 and count.chosen
        yield Choice(title, {**named, name: [count.value]}, count.count, active=active)


def publication(asked: Asked, form: Form) -> Response:
    """One resource as an entry or publication of the catalogue."""
    asked.door.limits.spend(asked.request, "page")
    wanted = identifier(asked.request.path_params["id"])
    view = look.resource(asked.door.services, principal_of(asked.request), wanted)
    data = form.write_one(asked, told(asked, view))
    return sent(asked.request, data, media_type=form.PUBLICATION, cache="no-cache")


def _written(asked: Asked, form: Form, shelf: Shelf) -> Response:
    return sent(asked.request, form.write(asked, shelf), media_type=form.media_type(shelf))
