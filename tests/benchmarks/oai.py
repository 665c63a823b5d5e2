"""A full harvest of 100,000 records beside a bare endpoint that reads the same rows: `make bench-oai`.

Records a second of the processor, web and database together, uncompressed,
500 a page; harvests by turns, the judged one is the pair with the median
ratio. Then: whether the last tenth is as fast as the first, over all turns, by
the processor and by the clock; whether memory stays flat; how long somebody
waits for 10 changes.

    python -m tests.benchmarks.oai [--records 100000] [--turns 9] [--scaled]

--scaled: on PostgreSQL, a server of the benchmark's own, instead of SQLite.
"""

import argparse
import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import psycopg

from service import compose
from service.settings import Settings
from tests.benchmarks import processors
from tests.benchmarks.figures import Figure, figure, report
from tests.benchmarks.memory import own_pss_mb
from tests.benchmarks.oai_library import FORMAT, change, fill
from tests.benchmarks.processors import Clock
from tests.conftest import Served
from tests.servers.postgresql import PostgresServer

# Run by `make bench-oai`, not with the others.
BY_NAME = True

PAGE = 500
LEAST_RATIO, MOST_SLOWER, MOST_GROWTH_MB, MOST_MS = 0.6, 1.2, 20.0, 20.0
CHANGES = 10
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]*)</resumptionToken>")


@dataclass
class Harvest:
    """Page by page. took: seconds of the processor; waits: by the clock; megabytes: of the server, now and then."""

    records: int = 0
    took: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.records / sum(self.took)


class Client:
    """One connection that stays for a harvest."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)

    def renew(self) -> None:
        """The server has closed it if the other side's turn took more than some seconds."""
        self.connection.close()

    def get(self, path: str) -> tuple[http.client.HTTPResponse, bytes, float]:
        began = time.perf_counter()
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        return answer, body, time.perf_counter() - began


@dataclass(frozen=True)
class Side:
    """walk: (records, seconds) of each page. clock: of all processes that answer."""

    client: Client
    pid: int
    clock: Clock
    walk: Callable[[Client], Iterator[tuple[int, float]]]

    def harvest(self) -> Harvest:
        """Walk over everything."""
        self.client.renew()
        made, before = Harvest(), self.clock()
        for number, (found, wait) in enumerate(self.walk(self.client)):
            now = self.clock()
            made.records += found
            made.took.append(now - before)
            made.waits.append(wait)
            if number % 20 == 0:
                made.megabytes.append(own_pss_mb(self.pid) or 0.0)
            before = self.clock()
        return made


def ours(client: Client) -> Iterator[tuple[int, float]]:
    path = f"/oai?verb=ListRecords&metadataPrefix={FORMAT}"
    while path:
        _, body, wait = client.get(path)
        yield body.count(b"<record>"), wait
        token = _TOKEN.search(body, len(body) - 2000)
        said = token[1].decode() if token else ""
        path = f"/oai?verb=ListRecords&resumptionToken={quote(said)}" if said else ""


def bare(client: Client) -> Iterator[tuple[int, float]]:
    place = {"datestamp": "", "id": ""}
    while place:
        answer, _, wait = client.get(f"/page?{urlencode({'format': FORMAT, 'size': PAGE, **place})}")
        yield int(answer.headers["X-Records"]), wait
        following = answer.headers["X-Next"].split()
        place = dict(zip(("datestamp", "id"), following, strict=True)) if following else {}


@contextlib.contextmanager
def bare_server(database: str) -> Iterator[tuple[str, int]]:
    """Its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["uvicorn", "tests.benchmarks.oai_bare:app", "--port", str(port)]
    words += ["--log-level", "warning", "--no-access-log"]
    process = subprocess.Popen([sys.executable, "-m", *words], env={**os.environ, "BARE_DATABASE": database})
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(30)


def compare(there: Side, here: Side, turns: int, records: int) -> list[Figure]:
    """Harvests by turns."""
    # The first of each pays for what is read and compiled for the first time.
    for side in (here, there):
        side.harvest()
    pairs = [(there.harvest(), here.harvest()) for _ in range(turns)]
    assert {one.records for pair in pairs for one in pair} == {records}
    middle = sorted(pairs, key=lambda pair: pair[1].rate / pair[0].rate)[len(pairs) // 2]
    mine = [pair[1] for pair in pairs]
    tenth = max(1, len(mine[0].took) // 10)

    def slower(name: str, pages: list[list[float]]) -> Figure:
        first, last = (
            statistics.median(page for one in pages for page in one[part]) * 1000
            for part in (slice(None, tenth), slice(-tenth, None))
        )
        return figure(f"page of the last tenth, {name}", last, "ms", baseline=first, at_most=MOST_SLOWER)

    return [
        figure(
            "records harvested a CPU-second, web and database",
            middle[1].rate,
            "records/s",
            baseline=middle[0].rate,
            at_least=LEAST_RATIO,
        ),
        slower("of the processor", [one.took for one in mine]),
        slower("by the clock", [one.waits for one in mine]),
        figure(
            "memory gained in a harvest",
            max(max(one.megabytes) - one.megabytes[0] for one in mine),
            "MB",
            at_most=MOST_GROWTH_MB,
        ),
    ]


def run(home: Path, url: str, database: Clock | None, records: int, turns: int) -> list[Figure]:
    """url: of PostgreSQL; empty: SQLite under `home`. database: the processor of what answers statements."""
    services = compose.services(Settings(home=home, database_url=url))
    services.catalogue.migrate()
    began = time.monotonic()
    resources = fill(services, records)
    print(f"{records} records written in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    also = (database,) if database else ()
    given = {"HOCLIEU_OAI_PAGE": str(PAGE), "HOCLIEU_LOG_FORMAT": "json"}
    plain = str(home / "library.sqlite")
    if url:
        given["HOCLIEU_DATABASE_URL"] = url
        plain = url.replace("+psycopg", "")
        # What the server would do by itself within minutes, so that it does not do it meanwhile.
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
    served = Served(home, "--no-worker", **given)
    with served as address, bare_server(plain) as (beside, bare_pid):
        here = Side(Client(address), served.pid, processors.together(processors.of(served.pid), *also), ours)
        there = Side(Client(beside), bare_pid, processors.together(processors.of(bare_pid), *also), bare)
        figures = compare(there, here, turns, records)
        time.sleep(1.1)
        since = change(services, resources[:CHANGES])
        asked = f"/oai?verb=ListRecords&metadataPrefix={FORMAT}&from={since}"
        here.client.renew()
        answers = [here.client.get(asked) for _ in range(21)]
        assert answers[0][1].count(b"<record>") == CHANGES
        waited = statistics.median(wait for _, _, wait in answers) * 1000
        figures.append(figure(f"{CHANGES} changes in {records}", waited, "ms", at_most=MOST_MS))
    services.catalogue.close()
    return figures


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--records", type=int, default=100_000)
    arguments.add_argument("--turns", type=int, default=9)
    arguments.add_argument("--scaled", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as servers:
        home = Path(folder) / "home"
        url, database = "", None
        if given.scaled:
            # As an operator's: what test servers leave out would be measured.
            server = PostgresServer(fsync="on", autovacuum="on", shared_buffers="256MB", max_wal_size="1GB")
            servers.callback(server.close)
            server.start()
            url, database = server.create("oai"), processors.of_postgresql(server.data)
        figures = run(home, url, database, given.records, given.turns)
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(figures)


if __name__ == "__main__":
    sys.exit(main())
