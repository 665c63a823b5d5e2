"""One generation as a process reads it: a searcher with its columns, exchanged when somebody has committed."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import tantivy

from service.adapters.index.tantivy.columns import Columns, build
from service.adapters.index.tantivy.guard import guarded
from service.adapters.index.tantivy.schema import PASSAGE, RESOURCE, open_index

# A commit of another process is seen this late at most; a busy batch does not make every search build columns.
LOOK_EVERY_SECONDS = 0.5
MAX_LAG_SECONDS = 1.5


@dataclass(frozen=True)
class Snapshot:
    """What one search works on from beginning to end, whatever is committed meanwhile."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    columns: Columns
    deleted: int
    """Documents that are gone, but still counted in document frequencies."""


class Reader:
    """Of one generation, shared by the threads of a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._snapshot: Snapshot | None = None
        self._seen: tuple[int, int, int] | None = None
        self._look_at = 0.0

    def snapshot(self) -> Snapshot:
        """The newest committed state, at most MAX_LAG_SECONDS old. Raises: IndexUnavailable."""
        current = self._snapshot
        if current is None:
            with self._lock, guarded(self._folder.name):
                return self._look()
        # One thread looks; the others go on with what there is.
        if time.monotonic() < self._look_at or not self._lock.acquire(blocking=False):
            return current
        try:
            with guarded(self._folder.name):
                return self._look()
        finally:
            self._lock.release()

    def expire(self) -> None:
        """Look again at the next search: this process has committed."""
        self._look_at = 0.0

    def _look(self) -> Snapshot:
        started = time.monotonic()
        status = (self._folder / "meta.json").stat()
        seen = (status.st_mtime_ns, status.st_ino, status.st_size)
        if self._snapshot is None or seen != self._seen:
            if self._index is None:
                self._index = open_index(str(self._folder))
            self._index.reload()
            searcher = self._index.searcher()
            before = self._snapshot.columns if self._snapshot else None
            columns = build(searcher, self._index.schema, before)
            self._snapshot = Snapshot(searcher, self._index.schema, columns, _deleted(searcher))
            self._seen = seen
        took = time.monotonic() - started
        self._look_at = time.monotonic() + min(MAX_LAG_SECONDS, max(LOOK_EVERY_SECONDS, 10 * took))
        return self._snapshot


def _deleted(searcher: tantivy.Searcher) -> int:
    # Every document has a kind, and a document frequency counts those that were deleted too.
    return sum(searcher.doc_freq("kind", kind) for kind in (RESOURCE, PASSAGE)) - searcher.num_docs
