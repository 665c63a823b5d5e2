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
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.depositing import KINDS, Attempt, ledger, word
from tests.faults.readers import READERS, Answer, Readers
from tests.faults.station import SHELF, Counts, Found, Station, kill
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server

BEFORE_SECONDS, AFTER_SECONDS = 5.0, 8.0
RATE = 5.0
BACK_SECONDS = 5.0
"""A reader gets good answers again this soon after the part is there again (the issue's own number)."""
REFUSED_SECONDS = 5.0
"""How long somebody who deposits may wait for a no."""
STRADDLE_SECONDS = 1.0
"""What begins within this time of the kill may meet either state."""


@dataclass
class Report:
    """What one drill saw. wrong: what must not be; the drill has failed where there is any."""

    part: str
    broke: float = 0.0
    returned: float = 0.0
    answers: Sequence[Answer] = ()
    attempts: Sequence[Attempt] = ()
    before: Counts | None = None
    after: Counts | None = None
    found: Found = field(default_factory=Found)
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def during(self, door: str) -> list[Answer]:
        """Requests that began while the part was surely away."""
        since = self.broke + STRADDLE_SECONDS
        return [one for one in self.answers if one.door == door and since <= one.began and one.ended < self.returned]

    def expect(self, door: str, holds: Callable[[Answer], bool], what: str) -> None:
        """Of every request at a door while the part was away."""
        asked = self.during(door)
        if not asked:
            self.wrong.append(f"{door}: nobody asked while it was away")
        if others := [one for one in asked if not holds(one)]:
            seen = Counter((one.status, one.retry, one.said[:80]) for one in others)
            self.wrong.append(
                f"{door} while it was away: {what}; {len(others)} of {len(asked)} otherwise: {dict(seen)}"
            )

    def always_good(self, *doors: str) -> None:
        for door in doors:
            if others := [one for one in self.answers if one.door == door and not one.good]:
                seen = Counter(f"{one.status} {one.said[:60]}" for one in others)
                self.wrong.append(f"{door} was to go on: {dict(seen)}")

    def good_again(self, door: str) -> float | None:
        """Seconds from the part's return to the first good answer to somebody who asked after it."""
        times = [
            one.ended - self.returned
            for one in self.answers
            if one.door == door and one.good and one.began >= self.returned
        ]
        return min(times, default=None)

    def back_in_time(self, *doors: str) -> None:
        for door in doors:
            seconds = self.good_again(door)
            if seconds is None or seconds > BACK_SECONDS:
                self.wrong.append(f"{door} was good again after {seconds} s")

    def refused_early(self) -> None:
        asked = [
            one
            for one in self.attempts
            if self.broke + STRADDLE_SECONDS <= one.began and one.began + one.seconds < self.returned
        ]
        if not asked or any(one.outcome != "refused" for one in asked):
            self.wrong.append(f"{len(asked)} deposits while it was away: {Counter(one.outcome for one in asked)}")
        if late := [one.seconds for one in asked if one.seconds > REFUSED_SECONDS]:
            self.wrong.append(f"{len(late)} deposits waited up to {max(late):.1f} s for a no")

    def print(self) -> None:
        print(f"\n{self.part} away for {self.returned - self.broke:.1f} s\n")
        phases = {"before": (0.0, self.broke), "during": (self.broke, self.returned), "after": (self.returned, 1e18)}
        print(f"{'door':<10} {'before':<26} {'during':<40} {'after':<26} {'longest':>8} {'good again':>10}")
        for door in READERS:
            row = [
                _statuses(one for one in self.answers if one.door == door and first <= one.began < last)
                for first, last in phases.values()
            ]
            longest = max((one.seconds for one in self.answers if one.door == door), default=0.0)
            again = self.good_again(door)
            back = "-" if again is None else f"{again:.2f} s"
            print(f"{door:<10} {row[0]:<26} {row[1]:<40} {row[2]:<26} {longest:>6.2f} s {back:>10}")
        print()
        for phase, (first, last) in phases.items():
            print(f"deposits {phase:<7} {_outcomes([one for one in self.attempts if first <= one.began < last])}")
        print(f"counts before {self.before}\ncounts after  {self.after}")
        found = self.found
        yet_there = f"(there all the same: {found.refused_yet_there})"
        print(f"acknowledged {found.acknowledged}, refused {found.refused} {yet_there}")
        for line in (*self.notes, *(f"WRONG: {one}" for one in self.wrong)):
            print(line)
        if not self.wrong:
            print("nothing lost, nothing doubled")
        sys.stdout.flush()


def _statuses(answers: Iterator[Answer]) -> str:
    counted = Counter(
        f"{one.status or 'broken'}{'+retry' if one.retry else ''}{'' if one.good or one.status != 200 else ' wrong'}"
        for one in answers
    )
    return ", ".join(f"{number} x {status}" for status, number in sorted(counted.items())) or "-"


def _outcomes(attempts: Sequence[Attempt]) -> str:
    said = []
    for outcome in ("acknowledged", "refused"):
        seconds = sorted(one.seconds for one in attempts if one.outcome == outcome)
        if seconds:
            said.append(
                f"{len(seconds)} {outcome} (median {seconds[len(seconds) // 2]:.2f} s, longest {seconds[-1]:.2f} s)"
            )
    return ", ".join(said) or "-"


@contextmanager
def scaled(root: Path) -> Iterator[Station]:
    """A filled library on servers of its own."""
    database, store = PostgresServer(), S3Server()
    try:
        yield from _opened(root, database.start(), store.start())
    finally:
        store.close()
        database.close()


@contextmanager
def embedded(root: Path) -> Iterator[Station]:
    """The same on SQLite and a folder."""
    yield from _opened(root, None, None)


def _opened(root: Path, database: PostgresServer | None, store: S3Server | None) -> Iterator[Station]:
    station = Station(root / "home", database, store)
    try:
        yield station
    finally:
        station.close()
        station.parts.catalogue.close()


def away(station: Station, part: str, seconds_away: float) -> Report:
    """Kill the server of a part under load, bring it back, and judge."""
    report = Report(part)
    server = station.store if part == "objects" else station.database
    assert server is not None
    known = station.fill(station.home.parent / "shelf", [word(random.Random()) for _ in range(SHELF)])
    written = station.home.parent / "ledger"
    _, address = station.serving("--workers", "2", "--no-worker")
    station.start("work")
    with Readers(address, known) as readers, station.depositing(written, RATE, "publish"):
        _warm(readers, written)
        report.before = station.count()
        time.sleep(BEFORE_SECONDS)
        report.broke = time.monotonic()
        server.kill()
        time.sleep(seconds_away)
        server.start()
        report.returned = time.monotonic()
        time.sleep(AFTER_SECONDS)
    _conclude(report, station, readers, written)
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


def worker_killed(station: Station, times: int) -> Report:
    """Kill the worker again and again while files come in; each job's effect is there exactly once."""
    report = Report("worker")
    rng = random.Random()
    known = station.fill(station.home.parent / "shelf", [word(rng) for _ in range(SHELF)])
    written = station.home.parent / "ledger"
    _, address = station.serving("--workers", "2", "--no-worker")
    worker = station.start("work")
    with Readers(address, known) as readers, station.depositing(written, RATE, *KINDS):
        _warm(readers, written)
        report.before = station.count()
        report.broke = time.monotonic()
        for _ in range(times):
            done = station.worked()
            _until(lambda done=done: station.worked() > done, "the worker's first job")  # type: ignore[misc]
            # Somewhere in the next few jobs, or between two of them.
            time.sleep(rng.uniform(0.0, 1.0))
            kill(worker)
            worker = station.start("work")
        report.returned = time.monotonic()
    _conclude(report, station, readers, written)
    report.notes.append(f"worker killed {times} times")
    report.always_good(*READERS)
    return report


def web_killed(station: Station, times: int) -> Report:
    """Kill one of two web processes; no reader sees more than one failed request."""
    report = Report("web")
    known = station.fill(station.home.parent / "shelf", [word(random.Random()) for _ in range(SHELF)])
    written = station.home.parent / "ledger"
    serve, address = station.serving("--workers", "2", "--no-worker")
    station.start("work")
    with Readers(address, known) as readers, station.depositing(written, RATE, "publish"):
        _warm(readers, written)
        report.before = station.count()
        report.broke = time.monotonic()
        for number in range(times):
            _until(lambda: len(station.serve_now(serve)) == 2, "two web processes that answer")
            began = time.monotonic()
            seen = len(readers.answers)
            os.kill(random.choice(station.serve_now(serve)), signal.SIGKILL)
            # Each reader has asked twice and more.
            _until(lambda seen=seen: len(readers.answers) > seen + 3 * sum(READERS.values()), "answers")  # type: ignore[misc]
            after = [one for one in list(readers.answers) if one.ended >= began]
            failed = Counter(one.reader for one in after if not one.good)
            most = max(failed.values(), default=0)
            report.notes.append(
                f"kill {number + 1}: {len(failed)} of {sum(READERS.values())} readers saw a failed request, "
                f"at most {most} each"
            )
            if most > 1:
                report.wrong.append(f"a reader saw {most} failed requests")
        report.returned = time.monotonic()
    _conclude(report, station, readers, written)
    return report


def _conclude(report: Report, station: Station, readers: Readers, written: Path) -> None:
    station.settle()
    report.answers = readers.answers
    report.attempts = ledger(written)
    report.found = station.examine(report.attempts)
    report.after = station.count()
    report.wrong += report.found.wrong
    events = Counter(line["event"] for line in station.lines() if line["level"] not in ("info", "debug"))
    report.notes.append(f"log lines above info: {dict(events.most_common())}")


def _warm(readers: Readers, written: Path) -> None:
    """Until every process has started and answers; how long that takes is no matter of this drill."""
    _until(lambda: len(ledger(written)) >= RATE, "deposits")
    _until(lambda: len({one.reader for one in list(readers.answers)}) == sum(READERS.values()), "readers")
    readers.answers.clear()


def _until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)


PARTS = ("objects", "database", "worker", "web")


def drill(part: str, root: Path, *, seconds_away: float, times: int, small: bool = False) -> Report:
    """One part, on a library of its own under `root`. times: kills of a worker or a web process."""
    root.mkdir(parents=True, exist_ok=True)
    with (embedded if small else scaled)(root) as station:
        if part == "worker":
            return worker_killed(station, times)
        if part == "web":
            return web_killed(station, times)
        return away(station, part, seconds_away)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.outages", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--part", choices=PARTS, action="append", help="all by default")
    parser.add_argument("--seconds-away", type=float, default=20.0)
    parser.add_argument("--kills", type=int, default=50, help="of the worker (default: %(default)s)")
    parser.add_argument("--web-kills", type=int, default=5, help="of web processes (default: %(default)s)")
    parser.add_argument("--embedded", action="store_true", help="worker and web on SQLite and a folder")
    given = parser.parse_args()
    failed = False
    for part in given.part or PARTS:
        with tempfile.TemporaryDirectory(prefix="outage-") as root:
            times = given.kills if part == "worker" else given.web_kills
            small = given.embedded and part in ("worker", "web")
            report = drill(part, Path(root), seconds_away=given.seconds_away, times=times, small=small)
            report.print()
            failed = failed or bool(report.wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
