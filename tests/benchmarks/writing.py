"""How long a person's write waits while another process writes a batch into the same SQLite file.

The batch commits every 50 ms or 500 rows; once with the pause of 5 ms between
its commits that every batch keeps, once without. The figures are what a
second process waits to begin its transaction, one write every 20 ms.
`python -m tests.benchmarks.writing`
"""

import multiprocessing
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from service.adapters.database.sqlite import SqliteCatalogue
from tests.benchmarks.figures import figure, report

SECONDS = 10.0
ROWS = 500
COMMIT_SECONDS = 0.05
PAUSE_SECONDS = 0.005


def batch(url: str, pause_seconds: float, ready: Event, stop: Event, answer: Connection) -> None:
    """What a big ingest does to the database; answers with how many rows it wrote."""
    catalogue = SqliteCatalogue(url)
    written = 0
    while not stop.is_set():
        with catalogue.writing() as work:
            began = time.monotonic()
            for _ in range(ROWS):
                resource = work.resources.add(owner="default")
                work.jobs.add("read", resource.id, priority=50)
                written += 1
                if time.monotonic() - began > COMMIT_SECONDS:
                    break
        ready.set()
        if pause_seconds:
            time.sleep(pause_seconds)
    catalogue.close()
    answer.send(written)


def measure(pause_seconds: float) -> tuple[list[float], int]:
    """Waits of the single writer in milliseconds, sorted, and the rows of the batch meanwhile."""
    spawn = multiprocessing.get_context("spawn")
    ready, stop = spawn.Event(), spawn.Event()
    ours, theirs = spawn.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'library.sqlite'}"
        catalogue = SqliteCatalogue(url)
        catalogue.migrate()
        process = spawn.Process(target=batch, args=(url, pause_seconds, ready, stop, theirs))
        process.start()
        ready.wait(60)
        waits = []
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            asked = time.monotonic()
            with catalogue.writing() as work:
                waits.append((time.monotonic() - asked) * 1000)
                work.resources.add(owner="default")
            time.sleep(0.02)
        stop.set()
        rows: int = ours.recv()
        process.join()
        catalogue.close()
    return sorted(waits), rows


def main() -> int:
    paused, rows = measure(PAUSE_SECONDS)
    greedy, greedy_rows = measure(0)
    print(f"{len(paused)} writes beside a pausing batch, {len(greedy)} beside a greedy one", file=sys.stderr)
    return report(
        [
            figure("a writer's wait beside a batch, median", paused[len(paused) // 2], "ms"),
            figure("a writer's wait beside a batch, p95", paused[int(len(paused) * 0.95)], "ms"),
            # Nobody notices a fifth of a second; what the same batch costs without its pause stands beside it.
            figure("a writer's wait beside a batch, longest", paused[-1], "ms", at_most=200),
            figure("a writer's wait beside a batch without pauses, longest", greedy[-1], "ms"),
            figure("resources a second that the batch writes", rows / SECONDS, "1/s", baseline=greedy_rows / SECONDS),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
