"""An extractor that does what the file tells it: the breakages that `test_hostile_readers` asks for by name.

Only sandboxes that are started with its name have it.
"""

import os
import signal
import socket
import time
from pathlib import Path

from ingest.document import Bundle, Document, Locator, Passage
from ingest.errors import BrokenFile

VERSION = "1"
MEDIA_TYPES = {"text/plain": 1000}


def extract(bundle: Bundle) -> Document:
    order, _, argument = bundle.main.read_text().strip().partition(" ")
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
    Path("left-behind").write_text("x")
    return str(Path.cwd() / argument)


def _fill(argument: str) -> str:
    try:
        with Path("large").open("wb") as target:
            target.truncate(int(argument))
    except OSError as error:
        return f"refused {error.errno}"
    return "written"


def _broken(_: str) -> str:
    raise BrokenFile(part="x")


def _mistake(_: str) -> str:
    raise KeyError("mistake")


def _signal(argument: str) -> str:
    os.kill(os.getpid(), signal.Signals[argument])
    time.sleep(60)
    return "alive"


_ORDERS = {
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
