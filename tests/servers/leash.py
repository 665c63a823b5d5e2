"""A process on a leash: it ends when whoever holds the leash ends, be it by `kill -9`.

    tests ──start──> leash ──starts──> the server

The leash reads from a pipe to which nobody writes. The kernel closes the
other end when the tests are gone, however they went; then the leash tells the
server to end, kills what is left of its process group, and removes its folder.
The kernel's own signal at a parent's death (PR_SET_PDEATHSIG) reaches no
grandchildren and is lost over a change of user; here it ends the server's
first process in case the leash itself is killed.
"""

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
END_SECONDS = 5.0
LOOK_SECONDS = 0.2


class Leashed:
    """A running server in a process group of its own."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        stop: signal.Signals = signal.SIGTERM,
        scratch: Path | None = None,
    ) -> None:
        """log: where standard output and error go. environment: added to this process's. stop: what ends the
        server in order. scratch: a folder that goes when it was let go."""
        ours, self._hold = os.pipe()
        try:
            with log.open("ab") as written:
                self.process = subprocess.Popen(
                    [sys.executable, str(Path(__file__)), str(ours), str(int(stop)), str(scratch or ""), *command],
                    env={**os.environ, **(environment or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=written,
                    stderr=written,
                    pass_fds=[ours],
                    start_new_session=True,
                )
        finally:
            os.close(ours)

    def running(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """End the server as a loss of power would; its folder stays, for another leash to start it on."""
        for listed in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in map(int, listed.read_text().split()):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(END_SECONDS * 3)
        # The server is gone, so nobody takes this as leave to remove the folder.
        self.end()

    def end(self) -> None:
        """Let go, and wait until the leash has ended the server and itself."""
        if self._hold >= 0:
            os.close(self._hold)
            self._hold = -1
        self.process.wait(END_SECONDS * 3)


def with_parent() -> Callable[[], None]:
    """What a process that we start does first, so that the kernel kills it when this one ends."""
    parent = os.getpid()

    def stay() -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # It may have ended before the kernel was asked.
        if os.getppid() != parent:
            os._exit(1)

    return stay


def _hold(pipe: int, stop: int, scratch: str, command: Sequence[str]) -> None:
    # Ctrl+C at the tests ends the tests; they, or their end, end the server.
    server = subprocess.Popen(command, preexec_fn=with_parent(), close_fds=True)
    left = False
    while server.poll() is None and not left:
        left = bool(select.select([pipe], [], [], LOOK_SECONDS)[0])
    if server.poll() is None:
        server.send_signal(stop)
        try:
            server.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    # A server that was stopped may be started again on its folder, by another leash.
    if scratch and left:
        shutil.rmtree(scratch, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    _hold(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
