"""Who is counted: people, once in 30 seconds, and nobody by name."""

import datetime
from pathlib import Path

import pytest
from starlette.requests import Request

from service import compose
from service.http.counting import Counting, begins_file, is_prefetch, is_robot
from service.library import count
from service.library.views import ResourceView
from service.model import OPERATOR, Organisation, Resource, ResourceId, ResourceKey, Revision
from service.settings import Settings

NOW = datetime.datetime.now(datetime.UTC)
PHONE = "Mozilla/5.0 (Linux; Android 7.0; SM-J330G) AppleWebKit/537.36 Chrome/64.0.3282.137 Mobile Safari/537.36"


def request(*, agent: str = PHONE, address: str = "10.0.0.1", method: str = "GET", **headers: str) -> Request:
    raw = [(b"user-agent", agent.encode()), *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items())]
    return Request({"type": "http", "method": method, "headers": raw, "client": (address, 1), "path": "/"})


VIEW = ResourceView(
    resource=Resource(
        ResourceKey(1), ResourceId("0123456789ab"), "default", "local", "live", "public", None, 1, NOW, NOW
    ),
    revision=Revision(ResourceKey(1), 1, "published", (), (), NOW),
    organisation=Organisation("default", "Thư viện", "organisation"),
    readings={},
    history=(),
)


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    services = compose.services(Settings(home=tmp_path))
    services.catalogue.migrate()
    return Counting(services, Clock())


def written(counting: Counting) -> dict[tuple[str, str | None], int]:
    counting.flush()
    day = datetime.datetime.now(datetime.UTC).date()
    rows = count.rows(counting._services, OPERATOR, day - datetime.timedelta(1), day)
    return {(row.kind, row.resource): row.number for row in rows}


def test_the_same_visitor_counts_again_only_after_thirty_seconds(counting: Counting) -> None:
    clock = counting._clock
    assert isinstance(clock, Clock)
    for seconds in (0, 5, 29, 31):
        clock.seconds = seconds
        counting.opened(request(), "opening", VIEW)
    assert written(counting) == {("opening", "0123456789ab"): 2}


def test_visitors_things_and_acts_count_apart(counting: Counting) -> None:
    counting.opened(request(), "opening", VIEW)
    counting.opened(request(address="10.0.0.2"), "opening", VIEW)
    counting.opened(request(), "download", VIEW)
    assert written(counting) == {("opening", "0123456789ab"): 2, ("download", "0123456789ab"): 1}


def test_searches_count_by_what_came_of_them_and_browsing_does_not(counting: Counting) -> None:
    counting.searched(request(), "hàm số", 4, door="web")
    counting.searched(request(), "hàm số", 4, door="web")
    counting.searched(request(), "zzzz", 0, door="web")
    counting.searched(request(), "", 9, door="web")
    assert written(counting) == {("search", None): 1, ("empty-search", None): 1}


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "coccocbot-web/1.0",
        "AhrefsSiteAudit/6.1 (spider)",
    ],
)
def test_robots_do_not_count(counting: Counting, agent: str) -> None:
    assert is_robot(request(agent=agent))
    counting.opened(request(agent=agent), "opening", VIEW)
    assert written(counting) == {}


def test_a_phone_is_no_robot() -> None:
    assert not is_robot(request())


def test_what_a_browser_fetches_ahead_does_not_count(counting: Counting) -> None:
    assert is_prefetch(request(purpose="prefetch"))
    assert is_prefetch(request(sec_purpose="prefetch;prerender"))
    counting.opened(request(purpose="prefetch"), "opening", VIEW)
    counting.opened(request(method="HEAD"), "opening", VIEW)
    assert written(counting) == {}


def test_a_download_begins_at_its_first_byte() -> None:
    assert begins_file(request())
    assert begins_file(request(range="bytes=0-"))
    assert not begins_file(request(range="bytes=500-"))


def test_nothing_about_a_visitor_can_be_read_from_memory(counting: Counting) -> None:
    counting.opened(request(address="203.0.113.77"), "opening", VIEW)
    assert all(b"203.0.113.77" not in visitor for visitor in counting._seen)


def test_the_end_of_the_process_writes_what_waits(counting: Counting) -> None:
    counting.start()
    counting.opened(request(), "opening", VIEW)
    counting.stop()
    assert written(counting) == {("opening", "0123456789ab"): 1}
