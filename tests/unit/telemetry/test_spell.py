"""A trouble that lasts costs a line when it begins, one a minute, and one when it is over."""

import logging

import pytest

from service.telemetry.spell import AGAIN_SECONDS, Spell

log = logging.getLogger("service.test_spell")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def spell(clock: Clock, caplog: pytest.LogCaptureFixture) -> Spell:
    caplog.set_level(logging.INFO, log.name)
    return Spell(log, "away", clock=clock)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int]]:
    return [(record.message, getattr(record, "times", 1)) for record in caplog.records]


def test_many_failures_are_one_line_with_the_fields_of_the_first(
    spell: Spell, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(100):
        spell.tell(number=number)
    assert lines(caplog) == [("away", 1)]
    assert caplog.records[0].number == 0  # type: ignore[attr-defined]
    assert caplog.records[0].levelno == logging.WARNING


def test_what_lasts_is_told_again_with_how_often_it_happened(
    spell: Spell, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        spell.tell()
    clock.now += AGAIN_SECONDS
    spell.tell()
    assert lines(caplog) == [("away", 1), ("away", 5)]


def test_its_end_is_one_line_and_the_next_trouble_begins_afresh(spell: Spell, caplog: pytest.LogCaptureFixture) -> None:
    spell.over()
    assert lines(caplog) == []
    spell.tell()
    spell.over()
    spell.over()
    spell.tell()
    assert [event for event, _ in lines(caplog)] == ["away", "away-over", "away"]
