"""What the database knows about the state of the library, by queries that cost little, for measures."""

import datetime
import time
from collections.abc import Mapping
from dataclasses import dataclass

from service.library import fixity
from service.library.bounded import Bounded
from service.library.services import Services

# Scrapes come every 10 to 60 seconds, from several places at once.
KEPT_SECONDS = 5.0
# One walk over the rows of all objects: 0.1 s for a million.
COUNTED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Queue:
    """numbers: (kind, state) -> jobs; waiting_seconds: kind -> since when the oldest is queued or being done."""

    numbers: Mapping[tuple[str, str], int]
    waiting_seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stored:
    """How many objects readers may ask for, and their bytes together."""

    objects: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Condition:
    """faults: kind -> stored files that are not what was stored; read_seconds: since all were read last, or None;
    free_bytes, kept_bytes: on the disk of files, None where nobody can say."""

    faults: Mapping[str, int]
    read_seconds: float | None
    free_bytes: int | None
    kept_bytes: int | None


class Measures:
    """One a process; `queue`, `stored` and `condition` answer in time or raise `NoAnswerInTime` or what went wrong."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.queue = Bounded(self._queue, kept_seconds=KEPT_SECONDS, clock=time.monotonic)
        self.stored = Bounded(self._stored, kept_seconds=COUNTED_SECONDS, clock=time.monotonic)
        self.condition = Bounded(self._condition, kept_seconds=KEPT_SECONDS, clock=time.monotonic)

    def _queue(self) -> Queue:
        with self._services.catalogue.reading() as work:
            numbers, oldest = work.jobs.numbers(), work.jobs.oldest()
        now = datetime.datetime.now(datetime.UTC)
        return Queue(numbers, {kind: max(0.0, (now - since).total_seconds()) for kind, since in oldest.items()})

    def _stored(self) -> Stored:
        with self._services.catalogue.reading() as work:
            return Stored(*work.blobs.total())

    def _condition(self) -> Condition:
        told, room = fixity.told(self._services), self._services.objects.room()
        faults = {"damaged": told.damaged, "missing": told.missing}
        if room is None:
            return Condition(faults, told.age_seconds, None, None)
        return Condition(faults, told.age_seconds, room.free_bytes, room.kept_bytes)
