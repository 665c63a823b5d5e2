"""The page of a resource on PostgreSQL beside the same on SQLite: `python -m tests.benchmarks.landing`.

Two libraries of the same files, each behind its own `serve`, both running at
the same time; one reader asks for the same resource here and there by turns,
so that whatever else the machine does weighs on both. Each page is asked for
more than once; what is judged is the median of each side.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from service.settings import Settings
from tests.benchmarks.figures import figure, report
from tests.benchmarks.libraries import Reader, ingest, wait_until_idle, write
from tests.conftest import Served
from tests.servers.postgresql import PostgresServer

NEEDS_SERVER = True
FILES = 20
ROUNDS = 15
AT_MOST = 1.5


def main() -> int:
    server = PostgresServer(fsync="on", autovacuum="on").start()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch)
            write(root / "files", FILES)
            there = {"HOCLIEU_DATABASE_URL": server.create("landing")}
            embedded = ingest(root / "files", root / "sqlite", {})
            scaled = ingest(root / "files", root / "postgresql", there)
            with Served(root / "sqlite") as first, Served(root / "postgresql", **there) as second:
                wait_until_idle(Settings(home=root / "sqlite"))
                wait_until_idle(Settings(home=root / "postgresql", database_url=there["HOCLIEU_DATABASE_URL"]))
                readers = Reader(first), Reader(second)
                took: tuple[list[float], list[float]] = [], []
                # The first round pays for connections, templates and prepared statements.
                for turn in range(ROUNDS + 1):
                    for pair in zip(embedded, scaled, strict=True):
                        for side in (0, 1) if turn % 2 else (1, 0):
                            seconds, status, _ = readers[side].get(f"/resources/{pair[side]}")
                            assert status == 200, status
                            if turn:
                                took[side].append(seconds * 1000)
                for reader in readers:
                    reader.close()
    finally:
        server.close()
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    sqlite, postgresql = took
    p95 = [sorted(times)[int(0.95 * len(times))] for times in took]
    return report(
        [
            figure(
                "landing-page-postgresql, beside sqlite",
                statistics.median(postgresql),
                "ms",
                baseline=statistics.median(sqlite),
                at_most=AT_MOST,
            ),
            figure("landing-page-postgresql-p95, beside sqlite", p95[1], "ms", baseline=p95[0]),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
