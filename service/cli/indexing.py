"""Who keeps the index while a command takes things in: lanes of its own worker, or for much a process beside it.

Writing a row into the database and indexing it take about as long, and two
threads of one interpreter do them one after the other. So for many rows a
process indexes what this one writes; when all is written, both index what is
left. What it is killed over comes back when its leases run out, as from any worker.
"""

from service.cli.supervise import Supervisor, Task
from service.library.lanes import INDEXING, Lanes
from service.library.work import Worker

MANY_ROWS = 1_000
"""A process takes a second of a core to start; in that time so many rows are written and indexed without one."""


class Indexing:
    """For a worker that runs. Call `start`, `all_in` when everything is in the database, and `stop` in any case."""

    def __init__(self, worker: Worker, *, beside: bool, lanes: Lanes = INDEXING) -> None:
        self._worker, self._lanes = worker, lanes
        self._helper = Supervisor([Task(("work", "--for-command"), apart=True)]) if beside else None

    def start(self) -> None:
        if self._helper is not None:
            self._helper.start()
        else:
            self._worker.take_on(self._lanes)

    def all_in(self) -> None:
        if self._helper is not None:
            self._worker.take_on(self._lanes)

    def stop(self) -> None:
        """The process gives back what it holds."""
        if self._helper is not None:
            self._helper.stop()
