"""A library on servers of its own under load: who reads, who deposits, and what is there in the end."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.depositing import ledger, word
from tests.faults.readers import READERS, Readers
from tests.faults.report import Report
from tests.faults.station import Station
from tests.servers.opensearch import OpenSearchServer
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server

HEAP = "300m"
"""Of each OpenSearch node."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds: of load before and after, and of the part's absence. kills: of a worker, and of a web process."""

    before: float = 5.0
    away: float = 20.0
    after: float = 8.0
    rate: float = 5.0
    """Deposits a second."""
    kills: int = 50
    web_kills: int = 5
    shelf: int = 20
    """Resources that were there before, which readers ask for."""


@contextmanager
def station(root: Path, lengths: Lengths, *, embedded: bool = False, nodes: int = 0) -> Iterator[Station]:
    """A filled library whose processes run, on servers of its own; embedded: on SQLite and a folder.

    nodes: of OpenSearch; none means that the index lies in the folder.
    """
    with ExitStack() as stack:
        database = store = index = None
        if not embedded:
            database, store = PostgresServer(), S3Server()
            stack.callback(database.close)
            stack.callback(store.close)
            database.start()
            store.start()
        if nodes:
            index = OpenSearchServer(nodes, heap=HEAP, quick=True)
            stack.callback(index.close)
            index.start()
        made = Station(root / "home", database, store, index)
        stack.callback(made.parts.catalogue.close)
        stack.callback(made.close)
        made.run_processes([word(random.Random()) for _ in range(lengths.shelf)])
        yield made


@contextmanager
def load(
    report: Report, library: Station, lengths: Lengths, *kinds: str, readers: Mapping[str, int] = READERS
) -> Iterator[Readers]:
    """Readers and a depositor inside of the block; after it the report is told what is there in the end."""
    written = library.home.parent / f"ledger-{report.part}"
    began = len(library.lines())
    with (
        Readers(library.address, library.known, readers) as asking,
        library.depositing(written, lengths.rate, *kinds),
    ):
        _warm(asking, written, sum(readers.values()))
        report.before = library.count()
        yield asking
    _conclude(report, library, asking, written, began)


def _conclude(report: Report, library: Station, readers: Readers, written: Path, since: int) -> None:
    """since: the log's lines before this drill."""
    library.settle()
    report.answers = readers.answers
    report.attempts = ledger(written)
    report.found = library.examine(report.attempts)
    report.after = library.count()
    report.wrong += report.found.wrong
    report.lines = [line for line in library.lines()[since:] if line["level"] != "info"]
    events = Counter(" ".join(filter(None, (line["event"], line.get("code", "")))) for line in report.lines)
    report.notes.append(f"log lines above info: {dict(events.most_common())}")


def _warm(readers: Readers, written: Path, number: int) -> None:
    """Until every process has started and answers; how long that takes is no matter of this drill."""
    until(lambda: len(ledger(written)) >= 3, "deposits")
    until(lambda: len({one.reader for one in list(readers.answers)}) == number, "readers")
    readers.answers.clear()


def until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Wait for it. Raises: TimeoutError: `what` did not come."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)
