"""Libraries of every size before the strict examiner of OAI-PMH, in the zone of Viet Nam too.

No measurement: the one place that shows what a test run has no time for. An
empty library (the examiner's P10 "no records" must be all it says), one
record, 10,000 with one datestamp, and `--records` with withdrawn ones among
them; each served with the settings that ship, first under UTC, then under
Asia/Ho_Chi_Minh; on SQLite, with `--scaled` on a PostgreSQL of its own and two
web processes. Every answer is judged by the published schemas.

    python -m tests.benchmarks.examined [--records 100000] [--scaled] [--only NAME…]

The examiner lies beside the clone, in `shared/tools`; it is no part of this
project. A line a library and zone: what it printed last. Exit 1 where it found
anything.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service import compose
from service.model import Rendered
from service.settings import Settings
from tests.benchmarks import oai_library
from tests.conftest import Served
from tests.schemas import FOLDER
from tests.servers.postgresql import PostgresServer

# It takes minutes and prints no figures.
BY_NAME = True

EXAMINER = FOLDER.parent / "tools" / "oai_strict.py"
ZONES = ("UTC", "Asia/Ho_Chi_Minh")
MANY = 10_000
# One in so many is withdrawn.
WITHDRAWN = 100
HOURS = 3600.0


@dataclass(frozen=True, slots=True)
class Case:
    """together: records of one datestamp. withdrawn: whether some are."""

    name: str
    records: int
    together: int
    withdrawn: bool = False

    @property
    def expected(self) -> list[str]:
        """The lines of what the examiner may find."""
        return [] if self.records else ["FAIL P10 no records"]


def cases(records: int) -> list[Case]:
    return [
        Case("empty", 0, 1),
        Case("one", 1, 1),
        Case("one-datestamp", MANY, MANY),
        Case("many", records, oai_library.BATCH, withdrawn=True),
    ]


def make(home: Path, url: str, case: Case) -> None:
    """A library of the case's records."""
    services = compose.services(Settings(home=home, database_url=url))
    services.catalogue.migrate()
    made = oai_library.fill(services, case.records, batch=case.together)
    gone = [Rendered(one.key, one.id, 2) for one in made[::WITHDRAWN]] if case.withdrawn else []
    for start in range(0, len(gone), oai_library.BATCH):
        services.catalogue.write(lambda work, at=start: work.oai.stamp(gone[at : at + oai_library.BATCH]))
    services.catalogue.close()


def examine(home: Path, url: str, case: Case, zone: str) -> bool:
    """Serve it, and hold the examiner against it. Returns: whether it found what is expected, and nothing else."""
    began = time.monotonic()
    options, environment = (("--workers", "2"), {"HOCLIEU_DATABASE_URL": url}) if url else ((), {})
    with Served(home, "--no-worker", *options, TZ=zone, **environment) as address:
        command = [sys.executable, "-W", "ignore", str(EXAMINER), f"{address}/oai", "--max", "2000000"]
        given = {**os.environ, "OAI_XSD": str(FOLDER)}
        done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=HOURS, check=False)
    lines = done.stdout.splitlines()
    found = [one for one in lines if one.startswith(("FAIL", "WARN"))]
    last = lines[-1] if lines else "nothing"
    print(f"{case.name}, {zone}: {last} ({time.monotonic() - began:.0f} s)", flush=True)
    well = found == case.expected and not done.stderr and f"{case.records} records" in last
    if not well:
        print("\n".join((*found, done.stderr[-2000:])), flush=True)
    return well


@contextlib.contextmanager
def databases(scaled: bool) -> Iterator[PostgresServer | None]:
    if not scaled:
        yield None
        return
    # As an operator's: plans follow from what it has counted.
    server = PostgresServer(autovacuum="on", shared_buffers="256MB", max_wal_size="1GB").start()
    try:
        yield server
    finally:
        server.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.examined")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--scaled", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args(arguments)
    if not EXAMINER.is_file():
        print(f"no {EXAMINER} to examine with", file=sys.stderr)
        return 2
    well = True
    with databases(asked.scaled) as server:
        for case in cases(asked.records):
            if asked.only and case.name not in asked.only:
                continue
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder)
                url = server.create(case.name.replace("-", "_")) if server else ""
                began = time.monotonic()
                make(home, url, case)
                written = f"{case.records} records written in {time.monotonic() - began:.0f} s"
                print(f"{'postgresql' if url else 'sqlite'}, {case.name}: {written}", flush=True)
                for zone in ZONES:
                    well = examine(home, url, case, zone) and well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
