"""From a request to questions for the index, until one finds something: what was meant, and what was typed.

Understanding turns text into tokens; what a library has learnt adds accents
and mends letters. One question a search is asked where something is found.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from service.library import lexicons, rewriters
from service.library.permissions import audience_of, require
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import FACETS, Generation, Principal, ResourceKey, SearchPage, SearchQuery
from service.search.analysis import fold
from service.search.understand import understand

HITS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer. rewritten: what it asks for what was typed."""

    query: SearchQuery
    page: SearchPage
    rewritten: str | None


def ask(
    services: Services, principal: Principal, request: SearchRequest, generation: Generation, offset: int, after: str
) -> Asked:
    """The answer to what was probably meant: one request to the index, and further ones while nothing is found."""

    def put(*, without: frozenset[str] = frozenset(), letters: bool = True) -> Asked:
        understood, rewritten = _query(services, principal, request, generation, without=without, letters=letters)
        query = replace(understood, offset=offset, after=after)
        return Asked(query, services.index.search(generation.name, query), rewritten)

    asked, gone = put(), frozenset[str]()
    if not asked.page.total and (gone := _gone(services, generation, asked.query)):
        asked = put(without=gone)
    if not asked.page.total and asked.rewritten and fold(asked.rewritten) != fold(request.text):
        # A letter that was mended may have been right: what was typed is asked too, with the accents that it lacks.
        # The mended words are offered to nobody: they have found nothing.
        typed = put(without=gone, letters=False)
        if typed.page.total:
            return typed
    return asked


def _query(
    services: Services,
    principal: Principal,
    request: SearchRequest,
    generation: Generation,
    *,
    without: frozenset[str] = frozenset(),
    letters: bool = True,
) -> tuple[SearchQuery, str | None]:
    """The question, and what it asks for instead of what was typed.

    without: words that count as unknown. letters: wrong ones are mended; otherwise accents alone are added.
    """
    rewritten = None if _stays(request) else _meant(services, generation, request, without, letters=letters)
    understood = understand(
        rewritten or request.text,
        audience=audience_of(principal),
        known=lambda tokens: lexicons.known(services, generation, tokens) - without,
        typed=request.text if rewritten else "",
    )
    inside = _inside(services, principal, request.resource) if request.resource else None
    asked = replace(
        understood,
        filters=request.filters,
        resource=inside,
        sort=request.sort,
        limit=request.size,
        hits=HITS if inside is None else request.inside,
        count_facets=FACETS,
    )
    return asked, rewritten


def _stays(request: SearchRequest) -> bool:
    """Whether exactly what was typed is searched. Inside a resource it is: what leads there says what was searched."""
    return request.exact or bool(request.resource)


def _meant(
    services: Services,
    generation: Generation,
    request: SearchRequest,
    without: frozenset[str] = frozenset(),
    *,
    letters: bool = True,
) -> str | None:
    def known(tokens: Collection[str]) -> Collection[str]:
        return lexicons.known(services, generation, tokens) - without

    return rewriters.meant(services, generation, request.text, known, letters=letters)


def suggested(services: Services, generation: Generation, request: SearchRequest) -> str | None:
    """What was probably meant, where exactly what was typed was asked and that is other words: accents find no more."""
    if not _stays(request):
        return None
    meant = _meant(services, generation, request)
    return meant if meant and fold(meant) != fold(request.text) else None


def _gone(services: Services, generation: Generation, query: SearchQuery) -> frozenset[str]:
    """Words that nothing holds since a resource went, so that the others are found without them."""
    if len(query.known) < 2:
        return frozenset()
    said = {token for ways in query.ways.values() for way in ways for token in way}
    return lexicons.gone(services, generation, {*query.known, *said})


def _inside(services: Services, principal: Principal, resource_id: str) -> ResourceKey:
    """The resource to look inside of. Raises: NotFound; Withdrawn."""
    with services.catalogue.reading() as work:
        found = work.resources.get(resource_id)
        revision = work.resources.revision(found.key, found.published) if found and found.published else None
        return require(principal, found, revision, "see").key
