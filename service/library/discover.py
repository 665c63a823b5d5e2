"""Find: from what somebody typed to a page of results. Every door and the command line call this.

Understanding turns text into tokens, the index answers with resources and
places, the catalogue says what to show of them. The doors translate a request
into these calls and the views into their own form; they hold no rule.
"""

import base64
import binascii

from service.errors import Invalid, QueryTooLong
from service.library import project
from service.library.process import bundle_of, bundles
from service.library.services import Services
from service.library.views import FacetCount, Item, SearchRequest, SearchResults
from service.model import FACETS, Found, Generation, Organisation, Principal, Reading, Resource, Revision, SearchQuery

MAX_QUERY_CHARACTERS = 1_000
MAX_PAGE_SIZE = 100
MAX_RESULTS_BY_PAGE = 10_000
SORTS = ("fit", "newest", "used")


def search(services: Services, principal: Principal, request: SearchRequest) -> SearchResults:
    """One page of results that this principal may see.

    Raises: QueryTooLong; Invalid: unknown facet or sort, size, page beyond MAX_RESULTS_BY_PAGE, bad cursor;
    NotFound: `resource` names none; IndexUnavailable.
    """
    offset = _offset(request)
    generation = project.live(services)
    query = _query(services, principal, request, generation, offset)
    page = services.index.search(generation.name, query)
    items = _items(services, page.found, query)
    following = offset + len(page.found)
    return SearchResults(
        query=request.text,
        total=page.total,
        items=items,
        facets={name: _facet(services, name, page.facets.get(name, {}), request) for name in FACETS},
        rewritten=None,
        suggestion=None,
        page=offset // request.size + 1,
        size=request.size,
        cursor=_cursor(following) if page.found and following < page.total else "",
    )


def ready(services: Services) -> None:
    """Raises: Unavailable: a search cannot be answered now."""
    services.catalogue.check()
    services.objects.check()
    services.index.check(project.live(services).name)


def _offset(request: SearchRequest) -> int:
    """How many resources come before this page."""
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
    return (request.page - 1) * request.size


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(b"o%d" % offset).decode()


def _read_cursor(cursor: str) -> int:
    try:
        plain = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise Invalid(field="cursor", value=cursor[:40]) from error
    if not (plain.startswith("o") and plain[1:].isascii() and plain[1:].isdigit() and len(plain) < 12):
        raise Invalid(field="cursor", value=cursor[:40])
    return int(plain[1:])


def _query(
    services: Services, principal: Principal, request: SearchRequest, generation: Generation, offset: int
) -> SearchQuery:
    raise NotImplementedError


def _items(services: Services, found: tuple[Found, ...], query: SearchQuery) -> tuple[Item, ...]:
    """What to show of each, in a constant number of catalogue queries."""
    with services.catalogue.reading() as work:
        rows = work.resources.published([one.key for one in found])
        names = [bundle_of(group) for _, revision in rows.values() for group in bundles(revision.files).values()]
        readings = work.readings.newest(names)
        organisations = {organisation.code: organisation for organisation in work.organisations.all()}
    # One that was withdrawn since the index last heard of it is left out.
    return tuple(
        _item(services, one, *rows[one.key], readings, organisations[rows[one.key][0].owner], query)
        for one in found
        if one.key in rows and rows[one.key][0].visibility == "live"
    )


def _item(
    services: Services,
    found: Found,
    resource: Resource,
    revision: Revision,
    readings: dict[str, Reading] | object,
    organisation: Organisation,
    query: SearchQuery,
) -> Item:
    raise NotImplementedError


def _facet(
    services: Services, name: str, counts: dict[str, int] | object, request: SearchRequest
) -> tuple[FacetCount, ...]:
    raise NotImplementedError
