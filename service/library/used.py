"""The titles that are used most, by their beginnings, and the topics that there are: what suggestions put first, in
the memory of each process.

Of a library of any size a few thousand resources have most of the use. They
are read from the counters now and then, in a thread of its own, so that
nobody who types waits for it; until it has ended the former ones count. Whether
one may still be seen is asked of the catalogue with each answer, not here.
"""

import heapq
import logging
import threading
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.model import ResourceKey
from service.ports import Catalogue
from service.search.beginnings import TITLE, WORD

log = logging.getLogger(__name__)

# Of some 600 bytes each, with their seven beginnings.
MOST = 5_000
# Use changes slowly, and the counters of a year are read for it.
KEPT_SECONDS = 900.0
_BEYOND = "\U0010ffff"
CODED = "topic"
"""The vocabulary of topics, which is large: of those that begin alike most are in no resource."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Beginnings in their order, and beside each the rank of its resource: 0 is used most."""

    values: Sequence[str] = ()
    ranks: Sequence[int] = ()


@dataclass(frozen=True)
class Used:
    """What was used most when it was read. keys: by rank; uses: of each key; starts: by field of the term table.

    topics: how many public resources had each topic.
    """

    keys: Sequence[ResourceKey] = ()
    uses: Mapping[ResourceKey, int] = field(default_factory=dict)
    starts: Mapping[str, Starts] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)

    def beginning(self, name: str, prefix: str, *, limit: int) -> list[tuple[str, ResourceKey]]:
        """(beginning, resource) of those that begin so, the most used first."""
        starts = self.starts.get(name, Starts())
        first, last = bisect_left(starts.values, prefix), bisect_left(starts.values, prefix + _BEYOND)
        best = heapq.nsmallest(limit, zip(starts.ranks[first:last], starts.values[first:last], strict=True))
        return [(value, self.keys[rank]) for rank, value in best]


class MostUsed:
    """One a process, shared by threads."""

    def __init__(self) -> None:
        self._used = Used()
        self._until = 0.0
        self._reading = threading.Lock()

    def known(self, catalogue: Catalogue) -> Used:
        """At once; what was read more than KEPT_SECONDS ago is read anew behind the answer."""
        if time.monotonic() >= self._until and self._reading.acquire(blocking=False):
            self._until = time.monotonic() + KEPT_SECONDS
            threading.Thread(target=self._renew, args=(catalogue,), name="most-used", daemon=True).start()
        return self._used

    def read(self, catalogue: Catalogue) -> None:
        """Raises: Unavailable."""
        with catalogue.reading() as work:
            uses = dict(work.counters.most_used(MOST))
            ranks = {key: rank for rank, key in enumerate(uses)}
            starts = {}
            for name in (TITLE, WORD):
                found = sorted((value, ranks[key]) for value, key in work.terms.values(name, list(uses)))
                starts[name] = Starts([value for value, _ in found], [rank for _, rank in found])
            topics = work.terms.public_counts((CODED,))[CODED]
        self._used = Used(list(uses), uses, starts, topics)

    def _renew(self, catalogue: Catalogue) -> None:
        try:
            self.read(catalogue)
        except Exception as error:  # noqa: BLE001 - suggestions go on with what was known; only their order misses it
            log.warning("most-used-not-read", extra={"error": type(error).__name__})
        finally:
            self._reading.release()
