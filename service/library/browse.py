"""Browse what everybody may see without the search engine: lists and counts from the catalogue's term table.

For while the index is away. A list goes from the newest resource to the
oldest by identity, so that it neither repeats nor skips anything while others
come and go; where the next page begins is said by the last one's public id.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.library import discover
from service.library.services import Services
from service.library.views import FacetCount, Item

FACETS = ("subject", "grade", "type")
"""What is offered to browse by."""
# Counting walks over all terms; a crowd that meets an engine that is away shares what was counted a moment ago.
KEPT_SECONDS = 30.0
# What is withdrawn is to be gone at once; sixty people a second who are told so share what one list costs.
SHOWN_SECONDS = 3.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Browsed:
    """A page of a list. total: resources in the whole list; following: begins the next page, "" at the end."""

    items: tuple[Item, ...]
    total: int
    following: str


class Lately(Generic[T]):
    """What was made a moment ago, shared by the threads of a process."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._made: dict[str, tuple[float, T]] = {}

    def of(self, key: str, make: Callable[[], T]) -> T:
        """Raises: what `make` raises; then the next one makes it."""
        with self._lock:
            at, made = self._made.get(key, (0.0, None))
            if made is None or time.monotonic() - at > self._seconds:
                made = make()
                self._made[key] = (time.monotonic(), made)
            return made


class Shared:
    """What a crowd that meets an engine that is away needs each time; one a process."""

    def __init__(self) -> None:
        self._counts = Lately[Mapping[str, Mapping[str, int]]](KEPT_SECONDS)
        self.lists = Lately[str](SHOWN_SECONDS)
        """Language -> the list of everything, as it is shown."""

    def counts(self, services: Services) -> Mapping[str, Mapping[str, int]]:
        """Facet -> code -> how many, at most KEPT_SECONDS old. Raises: Unavailable."""

        def count() -> Mapping[str, Mapping[str, int]]:
            with services.catalogue.reading() as work:
                return work.terms.public_counts(FACETS)

        return self._counts.of("", count)


def facets(
    services: Services, counts: Mapping[str, Mapping[str, int]], chosen: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[FacetCount, ...]]:
    """Counts as facets, each of the whole library, most first."""
    return {
        name: tuple(
            FacetCount(value=code, label="", count=count, parent=_parent(services, name, code), chosen=code in chosen)
            for code, count in sorted(counts[name].items(), key=lambda row: (-row[1], row[0]))
        )
        for name, chosen in ((name, chosen.get(name, ())) for name in FACETS)
    }


def _parent(services: Services, name: str, code: str) -> str | None:
    term = services.vocabularies.get(name, code)
    return term.parent if term else None


def listing(services: Services, filters: Mapping[str, tuple[str, ...]], *, before: str, size: int) -> Browsed:
    """Public resources that have one of the codes of each filter, newest first.

    before: public id of the last one shown; one that names nothing begins at the beginning. Raises: Unavailable.
    """
    with services.catalogue.reading() as work:
        last = work.resources.get(before) if before else None
        keys = work.terms.public(filters, before=last.key if last else None, limit=size + 1)
        total = work.terms.public_total(filters)
    items = discover.shown(services, keys[:size])
    following = ""
    if len(keys) > size:
        with services.catalogue.reading() as work:
            found = work.resources.by_key(keys[size - 1])
        following = found.id if found else ""
    return Browsed(items, total, following)
