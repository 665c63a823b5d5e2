"""Twenty crawling clients beside one reader, behind a proxy that is believed: they are held, the reader is not."""

import itertools
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable

from tests.conftest import Served, Shelf

CRAWLERS = 20
# A small allowance, so that the test need not ask for hundreds of pages.
ALLOWED = 40
FILTERS = ("language=vi", "language=en", "licence=CC-BY-4.0", "licence=CC0-1.0", "type=other", "organisation=default")


def ask(address: str, path: str, reader: str) -> tuple[int, str]:
    """Status and Retry-After."""
    request = urllib.request.Request(address + path, headers={"X-Forwarded-For": reader})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Retry-After", "")


def crawl(address: str, reader: str, until: threading.Event, tell: Callable[[str, int, str], None]) -> None:
    """Every page behind three filters, then behind four, one after the other without a pause."""
    for several in itertools.cycle((*itertools.combinations(FILTERS, 3), *itertools.combinations(FILTERS, 4))):
        if until.is_set():
            return
        tell(reader, *ask(address, "/search?" + "&".join(several), reader))


def test_twenty_crawlers_are_held_and_a_reader_is_answered(library: Shelf) -> None:
    seen: Counter[tuple[str, int]] = Counter()
    waits: list[str] = []
    lock, done = threading.Lock(), threading.Event()

    def tell(reader: str, status: int, wait: str) -> None:
        with lock:
            seen[reader, status] += 1
            if status == 429:
                waits.append(wait)

    resource = library.ids["parabola.pdf"]
    journey = [
        "/", "/search?q=ham+so+bac+hai", "/search?q=ham+so&language=vi", f"/resources/{resource}",
        f"/resources/{resource}/read?page=2&text=1", f"/resources/{resource}/files/1",
    ]  # fmt: skip
    environment = {"HOCLIEU_TRUSTED_PROXIES": "127.0.0.1", "HOCLIEU_SEARCHES_PER_MINUTE": str(ALLOWED)}
    with Served(library.home, **environment) as address:
        crawlers = [
            threading.Thread(target=crawl, args=(address, f"198.51.100.{number}", done, tell))
            for number in range(CRAWLERS)
        ]
        for crawler in crawlers:
            crawler.start()
        try:
            answered = [(path, ask(address, path, "203.0.113.9")[0]) for _ in range(4) for path in journey]
            landing = ask(address, f"/resources/{resource}", "198.51.100.0")[0]
        finally:
            done.set()
            for crawler in crawlers:
                crawler.join(30)
    assert answered == [(path, 200) for _ in range(4) for path in journey]
    # Even a crawler still gets what people came for: the page of a resource.
    assert landing == 200
    for number in range(CRAWLERS):
        assert seen[f"198.51.100.{number}", 429] > 0
        assert seen[f"198.51.100.{number}", 200] <= ALLOWED
    assert {status for _, status in seen} <= {200, 429}
    assert all(1 <= int(wait) <= 60 for wait in waits)
