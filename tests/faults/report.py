"""What readers and a depositor met while a part was away, printed as tables, and what of it must not be."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.depositing import Attempt
from tests.faults.readers import READERS, Answer
from tests.faults.station import Counts, Found

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
    """The part answers again. returning: when its return began, where that takes a while."""
    returning: float = 0.0
    answers: Sequence[Answer] = ()
    attempts: Sequence[Attempt] = ()
    before: Counts | None = None
    after: Counts | None = None
    found: Found = field(default_factory=Found)
    lines: list[dict[str, Any]] = field(default_factory=list)
    """Of the log of all processes: warnings and errors."""
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def during(self, door: str) -> list[Answer]:
        """Requests that began while the part was surely away."""
        since = self.broke + STRADDLE_SECONDS
        return [one for one in self.answers if one.door == door and since <= one.began and one.ended < self.surely_away]

    @property
    def surely_away(self) -> float:
        """Until when."""
        return self.returning or self.returned

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
            if self.broke + STRADDLE_SECONDS <= one.began and one.began + one.seconds < self.surely_away
        ]
        if not asked or any(one.outcome != "refused" for one in asked):
            self.wrong.append(f"{len(asked)} deposits while it was away: {Counter(one.outcome for one in asked)}")
        if late := [one.seconds for one in asked if one.seconds > REFUSED_SECONDS]:
            self.wrong.append(f"{len(late)} deposits waited up to {max(late):.1f} s for a no")

    def told(self, code: str) -> None:
        """An alarm: a line above info that names what is wrong by its code."""
        if not any(code in line.values() for line in self.lines):
            self.wrong.append(f"no line of the log tells of {code}")

    def never_refused(self) -> None:
        """Whoever deposits notices nothing."""
        if refused := Counter(one.code for one in self.attempts if one.outcome == "refused"):
            self.wrong.append(f"deposits were refused: {dict(refused)}")

    def no_longer_than(self, seconds: float, *doors: str) -> None:
        """Of every answer while the part was away."""
        for door in doors:
            if late := [one.seconds for one in self.during(door) if one.seconds > seconds]:
                self.wrong.append(f"{door}: {len(late)} answers took more than {seconds:g} s, up to {max(late):.1f} s")

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
