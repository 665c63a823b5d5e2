"""What probes are told: every part by name, in bounded time, asked once a second however many probes come."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from service.errors import StorageFull, Unavailable
from service.library.bounded import Bounded, NoAnswerInTime
from service.library.readiness import WITHIN_SECONDS, Readiness


class Part:
    """A part of the library that does as it is told when it is asked."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act = act
        self.asked = 0

    def check(self, *_: object) -> None:
        self.asked += 1
        self.act()

    def reading(self) -> Any:
        raise Unavailable(part="database")


def well() -> None:
    pass


def away() -> None:
    raise Unavailable(part="database")


def full() -> None:
    raise StorageFull(part="objects")


def broken() -> None:
    raise ValueError("never told")


@pytest.fixture
def hanging() -> Iterator[Callable[[], None]]:
    """Hangs as long as the test lasts."""
    let_go = threading.Event()
    yield lambda: (let_go.wait(60), None)[1]
    let_go.set()


def readiness(database: Part, objects: Part, *, kept_seconds: float = 1.0) -> Readiness:
    services: Any = SimpleNamespace(catalogue=database, objects=objects, index=Part(well))
    return Readiness(services, kept_seconds=kept_seconds)


def test_every_part_is_named_with_its_code() -> None:
    state = readiness(Part(away), Part(full)).state()
    assert state.parts == {"database": "unavailable", "objects": "storage-full", "index": "unknown"}
    assert state.away == "database"


def test_a_fault_of_the_software_is_told_apart() -> None:
    assert readiness(Part(broken), Part(well)).state().parts["database"] == "fault"


def test_a_part_that_hangs_is_named_while_the_others_answer(hanging: Callable[[], None]) -> None:
    began = time.monotonic()
    state = readiness(Part(hanging), Part(well)).state()
    # Contract: 2 seconds with the server's own share.
    assert time.monotonic() - began < WITHIN_SECONDS + 0.5
    assert (state.parts["database"], state.parts["objects"]) == ("no-answer", "ok")
    assert state.away == "database"


def test_a_part_that_hangs_is_not_asked_again(hanging: Callable[[], None]) -> None:
    part = Part(hanging)
    probed = readiness(part, Part(well), kept_seconds=0.0)
    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(lambda _: probed.state(), range(8)))
    assert {state.parts["database"] for state in states} == {"no-answer"}
    assert part.asked == 1


def test_probes_within_a_second_cost_one_check() -> None:
    part = Part(well)
    probed = readiness(part, Part(well), kept_seconds=60.0)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: probed.state(), range(100)))
    assert part.asked == 1


def test_a_part_that_is_back_is_ready_again_when_the_answer_is_no_longer_fresh() -> None:
    part = Part(away)
    now = [0.0]
    asked: Bounded[None] = Bounded(part.check, kept_seconds=1.0, clock=lambda: now[0])
    for moment in (0.0, 0.9):
        now[0] = moment
        with pytest.raises(Unavailable):
            asked.answer(5.0)
    assert part.asked == 1
    part.act, now[0] = well, 1.1
    asked.answer(5.0)
    assert part.asked == 2


def test_an_answer_that_comes_late_is_the_next_one_s() -> None:
    let_go = threading.Event()
    asked: Bounded[str] = Bounded(lambda: "here" if let_go.wait(60) else "", kept_seconds=60.0)
    with pytest.raises(NoAnswerInTime):
        asked.answer(0.01)
    let_go.set()
    assert asked.answer(30.0) == "here"
