"""Pictures of every page on a phone and at a desk, light and dark: `python -m docs.screenshots FOLDER`.

Builds the sample library, takes it in, serves it and visits what `docs.shown` lists. FOLDER gets each page whole (four
screens at most), to be looked at after a change of the look. `docs/pictures` gets anew what README and the guides show:
the first screen in few colours, so that a guide is read on a slow line too. All of it is made from our own CC0 samples.
"""

import argparse
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as Late

from docs.shown import GONE, GROUNDS, PAGES, REFUSED, SIZES, WITHDRAWN
from service.settings import Settings
from tests.benchmarks.memory import busy
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.conftest import Served

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
READERS = ("README.md", "docs/vi/*.md")
MOST_BYTES = 60_000
"""Of a picture in a guide: a third of a second at 1.6 Mbit/s."""
COLOURS = (128, 64, 32, 16)
SCREENS = 4
OWNER = "so-gddt-cao-bang"
"""Of what no school made; as in `deploy/demo.sh`."""
# The least that the setting takes; a quarter of it is for pages behind more than two filters.
SEARCHES = "10"
TRIES, PAUSE_SECONDS = 30, 1.0


def used() -> set[str]:
    """Names (`search-phone-light`) of the pictures that README and the guides show."""
    pages = [path for pattern in READERS for path in ROOT.glob(pattern)]
    return {name for path in pages for name in re.findall(r"pictures/([\w-]+)\.png", path.read_text(encoding="utf-8"))}


def small(shot: bytes) -> bytes:
    """A PNG with a palette, of fewer colours until it is at most MOST_BYTES."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in COLOURS:
        written = io.BytesIO()
        # Without dithering letters stay sharp and plain grounds stay plain.
        picture.quantize(colours, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES:
            break
    return written.getvalue()


# --- the library ---------------------------------------------------------------


def command(home: Path, *words: str) -> None:
    """`hoclieu` on the library in a folder; its lines are progress."""
    run = [sys.executable, "-m", "service.cli", *words]
    subprocess.run(run, env={**os.environ, "HOCLIEU_HOME": str(home)}, check=True, stdout=sys.stderr)


def fill(folder: Path) -> dict[str, str]:
    """The sample library in a folder; one that is there is taken as it is. Returns name of a file -> id."""
    sample, home, report = folder / "sample", folder / "home", folder / "report.json"
    if not report.exists():
        subprocess.run([sys.executable, "-m", "deploy.sample.build", str(sample)], check=True, stdout=sys.stderr)
        command(home, "organisations", "import", str(ROOT / "deploy/sample/organisations.csv"))
        sheet = ["--organisation", OWNER, "--sheet", str(sample / "manifest.csv"), "--report", str(report)]
        command(home, "ingest", str(sample), "--publish", "--licence", "CC0-1.0", *sheet)
    lines = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {Path(line["path"]).name: line["resource"] for line in lines if line["resource"]}


@contextmanager
def withdrawn(home: Path, resource: str) -> Iterator[None]:
    """While its tombstone stands there."""
    command(home, "withdraw", resource, "--reason", "Tác giả đang sửa lại câu 4.")
    try:
        yield
    finally:
        command(home, "reinstate", resource)


# --- what somebody does on a page before it is looked at -----------------------


def _type(page: Page) -> None:
    page.get_by_role("combobox").press_sequentially("phep c", delay=30)
    page.get_by_role("option").first.wait_for()


def _zoom(page: Page) -> None:
    page.keyboard.press("+")


def _open_code(page: Page) -> None:
    page.locator(".code summary").click()


def _choose_grades(page: Page) -> None:
    page.locator(".week summary").click()
    for grade in ("Lớp 3", "Lớp 4"):
        page.get_by_label(grade, exact=True).check()
    page.get_by_role("button", name="Lưu lựa chọn").click()
    page.locator(".week summary").click()


def _open_answer(page: Page) -> None:
    page.locator(".answer summary").click()


def _keep(page: Page) -> None:
    page.locator("[data-offer]").first.click()
    page.get_by_text("Mở được khi không có mạng").wait_for()


ACTS: Mapping[str, Callable[[Page], None]] = {
    "suggestions": _type,
    "page-zoomed": _zoom,
    "landing-code": _open_code,
    "question-answered": _open_answer,
    "home-grades": _choose_grades,
    "keep": _keep,
}


# --- looking -------------------------------------------------------------------


class Visitor:
    """Goes from page to page with a browser of one size and writes what it sees."""

    def __init__(self, browser: Browser, folder: Path, size: str) -> None:
        self._folder, self._size = folder, size
        self._used = used()
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        self._page = context.new_page()

    def close(self) -> None:
        self._page.context.close()

    def visit(self, name: str, url: str, *, often: int = 1) -> None:
        """Look at a page. often: how many times it is asked for before."""
        for _ in range(often):
            self._arrive(url)
        if name in ACTS:
            ACTS[name](self._page)
            self._settle()
        for ground in GROUNDS:
            self._page.emulate_media(
                color_scheme="dark" if ground == "dark" else "light",
                media="print" if name.startswith("paper-") else "screen",
            )
            self._take(f"{name}-{self._size}-{ground}")

    def _arrive(self, url: str) -> None:
        """Until its picture or chapter, which a worker makes, has come."""
        for _ in range(TRIES):
            self._page.goto(url)
            self._settle()
            if not self._page.locator(".notice[data-picture], .notice[role=status]").count():
                return
            time.sleep(PAUSE_SECONDS)
        print(f"still waited for: {url}", file=sys.stderr)

    def _settle(self) -> None:
        # A picture further down is fetched only when somebody comes near.
        self._page.evaluate("document.querySelectorAll('[loading=lazy]').forEach(one => { one.loading = 'eager'; })")
        try:
            self._page.wait_for_load_state("networkidle", timeout=5_000)
        except Late:
            print(f"not at rest after five seconds: {self._page.url}", file=sys.stderr)

    def _take(self, name: str) -> None:
        width, height = SIZES[self._size]
        if name in self._used:
            PICTURES.mkdir(exist_ok=True)
            (PICTURES / f"{name}.png").write_bytes(small(self._page.screenshot()))
        high = self._page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": max(height, min(high, SCREENS * height))}
        self._page.screenshot(full_page=True, clip=clip, path=self._folder / f"{name}.png")  # type: ignore[arg-type]


def placed(path: str, ids: Mapping[str, str]) -> str:
    """An address with the ids of the resources that it names."""
    return re.sub(r"\{([^}]+)\}", lambda found: ids[found[1]], path)


def look(browser: Browser, folder: Path, home: Path, ids: Mapping[str, str], wanted: str) -> None:
    """Every page of whose name `wanted` is a part, in every size and on every ground."""

    def go(pages: Mapping[str, str], address: str, *, often: int = 1) -> None:
        for size in SIZES:
            visitor = Visitor(browser, folder, size)
            for name, path in pages.items():
                if wanted in name:
                    visitor.visit(name, address + placed(path, ids), often=often)
            visitor.close()

    with Served(home) as address:
        # What a worker draws first is drawn before anybody looks.
        while busy(Settings(home=home)):
            time.sleep(0.5)
        go(PAGES, address)
        if any(wanted in name for name in GONE):
            with withdrawn(home, ids[WITHDRAWN]):
                go(GONE, address)
    if any(wanted in name for name in REFUSED):
        with Served(home, "--no-worker", HOCLIEU_SEARCHES_PER_MINUTE=SEARCHES) as address:
            go(REFUSED, address, often=1 + int(SEARCHES) // 4)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m docs.screenshots", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--library", type=Path, help="folder that keeps the sample library for the next time")
    parser.add_argument("--only", default="", help="only pages with this in their name, such as search")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        library = given.library or Path(scratch)
        library.mkdir(parents=True, exist_ok=True)
        ids = fill(library)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        look(browser, given.folder, library / "home", ids, given.only)
        browser.close()
    print(f"{len(list(given.folder.glob('*.png')))} pictures in {given.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
