"""Debian's Chromium on a running library, in the sizes and grounds that people have."""

import datetime
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service.library import school_year
from service.settings import Settings
from service.web.speech import HERE
from tests.conftest import PARABOLA, Served, Shelf, ingest, make_pdf

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
WEEK = school_year.week_of(datetime.datetime.now(HERE).date(), holidays=Settings().holidays).number
"""Of the school year, today."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def ready(running: str, browser: Browser, library: Shelf) -> str:
    """The address, once the worker draws pages: a reader never waits longer than two seconds for one."""
    context = browser.new_context(base_url=running)
    page = context.new_page()
    for _ in range(20):
        page.goto(f"/resources/{library.ids['parabola.pdf']}/read?page=2")
        if page.locator(".sheet").count():
            break
    context.close()
    return running


@pytest.fixture(scope="package")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running library that knows grades, and what stands in this week of school."""
    root = tmp_path_factory.mktemp("graded")
    for number in (2, 3):
        make_pdf(root / "files" / f"toan-{number}.pdf", [f"Bài học lớp {number}."], title=f"Bài học lớp {number}")
    for number in (9, 10):
        make_pdf(root / "files" / f"ham-so-{number}.pdf", PARABOLA[number - 9 :], title=f"Hàm số lớp {number}")
    rows = [f'toan-{number}.pdf,toan,lop-{number},"series=kntt,lesson=16,week={WEEK}"' for number in (2, 3)]
    rows += [f"ham-so-{number}.pdf,toan,lop-{number}," for number in (9, 10)]
    sheet = root / "sheet.csv"
    sheet.write_text("\n".join(["path,subject,grade,placements", *rows]) + "\n", encoding="utf-8")
    ingest(root / "home", root / "files", "--publish", "--licence", "CC0-1.0", "--sheet", str(sheet))
    with Served(root / "home") as served:
        yield served


class Sized:
    """Makes contexts on the library and closes them; a page that logs an error fails its test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(self, size: dict[str, int] = DESK, *, script: bool = True, ground: str = "light") -> Page:
        context = self._browser.new_context(
            base_url=self._address,
            viewport={"width": size["width"], "height": size["height"]},
            java_script_enabled=script,
            color_scheme="dark" if ground == "dark" else "light",
            accept_downloads=True,
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self._address, "data:", "blob:")):
            self.complaints.append(f"third party: {url}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def sized(browser: Browser, ready: str) -> Iterator[Sized]:
    made = Sized(browser, ready)
    yield made
    made.close()
    assert made.complaints == []
