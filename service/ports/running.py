"""What goes on in the library: events, jobs, builds of the index, daily counters."""

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from service.model import (
    BlobFault,
    Count,
    Event,
    Fault,
    FixityRun,
    Generation,
    Job,
    JobKind,
    ResourceId,
    ResourceKey,
)


class Events(Protocol):
    def add(self, kind: str, resource: ResourceKey | None, actor: str, details: Mapping[str, str | int]) -> None: ...

    def add_all(self, kind: str, details: Mapping[ResourceKey, Mapping[str, str | int]], actor: str) -> None:
        """One of the kind for each resource, in their order."""
        ...

    def of(self, key: ResourceKey) -> Sequence[Event]: ...

    def of_kind(self, kind: str) -> Sequence[Event]:
        """All of a rare kind, oldest first."""
        ...


class Jobs(Protocol):
    """The lease table. A queued job of the same (kind, subject) merges; a leased one is followed by a new one."""

    def add(self, kind: JobKind, subject: str, *, priority: int) -> None:
        """Merging keeps the smaller priority and the first cause (`service.telemetry.cause` of whoever adds)."""
        ...

    def add_all(self, kind: JobKind, subjects: Collection[str], *, priority: int) -> None:
        """The same for many subjects."""
        ...

    def lease(
        self, kinds: Collection[JobKind], *, worker: str, limit: int, seconds: float, priority: int | None = None
    ) -> Sequence[Job]:
        """Take up to `limit` queued jobs, soonest first; with `priority` only those of that number or a smaller one.

        Leases that ran out are given back first (losses + 1, failed with reason `lost-too-often` at 20).
        """
        ...

    def renew(self, ids: Collection[int], *, worker: str, seconds: float) -> None: ...

    def done(self, ids: Collection[int], *, worker: str) -> int:
        """Remove them, if the lease still is this worker's. Returns: of how many it was."""
        ...

    def fail(self, job_id: int, *, worker: str, reason: str, parameters: Mapping[str, str | int], final: bool) -> None:
        """Count a failure; queued again, or `failed` for good after 3 or when `final`."""
        ...

    def release(self, ids: Collection[int], *, worker: str) -> None:
        """Give back unfinished without counting anything (an orderly stop)."""
        ...

    def waiting(self, kind: JobKind, subjects: Collection[str]) -> Mapping[str, Job]:
        """Which of these are queued, leased or failed, by subject (a failed one only if nothing newer waits)."""
        ...

    def numbers(self) -> Mapping[tuple[str, str], int]:
        """(kind, state) -> how many."""
        ...

    def oldest(self) -> Mapping[str, datetime.datetime]:
        """Kind -> when the oldest job was made that is queued or leased."""
        ...

    def failed(self, limit: int) -> Sequence[Job]: ...

    def cancel(self, resource_id: str) -> None:
        """Remove what is queued or has failed for a resource and its parts; what is leased is its worker's."""
        ...

    def retry(self, job_id: int) -> None: ...


class Generations(Protocol):
    def add(self, generation: Generation) -> None: ...

    def all(self, engine: str) -> Sequence[Generation]: ...

    def set_state(self, name: str, state: str) -> None:
        """At most one is live an engine: making one live makes the former live one old."""
        ...

    def add_words(self, name: str, file: str, *, instead_of: Collection[str] = ()) -> bool:
        """One more file of its lexicon, or one instead of others.

        Returns: False, and nothing has happened: one of the others is not among its files.
        Raises: NotFound: no such generation.
        """
        ...

    def set_syllables(self, name: str, file: str, *, instead_of: str) -> bool:
        """Name the file that says which word follows which, in the place of the one named so far.

        Returns: False, and nothing has happened: another one is named. Raises: NotFound: no such generation.
        """
        ...

    def remove(self, name: str) -> None: ...


class Counters(Protocol):
    def add(self, counts: Sequence[Count]) -> None:
        """Add to the rows of (day, kind, resource, organisation, door)."""
        ...

    def rows(self, first: datetime.date, last: datetime.date) -> Iterator[Count]: ...

    def used(self, ids: Collection[ResourceId]) -> Mapping[ResourceId, int]:
        """Openings, downloads and plays so far."""
        ...

    def most_used(self, limit: int) -> Sequence[tuple[ResourceKey, int]]:
        """Of what is live, published and for everybody the most used, most first, with these numbers."""
        ...


class Fixity(Protocol):
    """Readings of every stored object, and the objects that were found not to be what was stored."""

    def newest(self) -> FixityRun | None:
        """The one that began last."""
        ...

    def finished(self) -> FixityRun | None:
        """The last one that has come to its end."""
        ...

    def begin(self) -> FixityRun: ...

    def save(self, run: FixityRun) -> None:
        """How far it has come."""
        ...

    def note(self, found: Mapping[str, Fault | None]) -> Sequence[str]:
        """Hash -> what is wrong with the object; None: nothing, and what was noted of it goes.

        Left out: what has been purged or swept meanwhile. Returns: those whose fault is new.
        """
        ...

    def faults(self, limit: int) -> Sequence[BlobFault]:
        """By hash."""
        ...

    def numbers(self) -> Mapping[str, int]:
        """Kind of fault -> how many objects have it."""
        ...
