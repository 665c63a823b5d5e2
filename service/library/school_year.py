"""Which week of the school year a day is in: 35 weeks from the first Monday of lessons on, holidays left out.

Thông tư 32/2018 plans a year of 35 weeks. The school year opens on 5 September
everywhere in the country; when its first week begins, and when pupils are free
at Tết, each province sets in August. So both are settings, whose defaults are
what most provinces come close to.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

WEEKS = 35
OPENING = (9, 5)
"""Month and day of the opening ceremony."""
DAYS = 5
"""Days with lessons in a week, from Monday on; some schools teach on Saturday too."""
A_WEEK = datetime.timedelta(weeks=1)

Span = tuple[datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Week:
    """A week of lessons. first, last: its Monday and Sunday. year: in which its school year began.

    state: the day that was asked for is `running` in it, in the `holiday` before it, `before` the school year of
    which it is the first week, or when the school year of which it is the last week is `over`.
    """

    number: int
    first: datetime.date
    year: int
    state: Literal["running", "holiday", "before", "over"]

    @property
    def last(self) -> datetime.date:
        return self.first + A_WEEK - datetime.timedelta(days=1)

    @property
    def years(self) -> str:
        """How a school year is called: 2026–2027."""
        return f"{self.year}–{self.year + 1}"


def week_of(today: datetime.date, *, begins: datetime.date | None = None, holidays: Sequence[Span] = ()) -> Week:
    """The week to speak of on a day: that day's, the next one in a holiday, the nearer end outside of the school year.

    begins: the first day of lessons of the school year that begins in that calendar year; others, and all without it,
    begin on the Monday on or after 5 September. holidays: first and last days; a week with most of its five days in
    them has no number.
    """
    year = today.year if today >= _first(today.year, begins) else today.year - 1
    mondays = list(islice(_mondays(_first(year, begins), holidays), WEEKS))
    for number, monday in enumerate(mondays, start=1):
        if today < monday:
            return Week(number, monday, year, "holiday")
        if today < monday + A_WEEK:
            return Week(number, monday, year, "running")
    following = next(_mondays(_first(year + 1, begins), holidays))
    if today - mondays[-1] <= following - today:
        return Week(WEEKS, mondays[-1], year, "over")
    return Week(1, following, year + 1, "before")


def _first(year: int, begins: datetime.date | None) -> datetime.date:
    """The Monday of the first week; of a first day at the end of a week the next one."""
    day = begins if begins is not None and begins.year == year else None
    if day is not None and day.weekday() < DAYS:
        return day - datetime.timedelta(days=day.weekday())
    opening = day or datetime.date(year, *OPENING)
    return opening + datetime.timedelta(days=-opening.weekday() % 7)


def _mondays(first: datetime.date, holidays: Sequence[Span]) -> Iterator[datetime.date]:
    monday = first
    while True:
        days = [monday + datetime.timedelta(days=after) for after in range(DAYS)]
        free = sum(any(begin <= day <= end for begin, end in holidays) for day in days)
        if free <= DAYS // 2:
            yield monday
        monday += A_WEEK
