"""What other processes do to a catalogue in the contract tests; started by `spawn`, so importable by name.

`open_catalogue` is handed over with the work, because only the engine's test
knows the class behind a URL.
"""

import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from service.ports import Catalogue

Open = Callable[[str], Catalogue]


def write_batches(open_catalogue: Open, url: str, name: str, batches: int, rows: int) -> None:
    """Read then write in each transaction, as a batch does."""
    catalogue = open_catalogue(url)
    for batch in range(batches):
        with catalogue.writing() as work:
            work.organisations.get("default")
            for row in range(rows):
                resource = work.resources.add(owner="default")
                work.jobs.add("read", f"{name}-{batch}-{row}", priority=50)
                work.events.add("deposited", resource.key, name, {})
        time.sleep(0.005)
    catalogue.close()


def lease_all(open_catalogue: Open, url: str, name: str, answer: Connection) -> None:
    """Lease two at a time until nothing is left; answer with the subjects."""
    catalogue = open_catalogue(url)
    taken: list[str] = []
    while True:
        with catalogue.writing() as work:
            jobs = work.jobs.lease(["read"], worker=name, limit=2, seconds=60)
        if not jobs:
            break
        taken += [job.subject for job in jobs]
    catalogue.close()
    answer.send(taken)


def lease_and_die(open_catalogue: Open, url: str, seconds: float) -> None:
    """Take a lease, begin a transaction, and be killed in the middle of both."""
    catalogue = open_catalogue(url)
    with catalogue.writing() as work:
        work.jobs.lease(["read"], worker="victim", limit=1, seconds=seconds)
    with catalogue.writing() as work:
        work.resources.add(owner="default")
        os.kill(os.getpid(), signal.SIGKILL)


def migrate(open_catalogue: Open, url: str) -> None:
    catalogue = open_catalogue(url)
    catalogue.migrate()
    catalogue.check()
    catalogue.close()
