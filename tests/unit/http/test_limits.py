"""What one address may ask for in a minute, on a clock of the test's own."""

import pytest
from starlette.requests import Request

from service.errors import TooManyRequests
from service.http.limits import BUSY, Limits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def asked(address: str = "203.0.113.4") -> Request:
    return Request({"type": "http", "method": "GET", "path": "/search", "headers": [], "client": (address, 1)})


def search(limits: Limits, request: Request, filters: int = 0) -> bool:
    try:
        with limits.searching(request, filters=filters):
            return True
    except TooManyRequests:
        return False


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_sixty_people_behind_one_address_search_ten_times_a_minute_each(clock: Clock) -> None:
    limits = Limits(600, clock)
    refused = 0
    for number in range(60 * 10 * 5):
        clock.now = number * 0.1
        refused += not search(limits, asked(), filters=1)
    assert refused == 0


def test_pages_behind_many_filters_are_refused_first_and_pages_of_resources_last(clock: Clock) -> None:
    limits = Limits(40, clock)
    deep = [search(limits, asked(), filters=3) for _ in range(20)]
    assert deep == [True] * 10 + [False] * 10
    # What was refused cost nothing: searches with few filters go on, until there were forty of both.
    assert sum(search(limits, asked(), filters=2) for _ in range(50)) == 30
    for _ in range(160):
        limits.spend(asked(), "page")
    with pytest.raises(TooManyRequests):
        limits.spend(asked(), "page")
    for _ in range(800):
        limits.spend(asked(), "file")


def test_who_is_refused_is_told_when_to_come_back_and_then_is_answered(clock: Clock) -> None:
    limits = Limits(40, clock)
    while search(limits, asked(), filters=3):
        pass
    with pytest.raises(TooManyRequests) as refused, limits.searching(asked(), filters=3):
        pass
    assert refused.value.parameters["seconds"] == 6
    clock.now += 6
    assert search(limits, asked(), filters=3)


def test_addresses_are_apart_and_a_network_of_ipv6_is_one(clock: Clock) -> None:
    limits = Limits(10, clock)
    assert sum(search(limits, asked("2001:db8:1:2::1")) for _ in range(20)) == 10
    assert not search(limits, asked("2001:db8:1:2:ffff::9"))
    assert search(limits, asked("2001:db8:1:3::1"))
    assert search(limits, asked("203.0.113.5"))


def test_while_many_searches_are_under_way_all_cost_more(clock: Clock) -> None:
    limits = Limits(40, clock)
    held = [limits.searching(asked(f"192.0.2.{number}"), filters=0) for number in range(BUSY)]
    for one in held:
        one.__enter__()
    assert sum(search(limits, asked(), filters=3) for _ in range(20)) == 1
    assert sum(search(limits, asked("203.0.113.5")) for _ in range(50)) == 20
    for one in held:
        one.__exit__(None, None, None)
    assert sum(search(limits, asked("203.0.113.6")) for _ in range(50)) == 40


def test_what_is_silent_for_a_minute_is_forgotten(clock: Clock) -> None:
    limits = Limits(10, clock)
    for number in range(50):
        search(limits, asked(f"192.0.2.{number}"))
    clock.now = 61.0
    search(limits, asked())
    assert len(limits._buckets) == 1
