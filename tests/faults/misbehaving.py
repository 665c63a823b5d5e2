"""An extractor that does what the file tells it: the breakages that `test_hostile_readers` asks for by name.

Only sandboxes that are started with its name have it.
"""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

from ingest.document import Bundle, Document, Locator, Passage
from ingest.errors import BrokenFile

VERSION = "1"
MEDIA_TYPES = {"text/plain": 1000}


def extract(bundle: Bundle) -> Document:
    order, _, argument = bundle.main.read_text().strip().partition(" ")
    if order == "companions":
        argument = "; ".join(f"{path.name}: {path.read_text()}" for path in bundle.companions)
    return Document("text/plain", passages=(Passage(Locator("page", 1), _ORDERS[order](argument)),))


def _connect(port: str) -> str:
    with socket.create_connection(("127.0.0.1", int(port)), timeout=5):
        return "connected"


def _try(argument: str) -> str:
    try:
        return _connect(argument)
    except OSError as error:
        return f"refused {error.errno}"


def _memory(argument: str) -> str:
    return str(len(bytearray(int(argument))))


def _spin(_: str) -> str:
    while True:
        pass


def _fork(_: str) -> str:
    """Leave a grandchild behind that sleeps, holding every pipe."""
    pid = os.fork()
    if pid == 0:
        time.sleep(600)
    return str(pid)


def _many(argument: str) -> str:
    """Start processes until the machine refuses; they end with the group."""
    for number in range(int(argument)):
        try:
            pid = os.fork()
        except OSError:
            return f"refused {number}"
        if pid == 0:
            time.sleep(600)
    return "never refused"


def _write(argument: str) -> str:
    """What stands in the folder, before something more is left there."""
    found = " ".join(sorted(path.name for path in Path.cwd().iterdir()))
    Path("left-behind").write_text(argument)
    return found


def _fill(argument: str) -> str:
    try:
        with Path("large").open("wb") as target:
            target.truncate(int(argument))
    except OSError as error:
        return f"refused {error.errno}"
    return "written"


def _attempt(source: str) -> str:
    """Run Python that tries something; libc's functions raise what they set as errno."""
    try:
        exec(source, {"call": _call, "os": os, "socket": socket, "Path": Path})  # noqa: S102
    except OSError as error:
        return f"refused {errno.errorcode[error.errno or 0]}"
    except ValueError as error:
        # What `resource` makes of EPERM.
        return f"refused E: {error}"
    return "done"


def _call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*map(ctypes.c_long, arguments)) == -1:
        raise OSError(ctypes.get_errno(), name)


def _escape(_: str) -> str:
    """Leave behind a process in a session of its own, whose parent is gone."""
    receiving, sending = os.pipe()
    if os.fork() == 0:
        os.setsid()
        pid = os.fork()
        if pid == 0:
            time.sleep(600)
        os.write(sending, str(pid).encode())
        os._exit(0)
    os.wait()
    return os.read(receiving, 100).decode()


def _lie(source: str) -> str:
    """Answer with bytes of one's own in the place of a document, and end as if all were well."""
    for descriptor in range(3, 16):
        with contextlib.suppress(OSError):
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                data = memoryview(eval(source))  # noqa: S307
                while data:
                    data = data[os.write(descriptor, data) :]
    os._exit(0)


def _run(command: str) -> str:
    """What a program says that the reader starts."""
    done = subprocess.run(command.split(), capture_output=True, text=True, check=False, env={})
    return f"{done.returncode} {done.stdout}{done.stderr}"


def _broken(_: str) -> str:
    raise BrokenFile(part="x")


def _mistake(_: str) -> str:
    raise KeyError("mistake")


def _signal(argument: str) -> str:
    os.kill(os.getpid(), signal.Signals[argument])
    time.sleep(60)
    return "alive"


_ORDERS = {
    "attempt": _attempt,
    "escape": _escape,
    "lie": _lie,
    "run": _run,
    "companions": lambda argument: argument,
    "connect": _try,
    "sleep": lambda argument: str(time.sleep(float(argument))),
    "spin": _spin,
    "memory": _memory,
    "output": lambda argument: "x" * int(argument),
    "signal": _signal,
    "exit": lambda argument: os._exit(int(argument)),
    "fork": _fork,
    "many": _many,
    "write": _write,
    "fill": _fill,
    "broken": _broken,
    "mistake": _mistake,
    "environment": lambda _: " ".join(sorted(os.environ)),
    "say": lambda argument: argument,
}
