"""How jobs of a worker end: done, or failed with a reason that their owner can read."""

import logging
from collections.abc import Callable, Sequence

from ingest.errors import IngestError
from service.errors import LibraryError
from service.library.services import Services
from service.model import Job
from service.ports import UnitOfWork
from service.telemetry import metrics

log = logging.getLogger(__name__)

Record = Callable[[UnitOfWork, bool], None]
"""Writes what a job came to, where its lease still is the worker's; where it is not, it only clears up."""


class Ends:
    """worker: whose leases they are. Raises: Unavailable: the database is away, and the job has not ended."""

    def __init__(self, services: Services, worker: str) -> None:
        self.services = services
        self.worker = worker

    def done(self, jobs: Sequence[Job], record: Record | None = None) -> None:
        def act(work: UnitOfWork) -> None:
            held = work.jobs.done([job.id for job in jobs], worker=self.worker)
            if record is not None:
                # A lease that is somebody else's by now: then the effect is, too.
                record(work, bool(held))

        self.services.catalogue.write(act)
        metrics.finished(jobs[0].kind, "done", len(jobs))

    def failed(self, job: Job, error: Exception, *, final: bool = False) -> None:
        """Count it, or set it aside at once."""
        known = isinstance(error, LibraryError | IngestError)
        reason = error.code if isinstance(error, LibraryError | IngestError) else "work-failed"
        parameters = dict(error.parameters) if isinstance(error, LibraryError | IngestError) else {}
        log.error(
            "job-failed",
            extra={"job": job.id, "kind": job.kind, "subject": job.subject, "reason": reason},
            exc_info=None if known else error,
        )
        self.services.catalogue.write(
            lambda work: work.jobs.fail(job.id, worker=self.worker, reason=reason, parameters=parameters, final=final)
        )
        metrics.finished(job.kind, "failed")
