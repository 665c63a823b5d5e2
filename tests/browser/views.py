"""First views of a page as a browser counts them: bytes over the line, requests elsewhere, words that jump.

Used by tests, which count, and by `tests/benchmarks/pages.py`, which takes times as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page, Route

TEXTS = ("Document", "Stylesheet", "Script")
_WATCH = """window.shifts = [];
new PerformanceObserver(function (list) {
  list.getEntries().forEach(function (one) {
    if (!one.hadRecentInput) {
      window.shifts.push([one.value, one.sources.map(function (each) {
        return each.node && each.node.nodeType === 1 ? each.node.outerHTML.slice(0, 120) : String(each.node);
      })]);
    }
  });
}).observe({ type: "layout-shift", buffered: true });"""
# Down to the end by steps of half a screen, as a thumb does, and up again.
_SCROLL = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
  for (let at = 0; at < Math.min(document.documentElement.scrollHeight, 20000); at += innerHeight / 2) {
    scrollTo(0, at);
    await frame();
  }
  scrollTo(0, 0);
  await frame();
}"""


@dataclass(frozen=True)
class View:
    """One first view. words_bytes: page, styles, scripts, icon, compressed; pictures_bytes: the rest; elsewhere:
    addresses of other origins. Seconds from the tap on: first_words is the first contentful paint, scripts_seconds
    when the page's scripts have run, all_seconds when everything is there."""

    words_bytes: float
    pictures_bytes: float
    compressed: bool
    elsewhere: tuple[str, ...]
    first_words_seconds: float
    scripts_seconds: float
    all_seconds: float


class Line:
    """What a page takes over the line from here on. Made before its first address is opened."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self._page = page
        self._kinds: dict[str, tuple[str, str]] = {}
        self._sizes: dict[str, float] = {}
        self._addresses: list[str] = []
        self.session.on("Network.requestWillBeSent", lambda event: self._addresses.append(event["request"]["url"]))
        self.session.on("Network.responseReceived", self._answered)
        self.session.on("Network.loadingFinished", self._finished)
        self.session.send("Network.enable")

    def _answered(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self._kinds[event["requestId"]] = (event["type"], headers.get("content-encoding", ""))

    def _finished(self, event: dict[str, Any]) -> None:
        self._sizes[event["requestId"]] = event["encodedDataLength"]

    def view(self, address: str) -> View:
        """Open it; lazy pictures are those of the first screen."""
        self._page.goto(address, wait_until="networkidle", timeout=60_000)
        times: list[float] = self._page.evaluate(
            """async () => {
                // On a busy machine the line may be idle before the first words are painted.
                for (let n = 0; n < 500 && !performance.getEntriesByName("first-contentful-paint").length; n++) {
                    await new Promise((done) => setTimeout(done, 20));
                }
                const told = performance.getEntriesByType("navigation")[0];
                return [performance.getEntriesByName("first-contentful-paint")[0].startTime,
                        told.domContentLoadedEventEnd, told.loadEventEnd];
            }"""
        )
        pictures = sum(size for request, size in self._sizes.items() if self._kinds[request][0] == "Image")
        own = "://".join(urlsplit(self._page.url)[:2])
        return View(
            words_bytes=sum(self._sizes.values()) - pictures,
            pictures_bytes=pictures,
            compressed=all(encoding == "gzip" for kind, encoding in self._kinds.values() if kind in TEXTS),
            elsewhere=tuple(one for one in self._addresses if not one.startswith((f"{own}/", "data:", "blob:"))),
            first_words_seconds=times[0] / 1000,
            scripts_seconds=times[1] / 1000,
            all_seconds=times[2] / 1000,
        )


def watch_shifts(page: Page) -> None:
    """From the next address on."""
    page.add_init_script(_WATCH)


def shifts(page: Page) -> list[tuple[float, list[str]]]:
    """Each jump of what stood there: how much, and the elements. Their sum is at least the page's CLS."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    found: list[tuple[float, list[str]]] = page.evaluate("window.shifts")
    return found


def shifts_with_late_pictures(page: Page, address: str, then: Callable[[], object] = lambda: None) -> float:
    """The sum of jumps where the words are there first and each picture after them, read down to the end.

    then: something that the reader does at the end.
    """
    held: list[Route] = []
    late = True

    def hold(route: Route) -> None:
        if late and route.request.resource_type == "image":
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", hold)
    watch_shifts(page)
    page.goto(address, wait_until="domcontentloaded")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
    late = False
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    page.evaluate(_SCROLL)
    page.wait_for_load_state("networkidle")
    then()
    return sum(value for value, _ in shifts(page))
