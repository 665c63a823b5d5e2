"""Sketch what was read, so that near copies are found; a sweep sketches what is here from before.

A worker sketches a text as soon as it has read it (`process`), in the commit
of the reading. Resources that an older version took in, that arrived with an
import, or whose sketch follows another recipe get a job each, behind all other
work: the text is an object, nothing is read again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from ingest.document import Passage
from service.library import copies
from service.library.bundles import bundle_of, bundles
from service.library.documents import open_document
from service.library.lost import LOST
from service.library.services import Services
from service.model import PRIORITY_REPAIR, Job, Reading, Resource, Revision, Sketch
from service.ports import UnitOfWork
from service.search.sketching import RECIPE, sketch

log = logging.getLogger(__name__)

PAGE = 500


def of(passages: Iterable[Passage]) -> Sketch:
    """Of the text of a document, without what runs along its margins."""
    return sketch(passage.text for passage in passages)


def unreadable() -> Sketch:
    """Of what has no text that could be read: so that nobody looks for it again."""
    return Sketch(RECIPE, 0)


def sweep(services: Services) -> int:
    """Queue what was read and has no sketch. Cheap where there is nothing to do. Returns: how many were queued."""
    queued, after = 0, 0
    while True:
        with services.catalogue.reading() as work:
            found = work.sketches.astray(RECIPE, after=after, limit=PAGE)
        if not found:
            break
        services.catalogue.write(partial(_queue, [id for _, id in found]))
        queued, after = queued + len(found), found[-1][0]
    if queued:
        log.info("sketch-queued", extra={"resources": queued})
    return queued


def _queue(ids: Sequence[str], work: UnitOfWork) -> None:
    work.jobs.add_all("sketch", ids, priority=PRIORITY_REPAIR)


def renew(services: Services, job: Job) -> Callable[[UnitOfWork, bool], None] | None:
    """Do one `sketch` job. Returns: what writes it down, in the transaction that ends the job; None: there is nothing.

    Raises: Unavailable.
    """
    with services.catalogue.reading() as work:
        resource = work.resources.get(job.subject)
        revisions = _current(work, resource) if resource is not None else []
        groups = {bundle_of(group): group for one in revisions for group in bundles(one.files).values()}
        readings = work.readings.newest(list(groups))
    if resource is None or not readings:
        return None
    made = {groups[name][0].sha256: _again(services, reading) for name, reading in readings.items()}

    def record(work: UnitOfWork, held: bool) -> None:
        if held:
            save(work, made)
            for revision in revisions:
                copies.note(work, resource, revision)

    return record


def save(work: UnitOfWork, made: dict[str, Sketch]) -> None:
    """Sketches by the hash of their main file, but for what was purged meanwhile."""
    refused = work.blobs.refused(list(made))
    for sha256 in sorted(made.keys() - refused):
        work.sketches.save(sha256, made[sha256])


def _current(work: UnitOfWork, resource: Resource) -> list[Revision]:
    published = work.resources.revision(resource.key, resource.published) if resource.published else None
    return [one for one in (work.resources.open_revision(resource.key), published) if one is not None]


def _again(services: Services, reading: Reading) -> Sketch:
    if reading.document_key is None or not reading.passages:
        return unreadable()
    try:
        return of(open_document(services.objects, reading.document_key).passages())
    except LOST:
        # Reading it again (`hoclieu reprocess`) brings text and sketch back.
        return unreadable()
