"""Fifty readers at once on PostgreSQL, S3 and tantivy, with two web processes: `python -m tests.benchmarks.readers`.

Each reader searches, opens a result's page and downloads its file, by turns,
and asks again as soon as it has its answer. First one alone, then fifty:
nothing may fail (an answer other than 200, one that is short, a connection
that breaks), and the times of each kind stand beside those of the one. What
fifty cost a web process in memory is PSS at the end, the larger of the two.
"""

import http.client
import itertools
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report
from tests.benchmarks.libraries import Reader, ingest, wait_until_idle, write
from tests.benchmarks.memory import own_pss_mb
from tests.conftest import Served
from tests.process_tree import command, tree
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import s3

NEEDS_SERVER = True
FILES = 40
READERS = 50
ALONE_SECONDS, TOGETHER_SECONDS = 10.0, 30.0
WEB_PROCESSES = 2
WEB_PSS_MB = 150.0
# All readers come from one address here; told, because it is not what a library runs with by itself.
SEARCHES_PER_MINUTE = 100_000
QUERIES = ("ham+so+bac+hai", "trao+doi+chat", "phuong+trinh", "van+dung+kien+thuc", "parabol")
KINDS = ("search", "landing", "download")


@dataclass
class Times:
    """Milliseconds by kind, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    errors: list[str] = field(default_factory=list)
    requests: int = 0


def read(address: str, files: Sequence[tuple[str, int]], seconds: float, seed: int, times: Times) -> None:
    """One reader. files: public id and bytes."""
    chance, until = random.Random(seed), time.monotonic() + seconds
    reader = Reader(address)
    for kind in itertools.cycle(KINDS):
        if time.monotonic() > until:
            break
        if kind == "search":
            resource, size_bytes = chance.choice(files)
        path = {
            "search": f"/search?q={chance.choice(QUERIES)}",
            "landing": f"/resources/{resource}",
            "download": f"/resources/{resource}/files/1",
        }[kind]
        times.requests += 1
        try:
            took, status, received = reader.get(path)
        except (OSError, http.client.HTTPException) as error:
            times.errors.append(f"{path}: {error!r}")
            reader.close()
            reader = Reader(address)
            continue
        if status != 200 or (kind == "download" and received != size_bytes):
            times.errors.append(f"{path}: {status}, {received} bytes")
        times.took[kind].append(took * 1000)
    reader.close()


def together(address: str, files: Sequence[tuple[str, int]], readers: int, seconds: float) -> Times:
    each = [Times() for _ in range(readers)]
    threads = [
        threading.Thread(target=read, args=(address, files, seconds, seed, times)) for seed, times in enumerate(each)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Times(
        {kind: sorted(took for times in each for took in times.took[kind]) for kind in KINDS},
        [error for times in each for error in times.errors],
        sum(times.requests for times in each),
    )


def share(took: Sequence[float], part: float) -> float:
    return took[int(part * (len(took) - 1))]


def web_processes(pid: int) -> list[int]:
    """Those of a `serve` that answer requests."""
    commands = {each: command(each) for each in tree(pid)}
    return [each for each, words in commands.items() if b"service.cli" in words and b"web" in words]


def figures(alone: Times, many: Times, pss_mb: Sequence[float]) -> list[Figure]:
    for error in many.errors[:5] + alone.errors[:5]:
        print(error, file=sys.stderr)
    told = [
        figure(f"readers-{READERS}-errors", len(many.errors), f"of {many.requests} requests", at_most=0),
        figure("readers-1-errors", len(alone.errors), f"of {alone.requests} requests", at_most=0),
    ]
    for kind in KINDS:
        for name, part in (("p50", 0.5), ("p95", 0.95)):
            beside = share(alone.took[kind], part)
            told.append(
                figure(
                    f"readers-{READERS}-{kind}-{name}, beside 1", share(many.took[kind], part), "ms", baseline=beside
                )
            )
    rates = many.requests / TOGETHER_SECONDS, alone.requests / ALONE_SECONDS
    return [
        *told,
        figure(f"readers-{READERS}-requests, beside 1", rates[0], "requests/s", baseline=rates[1]),
        figure("web-process-memory", max(pss_mb), "MB PSS", at_most=WEB_PSS_MB),
        figure("readers-searches-allowed", SEARCHES_PER_MINUTE, "a minute from one address"),
        # Fewer would mean that one of them had been lost.
        figure("web-processes", len(pss_mb), "processes", at_least=WEB_PROCESSES),
    ]


def main() -> int:
    database = PostgresServer(fsync="on", autovacuum="on").start()
    try:
        with tempfile.TemporaryDirectory() as scratch, s3() as store:
            root = Path(scratch)
            write(root / "files", FILES)
            store.client().make_bucket("readers")
            environment = {"HOCLIEU_DATABASE_URL": database.create("readers"), **store.environment("readers")}
            ids = ingest(root / "files", root / "home", environment)
            sizes = [path.stat().st_size for path in sorted((root / "files").iterdir())]
            files = list(zip(ids, sizes, strict=True))
            environment["HOCLIEU_SEARCHES_PER_MINUTE"] = str(SEARCHES_PER_MINUTE)
            served = Served(root / "home", "--workers", str(WEB_PROCESSES), **environment)
            with served as address:
                wait_until_idle(Settings(home=root / "home", database_url=environment["HOCLIEU_DATABASE_URL"]))
                # Templates, connections and pictures' places are made by the first requests.
                together(address, files, 4, 3.0)
                alone = together(address, files, 1, ALONE_SECONDS)
                many = together(address, files, READERS, TOGETHER_SECONDS)
                pss_mb = [own_pss_mb(pid) or 0.0 for pid in web_processes(served.pid)]
    finally:
        database.close()
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(figures(alone, many, pss_mb))


if __name__ == "__main__":
    sys.exit(main())
