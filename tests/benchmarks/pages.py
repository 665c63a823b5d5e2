"""What a page weighs and how long it takes on a cheap phone with a slow line, over the sample library.

Chromium, 360 pixels wide, 1.6 Mbit/s, 300 ms round trip, processor four times
slower: the line of Lighthouse's slow 4G with twice its latency. A first view has an empty
cache. Weight is what came over the line, compressed; pictures (thumbnails,
pages) are told apart, since they load lazily and after the words. `first-words`
is the first contentful paint, the moment something can be read; `usable` is
the moment when the words are there and the page's scripts have run; `shift`
is the sum of all jumps of the layout, down to the end of the page, which is at
least its CLS. A search that is typed on the home page has the styles already.

    python -m tests.benchmarks.pages
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report
from tests.benchmarks.memory import busy
from tests.browser.conftest import CHROMIUM, FLAGS, PHONE
from tests.browser.views import Line, View, shifts_with_late_pictures
from tests.conftest import Served

ORGANISATIONS = Path(__file__).parents[2] / "deploy/sample/organisations.csv"
"""Those that the sample's sheet names."""
BITS_A_SECOND, ROUND_TRIP_MS, CPU_SLOWDOWN = 1_600_000, 300, 4
TYPED = "ham so bac hai"
QUERY = "q=ham+so+bac+hai"
# A quarter of a second of such a line.
WEIGHT_KB = 50.0
# Connection, page and style are three round trips; the line and the slow processor have the rest.
USABLE_SECONDS = 2.5
SHIFT = 0.01


def slow(line: Line) -> None:
    """From here on the page is on that phone."""
    rate = {"downloadThroughput": BITS_A_SECOND / 8, "uploadThroughput": BITS_A_SECOND / 8}
    line.session.send("Network.emulateNetworkConditions", {"offline": False, "latency": ROUND_TRIP_MS, **rate})
    line.session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})


def opened(browser: Browser) -> tuple[Page, Line]:
    """An empty cache."""
    page = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]}).new_page()
    line = Line(page)
    slow(line)
    return page, line


def view(browser: Browser, address: str) -> tuple[View, float]:
    """A first view; and, in another one, how much jumped."""
    page, line = opened(browser)
    seen = line.view(address)
    page.context.close()
    page, _ = opened(browser)
    moved = shifts_with_late_pictures(page, address)
    page.context.close()
    return seen, moved


def typed(browser: Browser, home: str) -> float:
    """Seconds from Enter on the home page until the first result can be read and tapped."""
    page, _ = opened(browser)
    page.goto(home, wait_until="networkidle", timeout=60_000)
    page.get_by_role("combobox").fill(TYPED)
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.locator(".cards a").first.wait_for(timeout=60_000)
    seconds = time.perf_counter() - began
    page.context.close()
    return seconds


def figures(name: str, seen: View, moved: float) -> list[Figure]:
    usable = max(seen.first_words_seconds, seen.scripts_seconds)
    return [
        figure(f"page-{name}-weight", seen.words_bytes / 1000, "KB without pictures", at_most=WEIGHT_KB),
        figure(f"page-{name}-pictures", seen.pictures_bytes / 1000, "KB"),
        figure(f"page-{name}-first-words", seen.first_words_seconds, "s", at_most=USABLE_SECONDS),
        figure(f"page-{name}-usable", usable, "s", at_most=USABLE_SECONDS),
        figure(f"page-{name}-all", seen.all_seconds, "s"),
        figure(f"page-{name}-shift", moved, "CLS or more", at_most=SHIFT),
        figure(f"page-{name}-elsewhere", len(seen.elsewhere), "requests to others", at_most=0),
        figure(f"page-{name}-compressed", float(seen.compressed), "1 = gzip", at_least=1.0),
    ]


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        sample, home = Path(scratch, "sample"), Path(scratch, "home")
        environment = {**os.environ, "HOCLIEU_HOME": str(home)}
        build = [sys.executable, "-m", "deploy.sample.build", str(sample)]
        subprocess.run(build, check=True, stdout=sys.stderr)
        for words in (
            ["organisations", "import", str(ORGANISATIONS)],
            ["ingest", str(sample), "--publish", "--licence", "CC0-1.0", "--sheet", str(sample / "manifest.csv")],
        ):
            command = [sys.executable, "-m", "service.cli", *words]
            subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
        with Served(home) as address, sync_playwright() as playwright:
            with urllib.request.urlopen(f"{address}/api/v1/search?{QUERY}", timeout=30) as answer:
                hit = json.load(answer)["items"][0]
            pages = {
                "home": f"{address}/",
                "search": f"{address}/search?{QUERY}",
                "resource": hit["url"],
                "read": hit["hits"][0]["url"],
            }
            # Thumbnails and the page's picture are made before: how long that takes is no matter of the line.
            urllib.request.urlopen(pages["read"], timeout=30).close()
            while busy(Settings(home=home)):
                time.sleep(0.1)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            found = [each for name, url in pages.items() for each in figures(name, *view(browser, url))]
            found.append(
                figure("page-search-typed-at-home", typed(browser, pages["home"]), "s", at_most=USABLE_SECONDS)
            )
            browser.close()
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
