"""A part goes away under load, and comes back: `python -m tests.faults.outages [--part objects] [--seconds-away 20]`.

A library on a real PostgreSQL and a real S3 store, two web processes, a
worker; 10 searches a second and other readers, 5 one-page deposits a second.
The part is ended with SIGKILL and started again; printed is what readers and
the depositor met before, during and after, and what is there in the end. Exit
code 1 where anything was lost or somebody met what they should not.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.faults import index_outages
from tests.faults.depositing import KINDS
from tests.faults.loaded import Lengths, load, station, until
from tests.faults.readers import READERS, Answer
from tests.faults.report import Report
from tests.faults.station import Station, kill
from tests.process_tree import children


def away(library: Station, part: str, lengths: Lengths) -> Report:
    """Kill the server of a part under load, bring it back, and judge."""
    report = Report(part)
    server = library.store if part == "objects" else library.database
    assert server is not None
    with load(report, library, lengths, "publish"):
        time.sleep(lengths.before)
        report.broke = time.monotonic()
        server.kill()
        time.sleep(lengths.away)
        # A store may give files back for a while before it takes new ones.
        report.returning = time.monotonic()
        server.start()
        report.returned = time.monotonic()
        time.sleep(lengths.after)
    if part == "objects":
        report.always_good("search", "landing", "healthz", "readyz")
        for door in ("download", "thumbnail"):
            report.expect(door, lambda one: one.status == 503 and one.retry, "503 with Retry-After")
    else:
        report.always_good("healthz")
        for door in ("search", "landing", "download", "thumbnail"):
            report.expect(door, lambda one: one.status == 503 and one.retry, "503 with Retry-After")
        report.expect("readyz", lambda one: one.status == 503 and one.retry and "database" in one.said, "503, names it")
    report.back_in_time(*(door for door in READERS if door != "healthz"))
    report.refused_early()
    return report


def worker_killed(library: Station, lengths: Lengths) -> Report:
    """Kill one of two workers again and again while files come in; each job's effect is there exactly once."""
    report = Report("worker")
    rng = random.Random()
    with load(report, library, lengths, *KINDS):
        report.broke = time.monotonic()
        workers = [library.worker, library.start("work")]
        for _ in range(lengths.kills):
            until(lambda: any(map(_reads, workers)), "a worker that reads")
            # Somewhere in this job or the next few, or between two of them.
            time.sleep(rng.uniform(0.0, 2.0))
            one = rng.choice([one for one in workers if children(one.pid)])
            kill(one)
            workers.remove(one)
            workers.append(library.start("work"))
        report.returned = time.monotonic()
        library.worker = workers[0]
        workers[1].terminate()
    report.notes.append(f"worker killed {lengths.kills} times")
    report.always_good("search", "landing", "download", "thumbnail", "healthz")
    return report


def _reads(worker: "subprocess.Popen[bytes]") -> bool:
    """Whether a child of the warm parent below it has a file at this moment."""
    return any(children(parent) for parent in children(worker.pid))


def web_killed(library: Station, lengths: Lengths) -> Report:
    """Kill one of two web processes; no reader sees more than one failed request."""
    report = Report("web")
    number = sum(READERS.values())
    with load(report, library, lengths, "publish") as readers:
        report.broke = time.monotonic()
        for kill_number in range(1, lengths.web_kills + 1):
            until(lambda: len(library.web()) == 2, "two web processes that answer")
            began, seen = time.monotonic(), len(readers.answers)
            os.kill(random.choice(library.web()), signal.SIGKILL)
            # Each reader has asked twice and more.
            until(lambda seen=seen: len(readers.answers) > seen + 3 * number, "answers")  # type: ignore[misc]
            failed = Counter(one.reader for one in list(readers.answers) if one.ended >= began and _failed(one))
            most = max(failed.values(), default=0)
            said = f"{len(failed)} of {number} readers saw a failed request, at most {most} each"
            (report.wrong if most > 1 else report.notes).append(f"web kill {kill_number}: {said}")
        report.returned = time.monotonic()
    return report


def _failed(answer: Answer) -> bool:
    # A busy machine may keep `/readyz` from hearing of a part in time, which is no failure of the answer.
    return not answer.good and not (answer.door == "readyz" and answer.status == 503)


PARTS = ("objects", "database", "worker", "web")


def drill(library: Station, part: str, lengths: Lengths) -> Report:
    """One part of a library that runs."""
    if part == "worker":
        return worker_killed(library, lengths)
    if part == "web":
        return web_killed(library, lengths)
    return away(library, part, lengths)


def main() -> int:
    usual = Lengths()
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.outages", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--part", choices=(*PARTS, *index_outages.DRILLS), action="append", help="all by default")
    parser.add_argument("--seconds-away", type=float, default=usual.away, help="default: %(default)s")
    parser.add_argument("--rate", type=float, default=usual.rate, help="deposits a second (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=usual.kills, help="of the worker (default: %(default)s)")
    parser.add_argument("--web-kills", type=int, default=usual.web_kills, help="default: %(default)s")
    parser.add_argument("--embedded", action="store_true", help="worker and web, on SQLite and a folder")
    given = parser.parse_args()
    lengths = Lengths(away=given.seconds_away, rate=given.rate, kills=given.kills, web_kills=given.web_kills)
    asked = given.part or (PARTS[2:] if given.embedded else (*PARTS, *index_outages.DRILLS))
    failed = False
    for parts, nodes in (
        ([part for part in asked if part in PARTS], 0),
        ([part for part in asked if part not in PARTS], index_outages.NODES),
    ):
        if not parts:
            continue
        with (
            tempfile.TemporaryDirectory(prefix="outage-") as root,
            station(Path(root), lengths, embedded=given.embedded, nodes=nodes) as library,
        ):
            for part in parts:
                report = index_outages.DRILLS[part](library, lengths) if nodes else drill(library, part, lengths)
                report.print()
                failed = failed or bool(report.wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
