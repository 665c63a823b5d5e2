"""`serve` keeps its processes alive: starts web and worker processes, replaces what dies, ends them when it ends.

Web processes are kept like workers, in one way, and not by the web server's
own supervisor: that one starts them by another road (a pickled
configuration), waits half a second before it looks, and would leave the
worker to a second one.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

log = logging.getLogger(__name__)

# A process that dies at once (a disk that is full, a broken install) must not spin.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0
# One that lived this long was well; the next death begins at the first pause again.
WELL_SECONDS = 30.0
LOOK_SECONDS = 0.1
# A web process lets readers finish for 5 seconds, a worker gives back what it holds.
STOP_SECONDS = 10.0
PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Be killed when the parent process dies, however it dies. Source: prctl(2), Linux only."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It died before the line above.
        sys.exit(0)


@dataclass(frozen=True, slots=True)
class Task:
    """What one process does: words of `hoclieu`, and open files that it is given.

    apart: in a session of its own, so that a Ctrl+C in the terminal is for the one who started it to handle.
    """

    words: tuple[str, ...]
    files: tuple[int, ...] = ()
    apart: bool = False

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "service.cli", *self.words, "--parent", str(os.getpid())]
        return subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.DEVNULL, pass_fds=self.files, start_new_session=self.apart
        )


class _Kept:
    """One task with the process that does it now."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = FIRST_PAUSE_SECONDS
        self.born = self.due = 0.0

    def look(self, died: Callable[[int], None]) -> None:
        """Start it when it is due; note when it has died."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.process, self.born = self.task.start(), now
        elif (status := self.process.poll()) is not None:
            log.error("process-died", extra={"task": self.task.words[0], "status": status, "pid": self.process.pid})
            died(self.process.pid)
            well = now - self.born >= WELL_SECONDS
            self.pause = FIRST_PAUSE_SECONDS if well else min(self.pause * 2, LONGEST_PAUSE_SECONDS)
            self.process, self.due = None, now + self.pause


class Supervisor:
    """Owns the processes from `start` to `stop`.

    died: told the number of each that ended by itself. ending: called before the others are ended, when no more start.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        *,
        died: Callable[[int], None] = lambda _: None,
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        self._kept = [_Kept(task) for task in tasks]
        self._died = died
        self._ending = ending
        self._stop = threading.Event()
        # The death signal is sent when the *thread* that started the child ends: this one lives as long as we do.
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End all in order, by force after a while."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            for kept in self._kept:
                kept.look(self._died)
            self._stop.wait(LOOK_SECONDS)
        self._ending()
        running = [kept.process for kept in self._kept if kept.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
