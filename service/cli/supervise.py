"""`serve` keeps one worker process alive: starts it, replaces it when it dies, ends it when it ends itself."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading

log = logging.getLogger(__name__)

# A worker that dies at once (a disk that is full, a broken install) must not spin.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0
# One that lived this long was well; the next death begins at the first pause again.
WELL_SECONDS = 30.0
STOP_SECONDS = 10.0
PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Be killed when the parent process dies, however it dies. Source: prctl(2), Linux only."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It died before the line above.
        sys.exit(0)


class Supervisor:
    """Owns the worker process from `start` to `stop`."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        # The death signal is sent when the *thread* that started the child ends: this one lives as long as we do.
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the worker in order, by force after a while."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        command = [sys.executable, "-m", "service.cli", "work", "--parent", str(os.getpid())]
        while not self._stop.is_set():
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own interpreter and module
            lived = 0.0
            while process.poll() is None and not self._stop.wait(0.2):
                lived += 0.2
            if self._stop.is_set():
                self._end(process)
                return
            log.error("worker-died", extra={"status": process.returncode})
            pause = FIRST_PAUSE_SECONDS if lived >= WELL_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
            self._stop.wait(pause)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
