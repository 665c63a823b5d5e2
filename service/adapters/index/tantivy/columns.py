"""What is counted and sorted by, in memory: one row a resource, as numpy columns.

Built from the resources' documents whenever a reader sees a new commit. Facets
are flat pairs (row, code), so a count over 100,000 matches is one `bincount`;
20,000 resources with ten codes each take about 8 MB, 20 ms to build again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy

from service.adapters.index.tantivy.schema import RESOURCE, numbers, read_stored
from service.model import Audience

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
AUDIENCE = "audience"
_NUMBERS = ("rid", "version", "day", "used", "stamp")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a resource's stored JSON says, kept from one build to the next while its stamp is the same."""

    stamp: int
    id: str
    codes: tuple[int, ...]


class Codes:
    """Every (facet, code) seen so far has a number; numbers stay, so entries can be kept."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._by_facet: dict[str, list[tuple[str, int]]] = {}

    def number(self, facet: str, code: str) -> int:
        """Numbers are given while columns are built, by one thread at a time."""
        if (facet, code) not in self._numbers:
            self._numbers[facet, code] = len(self._numbers)
            self._by_facet.setdefault(facet, []).append((code, self._numbers[facet, code]))
        return self._numbers[facet, code]

    def of(self, facet: str) -> list[tuple[str, int]]:
        """Codes of a facet with their numbers."""
        return list(self._by_facet.get(facet, ()))

    def wanted(self, facet: str, codes: Iterable[str]) -> list[int]:
        """Numbers of those codes that exist."""
        return [number for code in codes if (number := self._numbers.get((facet, code))) is not None]

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass(frozen=True)
class Columns:
    """Rows by resource key, ascending."""

    keys: Rows
    versions: Rows
    days: Rows
    used: Rows
    entries: Mapping[int, Entry]
    codes: Codes
    pair_rows: Rows
    pair_codes: Rows
    # Filled as they are asked for: a snapshot is asked by few different eyes.
    audiences: dict[Audience, Mask] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, keys: Rows) -> Rows:
        """Rows of keys that are all here."""
        return np.searchsorted(self.keys, keys)

    def all(self) -> Mask:
        return np.ones(len(self), bool)

    def mask(self, rows: Rows) -> Mask:
        chosen = np.zeros(len(self), bool)
        chosen[rows] = True
        return chosen

    def holding(self, facet: str, codes: Iterable[str]) -> Mask:
        """Resources with one of these codes."""
        wanted = self.codes.wanted(facet, codes)
        return self.mask(self.pair_rows[np.isin(self.pair_codes, wanted)])

    def for_audience(self, audience: Audience) -> Mask:
        if audience not in self.audiences:
            mask = self.all() if audience.everything else self.holding(AUDIENCE, audiences(audience))
            self.audiences[audience] = mask
        return self.audiences[audience]

    def counts(self, chosen: Mask) -> Rows:
        """How many of the chosen resources have each code, by code number."""
        return np.bincount(self.pair_codes[chosen[self.pair_rows]], minlength=len(self.codes))

    def newest(self, rows: Rows) -> Rows:
        return rows[np.lexsort((-self.keys[rows], -self.days[rows]))]

    def most_used(self, rows: Rows) -> Rows:
        return rows[np.lexsort((-self.keys[rows], -self.days[rows], -self.used[rows]))]


def audiences(audience: Audience) -> list[str]:
    """Values of the audience facet that these eyes may see."""
    seen = ["public"]
    if audience.signed_in:
        seen.append("signed-in")
    return seen + [f"organisation:{code}" for code in sorted(audience.organisations)]


def build(searcher: tantivy.Searcher, schema: tantivy.Schema, before: Columns | None) -> Columns:
    """Columns of what a searcher sees; `before` saves fetching what has not changed."""
    query = tantivy.Query.term_query(schema, "kind", RESOURCE)
    found = [address for _, address in searcher.search(query, max(searcher.num_docs, 1), count=False).hits]
    values = {name: numbers(searcher, name, found) for name in _NUMBERS}
    codes = before.codes if before else Codes()
    entries: dict[int, Entry] = {}
    for key, stamp, address in zip(values["rid"], values["stamp"], found, strict=True):
        kept = before.entries.get(key) if before else None
        entries[key] = kept if kept and kept.stamp == stamp else _entry(stamp, read_stored(searcher, address), codes)
    keys = np.array(values["rid"], np.int64)
    order = np.argsort(keys)
    lengths = [len(entries[key].codes) for key in keys[order].tolist()]
    return Columns(
        keys=keys[order],
        versions=np.array(values["version"], np.int64)[order],
        days=np.array(values["day"], np.int64)[order],
        used=np.array(values["used"], np.int64)[order],
        entries=entries,
        codes=codes,
        pair_rows=np.repeat(np.arange(len(lengths)), lengths),
        pair_codes=np.array([code for key in keys[order].tolist() for code in entries[key].codes], np.int64),
    )


def _entry(stamp: int, stored: Mapping[str, Any], codes: Codes) -> Entry:
    held = [codes.number(name, code) for name, values in stored["facets"].items() for code in values]
    return Entry(stamp, stored["id"], (*held, codes.number(AUDIENCE, stored["audience"])))
