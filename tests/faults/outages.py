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
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.depositing import KINDS, Attempt, ledger, word
from tests.faults.readers import READERS, Answer, Readers
from tests.faults.station import Counts, Found, Station, kill
from tests.process_tree import children
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server

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
def station(root: Path, lengths: Lengths, *, embedded: bool = False) -> Iterator[Station]:
    """A filled library whose processes run, on servers of its own; embedded: on SQLite and a folder."""
    with ExitStack() as stack:
        database = store = None
        if not embedded:
            database, store = PostgresServer(), S3Server()
            stack.callback(database.close)
            stack.callback(store.close)
            database.start()
            store.start()
        made = Station(root / "home", database, store)
        stack.callback(made.parts.catalogue.close)
        stack.callback(made.close)
        made.run_processes([word(random.Random()) for _ in range(lengths.shelf)])
        yield made


@contextmanager
def load(report: Report, library: Station, lengths: Lengths, *kinds: str) -> Iterator[Readers]:
    """Readers and a depositor inside of the block; after it the report is told what is there in the end."""
    written = library.home.parent / f"ledger-{report.part}"
    began = len(library.lines())
    with Readers(library.address, library.known) as readers, library.depositing(written, lengths.rate, *kinds):
        _warm(readers, written)
        report.before = library.count()
        yield readers
    _conclude(report, library, readers, written, began)


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
            _until(lambda: any(map(_reads, workers)), "a worker that reads")
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
            _until(lambda: len(library.web()) == 2, "two web processes that answer")
            began, seen = time.monotonic(), len(readers.answers)
            os.kill(random.choice(library.web()), signal.SIGKILL)
            # Each reader has asked twice and more.
            _until(lambda seen=seen: len(readers.answers) > seen + 3 * number, "answers")  # type: ignore[misc]
            failed = Counter(one.reader for one in list(readers.answers) if one.ended >= began and _failed(one))
            most = max(failed.values(), default=0)
            said = f"{len(failed)} of {number} readers saw a failed request, at most {most} each"
            (report.wrong if most > 1 else report.notes).append(f"web kill {kill_number}: {said}")
        report.returned = time.monotonic()
    return report


def _failed(answer: Answer) -> bool:
    # A busy machine may keep `/readyz` from hearing of a part in time, which is no failure of the answer.
    return not answer.good and not (answer.door == "readyz" and answer.status == 503)


def _conclude(report: Report, library: Station, readers: Readers, written: Path, since: int) -> None:
    """since: the log's lines before this drill."""
    library.settle()
    report.answers = readers.answers
    report.attempts = ledger(written)
    report.found = library.examine(report.attempts)
    report.after = library.count()
    report.wrong += report.found.wrong
    lines = [line["event"] for line in library.lines()[since:] if line["level"] != "info"]
    events = Counter(lines)
    report.notes.append(f"log lines above info: {dict(events.most_common())}")


def _warm(readers: Readers, written: Path) -> None:
    """Until every process has started and answers; how long that takes is no matter of this drill."""
    _until(lambda: len(ledger(written)) >= 3, "deposits")
    _until(lambda: len({one.reader for one in list(readers.answers)}) == sum(READERS.values()), "readers")
    readers.answers.clear()


def _until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)


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
    parser.add_argument("--part", choices=PARTS, action="append", help="all by default")
    parser.add_argument("--seconds-away", type=float, default=usual.away, help="default: %(default)s")
    parser.add_argument("--rate", type=float, default=usual.rate, help="deposits a second (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=usual.kills, help="of the worker (default: %(default)s)")
    parser.add_argument("--web-kills", type=int, default=usual.web_kills, help="default: %(default)s")
    parser.add_argument("--embedded", action="store_true", help="worker and web, on SQLite and a folder")
    given = parser.parse_args()
    lengths = Lengths(away=given.seconds_away, rate=given.rate, kills=given.kills, web_kills=given.web_kills)
    failed = False
    with (
        tempfile.TemporaryDirectory(prefix="outage-") as root,
        station(Path(root), lengths, embedded=given.embedded) as library,
    ):
        for part in given.part or (PARTS[2:] if given.embedded else PARTS):
            report = drill(library, part, lengths)
            report.print()
            failed = failed or bool(report.wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
