"""Parts: rows as gzipped JSON lines under their own hash, written once and read back checked.

A table is cut after a number of rows, always at the same places, so that what
did not change between two backups is the same part and costs nothing again.
The hash is of the lines, not of the file: compressors differ between machines.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator

from service.errors import Damaged, ObjectDamaged, ObjectMissing
from service.library.moving.format import Listing, Part
from service.ports import ObjectStore, RowOfTable

PART_ROWS = 10_000
# A part stands in memory while it is written; long descriptions must not make it big.
PART_BYTES = 8 << 20
LEVEL = 6


class Writer:
    """Cuts what it is given into parts; `finish` gives the listing."""

    def __init__(self, place: ObjectStore, known: frozenset[str] = frozenset()) -> None:
        self._place = place
        self._known = known
        self._lines: list[bytes] = []
        self._bytes = 0
        self._parts: list[Part] = []

    def add(self, rows: Iterable[RowOfTable]) -> None:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            self._lines.append(line)
            self._bytes += len(line)
            if len(self._lines) >= PART_ROWS or self._bytes >= PART_BYTES:
                self._cut()

    def finish(self) -> Listing:
        if self._lines:
            self._cut()
        return Listing(sum(part.rows for part in self._parts), tuple(self._parts))

    def _cut(self) -> None:
        lines = b"".join(self._lines)
        part = Part(hashlib.sha256(lines).hexdigest(), len(self._lines), len(lines))
        if part.sha256 not in self._known and not self._place.exists(part.key):
            self._place.put(part.key, gzip.compress(lines, LEVEL, mtime=0))
        self._parts.append(part)
        self._lines, self._bytes = [], 0


def read(place: ObjectStore, part: Part) -> list[RowOfTable]:
    """The rows of a part. Raises: Damaged: it is not there, or not what was written."""
    try:
        lines = gzip.decompress(place.get(part.key))
    except (ObjectMissing, ObjectDamaged, OSError, EOFError, zlib.error) as error:
        raise Damaged(name=part.key) from error
    if hashlib.sha256(lines).hexdigest() != part.sha256:
        raise Damaged(name=part.key)
    return [json.loads(line) for line in lines.splitlines()]


def rows(place: ObjectStore, listing: Listing) -> Iterator[RowOfTable]:
    """All rows of a listing, a part in memory at a time. Raises: Damaged."""
    for part in listing.parts:
        yield from read(place, part)
