"""Readings of every stored object, and which objects were not what was stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from service.adapters.database.columns import now
from service.adapters.database.tables import BLOBS, FAULTS, FIXITY_RUNS, REFUSED
from service.adapters.database.transaction import Transaction, chunks
from service.model import BlobFault, Fault, FixityRun

_NEWEST = select(FIXITY_RUNS).order_by(FIXITY_RUNS.c.key.desc()).limit(1)


def _run_of(row: Row[Any] | None) -> FixityRun | None:
    if row is None:
        return None
    return FixityRun(
        row.key, row.started_at, row.finished_at, row.reached, row.objects, int(row.size_bytes), row.faults
    )


class Fixity:
    """The port `service.ports.Fixity`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def newest(self) -> FixityRun | None:
        return _run_of(self.transaction.one(_NEWEST))

    def finished(self) -> FixityRun | None:
        return _run_of(self.transaction.one(_NEWEST.where(FIXITY_RUNS.c.finished_at.is_not(None))))

    def begin(self) -> FixityRun:
        """Where one goes on already, that one: of two processes that begin at once the second finds the first's."""
        self.transaction.alone("fixity")
        run = self.newest()
        if run is not None and run.finished_at is None:
            return run
        fresh = {"started_at": now(), "finished_at": None, "reached": "", "objects": 0, "size_bytes": 0, "faults": 0}
        self.transaction.run(insert(FIXITY_RUNS).values(fresh))
        begun = self.newest()
        if begun is None:
            raise AssertionError
        return begun

    def save(self, run: FixityRun) -> None:
        self.transaction.run(
            update(FIXITY_RUNS)
            .where(FIXITY_RUNS.c.key == run.key)
            .values(
                finished_at=run.finished_at,
                reached=run.reached,
                objects=run.objects,
                size_bytes=run.size_bytes,
                faults=run.faults,
            )
        )

    def note(self, found: Mapping[str, Fault | None]) -> Sequence[str]:
        for chunk in chunks([sha256 for sha256, fault in found.items() if fault is None]):
            self.transaction.run(delete(FAULTS).where(FAULTS.c.sha256.in_(chunk)))
        wrong = sorted(sha256 for sha256, fault in found.items() if fault is not None)
        there = self._there(wrong)
        noted = {row.sha256 for chunk in chunks(there) for row in self._noted(chunk)}
        moment = now()
        for sha256 in there:
            self.transaction.run(
                self.transaction.insert(FAULTS)
                .values(sha256=sha256, fault=found[sha256], found_at=moment)
                .on_conflict_do_update(index_elements=["sha256"], set_={"fault": found[sha256]})
            )
        return [sha256 for sha256 in there if sha256 not in noted]

    def faults(self, limit: int) -> Sequence[BlobFault]:
        rows = self.transaction.all(select(FAULTS).order_by(FAULTS.c.sha256).limit(limit))
        return [BlobFault(row.sha256, row.fault, row.found_at) for row in rows]

    def numbers(self) -> Mapping[str, int]:
        rows = self.transaction.all(select(FAULTS.c.fault, func.count().label("number")).group_by(FAULTS.c.fault))
        return {row.fault: row.number for row in rows}

    def _noted(self, hashes: Sequence[str]) -> Sequence[Row[Any]]:
        return self.transaction.all(select(FAULTS.c.sha256).where(FAULTS.c.sha256.in_(hashes)))

    def _there(self, hashes: Sequence[str]) -> list[str]:
        """Those that the library still is to have."""
        found: set[str] = set()
        for chunk in chunks(hashes):
            gone = select(REFUSED.c.sha256).where(REFUSED.c.sha256 == BLOBS.c.sha256).exists()
            rows = self.transaction.all(select(BLOBS.c.sha256).where(BLOBS.c.sha256.in_(chunk), ~gone))
            found.update(row.sha256 for row in rows)
        return [sha256 for sha256 in hashes if sha256 in found]
