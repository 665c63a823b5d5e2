"""Resources like one: what its page and the API offer to go on with.

Whatever names some stands in SOURCES. By text: the words that tell most of
the resource (`search/telling.py`) make a question to the index like any
other, among those of the same subjects and grades; so both engines are asked
alike, and whoever asks finds nothing that a search would not show.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import takewhile

from service.errors import Unavailable
from service.library import discover, look, project
from service.library.documents import open_document
from service.library.permissions import audience_of
from service.library.services import Services
from service.library.views import Item, ResourceView
from service.model import Principal, ResourceKey, Revision, SearchQuery
from service.search.telling import telling
from service.vocabularies import Vocabularies

MOST = 6
# Of the text: the beginning of a book tells what it is about, and one block of a stored document is as long.
TEXT_CHARACTERS = 20_000
# What a word counts for beside one in the text.
TITLE, KEYWORD, DESCRIPTION, HEADING = 8.0, 8.0, 3.0, 2.0
# Of the words looked for, in one place or in the metadata: what shares fewer is not alike, and a title that says the
# same thing has no more of them.
SHARE, FEWEST = 0.2, 2


def similar(services: Services, principal: Principal, resource_id: str) -> tuple[ResourceView, tuple[Item, ...]]:
    """The resource and at most MOST like it, the most alike first.

    Raises: NotFound; Withdrawn; IndexUnavailable.
    """
    view = look.resource(services, principal, resource_id)
    return view, discover.shown(services, nearest(services, principal, view), principal=principal)


def nearest(services: Services, principal: Principal, view: ResourceView) -> Sequence[ResourceKey]:
    """At most MOST, the most alike first, never itself. Raises: IndexUnavailable."""
    found: dict[ResourceKey, None] = {}
    for source in SOURCES:
        if len(found) < MOST:
            found.update(dict.fromkeys(key for key in source(services, principal, view) if key != view.resource.key))
    return list(found)[:MOST]


def by_text(services: Services, principal: Principal, view: ResourceView) -> Sequence[ResourceKey]:
    """One question to the index."""
    generation = project.live(services)
    words = services.lexicons.of(services.objects, generation)
    told = telling(_texts(services, view), words.count)
    if not told.tokens:
        return []
    query = SearchQuery(
        audience=audience_of(principal),
        fold=told.tokens,
        bigrams=told.bigrams,
        known=told.tokens,
        required=min(len(told.tokens), max(FEWEST, int(SHARE * len(told.tokens)))),
        filters=_filters(services.vocabularies, view.revision),
        # It is the most alike of all.
        limit=MOST + 1,
        hits=0,
    )
    return [one.key for one in services.index.search(generation.name, query).found]


Source = Callable[[Services, Principal, ResourceView], Sequence[ResourceKey]]
SOURCES: tuple[Source, ...] = (by_text,)
"""What each names comes behind what those before it have named; it is asked only while there is room."""


def _filters(vocabularies: Vocabularies, revision: Revision) -> dict[str, tuple[str, ...]]:
    """The same subject, of whatever strand, since the words say which; the same grade, not all of its level."""
    subjects = tuple(
        dict.fromkeys(vocabularies.ancestors("subject", code)[-1] for code in revision.every("subject") if code)
    )
    grades = revision.every("grade")
    above = {one for code in grades for one in vocabularies.ancestors("grade", code)[1:]}
    own = tuple(code for code in grades if code not in above)
    return {name: codes for name, codes in (("subject", subjects), ("grade", own)) if codes}


def _texts(services: Services, view: ResourceView) -> Iterator[tuple[str, float]]:
    """What is said of it, and the beginning of what it says; while the store is away what is said of it alone."""
    weights = {"title": TITLE, "keyword": KEYWORD, "description": DESCRIPTION}
    yield from ((value.value, weights[value.field]) for value in view.revision.values if value.field in weights)
    key = next((one.document_key for one in view.readings.values() if one.document_key and one.passages), None)
    if key is None:
        return
    with suppress(Unavailable):
        document = open_document(services.objects, key)
        yield from ((entry.title, HEADING) for entry in document.head.contents)
        before = 0

        def room(text: str) -> bool:
            nonlocal before
            before += len(text)
            return before - len(text) < TEXT_CHARACTERS

        yield from ((text, 1.0) for text in takewhile(room, (passage.text for passage in document.passages())))
