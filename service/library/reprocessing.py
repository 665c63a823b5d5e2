"""Queue reading again: of what an older pipeline read, of what the store has lost, of what could not be read."""

from collections.abc import Collection, Mapping
from functools import partial

from ingest import pipeline
from service.library import lost
from service.library.bundles import names_of
from service.library.process import KINDS
from service.library.services import Services
from service.model import PRIORITY_BATCH, JobKind, Reading, Resource, ResourceId
from service.ports import UnitOfWork

PAGE = 200


def reprocess(services: Services, *, stale_only: bool = True, media_type: str = "") -> int:
    """Queue reading again of what an older pipeline read, or whose text is lost, and whatever of a file failed.

    Ids, corrections and links stay. Returns: how many resources were queued. Raises: Unavailable.
    """
    fingerprint = pipeline.fingerprint()

    def due(reading: Reading) -> bool:
        if media_type and reading.media_type != media_type:
            return False
        return not stale_only or reading.fingerprint != fingerprint or not lost.is_there(services.objects, reading)

    queued, after = 0, 0
    while True:
        with services.catalogue.reading() as work:
            page = work.resources.after(after, PAGE)
            known = {one.id: _readings(work, one) for one in page if one.visibility != "withdrawn"}
            # Of one type only what has been read can be told.
            failed = {} if media_type else _failed_of(work, known)
        if not page:
            return queued
        # The store is asked outside of any transaction.
        wanted = {one for one, readings in known.items() if any(map(due, readings))}
        subjects: dict[JobKind, set[str]] = {**failed, "read": failed.get("read", set()) | wanted}
        if any(subjects.values()):
            services.catalogue.write(partial(_queue, subjects))
        queued += len({subject.partition("/")[0] for each in subjects.values() for subject in each})
        after = page[-1].key


def _readings(work: UnitOfWork, resource: Resource) -> Collection[Reading]:
    """Of its open revision, and of the published one."""
    shown = work.resources.revision(resource.key, resource.published) if resource.published else None
    names = {name for one in (work.resources.open_revision(resource.key), shown) if one for name in names_of(one)}
    return work.readings.newest(names).values()


def _failed_of(work: UnitOfWork, ids: Collection[ResourceId]) -> dict[JobKind, set[str]]:
    """Work on their files that failed; pictures of single pages are asked for anew by whoever opens them."""
    asked: dict[JobKind, list[str]] = {kind: [*ids] for kind in (*KINDS, "lighten")}
    asked["illustrate"] = [f"{one}/thumbnail" for one in ids]
    return {
        kind: {subject for subject, job in work.jobs.waiting(kind, subjects).items() if job.state == "failed"}
        for kind, subjects in asked.items()
    }


def _queue(subjects: Mapping[JobKind, Collection[str]], work: UnitOfWork) -> None:
    for kind, ids in subjects.items():
        work.jobs.add_all(kind, ids, priority=PRIORITY_BATCH)
