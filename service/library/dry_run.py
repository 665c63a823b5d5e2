"""A batch that stores nothing: the same walk, the same reading in children, the same report.

What is already here is looked up, what is new is read where it lies, and what
would become of it is told. No worker runs, no row and no object is written.
"""

import datetime
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from ingest import pipeline
from ingest.sniff import sniff
from service.errors import LibraryError, Purged
from service.library.admit import unreadable
from service.library.batch import Batch, Offer, Options, kind_of
from service.library.bundles import bundles
from service.library.correct import correction
from service.library.describing import Description, what_would_come
from service.library.describing import Taken as Described
from service.library.outcomes import Done, Line, look
from service.library.process import Reader, fallback_title, read_files
from service.library.services import Services
from service.library.values import corrected, merge, missing, of_document
from service.model import FileEntry, Principal, Resource, ResourceId, ResourceKey, Revision
from service.ports import UnitOfWork

# As many as a worker's lanes that read.
_BESIDE = 2
_NOBODY = ResourceKey(0)


class DryRun(Batch):
    """`run`, `lines` and `totals` as of a `Batch`; lines of what is new name no resource."""

    def __init__(self, services: Services, principal: Principal, options: Options, reader: Reader) -> None:
        super().__init__(services, principal, options)
        self._reader = reader
        self._seen: set[str] = set()

    def deposit_of(self, owner: str, offers: Sequence[Offer], finished: Callable[[Line], None]) -> None:
        """Say what a deposit of these would come to."""
        fresh: list[tuple[Offer, list[FileEntry]]] = []
        with ThreadPoolExecutor(_BESIDE) as pool:
            for offer, entries in zip(offers, pool.map(self._entries, offers), strict=True):
                if isinstance(entries, OSError):
                    unreadable(offer.line, entries, self.options.language)
                elif not self._known(offer, entries):
                    fresh.append((offer, entries))
            for (offer, _), done in zip(fresh, pool.map(lambda pair: self._read(owner, *pair), fresh), strict=True):
                offer.line.finish(done, self.options.language, publish=self.options.publish)
        for offer in offers:
            if offer.line.outcome == "refused":
                offer.fall(offer.line.reason)
            for one, line in zip(offer.taken[1:], offer.lines[1:], strict=True):
                if line.outcome is None:
                    line.outcome, line.resource = "companion", offer.line.resource
                    line.media_type = kind_of(one.path)
            for line in offer.lines:
                finished(line)

    def described(self, owner: str, said: Sequence[Description]) -> Sequence[Described | LibraryError]:
        """Say what describing these would come to."""
        return what_would_come(self.services, self.principal, said, owner=owner, publish=self.options.publish)

    def wait_for_index(self, healthy: Callable[[], bool]) -> None:
        """Nothing is owed."""

    def _entries(self, offer: Offer) -> list[FileEntry] | OSError:
        """The files as they would be stored."""
        entries = []
        try:
            for number, file in enumerate(self.bundle(offer).files, start=1):
                with file.path.open("rb") as source:
                    sha256 = hashlib.file_digest(source, "sha256").hexdigest()
                kind = sniff(file.path, file.name).media_type
                entries.append(FileEntry(number, sha256, file.path.stat().st_size, kind, file.name, file.role))
        except OSError as error:
            return error
        return entries

    def _known(self, offer: Offer, entries: Sequence[FileEntry]) -> bool:
        """Whether the library, or this run, has met the bytes; then the line has its outcome."""
        line, main = offer.line, entries[0].sha256
        with self.services.catalogue.reading() as work:
            if work.blobs.refused([entry.sha256 for entry in entries]):
                line.end("refused", Purged.code, {}, self.options.language)
                return True
            held = work.resources.holding(main)
            if held:
                self._again(work, offer, next((one for one in held if one.id == offer.told.corrects), held[0]))
        if not held and main in self._seen:
            line.outcome = "duplicate"
        known = bool(held) or main in self._seen
        self._seen.add(main)
        return known

    def _again(self, work: UnitOfWork, offer: Offer, resource: Resource) -> None:
        """The same bytes are here: what the values that are said now would change."""
        line, said = offer.line, self.bundle(offer).values
        line.resource = resource.id
        found = correction(work, resource, said, publish=self.options.publish)
        named = offer.told.corrects == resource.id
        draft = work.resources.open_revision(resource.key)
        if draft is None or resource.published or not (named or self.options.publish):
            self._duplicate(line, resource)
            if named and found is not None and resource.visibility == "live":
                line.outcome = "published"
            elif named and found is not None:
                line.end("draft", "kept-hidden", {"resource": resource.id}, self.options.language)
            return
        done = look(work, resource.id, None)
        revision = replace(draft, values=corrected(draft.values, said))
        out = done.reading is not None and not (done.reading.error or done.held or missing(revision))
        shown = replace(resource, published=draft.number if out and self.options.publish else None)
        line.finish(
            Done(shown, revision, done.reading, done.held, None), self.options.language, publish=self.options.publish
        )

    def _read(self, owner: str, offer: Offer, entries: list[FileEntry]) -> Done:
        """What reading and publishing would come to."""
        paths = {entry.number: found.path for entry, found in zip(entries, offer.taken, strict=True)}
        fingerprint = pipeline.fingerprint()
        read = [
            read_files(self._reader, [paths[entry.number] for entry in group], group, fingerprint)
            for group in bundles(entries).values()
        ]
        documents = [document for _, document in read if document is not None]
        now = datetime.datetime.now(datetime.UTC)
        values = merge(*map(of_document, documents), self.bundle(offer).values)
        draft = Revision(_NOBODY, 1, "draft", values, tuple(entries), now)
        draft = replace(draft, values=merge(values, fallback_title(draft)))
        readings = [reading for reading, _ in read]
        told = next((reading for reading in readings if reading.error), readings[0])
        held = tuple(finding for reading in readings for finding in reading.findings)
        out = self.options.publish and not (told.error or held or missing(draft))
        resource = Resource(
            _NOBODY, ResourceId(""), owner, "local", "live", "public", None, 1 if out else None, now, now
        )
        return Done(resource, draft, told, held, None)
