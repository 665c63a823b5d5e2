"""Which week of school a day is in, and what is said outside of the school year."""

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.library.school_year import WEEKS, week_of
from service.settings import Settings

HOLIDAYS = Settings().holidays


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("today", "number", "first", "state"),
    [
        ("2026-09-06", 1, "2026-09-07", "before"),
        ("2026-09-07", 1, "2026-09-07", "running"),
        ("2026-09-13", 1, "2026-09-07", "running"),
        ("2026-09-14", 2, "2026-09-14", "running"),
        ("2026-11-28", 12, "2026-11-23", "running"),
        ("2027-01-31", 21, "2027-01-25", "running"),
        ("2027-02-01", 22, "2027-02-15", "holiday"),
        ("2027-02-14", 22, "2027-02-15", "holiday"),
        ("2027-02-15", 22, "2027-02-15", "running"),
        ("2027-05-23", 35, "2027-05-17", "running"),
        ("2027-05-24", 35, "2027-05-17", "over"),
        ("2027-07-01", 35, "2027-05-17", "over"),
        ("2027-08-01", 1, "2027-09-06", "before"),
        # A 5 September that is a Monday begins the year itself.
        ("2033-09-05", 1, "2033-09-05", "running"),
    ],
)
def test_a_day_of_the_school_year_has_its_week(today: str, number: int, first: str, state: str) -> None:
    week = week_of(day(today), holidays=HOLIDAYS)
    assert (week.number, week.first, week.state) == (number, day(first), state)
    assert week.last - week.first == datetime.timedelta(days=6)


def test_a_school_year_is_called_by_both_its_years() -> None:
    assert week_of(day("2027-03-01"), holidays=HOLIDAYS).years == "2026–2027"
    assert week_of(day("2027-08-20"), holidays=HOLIDAYS).years == "2027–2028"


@pytest.mark.parametrize(
    ("begins", "first"),
    [("2026-08-31", "2026-08-31"), ("2026-09-03", "2026-08-31"), ("2026-09-05", "2026-09-07")],
)
def test_the_province_sets_the_first_day(begins: str, first: str) -> None:
    assert week_of(day("2026-09-08"), begins=day(begins)).first - day(first) in (
        datetime.timedelta(0),
        datetime.timedelta(days=7),
    )
    assert week_of(day(first), begins=day(begins)).number == 1


def test_a_first_day_of_another_year_changes_nothing() -> None:
    assert week_of(day("2026-09-08"), begins=day("2024-08-26")) == week_of(day("2026-09-08"))


def test_two_free_days_leave_a_week_its_number_and_three_take_it() -> None:
    short = ((day("2026-10-05"), day("2026-10-06")),)
    assert week_of(day("2026-10-05"), holidays=short).state == "running"
    assert week_of(day("2026-10-05"), holidays=((day("2026-10-05"), day("2026-10-07")),)).state == "holiday"


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2035, 12, 31)))
def test_any_day_has_a_week_that_is_a_monday_and_stands_where_the_state_says(today: datetime.date) -> None:
    week = week_of(today, holidays=HOLIDAYS)
    assert 1 <= week.number <= WEEKS
    assert week.first.weekday() == 0
    assert (week.first <= today <= week.last) == (week.state == "running")
    assert (today < week.first) == (week.state in ("holiday", "before"))


def test_weeks_follow_one_another_until_the_last() -> None:
    days = [day("2026-09-07") + datetime.timedelta(days=after) for after in range(300)]
    numbers = [week.number for week in (week_of(one, holidays=HOLIDAYS) for one in days) if week.state == "running"]
    assert sorted({*numbers}) == list(range(1, WEEKS + 1))
    assert all(0 <= after - before <= 1 for before, after in pairwise(numbers))
