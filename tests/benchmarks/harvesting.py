"""How fast another repository comes in: records a second from a local source into the database, and memory.

Beside it a bare harvester on the same source: urllib, lxml's parser, one row a
record with its title and its XML, the same number a commit. It knows no
vocabularies, values, terms or jobs; the ratio says what these cost.

    python -m tests.benchmarks.harvesting [--records 20000]

With `--records 1000000` it shows that memory stays flat.
"""

import argparse
import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from lxml import etree

from service import compose
from service.cli import allocator
from service.cli.beside import Beside
from service.cli.session import opened
from service.library.harvesting.harvest import Listeners, Wish, harvest
from service.library.harvesting.taking import BATCH
from service.library.harvesting.writing import Counts, Refused
from service.model import OPERATOR
from tests.benchmarks.figures import figure, report
from tests.benchmarks.memory import own_pss_mb

LEAST_RATE, MOST_GROWTH_MB = 1_500, 30
OAI = "{http://www.openarchives.org/OAI/2.0/}"


@contextlib.contextmanager
def source(records: int) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.benchmarks.harvest_source", str(records)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(30)


def bare(url: str, path: Path) -> int:
    """Returns: how many records came."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE records (identifier TEXT PRIMARY KEY, datestamp TEXT, title TEXT, xml TEXT)")
    asked, rows, count = "verb=ListRecords&metadataPrefix=lom", list[tuple[str, str, str, str]](), 0
    while asked:
        with urllib.request.urlopen(f"{url}?{asked}") as answer:
            root = etree.fromstring(answer.read())
        for record in root.iter(f"{OAI}record"):
            header, metadata = record[0], record[1][0]
            title = metadata.findtext(".//{*}title/{*}string")
            rows.append((header[0].text, header[1].text, title, etree.tostring(metadata, encoding="unicode")))
            if len(rows) == BATCH:
                count += _write(connection, rows)
        token = root.findtext(f".//{OAI}resumptionToken")
        asked = f"verb=ListRecords&resumptionToken={quote(token)}" if token else ""
    count += _write(connection, rows)
    connection.close()
    return count


def _write(connection: sqlite3.Connection, rows: list[tuple[str, str, str, str]]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    written = len(rows)
    rows.clear()
    return written


class Watch:
    """Memory at each step, told of how many records had come."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, float]] = []

    def step(self, counts: Counts) -> None:
        if not self.seen or counts.all - self.seen[-1][0] >= 2_000:
            self.seen.append((counts.all, own_pss_mb(os.getpid()) or 0.0))

    def growth_mb(self) -> float:
        """From the first quarter's most to the most of all."""
        quarter = self.seen[: max(1, len(self.seen) // 4)]
        return max(memory for _, memory in self.seen) - max(memory for _, memory in quarter)


def refused(one: Refused) -> None:
    raise AssertionError(one)


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--records", type=int, default=20_000)
    records = arguments.parse_args().records
    with tempfile.TemporaryDirectory() as folder, source(records) as url:
        began = time.perf_counter()
        assert bare(url, Path(folder, "bare.sqlite")) == records
        there = records / (time.perf_counter() - began)
        # The process that writes opens the library as every command does.
        os.environ |= {"HOCLIEU_HOME": str(Path(folder, "home")), "HOCLIEU_REPOSITORY_ID": "thuvien.example"}
        allocator.give_back_freed_memory()
        with opened() as services:
            fetcher, watch = compose.fetcher(services.settings), Watch()
            on = Listeners(time.sleep, watch.step, refused)
            began = time.perf_counter()
            done = harvest(services, OPERATOR, fetcher, Wish(url), on, Beside)
            here = records / (time.perf_counter() - began)
            assert done.counts.new == records
            began = time.perf_counter()
            again = harvest(services, OPERATOR, fetcher, Wish(url, whole=True), on, Beside)
            once_more = records / (time.perf_counter() - began)
            assert again.counts.same == records
            fetcher.close()
    return report(
        [
            figure("records harvested a second", here, "records/s", at_least=LEAST_RATE),
            figure("records harvested a second beside a bare harvester", here, "records/s", baseline=there),
            figure("records harvested a second that are here already", once_more, "records/s", at_least=LEAST_RATE),
            figure("memory gained in a harvest", watch.growth_mb(), "MB", at_most=MOST_GROWTH_MB),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
