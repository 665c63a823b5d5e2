"""A resource as a `Record`, and the formats it can be told in.

The one place that reads a catalogue's values into what `service/crosswalks`
writes. A format is one module there and one line of `CROSSWALKS`.
"""

from collections.abc import Iterable

from service.crosswalks import (
    XML_PROLOG,
    Alignment,
    Concept,
    Crosswalk,
    File,
    Record,
    Text,
    amb,
    bibtex,
    csl,
    lom,
    mods,
    oai_dc,
    ris,
    schema_org,
)
from service.library import placements, shown, standing
from service.library.permissions import access_of
from service.library.services import Services
from service.library.views import ResourceView
from service.links import Links
from service.messages import LANGUAGES
from service.model import Placement, Revision
from service.vocabularies import Vocabularies

CROSSWALKS: tuple[Crosswalk, ...] = (oai_dc, lom, mods, schema_org, amb, bibtex, ris, csl)
"""In the order people see them."""
ALIASES = {"oai_lom": "lom"}
"""A second name of the same bytes."""


def crosswalk(name: str) -> Crosswalk | None:
    """The format of that name, or of an alias."""
    name = ALIASES.get(name, name)
    return next((one for one in CROSSWALKS if one.FORMAT.name == name), None)


def document(crosswalk: Crosswalk, record: Record) -> bytes:
    """A file of one record, UTF-8."""
    return ((XML_PROLOG if crosswalk.FORMAT.namespace else "") + crosswalk.write(record)).encode()


def record(
    services: Services, links: Links, view: ResourceView, *, pinned: bool = False, thumbnail: bool = False
) -> Record:
    """What is told of the revision that was looked at.

    links: absolute. pinned: its addresses are that revision's for ever. thumbnail: whether there is one.
    Files are named only where everybody may take them.
    """
    revision, resource, vocabularies = view.revision, view.resource, services.vocabularies
    languages = (services.settings.language, *(one for one in LANGUAGES if one != services.settings.language))
    number = revision.number if pinned else None
    # What was harvested, or is described and lies elsewhere, has a link and no file.
    main = next(iter(revision.main_files), None)
    reading = view.readings.get(main.number) if main else None

    placed = [one.placement for one in placements.of(revision) if not one.proposed]

    def concepts(field: str) -> tuple[Concept, ...]:
        # Outcomes stand in placements too.
        codes = (*revision.every(field), *(one.outcome for one in placed if field == "outcome" and one.outcome))
        return tuple(concept_of(vocabularies, field, code, languages) for code in dict.fromkeys(codes))

    return Record(
        identifier=f"oai:{services.settings.repository_id}:{resource.id}",
        url=(not main and revision.first("link")) or links.resource(resource.id, number),
        titles=_texts(revision, "title") or (Text(main.name if main else resource.id),),
        descriptions=_texts(revision, "description"),
        languages=revision.every("language"),
        keywords=_texts(revision, "keyword"),
        type=next(iter(concepts("type")), None),
        subjects=concepts("subject"),
        grades=concepts("grade"),
        outcomes=concepts("outcome"),
        placements=_alignments(vocabularies, placed, languages[0]),
        audience=revision.every("audience"),
        creators=revision.every("creator"),
        publishers=revision.every("publisher") or (view.organisation.name,),
        reviewers=revision.every("reviewer"),
        organisation=view.organisation.name,
        created=revision.first("created") or "",
        published=revision.published_at,
        modified=resource.modified_at,
        version=str(revision.number),
        licence=next(iter(concepts("licence")), None),
        part_of=revision.every("isPartOf"),
        based_on=revision.every("isBasedOn"),
        isbns=revision.every("isbn"),
        shelves=revision.every("shelf"),
        files=tuple(
            File(links.file(resource.id, one.number, number), one.media_type, one.size_bytes, one.sha256, one.name)
            for one in revision.files
            if access_of(resource) == "public"
        ),
        thumbnail=links.thumbnail(resource.id) if thumbnail else "",
        duration_seconds=reading.extent.seconds if reading else None,
        pages=reading.extent.pages if main and reading and shown.turned(main) == "page" else None,
    )


def _alignments(vocabularies: Vocabularies, placed: Iterable[Placement], language: str) -> tuple[Alignment, ...]:
    said = (
        Alignment(
            standing.framework(one, vocabularies, language),
            " · ".join(part.text for part in standing.target(one, vocabularies, language)),
        )
        for one in placed
    )
    return tuple(dict.fromkeys(one for one in said if one.target))


def _texts(revision: Revision, field: str) -> tuple[Text, ...]:
    return tuple(Text(one.value, one.language or "") for one in revision.values if one.field == field)


def concept_of(vocabularies: Vocabularies, field: str, code: str, languages: tuple[str, ...]) -> Concept:
    """A code with its labels, its ancestors, and what other vocabularies call it or the nearest one above it."""
    path = [vocabularies.get(field, one) for one in reversed(vocabularies.ancestors(field, code))]
    same: dict[str, str] = {}
    made: list[Concept] = []
    for term in path:
        if term is None:
            return Concept(code)
        same = {**same, **term.extra}
        labels = tuple(Text(term.labels[one], one) for one in languages if one in term.labels)
        made.append(Concept(term.code, labels, tuple(made), same))
    return made[-1] if made else Concept(code)
