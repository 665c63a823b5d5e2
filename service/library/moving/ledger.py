"""The ledger of purges: what was removed for good, kept beside the backups so that a restore removes it again.

`hoclieu purge` writes a record into the place that HOCLIEU_BACKUP_URL names,
and takes the bytes and texts out of it; every later backup or export into any
place does the same for all purges that the library knows.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

from service.errors import Damaged, ObjectDamaged
from service.library.moving.format import PURGES, to_bytes
from service.library.purge import Record
from service.ports import BLOBS, ObjectStore, blob_key


class Gone:
    """Whether an object belongs to what was purged."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.hashes = frozenset(sha256 for record in records for sha256 in record.hashes)
        self.bundles = frozenset(bundle for record in records for bundle in record.bundles)

    def has(self, key: str) -> bool:
        room, name, *_ = key.split("/")
        return name in (self.hashes if room == BLOBS else self.bundles)


def apply_to_place(place: ObjectStore, record: Record) -> None:
    """Write it down there and take out what it names. Idempotent."""
    key = f"{PURGES}/{record.resource}.json"
    if not place.exists(key):
        place.put(key, to_bytes(asdict(record)))
    for sha256 in record.hashes:
        place.remove(blob_key(sha256))
    for bundle in record.bundles:
        for document in list(place.keys(f"documents/{bundle}/")):
            place.remove(document)


def of_place(place: ObjectStore) -> list[Record]:
    """The ledger, by id. Raises: Damaged."""
    found = []
    for key in sorted(place.keys(f"{PURGES}/")):
        try:
            data = json.loads(place.get(key))
            found.append(
                Record(data["resource"], tuple(data["hashes"]), tuple(data["bundles"]), data["reason"], data["at"])
            )
        except (ObjectDamaged, ValueError, KeyError, TypeError) as error:
            raise Damaged(name=key) from error
    return found
