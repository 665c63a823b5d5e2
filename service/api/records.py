"""A resource as JSON: its record, and the texts of its files."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ingest.document import Passage
from service.api import models
from service.library import placements
from service.library.services import Services
from service.library.views import ResourceView
from service.links import Links
from service.model import Revision

PASSAGES_A_PAGE = 500


def record(services: Services, links: Links, view: ResourceView) -> models.Record:
    """The published revision in the words of the contract."""
    revision, resource = view.revision, view.resource
    licence = revision.first("licence") or ""
    term = services.vocabularies.get("licence", licence)
    return models.Record(
        id=resource.id,
        url=links.resource(resource.id),
        titles=_texts(revision, "title"),
        descriptions=_texts(revision, "description"),
        type=revision.first("type") or "other",
        subjects=list(revision.every("subject")),
        grades=list(revision.every("grade")),
        languages=list(revision.every("language")),
        licence=licence,
        licence_url=(term.extra.get("uri") or None) if term else None,
        creators=list(revision.every("creator")),
        publishers=list(revision.every("publisher")),
        keywords=list(revision.every("keyword")),
        placements=[_placement(one) for one in placements.of(revision)],
        organisation=models.Owner(code=view.organisation.code, name=view.organisation.name),
        isbns=list(revision.every("isbn")),
        shelves=list(revision.every("shelf")),
        source=revision.first("source"),
        source_url=revision.first("link"),
        revision=revision.number,
        published_at=revision.published_at,
        modified_at=resource.modified_at,
        files=_files(links, view),
        revisions=[
            models.RevisionLine(
                number=one.number, published_at=one.published_at, url=links.resource(resource.id, one.number)
            )
            for one in view.history
            if one.published_at
        ],
        passages_url=f"{links.api_resource(resource.id)}/passages",
        similar_url=f"{links.api_resource(resource.id)}/similar",
    )


def _texts(revision: Revision, field: str) -> list[models.Text]:
    return [models.Text(value=one.value, language=one.language) for one in revision.values if one.field == field]


def _placement(placed: placements.Placed) -> models.Placement:
    said = {key: getattr(placed.placement, key) or None for key in placements.KEYS}
    return models.Placement(**said, proposed=placed.proposed)


def _files(links: Links, view: ResourceView) -> list[models.File]:
    files = []
    for entry in view.revision.files:
        reading = view.readings.get(entry.number)
        files.append(
            models.File(
                number=entry.number,
                name=entry.name,
                role=entry.role,
                media_type=entry.media_type,
                size_bytes=entry.size_bytes,
                sha256=entry.sha256,
                pages=reading.extent.pages if reading else None,
                seconds=reading.extent.seconds if reading else None,
                passages=reading.passages if reading else None,
                url=links.file(view.resource.id, entry.number),
                immutable_url=links.file(view.resource.id, entry.number, view.revision.number),
            )
        )
    return files


def lines(services: Services, links: Links, pages: Iterable[Sequence[ResourceView]]) -> Iterator[bytes]:
    """Records as JSON lines, a page at a time. Only the current revision is looked at, so none are listed."""
    for page in pages:
        yield b"".join(
            record(services, links, view).model_dump_json(exclude={"revisions"}).encode() + b"\n" for view in page
        )


def passages(
    links: Links, resource_id: str, found: Iterable[tuple[int, Passage]], *, start: int, file: int | None
) -> models.Passages:
    """PASSAGES_A_PAGE texts from the `start`-th (0-based) on."""
    taken = list(islice(found, start, start + PASSAGES_A_PAGE + 1))
    following = f"{links.api_resource(resource_id)}/passages?start={start + PASSAGES_A_PAGE}"
    return models.Passages(
        id=resource_id,
        passages=[
            models.Passage(
                file=number,
                locator=models.Locator(kind=passage.locator.kind, value=passage.locator.value),
                text=passage.text,
                language=passage.language,
            )
            for number, passage in taken[:PASSAGES_A_PAGE]
        ],
        next=(following + (f"&file={file}" if file else "")) if len(taken) > PASSAGES_A_PAGE else None,
    )
