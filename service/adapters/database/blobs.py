"""Rows for stored objects, so that a sweep knows what nothing points to, and the hashes that may not come back."""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, delete, func, select

from service.adapters.database.columns import now
from service.adapters.database.tables import (
    BLOBS,
    FAULTS,
    FILES,
    REFUSED,
)
from service.adapters.database.transaction import Transaction, chunks
from service.errors import Conflict, Purged

_POINTED = select(FILES.c.number).where(FILES.c.sha256 == BLOBS.c.sha256).exists()


class Blobs:
    """The port `service.ports.Blobs`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def add(self, sha256: str, size_bytes: int) -> None:
        """Idempotent; bytes that are offered again wait anew before a sweep may take them."""
        self._alone(sha256)
        if self.transaction.one(select(REFUSED.c.sha256).where(REFUSED.c.sha256 == sha256)) is not None:
            raise Purged(sha256=sha256)
        moment = now()
        self.transaction.run(
            self.transaction.insert(BLOBS)
            .values(sha256=sha256, size_bytes=size_bytes, offered_at=moment)
            .on_conflict_do_update(index_elements=["sha256"], set_={"offered_at": moment})
        )

    def add_all(self, sizes: Mapping[str, int]) -> frozenset[str]:
        if not sizes:
            return frozenset()
        self.transaction.alone(*(_turn(sha256) for sha256 in sorted(sizes)))
        refused, moment = self.refused(sizes), now()
        rows = [
            {"sha256": sha256, "size_bytes": size, "offered_at": moment}
            for sha256, size in sorted(sizes.items())
            if sha256 not in refused
        ]
        self.transaction.insert_all(_offering(self.transaction.insert), rows)
        return refused

    def refuse(self, sha256: str) -> None:
        """Idempotent; holds for hashes that never were here too (applied again after a restore)."""
        self._alone(sha256)
        # What may not be here is not missed.
        self.transaction.run(delete(FAULTS).where(FAULTS.c.sha256 == sha256))
        self.transaction.run(
            self.transaction.insert(REFUSED)
            .values(sha256=sha256, refused_at=now())
            .on_conflict_do_nothing(index_elements=["sha256"])
        )

    def refused(self, hashes: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        for chunk in chunks(hashes):
            rows = self.transaction.all(select(REFUSED.c.sha256).where(REFUSED.c.sha256.in_(chunk)))
            found.update(row.sha256 for row in rows)
        return frozenset(found)

    def unreferenced(self, before: datetime.datetime, limit: int, *, after: str = "") -> Sequence[str]:
        rows = self.transaction.all(
            select(BLOBS.c.sha256)
            .where(BLOBS.c.sha256 > after, BLOBS.c.offered_at < before, ~_POINTED)
            .order_by(BLOBS.c.sha256)
            .limit(limit)
        )
        return [row.sha256 for row in rows]

    def remove(self, sha256: str) -> None:
        """Forget it, and what was found wrong with it. Raises: Conflict: a file points to it."""
        self._alone(sha256)
        if self.transaction.one(select(FILES.c.number).where(FILES.c.sha256 == sha256).limit(1)) is not None:
            raise Conflict(sha256=sha256)
        self.transaction.run(delete(FAULTS).where(FAULTS.c.sha256 == sha256))
        self.transaction.run(delete(BLOBS).where(BLOBS.c.sha256 == sha256))

    def known(self, hashes: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        for chunk in chunks(hashes):
            rows = self.transaction.all(select(BLOBS.c.sha256).where(BLOBS.c.sha256.in_(chunk)))
            found.update(row.sha256 for row in rows)
        return frozenset(found)

    def after(self, sha256: str, limit: int) -> Sequence[tuple[str, int]]:
        purged = select(REFUSED.c.sha256).where(REFUSED.c.sha256 == BLOBS.c.sha256).exists()
        rows = self.transaction.all(
            select(BLOBS.c.sha256, BLOBS.c.size_bytes)
            .where(BLOBS.c.sha256 > sha256, _POINTED, ~purged)
            .order_by(BLOBS.c.sha256)
            .limit(limit)
        )
        return [(row.sha256, int(row.size_bytes)) for row in rows]

    def _alone(self, sha256: str) -> None:
        """Offering, refusing and removing the same bytes take turns, whether or not a row is there yet."""
        self.transaction.alone(_turn(sha256))

    def oldest(self) -> datetime.datetime | None:
        row = self.transaction.one(select(func.min(BLOBS.c.offered_at).label("at")))
        return None if row is None else row.at

    def total(self) -> tuple[int, int]:
        asked = select(func.count().label("number"), func.sum(BLOBS.c.size_bytes).label("size")).select_from(BLOBS)
        row = self.transaction.one(asked)
        # Of nothing the sum is null.
        return (row.number, int(row.size or 0)) if row is not None else (0, 0)


@cache
def _offering(insert: Callable[[Table], Any]) -> Any:
    statement = insert(BLOBS)
    offered = {"offered_at": statement.excluded.offered_at}
    return statement.on_conflict_do_update(index_elements=["sha256"], set_=offered)


def _turn(sha256: str) -> str:
    return f"blob {sha256}"
