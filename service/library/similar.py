"""Resources like one: what its page and the API offer to go on with.

Whatever names some stands in SOURCES: what says the same, what stands in the
same lesson, what has the same topic, what teaches the subject in the same
grade or one beside it. `likeness.py` puts them in order, by how much they
share. By text: the words that tell most of the resource (`search/telling.py`)
make a question to the index like any other; so all engines are asked alike,
and whoever asks finds nothing that a search would not show.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from service.library import discover, lessons, look, project
from service.library.likeness import FIELDS, NEAR, Traits, beside, shared, traits
from service.library.permissions import audience_of, within
from service.library.services import Services
from service.library.views import Item, ResourceView
from service.library.weighted import weighted
from service.model import Audience, Found, Generation, Principal, Resource, ResourceKey, SearchQuery
from service.search.telling import Telling, telling
from service.vocabularies import Vocabularies

MOST = 6
# Of each source; those that share most are chosen among them.
LOOKED_AT = 30
# A topic itself, and the one above it.
STEPS = 2
# Of the words looked for, in one place or in the metadata: what shares fewer is not alike, and a title that says the
# same thing has no more of them. Of another subject or grade more words must be shared.
SHARE, SHARE_ANYWHERE, FEWEST = 0.2, 0.4, 2
# How alike, beside itself: in the sample library what is less alike shares words that everybody uses.
LEAST_ANYWHERE = 0.4
# Sums in another order differ in the last digits; a hundredth is no difference to people.
DECIMALS = 2


def similar(services: Services, principal: Principal, resource_id: str) -> tuple[ResourceView, tuple[Item, ...]]:
    """The resource and at most MOST like it, the most alike first.

    Raises: NotFound; Withdrawn; IndexUnavailable.
    """
    view = look.resource(services, principal, resource_id)
    return view, discover.shown(services, nearest(services, principal, view), principal=principal)


def nearest(services: Services, principal: Principal, view: ResourceView) -> Sequence[ResourceKey]:
    """At most MOST, those that share most first, never itself. Raises: IndexUnavailable."""
    own = Own(services, principal, view)
    texts: dict[ResourceKey, float] = {}
    for source, always in SOURCES:
        if always or len(texts) < MOST:
            for key, text in source(own):
                texts[key] = max(text, texts.get(key, 0.0))
            texts.pop(view.resource.key, None)
    with services.catalogue.reading() as work:
        told = work.resources.told(texts, FIELDS)
    # An index, and the term table, may name what was closed a moment ago.
    seen = {key: values for key, (resource, values) in told.items() if _open(resource, own.audience)}
    shares = {
        key: shared(own.traits, own.grades, traits(own.vocabularies, values), texts[key])
        for key, values in seen.items()
    }
    return sorted(shares, key=lambda key: (-round(shares[key], DECIMALS), -key))[:MOST]


def _open(resource: Resource, audience: Audience) -> bool:
    return resource.visibility == "live" and resource.published is not None and within(audience, resource)


@dataclass(frozen=True)
class Own:
    """The resource that others are to be like, and who asks."""

    services: Services
    principal: Principal
    view: ResourceView

    @property
    def vocabularies(self) -> Vocabularies:
        return self.services.vocabularies

    @property
    def audience(self) -> Audience:
        return audience_of(self.principal)

    @cached_property
    def traits(self) -> Traits:
        return traits(self.vocabularies, self.view.revision.values)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Of whatever strand, since the words say which."""
        return frozenset(self.vocabularies.ancestors("subject", code)[-1] for code in self.traits.subjects)

    @cached_property
    def grades(self) -> Mapping[str, int]:
        """Its grades and those beside them: how many steps each is away."""
        return beside(self.vocabularies, self.traits.grades)

    @cached_property
    def generation(self) -> Generation:
        return project.live(self.services)

    @cached_property
    def told(self) -> Telling:
        """The words that tell most of it."""
        words = self.services.lexicons.of(self.services.objects, self.generation)
        return telling(weighted(self.services, self.view), words.count)

    def asked(self, query: SearchQuery, filters: Mapping[str, Collection[str]]) -> Sequence[Found]:
        codes = {name: tuple(sorted(some)) for name, some in filters.items() if some}
        query = replace(query, filters=codes, limit=LOOKED_AT, hits=0)
        return self.services.index.search(self.generation.name, query).found


Named = Iterator[tuple[ResourceKey, float]]
"""Resources, each with how alike the texts are, from 0 to 1; 0 also where they were not compared."""


def by_text(own: Own) -> Named:
    """What says the same, of the same subjects in the same grades and those beside them."""
    return _alike(own, {"subject": own.subjects, "grade": own.grades}, SHARE)


def by_text_anywhere(own: Own) -> Named:
    """What says nearly the same, whatever it is for; common words alone bring anything together."""
    return ((key, text) for key, text in _alike(own, {}, SHARE_ANYWHERE) if text >= LEAST_ANYWHERE)


def by_place(own: Own) -> Named:
    """What stands in the same lesson, or in the same week of its grade's subject."""
    for stands in (own.traits.lessons, own.traits.weeks):
        if stands:
            with own.services.catalogue.reading() as work:
                keys = work.terms.public({lessons.STANDS: sorted(stands)}, before=None, limit=LOOKED_AT)
            yield from ((key, 0.0) for key in keys)


def by_topic(own: Own) -> Named:
    """What has one of its topics, and where few do what has the one above it."""
    return _until_enough(own, [{"topic": {way[up] for way in own.traits.ways if len(way) > up}} for up in range(STEPS)])


def by_grade(own: Own) -> Named:
    """What teaches the subject in the same grade, and where few do in the grades beside it."""
    steps = ({code for code, apart in own.grades.items() if apart == step} for step in (0, *NEAR))
    return _until_enough(own, [{"subject": own.subjects, "grade": grades} for grades in steps])


SOURCES: tuple[tuple[Callable[[Own], Named], bool], ...] = (
    (by_text, True),
    (by_place, True),
    (by_topic, True),
    (by_grade, False),
    (by_text_anywhere, False),
)
"""Each names at most LOOKED_AT for each of its questions. False: asked only where those before it named too few."""


def _until_enough(own: Own, steps: Sequence[Mapping[str, Collection[str]]]) -> Named:
    """Those used most of what has one of the codes of each facet, step by step; nothing where there are no codes."""
    for filters in steps:
        if all(filters.values()):
            found = own.asked(SearchQuery(audience=own.audience, sort="used"), filters)
            yield from ((one.key, 0.0) for one in found)
            if len(found) > MOST:
                return


def _alike(own: Own, filters: Mapping[str, Collection[str]], share: float) -> Named:
    """share: of the words looked for that must be there."""
    told = own.told
    if not told.tokens:
        return
    query = SearchQuery(
        audience=own.audience,
        fold=told.tokens,
        bigrams=told.bigrams,
        known=told.tokens,
        required=min(len(told.tokens), max(FEWEST, int(share * len(told.tokens)))),
    )
    found = own.asked(query, filters)
    # It is the most alike of all, and so the measure, by which engines agree that score in their own numbers.
    most = max((one.score for one in found), default=0.0) or 1.0
    yield from ((one.key, round(one.score / most, DECIMALS)) for one in found)
