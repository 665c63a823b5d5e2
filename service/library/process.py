"""Read what was deposited, describe it, and have it published where that was asked and is possible.

Second room on the way of a file, run by workers for `read` and `publish` jobs.
Extraction happens outside every transaction; what it came to is written in
one commit together with the jobs that follow (`publishing`) and the end of the
job that it was. What holds lists of pupils or staff is hidden where it was.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from ingest import pipeline
from ingest.describe import title_from_name
from ingest.document import Bundle, Document, Extent
from ingest.errors import IngestError, ReaderCrashed
from service.errors import ObjectDamaged, PersonalData
from service.library import copies, lighter, lost, personal, sketches
from service.library.bundles import bundle_of, bundles, names_of
from service.library.documents import document_key, encode
from service.library.ends import Record
from service.library.proposals import gathering
from service.library.proposals.seeing import Source
from service.library.publishing import publish, touch
from service.library.services import Services
from service.library.values import merge, missing, of_document
from service.model import (
    PRIORITY_BATCH,
    FileEntry,
    Job,
    JobKind,
    Proposal,
    Reading,
    Resource,
    Revision,
    Sketch,
    Value,
)
from service.ports import UnitOfWork, blob_key
from service.telemetry import metrics

log = logging.getLogger(__name__)

KINDS: tuple[JobKind, ...] = ("read", "publish")
"""The jobs that are done here."""


Read = tuple[Reading, Document | None]
"""What a bundle came to; None: it could not be read."""


class Reader(Protocol):
    """What extracts: `ingest.sandbox.Sandbox`, a child process under limits a file."""

    def read(self, bundle: Bundle) -> Document: ...


def process(services: Services, reader: Reader, job: Job) -> Record | None:
    """Do one `read` or `publish` job: read what this pipeline has not read, then describe, then publish.

    Returns: what describes and publishes, for the caller to run in the transaction that ends the job; None: there is
    nothing to record.
    Raises: Unavailable: a part is away (the job waits); LibraryError: counted as a failure of the work.
    """
    with services.catalogue.reading() as work:
        resource = work.resources.get(job.subject)
        if resource is None:
            return None
        shown = _published(work, resource)
        revision = work.resources.open_revision(resource.key) or shown
        if revision is None:
            return None
        groups = {bundle_of(group): group for group in bundles(revision.files).values()}
        # What readers see while somebody writes the next revision is as it was, but its texts may be lost.
        beside = {bundle_of(group): group for group in bundles(shown.files).values()} if shown else {}
        if _purged(work, [*groups.values(), *beside.values()]):
            return None
        known = work.readings.newest([*groups.keys() | beside.keys()])
        path = work.proposals.path(resource.key)
    fingerprint = pipeline.fingerprint()
    due = [name for name in groups if name not in known or not _holds(services, known[name], fingerprint)]
    torn = [name for name in beside.keys() & known.keys() - groups if not lost.is_whole(services.objects, known[name])]
    fresh: list[Read] = []
    mended: list[Read] = []
    sketched: dict[str, Sketch] = {}
    for name in (*due, *torn):
        group = groups.get(name) or beside[name]
        reading, document = read_bundle(services, reader, group, fingerprint)
        (fresh if name in groups else mended).append((reading, document))
        sketched[group[0].sha256] = sketches.of(document.passages) if document else sketches.unreadable()
    for reading, document in (*fresh, *mended):
        _keep(services, reading, document, again=reading.bundle in known)
    suggested = _suggest(services, path, revision, fresh)

    def record(work: UnitOfWork, held: bool) -> None:
        if _purged(work, [*groups.values(), *beside.values()]):
            # While it was read, and its job with it: what was written goes, however often this runs.
            for reading, _ in (*fresh, *mended):
                if reading.document_key is not None:
                    services.objects.remove(reading.document_key)
        elif held:
            _record(services, work, resource, fresh, mended, suggested, sketched, job)

    return record


def _keep(services: Services, reading: Reading, document: Document | None, *, again: bool) -> None:
    metrics.file_read(reading.error or "read", reading.seconds)
    if document is not None and reading.document_key is not None:
        services.objects.put(reading.document_key, encode(document))
        if again and not lost.is_whole(services.objects, reading):
            # A store that loses it again at once would have it read for ever.
            raise ObjectDamaged(key=reading.document_key)


def _holds(services: Services, reading: Reading, fingerprint: str) -> bool:
    """Whether there is nothing to be read again. Raises: Unavailable: the store is away."""
    return (
        reading.fingerprint == fingerprint
        and reading.error != ReaderCrashed.code
        and lost.is_whole(services.objects, reading)
    )


def _suggest(services: Services, path: str, revision: Revision, fresh: Sequence[Read]) -> tuple[Proposal, ...] | None:
    """Proposals of the first file that was read now; None: nothing was, and those that are there stay."""
    if not fresh or not revision.main_files:
        return None
    reading, document = fresh[0]
    source = Source(path or revision.main_files[0].name, reading.media_type, document)
    return gathering.proposals(services.vocabularies, source, revision.values)


def _purged(work: UnitOfWork, groups: Iterable[Sequence[FileEntry]]) -> bool:
    return bool(work.blobs.refused([file.sha256 for group in groups for file in group]))


def _published(work: UnitOfWork, resource: Resource) -> Revision | None:
    return work.resources.revision(resource.key, resource.published) if resource.published else None


def read_bundle(services: Services, reader: Reader, files: Sequence[FileEntry], fingerprint: str) -> Read:
    """Extract one bundle in the sandbox. An error of the file is an outcome, not a raise."""
    with ExitStack() as stack:
        paths = [stack.enter_context(services.objects.local(blob_key(file.sha256))) for file in files]
        return read_files(reader, paths, files, fingerprint)


def read_files(reader: Reader, paths: Sequence[Path], files: Sequence[FileEntry], fingerprint: str) -> Read:
    """The same for a bundle whose files lie at these paths."""
    bundle = bundle_of(files)
    began = time.monotonic()
    try:
        document = _twice(reader, Bundle(main=paths[0], name=files[0].name, companions=tuple(paths[1:])))
    except IngestError as error:
        log.info("unreadable", extra={"bundle": bundle, "code": error.code})
        return _failed(files, bundle, fingerprint, error, time.monotonic() - began), None
    return (
        Reading(
            bundle=bundle,
            fingerprint=fingerprint,
            media_type=document.media_type,
            passages=len(document.passages),
            language=document.language,
            extent=document.extent,
            warnings=document.warnings,
            document_key=document_key(bundle, fingerprint),
            seconds=round(time.monotonic() - began, 3),
            findings=document.findings,
        ),
        document,
    )


def _twice(reader: Reader, bundle: Bundle) -> Document:
    """A child that died may have been killed from outside: the file is to blame only when it happens again."""
    try:
        return reader.read(bundle)
    except ReaderCrashed:
        return reader.read(bundle)


def _failed(files: Sequence[FileEntry], bundle: str, fingerprint: str, error: IngestError, seconds: float) -> Reading:
    return Reading(
        bundle=bundle,
        fingerprint=fingerprint,
        media_type=files[0].media_type,
        passages=0,
        language=None,
        extent=Extent(),
        error=error.code,
        error_parameters=error.parameters,
        seconds=round(seconds, 3),
    )


def _record(
    services: Services,
    work: UnitOfWork,
    resource: Resource,
    fresh: Sequence[Read],
    mended: Sequence[Read],
    suggested: Sequence[Proposal] | None,
    sketched: dict[str, Sketch],
    job: Job,
) -> None:
    """Write readings and values, publish if possible. The state is read again: time has passed since."""
    for reading, _ in (*fresh, *mended):
        work.readings.save(reading)
    sketches.save(work, sketched)
    current = work.resources.by_key(resource.key)
    if current is None:
        return
    if suggested is not None:
        work.proposals.replace(current.key, suggested)
    shown = _published(work, current)
    if shown is not None and current.visibility == "live" and (found := personal.held(work, names_of(shown))):
        current = personal.hide(work, current, found)
    draft = work.resources.open_revision(current.key)
    if mended and draft is not None:
        current = touch(work, current)
    documents = [document for _, document in fresh if document is not None]
    if draft is None:
        # Read again by a newer pipeline, or because its text was lost: the published values stay as they were
        # corrected. Where the text has come back by another way, the index may still be without it.
        if (documents or job.kind == "read") and current.published:
            touch(work, current)
            work.jobs.add("illustrate", f"{current.id}/thumbnail", priority=PRIORITY_BATCH + 1)
            if shown is not None:
                lighter.owe(work, current, shown)
        return
    held = draft.values
    merged = merge(*(of_document(document) for document in documents), held) if documents else held
    merged = merge(merged, fallback_title(draft))
    if changed := set(merged) != set(held):
        draft = replace(draft, values=merged)
    work.events.add("read", current.key, "machine", {"files": len(fresh)})
    copies.note(work, current, draft)
    published = job.kind == "publish" and _publish_or_say_why(services, work, current, draft, job.priority)
    # Publishing has saved its values too.
    if changed and not published:
        work.resources.save_revision(draft)


def fallback_title(draft: Revision) -> tuple[Value, ...]:
    """A file that cannot be read still has a name."""
    if draft.first("title") or not draft.main_files:
        return ()
    name = draft.main_files[0].name
    return (Value("title", title_from_name(name) or name, "machine", where="name"),)


def _publish_or_say_why(
    services: Services, work: UnitOfWork, resource: Resource, draft: Revision, priority: int
) -> bool:
    """Returns: whether it is published now."""
    readings = work.readings.newest(names_of(draft))
    broken = next((reading for reading in readings.values() if reading.error), None)
    lacking = missing(draft)
    if broken is not None or lacking:
        reason = broken.error if broken is not None and broken.error else "incomplete"
        work.events.add("not-published", resource.key, "machine", {"reason": reason, "fields": ", ".join(lacking)})
        return False
    if found := personal.held(work, names_of(draft)):
        details = {"reason": PersonalData.code, "findings": personal.in_codes(found)}
        work.events.add("not-published", resource.key, "machine", details)
        return False
    publish(services, work, resource, draft, actor="operator", priority=priority)
    return True


def lengths(work: UnitOfWork, revision: Revision) -> dict[int, float]:
    """Seconds of its recordings by the number of the file, as far as they are known."""
    names = {number: bundle_of(group) for number, group in bundles(revision.files).items()}
    found = work.readings.newest(list(names.values()))
    known = ((number, found[name].extent.seconds) for number, name in names.items() if name in found)
    return {number: seconds for number, seconds in known if seconds}
