"""Readers who keep asking a running library: one thread a reader, one request a second, each answer written down."""

import hashlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

CLIENT_SECONDS = 90.0
"""How long a reader waits for anything; a library whose waits are bounded answers long before."""

READERS = {"search": 10, "landing": 3, "download": 2, "thumbnail": 1, "healthz": 1, "readyz": 1}
"""Door -> how many readers; each asks once a second, so these are requests a second too."""


@dataclass(frozen=True, slots=True)
class Known:
    """A resource that readers ask for: what finds it, and what its file is."""

    id: str
    token: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """began: monotonic seconds. status: 0 where the connection broke. good: with what was asked for in it.

    retry: it says when to come again. said: what `/readyz` answered, or why there was no answer.
    """

    door: str
    reader: int
    began: float
    seconds: float
    status: int
    good: bool
    retry: bool
    said: str = ""

    @property
    def ended(self) -> float:
        return self.began + self.seconds


class Readers:
    """`with Readers(address, known) as readers:` ask until its end; `readers.answers` grows meanwhile."""

    def __init__(self, address: str, known: Sequence[Known], numbers: Mapping[str, int] | None = None) -> None:
        self.answers: list[Answer] = []
        self._host = urlsplit(address).netloc
        self._known = known
        self._stop = threading.Event()
        doors = [door for door, number in (numbers or READERS).items() for _ in range(number)]
        self._threads = [
            threading.Thread(target=self._read, args=(door, number, number / len(doors)), daemon=True)
            for number, door in enumerate(doors)
        ]

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(CLIENT_SECONDS)

    def _read(self, door: str, reader: int, offset: float) -> None:
        # Not all in the same moment.
        due = time.monotonic() + offset
        connection = http.client.HTTPConnection(self._host, timeout=CLIENT_SECONDS)
        for known, turn in zip(itertools.cycle(self._known[reader:] + self._known[:reader]), _turns(), strict=False):
            if self._stop.wait(max(0.0, due - time.monotonic())):
                break
            due = max(due + 1.0, time.monotonic())
            self.answers.append(self._ask(connection, door, reader, known, turn))
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, door: str, reader: int, known: Known, turn: int) -> Answer:
        began = time.monotonic()
        try:
            # Kept alive between requests, as browsers do: the next one meets whatever became of its process.
            connection.request("GET", _path(door, known, turn))
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return Answer(door, reader, began, time.monotonic() - began, 0, False, False, type(error).__name__)
        seconds = time.monotonic() - began
        # A thumbnail that is not drawn yet is an answer too.
        told = response.status == 200 or (door == "thumbnail" and response.status == 404)
        good = told and _right(door, known, turn, body)
        retry = bool(response.headers.get("Retry-After"))
        said = body.decode() if door == "readyz" else ""
        return Answer(door, reader, began, seconds, response.status, good, retry, said)


def _turns() -> Iterator[int]:
    return itertools.count()


def _path(door: str, known: Known, turn: int) -> str:
    paths = {
        # People and programs in turn.
        "search": f"/search?q={known.token}" if turn % 2 else f"/api/v1/search?q={known.token}",
        "landing": f"/resources/{known.id}",
        "download": f"/resources/{known.id}/files/1",
        "thumbnail": f"/resources/{known.id}/thumbnail",
    }
    return paths.get(door, f"/{door}")


def _right(door: str, known: Known, turn: int, body: bytes) -> bool:
    match door:
        case "search":
            return known.id.encode() in body if turn % 2 else json.loads(body)["total"] == 1
        case "landing":
            return known.id.encode() in body
        case "download":
            return hashlib.sha256(body).hexdigest() == known.sha256
    return True
