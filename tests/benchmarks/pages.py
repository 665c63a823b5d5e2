"""What a page weighs and how long it takes on a cheap phone with a slow line, over the sample library.

Chromium, 360 pixels wide, 1.6 Mbit/s, 300 ms round trip, processor four times
slower: the line of Lighthouse's slow 4G with twice its latency. A first view has an empty
cache. Weight is what came over the line, compressed; pictures (thumbnails,
pages) are told apart, since they load lazily and after the words. `first-words`
is the first contentful paint, the moment something can be read.

    python -m tests.benchmarks.pages
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report
from tests.benchmarks.memory import busy
from tests.browser.conftest import CHROMIUM, FLAGS, PHONE
from tests.conftest import Served

BITS_A_SECOND, ROUND_TRIP_MS, CPU_SLOWDOWN = 1_600_000, 300, 4
QUERY = "q=ham+so+bac+hai"
TEXTS = ("Document", "Stylesheet", "Script")
# A quarter of a second of such a line.
WEIGHT_KB = 50.0
# Connection, page and style are three round trips; the line and the slow processor have the rest.
FIRST_WORDS_SECONDS = 2.5


@dataclass(frozen=True)
class View:
    """One first view. words_kb: page, styles, scripts, icon; pictures_kb: the rest. Seconds from the tap on."""

    words_kb: float
    pictures_kb: float
    first_words_seconds: float
    all_seconds: float
    compressed: bool


def view(browser: Browser, address: str) -> View:
    """Open an address once, in a fresh context."""
    context = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]})
    page = context.new_page()
    session = context.new_cdp_session(page)
    kinds: dict[str, tuple[str, str]] = {}
    sizes: dict[str, float] = {}

    def answered(event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        kinds[event["requestId"]] = (event["type"], headers.get("content-encoding", ""))

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    session.send("Network.enable")
    line = {"downloadThroughput": BITS_A_SECOND / 8, "uploadThroughput": BITS_A_SECOND / 8}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": ROUND_TRIP_MS, **line})
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(address, wait_until="networkidle", timeout=60_000)
    times: list[float] = page.evaluate(
        """() => [performance.getEntriesByName("first-contentful-paint")[0].startTime,
                  performance.getEntriesByType("navigation")[0].loadEventEnd]"""
    )
    context.close()
    pictures = sum(size for request, size in sizes.items() if kinds[request][0] == "Image")
    return View(
        words_kb=(sum(sizes.values()) - pictures) / 1000,
        pictures_kb=pictures / 1000,
        first_words_seconds=times[0] / 1000,
        all_seconds=times[1] / 1000,
        compressed=all(encoding == "gzip" for kind, encoding in kinds.values() if kind in TEXTS),
    )


def figures(name: str, seen: View) -> list[Figure]:
    return [
        figure(f"page-{name}-weight", seen.words_kb, "KB without pictures", at_most=WEIGHT_KB),
        figure(f"page-{name}-pictures", seen.pictures_kb, "KB"),
        figure(f"page-{name}-first-words", seen.first_words_seconds, "s", at_most=FIRST_WORDS_SECONDS),
        figure(f"page-{name}-all", seen.all_seconds, "s"),
        figure(f"page-{name}-compressed", float(seen.compressed), "1 = gzip", at_least=1.0),
    ]


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        sample, home = Path(scratch, "sample"), Path(scratch, "home")
        environment = {**os.environ, "HOCLIEU_HOME": str(home)}
        build = [sys.executable, "-m", "deploy.sample.build", str(sample)]
        subprocess.run(build, check=True, stdout=sys.stderr)
        ingest = ["ingest", str(sample), "--publish", "--licence", "CC0-1.0", "--sheet", str(sample / "manifest.csv")]
        command = [sys.executable, "-m", "service.cli", *ingest]
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
            found = [each for name, url in pages.items() for each in figures(name, view(browser, url))]
            browser.close()
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
