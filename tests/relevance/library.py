"""A published library from texts, for measuring search: real catalogue, real index, no files to read.

What reading a PDF would have come to is written down directly; indexing and
searching then go the way of every other resource.
"""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ingest.document import Document, Extent, Locator, Passage
from service.library import project
from service.library.documents import document_key, encode
from service.library.publishing import listed
from service.library.services import Services
from service.model import FileEntry, Reading, ResourceId, Value

BATCH = 200
LICENCE = "CC-BY-SA-4.0"


@dataclass(frozen=True, slots=True)
class Text:
    """A resource to be: its passages stand on pages 1, 2, 3 …; `facets` are further values (subject, grade)."""

    name: str
    title: str
    passages: tuple[str, ...]
    facets: tuple[tuple[str, str], ...] = ()


def publish(services: Services, texts: Iterable[Text]) -> dict[ResourceId, str]:
    """Publish and index; returns the public ids with the names that the texts came with."""
    names: dict[ResourceId, str] = {}
    waiting = iter(texts)
    while batch := list(islice(waiting, BATCH)):
        ids = _records(services, batch)
        project.write(services, ids)
        names |= dict(zip(ids, (text.name for text in batch), strict=True))
    return names


def _records(services: Services, texts: Sequence[Text]) -> list[ResourceId]:
    now = datetime.datetime.now(datetime.UTC)
    readings = [_read(services, text) for text in texts]
    ids = []
    with services.catalogue.writing() as work:
        for text, reading in zip(texts, readings, strict=True):
            work.blobs.add(reading.bundle, len(text.name))
            work.readings.save(reading)
            resource = work.resources.add(owner="default")
            values = [
                ("title", text.title),
                ("language", "vi"),
                ("type", "other"),
                ("licence", "CC-BY-SA-4.0"),
                *text.facets,
            ]
            draft = work.resources.add_revision(
                resource.key,
                values=[Value(field, value, "person") for field, value in values],
                files=[FileEntry(1, reading.bundle, len(text.name), "application/pdf", f"{text.name}.pdf")],
            )
            work.resources.save_revision(replace(draft, state="published", published_at=now))
            saved = work.resources.save(replace(resource, published=draft.number, modified_at=now))
            work.terms.replace(saved.key, listed(services.vocabularies, saved, draft))
            ids.append(saved.id)
    return ids


def _read(services: Services, text: Text) -> Reading:
    bundle = hashlib.sha256(text.name.encode()).hexdigest()
    passages = tuple(Passage(Locator("page", number), passage, "vi") for number, passage in enumerate(text.passages, 1))
    key = document_key(bundle, "measured")
    services.objects.put(key, encode(Document("application/pdf", language="vi", passages=passages)))
    return Reading(
        bundle=bundle,
        fingerprint="measured",
        media_type="application/pdf",
        passages=len(passages),
        language="vi",
        extent=Extent(pages=len(passages)),
        document_key=key,
    )
