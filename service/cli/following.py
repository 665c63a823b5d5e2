"""What a command waits for before it returns: work that follows from it, done here whether or not a worker runs.

Told to stop, it leaves what is left to the next worker.
"""

from collections.abc import Callable, Sequence

from ingest.sandbox import Sandbox
from service.cli.session import heed, progress, text
from service.library.lanes import INDEXING, Lanes
from service.library.services import Services
from service.library.work import Worker
from service.model import JobKind
from service.ports import UnitOfWork

PROJECTED: tuple[JobKind, ...] = ("index", "render")
"""What follows from every change of a resource: the index, and what harvesters get."""
AT_ONCE = 500


def able(worker: Worker) -> Callable[[], bool]:
    """What a command asks while it waits for the worker: `Worker.able`, unless it was told to stop."""

    def asked() -> bool:
        heed()
        return worker.able()

    return asked


def follow(parts: Services, lanes: Lanes, owed: Callable[[UnitOfWork], int], *, told: str = "") -> None:
    """Work until nothing is owed any more. told: code of the sentence with `count` that a terminal shows meanwhile."""
    with Sandbox() as sandbox:
        worker = Worker(parts, sandbox, lanes=lanes)
        worker.start()
        goes_on = able(worker)
        try:
            while goes_on():
                with parts.catalogue.reading() as work:
                    left = owed(work)
                if not left:
                    break
                if told:
                    progress(text(told, count=left))
                worker.wait(0.05)
        finally:
            worker.stop()
            if told:
                progress("")


def settle(parts: Services, resource_ids: Sequence[str], *, told: str = "") -> None:
    """Until the index and what harvesters get say what these resources are; work that failed is told by `doctor`."""

    def owed(work: UnitOfWork) -> int:
        return sum(
            job.state != "failed"
            for start in range(0, len(resource_ids), AT_ONCE)
            for kind in PROJECTED
            for job in work.jobs.waiting(kind, resource_ids[start : start + AT_ONCE]).values()
        )

    follow(parts, INDEXING, owed, told=told)


def settle_all(
    parts: Services, kind: JobKind, job: str, lanes: Lanes, *, then: Sequence[JobKind] = PROJECTED, told: str = ""
) -> None:
    """Until a job that changes many resources is done, and whatever of the kinds `then` is owed to any resource."""

    def owed(work: UnitOfWork) -> int:
        waiting = work.jobs.waiting(kind, [job]).get(job)
        numbers = work.jobs.numbers()
        left = sum(numbers.get((kind, state), 0) for kind in then for state in ("queued", "leased"))
        return left + (waiting is not None and waiting.state != "failed")

    follow(parts, lanes, owed, told=told)
