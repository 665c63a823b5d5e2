"""Find: from what somebody typed to a page of results. Every door and the command line call this.

Understanding turns text into tokens, the index answers with resources and
places, the catalogue says what to show of them. The doors translate a request
into these calls and the views into their own form; they hold no rule.
"""

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ingest.document import Locator
from service.errors import Invalid, QueryTooLong, Unavailable
from service.library import pictures, project, questions
from service.library import shelf as shelf_marks
from service.library.bundles import bundle_of, bundles
from service.library.documents import open_document
from service.library.permissions import audience_of, within
from service.library.services import Services
from service.library.views import FacetCount, HitView, Item, SearchRequest, SearchResults
from service.model import (
    FACETS,
    PUBLIC,
    Found,
    Organisation,
    Principal,
    Reading,
    Resource,
    ResourceId,
    ResourceKey,
    Revision,
    SearchQuery,
)
from service.search.marking import occurrences
from service.search.snippets import snippet
from service.search.understand import wanted_of

MAX_QUERY_CHARACTERS = 1_000
MAX_PAGE_SIZE = 100
MAX_RESULTS_BY_PAGE = 10_000
SORTS = ("fit", "newest", "used")
IN_TURN = ("week",)
"""Facets whose values come in the order of their vocabulary; of all others those of most resources come first."""


def search(services: Services, principal: Principal, request: SearchRequest) -> SearchResults:
    """One page of results that this principal may see.

    Raises: QueryTooLong; Invalid: unknown facet or sort, size, page beyond MAX_RESULTS_BY_PAGE, bad cursor;
    NotFound: `resource` names none; IndexUnavailable.
    """
    passed, after = _position(request)
    generation = project.live(services)
    offset = 0 if after else passed
    asked = questions.ask(services, principal, request, generation, offset, after)
    page, query = asked.page, asked.query
    named = {*page.facets.get("organisation", {}), *request.filters.get("organisation", ())}
    shelf = _shelf(services, page.found, named)
    following = passed + len(page.found)
    return SearchResults(
        query=request.text,
        total=page.total,
        items=_items(services, page.found, shelf, query),
        facets={name: _facet(services, name, page.facets.get(name, {}), shelf, request) for name in FACETS},
        rewritten=asked.rewritten,
        suggestion=None if page.total else questions.suggested(services, generation, request),
        page=passed // request.size + 1,
        size=request.size,
        cursor=_cursor(following, page.after) if page.after and following < page.total else "",
        partial=page.partial,
    )


def _position(request: SearchRequest) -> tuple[int, str]:
    """How many resources come before this page, and the index's own cursor where the request has one."""
    if len(request.text) > MAX_QUERY_CHARACTERS:
        raise QueryTooLong(length=len(request.text), limit=MAX_QUERY_CHARACTERS)
    if not 1 <= request.size <= MAX_PAGE_SIZE:
        raise Invalid(field="size", value=request.size)
    if request.sort not in SORTS:
        raise Invalid(field="sort", value=request.sort)
    if unknown := next((name for name in request.filters if name not in FACETS), None):
        raise Invalid(field="facet", value=unknown)
    if request.cursor:
        return _read_cursor(request.cursor)
    if request.page < 1 or request.page * request.size > MAX_RESULTS_BY_PAGE:
        raise Invalid(field="page", value=request.page)
    return (request.page - 1) * request.size, ""


def _cursor(passed: int, after: str) -> str:
    """The index's cursor, with how many came before it: only the index knows what its own means."""
    return base64.urlsafe_b64encode(f"{passed}:{after}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[int, str]:
    """Raises: Invalid: none of ours; whether the index's part is one of its own, it says itself."""
    try:
        plain = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise Invalid(field="cursor", value=cursor[:40]) from error
    passed, _, after = plain.partition(":")
    if not (after and passed.isdigit() and len(passed) < 12):
        raise Invalid(field="cursor", value=cursor[:40])
    return int(passed), after


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the catalogue says of a page: resources by key, readings by bundle, organisations by code."""

    resources: Mapping[ResourceKey, tuple[Resource, Revision]]
    readings: Mapping[str, Reading]
    organisations: Mapping[str, Organisation]


def _shelf(services: Services, found: tuple[Found, ...], organisations: Collection[str] = ()) -> Shelf:
    """In a constant number of catalogue queries. organisations: codes to be named beside those of the owners."""
    with services.catalogue.reading() as work:
        rows = work.resources.published([one.key for one in found])
        names = [bundle_of(group) for _, revision in rows.values() for group in bundles(revision.files).values()]
        codes = {*organisations, *(resource.owner for resource, _ in rows.values())}
        return Shelf(rows, work.readings.newest(names), work.organisations.some(codes))


def shown(services: Services, keys: Sequence[ResourceKey], *, principal: Principal = PUBLIC) -> tuple[Item, ...]:
    """What a list shows of these resources, in their order, of those that this principal may see; without an index."""
    found = tuple(Found(key, ResourceId(""), 0.0, (), 0) for key in keys)
    return _items(services, found, _shelf(services, found), SearchQuery(audience=audience_of(principal)))


def _items(services: Services, found: tuple[Found, ...], shelf: Shelf, query: SearchQuery) -> tuple[Item, ...]:
    # One that was withdrawn or closed since the index last heard of it is left out.
    return tuple(
        _item(services, one, *shelf.resources[one.key], shelf, query)
        for one in found
        if one.key in shelf.resources
        and shelf.resources[one.key][0].visibility == "live"
        and within(query.audience, shelf.resources[one.key][0])
    )


def _item(
    services: Services, found: Found, resource: Resource, revision: Revision, shelf: Shelf, query: SearchQuery
) -> Item:
    title = next((value for value in revision.values if value.field == "title"), None)
    # What was harvested has none.
    main = next(iter(revision.main_files), None)
    reading = shelf.readings.get(bundle_of(bundles(revision.files)[main.number])) if main else None
    language = revision.first("language") or "und"
    thumbnail = pictures.thumbnail_if_known(services, revision)
    return Item(
        id=resource.id,
        title=title.value if title else main.name if main else resource.id,
        title_language=(title.language if title else None) or language,
        type=revision.first("type") or "other",
        subjects=revision.every("subject"),
        grades=revision.every("grade"),
        language=language,
        licence=revision.first("licence") or "",
        organisation=shelf.organisations[resource.owner],
        media_type=main.media_type if main else "",
        size_bytes=main.size_bytes if main else 0,
        pages=reading.extent.pages if reading else None,
        seconds=reading.extent.seconds if reading else None,
        has_thumbnail=thumbnail is not None,
        wide_thumbnail=thumbnail is not None and thumbnail.wide,
        score=found.score,
        hits=_hits(services, found, revision, shelf, query),
        places=found.places,
        source=revision.first("source") or "",
        in_print=shelf_marks.stands(revision),
    )


def _hits(
    services: Services, found: Found, revision: Revision, shelf: Shelf, query: SearchQuery
) -> tuple[HitView, ...]:
    """Its hits; those in a package's items with the item's title, since its id says nothing to people.

    Under a result, a place that has other words of the same letters ("từ") is not among the three shown where another
    one says what was asked for ("tụ"); looking inside shows it.
    """
    wanted = wanted_of(query)
    chosen = found.hits
    if query.resource is None and wanted.dia:
        wanted = wanted.settled(hit.text for hit in found.hits)
        chosen = tuple(hit for hit in found.hits if occurrences(hit.text, wanted)) or found.hits
    groups = bundles(revision.files)
    titles: dict[int, Mapping[Locator, str]] = {}
    for file in {hit.file for hit in chosen if hit.locator.kind == "item"}:
        reading = shelf.readings.get(bundle_of(groups[file])) if file in groups else None
        if reading is not None and reading.document_key:
            # Without its text nothing can be named; the hit still leads to its place.
            with suppress(Unavailable):
                contents = open_document(services.objects, reading.document_key).head.contents
                titles[file] = {entry.locator: entry.title for entry in reversed(contents)}
    return tuple(
        HitView(hit.file, hit.locator, snippet(hit.text, wanted), label=titles.get(hit.file, {}).get(hit.locator, ""))
        for hit in chosen
    )


def _facet(
    services: Services, name: str, counts: Mapping[str, int], shelf: Shelf, request: SearchRequest
) -> tuple[FacetCount, ...]:
    """Values with their counts, most first, weeks as they come; those chosen stay even when nothing is left of them."""
    chosen = request.filters.get(name, ())
    places = (
        {code: place for place, code in enumerate(services.vocabularies.terms.get(name, ()))} if name in IN_TURN else {}
    )
    codes = sorted({*counts, *chosen}, key=lambda code: (places.get(code, len(places)), -counts.get(code, 0), code))
    return tuple(
        FacetCount(
            value=code,
            label=shelf.organisations[code].name if name == "organisation" and code in shelf.organisations else "",
            count=counts.get(code, 0),
            parent=services.vocabularies.above(name, code),
            chosen=code in chosen,
        )
        for code in codes
        if counts.get(code) or code in chosen
    )
