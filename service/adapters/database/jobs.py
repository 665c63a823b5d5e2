"""The lease table: work that commits with its cause, and comes back when a worker dies.

    queued ──lease──> leased ──done──> (gone)
      ^                 │ fail: 3rd time, or final ──> failed ──retry──> queued
      └── fail, release, lease ran out ┘ lost 20 times ──> failed

A queued job of a (kind, subject) is never doubled: whatever comes back to the
queue melts into the one that waits there. A job whose twin is leased waits
until that one is done, so that two workers never do the same thing at once.
"""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Integer,
    Row,
    Table,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)

from service.adapters.database.columns import now
from service.adapters.database.tables import JOBS
from service.adapters.database.transaction import Transaction, chunks
from service.errors import NotFound
from service.model import Job, JobKind
from service.telemetry.cause import cause

FAILURES_LIMIT = 3
LOSSES_LIMIT = 20
LOST_TOO_OFTEN = "lost-too-often"

_IDLE = {"worker": None, "leased_until": None}

# Built once: every file that goes in runs each of them a few times.
_TWIN = JOBS.alias("twin")
_QUEUED = (
    select(JOBS.c.priority, JOBS.c.id)
    .where(
        JOBS.c.state == "queued",
        JOBS.c.kind == bindparam("meant"),
        JOBS.c.subject.not_in(
            select(_TWIN.c.subject).where(_TWIN.c.kind == bindparam("meant"), _TWIN.c.state == "leased")
        ),
    )
    .order_by(JOBS.c.priority, JOBS.c.id)
    .limit(bindparam("most", type_=Integer))
    # Nothing on SQLite, where one transaction writes at a time.
    .with_for_update(skip_locked=True, of=JOBS)
)
_QUEUED_SOON = _QUEUED.where(JOBS.c.priority <= bindparam("soon"))
_MEANT: BindParameter[Any] = bindparam("ids", expanding=True)
_LEASE = update(JOBS).where(JOBS.c.id.in_(_MEANT)).returning(JOBS)
_HELD = JOBS.c.state == "leased", JOBS.c.worker == bindparam("holder")
_DONE = delete(JOBS).where(JOBS.c.id.in_(_MEANT), *_HELD).returning(JOBS.c.kind, JOBS.c.subject)
_PAIRS: BindParameter[Any] = bindparam("pairs", expanding=True)
_FORGET_FAILED = delete(JOBS).where(JOBS.c.state == "failed", tuple_(JOBS.c.kind, JOBS.c.subject).in_(_PAIRS))
_LOST = (
    select(JOBS)
    .where(JOBS.c.state == "leased", JOBS.c.leased_until <= bindparam("moment"))
    .with_for_update(skip_locked=True)
)
_WAITING = (
    select(JOBS)
    .where(JOBS.c.kind == bindparam("meant"), JOBS.c.subject.in_(bindparam("subjects", expanding=True)))
    .order_by(case((JOBS.c.state == "leased", 2), (JOBS.c.state == "queued", 1), else_=0), JOBS.c.id)
)


def _job_of(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        priority=row.priority,
        state=row.state,
        failures=row.failures,
        losses=row.losses,
        reason=row.reason,
        reason_parameters=row.reason_parameters,
        leased_until=row.leased_until,
        cause=row.cause or "",
    )


class Jobs:
    """The port `service.ports.Jobs`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def add(self, kind: JobKind, subject: str, *, priority: int) -> None:
        self.add_all(kind, [subject], priority=priority)

    def add_all(self, kind: JobKind, subjects: Collection[str], *, priority: int) -> None:
        if not subjects:
            return
        self.transaction.freed = True
        row: dict[str, Any] = {
            "kind": kind,
            "priority": priority,
            "state": "queued",
            "failures": 0,
            "losses": 0,
            "reason": "",
            "reason_parameters": {},
            "created_at": now(),
            "cause": cause() or None,
        }
        # Whoever queues the same ones meanwhile takes their rows in the same order.
        self.transaction.insert_all(
            _adding(self.transaction.insert), [{**row, "subject": subject} for subject in sorted(subjects)]
        )

    def lease(
        self, kinds: Collection[JobKind], *, worker: str, limit: int, seconds: float, priority: int | None = None
    ) -> Sequence[Job]:
        """Soonest first: by priority, then by age."""
        self._take_back()
        heads: list[tuple[int, int]] = []
        queued, soon = (_QUEUED, {}) if priority is None else (_QUEUED_SOON, {"soon": priority})
        # One query a kind walks the index in order; all kinds in one would sort the whole queue each time.
        for kind in kinds:
            rows = self.transaction.all(queued, {"meant": kind, "most": limit, **soon})
            heads += ((row.priority, row.id) for row in rows)
        ids = [identifier for _, identifier in sorted(heads)[:limit]]
        if not ids:
            return []
        until = now() + datetime.timedelta(seconds=seconds)
        leased = self.transaction.all(_LEASE, {"ids": ids, "state": "leased", "worker": worker, "leased_until": until})
        return sorted((_job_of(row) for row in leased), key=lambda job: (job.priority, job.id))

    def renew(self, ids: Collection[int], *, worker: str, seconds: float) -> None:
        """Leases that are lost already stay lost."""
        until = now() + datetime.timedelta(seconds=seconds)
        for chunk in chunks(ids):
            self.transaction.run(update(JOBS).where(JOBS.c.id.in_(chunk), *_held(worker)).values(leased_until=until))

    def done(self, ids: Collection[int], *, worker: str) -> int:
        """Earlier failures of the same (kind, subject) go too: what failed then has been done now."""
        held = 0
        for chunk in chunks(ids):
            rows = self.transaction.all(_DONE, {"ids": chunk, "holder": worker})
            self._forget_failed({(row.kind, row.subject) for row in rows})
            # The same thing, queued again meanwhile, has waited for this.
            self.transaction.freed |= bool(rows)
            held += len(rows)
        return held

    def fail(self, job_id: int, *, worker: str, reason: str, parameters: Mapping[str, str | int], final: bool) -> None:
        """Nothing happens where the lease is not this worker's any more: somebody else is at it."""
        row = self.transaction.one(select(JOBS).where(JOBS.c.id == job_id, *_held(worker)).with_for_update())
        if row is None:
            return
        failures = row.failures + 1
        said = {"failures": failures, "reason": reason, "reason_parameters": dict(parameters)}
        if final or failures >= FAILURES_LIMIT:
            self._set_failed(row, said)
        else:
            self._requeue(row, said)

    def release(self, ids: Collection[int], *, worker: str) -> None:
        for chunk in chunks(ids):
            for row in self.transaction.all(select(JOBS).where(JOBS.c.id.in_(chunk), *_held(worker)).with_for_update()):
                self._requeue(row, {})

    def waiting(self, kind: JobKind, subjects: Collection[str]) -> Mapping[str, Job]:
        """By subject; of several the one that is being done, then the one that waits, then the last that failed."""
        found: dict[str, Job] = {}
        for chunk in chunks(subjects):
            rows = self.transaction.all(_WAITING, {"meant": kind, "subjects": chunk})
            found.update({row.subject: _job_of(row) for row in rows})
        return found

    def numbers(self) -> Mapping[tuple[str, str], int]:
        rows = self.transaction.all(
            select(JOBS.c.kind, JOBS.c.state, func.count().label("number")).group_by(JOBS.c.kind, JOBS.c.state)
        )
        return {(row.kind, row.state): row.number for row in rows}

    def oldest(self) -> Mapping[str, datetime.datetime]:
        rows = self.transaction.all(
            select(JOBS.c.kind, func.min(JOBS.c.created_at).label("since"))
            .where(JOBS.c.state != "failed")
            .group_by(JOBS.c.kind)
        )
        return {row.kind: row.since for row in rows}

    def failed(self, limit: int) -> Sequence[Job]:
        """Newest first."""
        rows = self.transaction.all(
            select(JOBS).where(JOBS.c.state == "failed").order_by(JOBS.c.id.desc()).limit(limit)
        )
        return [_job_of(row) for row in rows]

    def cancel(self, resource_id: str) -> None:
        mine = or_(JOBS.c.subject == resource_id, JOBS.c.subject.startswith(f"{resource_id}/", autoescape=True))
        self.transaction.run(delete(JOBS).where(mine, JOBS.c.state != "leased"))

    def retry(self, job_id: int) -> None:
        """Queue a failed one afresh, its counts at nought. Raises: NotFound: no failed job has this number."""
        row = self.transaction.one(select(JOBS).where(JOBS.c.id == job_id, JOBS.c.state == "failed").with_for_update())
        if row is None:
            raise NotFound(job=job_id)
        self.transaction.run(delete(JOBS).where(JOBS.c.id == job_id))
        self.add(row.kind, row.subject, priority=row.priority)

    def _take_back(self) -> None:
        """Leases that ran out: their worker is dead, or as good as dead."""
        for row in self.transaction.all(_LOST, {"moment": now()}):
            losses = row.losses + 1
            if losses >= LOSSES_LIMIT:
                self._set_failed(row, {"losses": losses, "reason": LOST_TOO_OFTEN, "reason_parameters": {}})
            else:
                self._requeue(row, {"losses": losses})

    def _requeue(self, row: Row[Any], changes: Mapping[str, Any]) -> None:
        """Back to the queue; into the one that waits there, which takes over priority and counts."""
        self.transaction.freed = True
        self.transaction.run(delete(JOBS).where(JOBS.c.id == row.id))
        # One statement finds out whether one waits: it may have come since the last look (PostgreSQL).
        self.transaction.run(
            _returning(self.transaction.insert), [{**row._asdict(), "state": "queued", **_IDLE, **changes}]
        )

    def _set_failed(self, row: Row[Any], changes: Mapping[str, Any]) -> None:
        """For good; the row of an earlier failure of the same thing makes way."""
        self.transaction.freed = True
        self._forget_failed({(row.kind, row.subject)})
        self.transaction.run(update(JOBS).where(JOBS.c.id == row.id).values(state="failed", **_IDLE, **changes))

    def _forget_failed(self, pairs: Collection[tuple[str, str]]) -> None:
        if pairs:
            self.transaction.run(_FORGET_FAILED, {"pairs": sorted(pairs)})


def _held(worker: str) -> tuple[Any, Any]:
    return JOBS.c.state == "leased", JOBS.c.worker == worker


@cache
def _adding(insert: Callable[[Table], Any]) -> Any:
    """The statement that adds or merges, built once: a batch runs it a hundred thousand times."""
    statement = insert(JOBS)
    sooner = case((statement.excluded.priority < JOBS.c.priority, statement.excluded.priority), else_=JOBS.c.priority)
    return statement.on_conflict_do_update(
        index_elements=["kind", "subject"], index_where=text("state = 'queued'"), set_={"priority": sooner}
    )


@cache
def _returning(insert: Callable[[Table], Any]) -> Any:
    """The statement that puts a job back under its own number, or melts it into the one that waits."""
    statement = insert(JOBS)
    back = statement.excluded

    def greater(name: str) -> Any:
        return case((back[name] > JOBS.c[name], back[name]), else_=JOBS.c[name])

    return statement.on_conflict_do_update(
        index_elements=["kind", "subject"],
        index_where=text("state = 'queued'"),
        set_={
            "priority": case((back.priority < JOBS.c.priority, back.priority), else_=JOBS.c.priority),
            "failures": greater("failures"),
            "losses": greater("losses"),
            "reason": back.reason,
            "reason_parameters": back.reason_parameters,
        },
    )
