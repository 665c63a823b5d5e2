"""What the index should hold of a resource: its words, what it is filtered by, the texts of its files."""

import datetime
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from service.library import lost, placements, shelf, standing
from service.library.bundles import bundle_of, bundles
from service.library.documents import open_document
from service.library.permissions import access_of
from service.library.publishing import terms_of
from service.library.services import Services
from service.model import FACETS, IndexDocument, IndexPassage, Placement, Resource, ResourceKey, Revision
from service.ports import ObjectStore
from service.vocabularies import Vocabularies

EPOCH = datetime.date(1970, 1, 1)
_WORDS = ("keyword", "creator", shelf.ISBN, shelf.SHELF)  # searched with the title


@dataclass(frozen=True, slots=True)
class Entry:
    """Of one resource. document: None: the index should not hold it.

    lost: key of a text of its that the store has no more, without which the document was made; empty as a rule.
    """

    key: ResourceKey
    document: IndexDocument | None
    lost: str = ""


def documents(services: Services, keys: Sequence[ResourceKey]) -> dict[ResourceKey, IndexDocument]:
    """What the index should hold of these resources now; those that it should not are left out."""
    return {entry.key: entry.document for entry in each(services, keys) if entry.document is not None}


def each(services: Services, keys: Sequence[ResourceKey]) -> Iterator[Entry]:
    """In the order of the keys. Rows are read at once, texts one by one. Raises: Unavailable: the store is away."""
    with services.catalogue.reading() as work:
        # Read with the rows: a job that an import queued writes what was imported.
        vocabularies = services.living.of(work)
        rows = {
            key: (resource, revision)
            for key, (resource, revision) in work.resources.published(keys).items()
            if resource.visibility == "live"
        }
        names = [bundle_of(group) for _, revision in rows.values() for group in bundles(revision.files).values()]
        readings = work.readings.newest(names)
        used = work.counters.used([resource.id for resource, _ in rows.values()])
    # Hundreds of rows of a list stand in the same few places.
    called = functools.cache(functools.partial(standing.called, vocabularies=vocabularies))
    for key in keys:
        if key not in rows:
            yield Entry(key, None)
            continue
        resource, revision = rows[key]
        texts: list[IndexPassage] = []
        missed = ""
        for number, group in bundles(revision.files).items():
            reading = readings.get(bundle_of(group))
            if reading is not None and reading.document_key:
                try:
                    texts += _texts(services.objects, number, reading.document_key)
                except lost.LOST:
                    lost.one_of_many(services.objects)
                    missed = reading.document_key
        document = _document(vocabularies, called, resource, revision, tuple(texts), used.get(resource.id, 0))
        yield Entry(key, document, missed)


def _texts(objects: ObjectStore, number: int, key: str) -> list[IndexPassage]:
    passages = open_document(objects, key).passages()
    return [IndexPassage(number, passage.locator, passage.text) for passage in passages if passage.text]


def _document(
    vocabularies: Vocabularies,
    called: Callable[[Placement], list[str]],
    resource: Resource,
    revision: Revision,
    passages: tuple[IndexPassage, ...],
    used: int,
) -> IndexDocument:
    terms: dict[str, tuple[str, ...]] = {}
    for name, code in terms_of(vocabularies, resource, revision):
        terms[name] = (*terms.get(name, ()), code)
    labels = [
        label
        for name in ("subject", "grade", "topic", "type")
        for code in terms.get(name, ())
        for label in vocabularies.searchable(name, code)
    ]
    labels += [
        label
        for name in ("series", "week")
        for code in terms.get(name, ())
        for label in _short(vocabularies, name, code)
    ]
    labels += (name for place in _places(revision) for name in called(place))
    published = revision.published_at or resource.created_at
    return IndexDocument(
        key=resource.key,
        id=resource.id,
        version=resource.row_version,
        title=revision.first("title") or "",
        description=revision.first("description") or "",
        keywords=tuple(dict.fromkeys((*labels, *(said for name in _WORDS for said in revision.every(name))))),
        facets={name: terms.get(name, ()) for name in FACETS},
        audience=access_of(resource),
        organisation=resource.owner,
        published_day=(published.date() - EPOCH).days,
        used=used,
        passages=passages,
    )


def _places(revision: Revision) -> Iterator[Placement]:
    """Where it stands by what somebody has confirmed; its subjects and grades go together where nothing says how."""
    yield from (placed.placement for placed in placements.of(revision) if not placed.proposed)
    for subject, grade in itertools.product(revision.every("subject"), revision.every("grade")):
        yield Placement(subject=subject, grade=grade)


def _short(vocabularies: Vocabularies, name: str, code: str) -> tuple[str, ...]:
    """What people type of a week or a textbook series. The full names of series are words of many other texts."""
    term = vocabularies.get(name, code)
    if term is None:
        return ()
    return tuple(term.labels.values()) if name == "week" else tuple(filter(None, [term.extra.get("short")]))
