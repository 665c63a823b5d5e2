"""A worker: leases jobs, does them, acknowledges them; any number may run beside each other.

Lanes (`lanes.py`) run as threads of one process. A lane leases what it does
next and nothing else, so nothing waits here that another worker could take.

A heartbeat renews what is held; when the worker dies its leases run out and another one takes the jobs.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from service.errors import Unavailable
from service.library import (
    converting,
    fixity,
    lighter,
    lost,
    merging,
    pictures,
    process,
    projecting,
    sketches,
    vocabulary,
)
from service.library.ends import Ends, Record
from service.library.lanes import DRAWING, LANES, Lane, Lanes, Upkeep
from service.library.services import Services
from service.library.troubles import Troubles
from service.model import PRIORITY_PEOPLE, Job, JobKind
from service.ports import UnitOfWork
from service.telemetry.cause import caused_by
from service.telemetry.spell import Spell

log = logging.getLogger(__name__)

# How long an idle lane sleeps before it looks for work that another process queued.
IDLE_SECONDS = 0.02
# How often it looks without having seen a change: a dead worker's leases run out silently.
LOOK_SECONDS = 2.0
# An away engine is asked again after this long; the jobs keep their place and are not counted as failed.
AWAY_SECONDS = 2.0
# A batch command gives up, with its items safe, when an engine stays away this long.
PATIENCE_SECONDS = 10.0


class Sandbox(process.Reader, pictures.Illustrator, Protocol):
    """What reads and draws: `ingest.sandbox.Sandbox`."""


class Worker:
    """Runs lanes until `stop`; `lanes` chooses some (a batch command leaves pictures to others)."""

    def __init__(self, services: Services, sandbox: Sandbox, *, lanes: Lanes = LANES) -> None:
        self.services = services
        self.sandbox = sandbox
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.lease_seconds = services.settings.lease_seconds
        self._ends = Ends(services, self.name)
        self._stop = threading.Event()
        # The last lane has ended: nothing is held any more.
        self._at_rest = threading.Event()
        self._held: set[int] = set()
        # What could not be given back while the database was away.
        self._owed: set[int] = set()
        self._looking_around = threading.Lock()
        self._looked_around = False
        self._due: dict[Upkeep, float] = {}
        self._lock = threading.Lock()
        self._troubles = Troubles()
        # Kinds of which the last batch was full: more of them wait.
        self._behind: frozenset[JobKind] = frozenset()
        self._pulse = threading.Thread(target=self._heartbeat, name="heartbeat", daemon=True)
        self._threads = [*map(self._thread, lanes)]

    def _thread(self, lane: Lane) -> threading.Thread:
        return threading.Thread(target=self._run, args=(lane,), name="/".join(lane.kinds), daemon=True)

    def start(self) -> None:
        self._pulse.start()
        for thread in self._threads:
            thread.start()

    def take_on(self, lanes: Lanes) -> None:
        """More lanes for a worker that runs."""
        for thread in map(self._thread, lanes):
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Finish what is being done, give back the rest."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        # What was still being done kept its leases until now: a long file is read to its end.
        self._at_rest.set()
        self._pulse.join()
        try:
            self._give_back()
        except Unavailable as error:
            # Their leases run out.
            log.warning("not-given-back", extra={"code": error.code, "jobs": len(self._owed)})

    def wait(self, seconds: float) -> bool:
        """Sleep; True when the worker was told to stop."""
        return self._stop.wait(seconds)

    def healthy(self) -> bool:
        """False when a lane has ended without being told to."""
        return self._stop.is_set() or all(thread.is_alive() for thread in (self._pulse, *self._threads))

    def able(self) -> bool:
        """`healthy`, for a command that cannot wait until somebody makes room.

        Raises: StorageFull: at once; another Unavailable: when one lane has met it for PATIENCE_SECONDS.
        """
        self._troubles.heed(PATIENCE_SECONDS)
        return self.healthy()

    def _run(self, lane: Lane) -> None:
        seen, looked = -1, 0.0
        away = Spell(log, "away")
        while not self._stop.is_set():
            try:
                if lane in DRAWING:
                    self._look_around()
                self._see_to(lane.upkeep)
                if self._behind.intersection(lane.after):
                    self._troubles.over()
                    self._stop.wait(IDLE_SECONDS)
                    continue
                changes = self.services.catalogue.changes()
                # Leases of the dead run out without anybody committing: look anyway now and then.
                if changes == seen and time.monotonic() - looked < LOOK_SECONDS:
                    self._stop.wait(IDLE_SECONDS)
                    continue
                seen, looked = changes, time.monotonic()
                jobs = self._lease(lane)
                self._tell(lane, behind=len(jobs) == lane.limit)
                if jobs:
                    seen = -1
                    self._troubles.tries()
                    self._do(jobs)
                self._troubles.over()
                away.over()
                if 0 < len(jobs) < lane.limit:
                    self._stop.wait(max(0.0, looked + lane.every_seconds - time.monotonic()))
            except Unavailable as error:
                self._tell(lane, behind=False)
                if self._stop.is_set():
                    break
                away.tell(lane="/".join(lane.kinds), code=error.code, **error.parameters)
                self._troubles.met(error)
                self._stop.wait(AWAY_SECONDS)

    def _tell(self, lane: Lane, *, behind: bool) -> None:
        with self._lock:
            self._behind = self._behind | {*lane.kinds} if behind else self._behind - {*lane.kinds}

    def _look_around(self) -> None:
        """Once, before the first picture."""
        with self._looking_around:
            if not self._looked_around:
                converting.look_around(self.services)
                self._looked_around = True

    def _see_to(self, upkeep: Sequence[Upkeep]) -> None:
        for one in upkeep:
            if time.monotonic() >= self._due.get(one, 0.0):
                one.act(self.services)
                self._due[one] = time.monotonic() + one.every_seconds

    def _lease(self, lane: Lane) -> Sequence[Job]:
        self._give_back()

        def act(work: UnitOfWork) -> Sequence[Job]:
            jobs = work.jobs.lease(
                lane.kinds, worker=self.name, limit=lane.limit, seconds=self.lease_seconds, priority=lane.priority
            )
            if jobs:
                # Whatever follows is done with the terms that hold by now.
                self.services.living.of(work)
            return jobs

        jobs = self.services.catalogue.write(act)
        with self._lock:
            self._held.update(job.id for job in jobs)
        return jobs

    def _give_back(self) -> None:
        """What was not finished because a part is away; where that is the database, with the next lease."""
        with self._lock:
            owed = list(self._owed)
        if owed:
            self.services.catalogue.write(lambda work: work.jobs.release(owed, worker=self.name))
            with self._lock:
                self._owed.difference_update(owed)

    def _do(self, jobs: Sequence[Job]) -> None:
        try:
            if jobs[0].kind == "index":
                projecting.index(self.services, self._ends, jobs)
            elif jobs[0].kind == "render":
                projecting.render(self.services, self._ends, jobs)
            else:
                self._one_by_one(jobs)
        except Unavailable:
            with self._lock:
                self._owed.update(job.id for job in jobs)
            self._give_back()
            raise
        finally:
            with self._lock:
                self._held.difference_update(job.id for job in jobs)

    def _one_by_one(self, jobs: Sequence[Job]) -> None:
        """In order; of pictures those first that somebody waits for, before the batch of the others begins."""
        rest = [job for job in jobs if job.kind == "illustrate" and job.priority > PRIORITY_PEOPLE]
        for job in jobs:
            if job in rest[:1]:
                pictures.prepare(self.services, self.sandbox, rest)
            self._one(job)

    def _one(self, job: Job) -> None:
        services, stop = self.services, self._stop
        match job.kind:
            case "illustrate":
                self._attempt(job, lambda: pictures.illustrate(services, self.sandbox, job))
            case "relist":
                self._attempt(job, lambda: vocabulary.relist(services, job))
            case "fixity":
                self._attempt(job, lambda: fixity.check(services, stop))
            case "sketch":
                self._attempt(job, lambda: sketches.renew(services, job))
            case "merge":
                self._attempt(job, lambda: merging.carry_out(services, job, stop))
            case "lighten":
                self._attempt(job, lambda: lighter.lighten(services, job, stop, process.lengths))
            case _:
                self._attempt(job, lambda: process.process(services, self.sandbox, job))

    def _attempt(self, job: Job, act: Callable[[], Record | None]) -> None:
        """What it came to is recorded together with the job's end: no death comes between, and no effect twice."""
        began = time.monotonic()
        # What follows from it (an index job, a thumbnail) has the same cause.
        with caused_by(job.cause):
            try:
                self._ends.done([job], act())
            except lost.LOST as error:
                # Its own, and nobody else's: the lane goes on.
                lost.one_of_many(self.services.objects)
                self._ends.failed(job, error)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - a poisoned item is counted and set aside, the worker lives
                self._ends.failed(job, error)
            else:
                told = {"job": job.id, "kind": job.kind, "subject": job.subject}
                log.info("job-done", extra={**told, "seconds": round(time.monotonic() - began, 3)})

    def _renew(self, ids: Sequence[int]) -> None:
        self.services.catalogue.write(lambda work: work.jobs.renew(ids, worker=self.name, seconds=self.lease_seconds))

    def _heartbeat(self) -> None:
        away = Spell(log, "away")
        while not self._at_rest.wait(self.lease_seconds / 3):
            with self._lock:
                held = list(self._held)
            if held:
                try:
                    self._renew(held)
                    away.over()
                except Unavailable as error:
                    away.tell(lane="heartbeat", code=error.code, **error.parameters)
