"""The caller's end of a warm parent: its process and the socket that requests go through."""

import socket
import subprocess
import sys
import threading
from pathlib import Path

import ingest
from ingest.sandbox.wire import Settings

_BOOT = """import sys
sys.path.insert(0, sys.argv[1])
from ingest.sandbox.warm import main
main(int(sys.argv[2]), sys.argv[3])
"""


class Parent:
    """The caller's end of one warm parent process."""

    def __init__(self, settings: Settings) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = ours
        root = str(Path(ingest.__file__).parents[1])
        with theirs:
            # An own session: a Ctrl+C in the terminal is for the caller to handle.
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
                [sys.executable, "-I", "-c", _BOOT, root, str(theirs.fileno()), settings.to_json()],
                env={}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
                cwd="/", start_new_session=True,
            )  # fmt: skip
        # It ends by itself when idle; somebody must be told, or it would stay in the process table until the next file.
        threading.Thread(target=self.process.wait, name="warm-parent", daemon=True).start()

    def end(self, *, patience_seconds: float) -> None:
        """Closing the socket tells it; what does not listen is killed, its children die with it."""
        self.control.close()
        try:
            self.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
