"""A harvest on two cores: this process asks, reads and maps; a process beside it writes into the database.

    harvest ──batch──> socket ──> write-harvest ──one transaction──> database
       ^────────── what it came to ────────┘

The first batches are written here, so that a small harvest starts nothing, and
so are those that come while the other process starts. What it has not
acknowledged when it ends, killed or because it cannot write, is written here:
a batch that was in already changes nothing, and what is wrong with the
database is met again and told as always. Source of the framing:
https://docs.python.org/3/library/multiprocessing.html#connection-objects
"""

import logging
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import Queue

import click

from service.cli.session import STOPPED, opened
from service.cli.supervise import STOP_SECONDS, Task, die_with_parent
from service.errors import LibraryError
from service.library.harvesting.carrying import packed, unpacked
from service.library.harvesting.mapping import Mapper
from service.library.harvesting.writing import Batch, Writing, Written

log = logging.getLogger(__name__)

ALONE = 2
"""Batches that are written here in any case: 1,000 records, while the other process would take a second to start."""
AHEAD = 1
"""Batches that wait there while one is written; as many more as the socket holds: what comes then waits here."""
GONE = (OSError, EOFError)
"""What a channel says whose other end is closed."""


class Beside:
    """The port `service.library.harvesting.writing.Writer`. alone: batches before a process is started."""

    def __init__(self, writing: Writing, *, alone: int = ALONE) -> None:
        self._writing = writing
        self._alone = alone
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._ready = False
        self._sent: deque[Batch] = deque()
        self._done: list[Written] = []

    def give(self, batch: Batch) -> Sequence[Written]:
        if self._is_there():
            self._sent.append(batch)
            self._talk(packed(batch), wait=False)
        else:
            self._done.append(self._writing.write(batch))
        return self._told()

    def rest(self) -> Sequence[Written]:
        self._talk(b"", wait=True)
        return self._told()

    def close(self) -> None:
        """It ends when it has written what it has."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._kill(self._process)

    @property
    def pid(self) -> int | None:
        """Of the process, once one was started."""
        return self._process.pid if self._process else None

    def _is_there(self) -> bool:
        """Whether the process takes batches by now; it is started when its time has come."""
        if self._process is None:
            self._alone -= 1
            if self._alone >= 0:
                return False
            self._start()
        try:
            if not self._ready and self._channel is not None and self._channel.poll():
                self._channel.recv()
                self._ready = True
        except GONE:
            self._alone_again()
        return self._ready

    def _start(self) -> None:
        self._channel, theirs = Pipe()
        with theirs:
            words = ("write-harvest", "--channel", str(theirs.fileno()))
            self._process = Task(words, (theirs.fileno(),), apart=True).start()
        self._channel.send((self._writing.source, self._writing.mapper.harvested, self._writing.whole))

    def _talk(self, data: bytes, *, wait: bool) -> None:
        """Send a batch, if there is one; hear what has been written, or wait until all is."""
        try:
            if data and self._channel is not None:
                self._channel.send_bytes(data)
            while self._sent and self._channel is not None and (wait or self._channel.poll()):
                self._done.append(self._channel.recv())
                self._sent.popleft()
        except GONE:
            self._alone_again()

    def _told(self) -> Sequence[Written]:
        told, self._done = self._done, []
        return told

    def _alone_again(self) -> None:
        """From here on everything is written here, first of all what may not have been."""
        assert self._process is not None  # noqa: S101 - it was there
        self._kill(self._process)
        log.warning("harvest-writer-gone", extra={"status": self._process.returncode, "batches": len(self._sent)})
        left, self._sent = self._sent, deque()
        self._channel, self._ready = None, False
        self._done += [self._writing.write(batch) for batch in left]

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()


@click.command("write-harvest", hidden=True, help="What writes what a harvest brings.")
@click.option("--channel", type=int, required=True, help="The socket that it was given.")
@click.option("--parent", type=int, required=True, help="Process that harvests; it ends with it.")
def write_harvest(channel: int, parent: int) -> None:
    die_with_parent(parent)
    try:
        with Connection(channel) as connection, opened(prepare=False) as parts:
            source, harvested, whole = connection.recv()
            mapper = Mapper(parts.living.look(parts.catalogue), source, harvested)
            writing = Writing(parts, source, mapper, whole=whole)
            batches: Queue[bytes | None] = Queue(AHEAD)
            threading.Thread(target=_listen, args=(connection, batches), name="channel", daemon=True).start()
            connection.send(None)
            for data in iter(batches.get, None):
                connection.send(writing.write(unpacked(data)))
    except LibraryError as error:
        # The harvest tries itself, and tells whoever waits for it.
        log.warning("harvest-writer-stopped", extra={"code": error.code})
        sys.exit(STOPPED)
    except GONE:
        sys.exit(STOPPED)


def _listen(connection: Connection, batches: "Queue[bytes | None]") -> None:
    """Takes the next batch off the socket while one is written, so that the harvest goes on."""
    with suppress(*GONE):
        while True:
            batches.put(connection.recv_bytes())
    batches.put(None)
