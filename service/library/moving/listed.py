"""Which objects a library's rows name, and the lists of them that stand beside its tables.

A list is in the order of its rows' keys, in every generation, so that two of
them are compared by walking both: no list stands in memory.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from service.library.moving import parts
from service.library.moving.format import Listing, Manifest
from service.ports import BLOBS, ObjectStore, blob_key

NAMES = (("blobs", "sha256", "sha256"), ("readings", "key", "document_key"))
"""(table, its key, the column that names an object). Derived objects are made anew and named nowhere."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An object. order: place of its table in `NAMES` and the key of its row. Empty sha256: not known before read."""

    order: tuple[int, Any]
    key: str
    sha256: str = ""
    size_bytes: int = 0

    @property
    def is_blob(self) -> bool:
        return self.key.startswith(f"{BLOBS}/")

    def as_row(self) -> dict[str, Any]:
        table, row = self.order
        return {
            "table": NAMES[table][0],
            "row": row,
            "key": self.key,
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
        }


def named(place: ObjectStore, tables: Mapping[str, Listing]) -> Iterator[Entry]:
    """What the rows that were just written name, in order."""
    for number, (table, key, column) in enumerate(NAMES):
        for row in parts.rows(place, tables[table]):
            name = row[column]
            if name is not None:
                order = (number, row[key])
                if table == "blobs":
                    yield Entry(order, blob_key(str(name)), str(name), _number(row["size_bytes"]))
                else:
                    yield Entry(order, str(name))


def entries(place: ObjectStore, manifest: Manifest) -> Iterator[Entry]:
    """The list of a generation. Raises: Damaged."""
    numbers = {table: number for number, (table, _, _) in enumerate(NAMES)}
    for row in parts.rows(place, manifest.objects):
        order = (numbers[str(row["table"])], row["row"])
        yield Entry(order, str(row["key"]), str(row["sha256"]), _number(row["size_bytes"]))


def _number(cell: Any) -> int:
    number: int = cell
    return number


def merged(place: ObjectStore, manifests: Iterable[Manifest]) -> Iterator[Entry]:
    """What any of these generations lists, each once, in order."""
    lists = [entries(place, manifest) for manifest in manifests]
    ordered = heapq.merge(*lists, key=lambda entry: (entry.order, entry.key, entry.sha256))
    for _, same in groupby(ordered, key=lambda entry: (entry.key, entry.sha256)):
        yield next(same)


class Known:
    """Asks a list, in order, whether it has an object; each question is after the one before."""

    def __init__(self, ordered: Iterator[Entry]) -> None:
        self._ordered = ordered
        self._next = next(ordered, None)

    def find(self, wanted: Entry) -> Entry | None:
        """The entry of this row if it names the same object."""
        while self._next is not None and self._next.order < wanted.order:
            self._next = next(self._ordered, None)
        found = self._next
        return found if found is not None and (found.order, found.key) == (wanted.order, wanted.key) else None
