"""Do `index` and `render` jobs in batches: what is told of the catalogue outside, to readers and to harvesters."""

import logging
import time
from collections.abc import Sequence

from service.errors import DocumentRefused, Unavailable
from service.library import lost, project, rendering
from service.library.ends import Ends
from service.library.services import Services
from service.model import Job
from service.telemetry.cause import caused_by

log = logging.getLogger(__name__)

# Causes told in the line of a batch; whoever needs all of them finds the jobs' own.
CAUSES_TOLD = 10
# Of an engine's reason, which stands in the job's row.
CAUSE_CHARACTERS = 300


def index(services: Services, ends: Ends, jobs: Sequence[Job]) -> None:
    """A batch at once; when it fails, one by one, so that a poisoned item never blocks the others.

    Raises: Unavailable: a part is away, and the jobs wait.
    """
    began = time.monotonic()
    try:
        refused = project.write(services, [job.subject for job in jobs])
    except Exception as error:
        if isinstance(error, lost.LOST):
            lost.one_of_many(services.objects)
        elif isinstance(error, Unavailable):
            raise
        if len(jobs) > 1:
            # Only its type: what it says may quote a file.
            log.warning("batch-failed", extra={"jobs": len(jobs), "error": type(error).__name__})
            for job in jobs:
                index(services, ends, [job])
            return
        with caused_by(jobs[0].cause):
            ends.failed(jobs[0], error)
        return
    for job in jobs:
        if job.subject in refused:
            # Asked again, the engine would say the same; the others are in.
            refusal = DocumentRefused(resource=job.subject, cause=refused[job.subject][:CAUSE_CHARACTERS])
            with caused_by(job.cause):
                ends.failed(job, refusal, final=True)
    jobs = [job for job in jobs if job.subject not in refused]
    if not jobs:
        return
    ends.done(jobs)
    causes = sorted({job.cause for job in jobs if job.cause})[:CAUSES_TOLD]
    seconds = round(time.monotonic() - began, 3)
    log.info("indexed", extra={"jobs": len(jobs), "requests": causes, "seconds": seconds})


def render(services: Services, ends: Ends, jobs: Sequence[Job]) -> None:
    """A batch at once; who cannot be rendered is told by name and harvested as before, or not at all."""
    failed = rendering.write(services, [job.subject for job in jobs])
    for job in jobs:
        if job.subject in failed:
            with caused_by(job.cause):
                # Asked again, the same values would say the same.
                ends.failed(job, failed[job.subject], final=True)
    done = [job for job in jobs if job.subject not in failed]
    if done:
        ends.done(done)
