"""The frame in a page of another origin: it shows, runs nothing, sets nothing, and its links open the library."""

import html
import http.server
import re
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.conftest import Shelf

PAGES: dict[str, str] = {}


class _School(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def school() -> Iterator[str]:
    """The address of a school's own site."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _School)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Another name, so that the browser takes it for another site too.
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(10_000)
    made = context.new_page()
    complaints: list[str] = []

    def heard(kind: str, text: str) -> None:
        # What this test looks at inside the frame is a script too, which the sandbox blocks and tells; and of what is
        # gone the browser says that it is.
        if kind == "error" and not text.startswith("Blocked script execution") and "410 (Gone)" not in text:
            complaints.append(text)

    made.on("console", lambda message: heard(message.type, message.text))
    yield made
    cookies = context.cookies()
    context.close()
    assert complaints == []
    assert cookies == []


def snippet(address: str) -> str:
    with urllib.request.urlopen(f"{address}/embed?organisation=default", timeout=20) as answer:
        found = re.findall(r"<textarea[^>]*>(.*?)</textarea>", answer.read().decode(), re.DOTALL)
    return html.unescape(found[0])


def wait_for_pictures(address: str) -> None:
    """Until the worker has drawn the newest resources, which it does behind everything else."""
    for _ in range(240):
        with urllib.request.urlopen(f"{address}/embed/new?organisation=default", timeout=20) as answer:
            if b"<img" in answer.read():
                return
        time.sleep(0.25)
    raise AssertionError("no picture was drawn")


def site(path: str, inside: str) -> None:
    head = '<title>Trường</title><link rel="icon" href="data:,">'
    PAGES[path] = f"<!doctype html><html lang=vi><head>{head}</head><body>{inside}</body></html>"


def test_the_copied_code_shows_what_is_new_in_a_page_elsewhere(
    ready: str, library: Shelf, school: str, page: Page
) -> None:
    wait_for_pictures(ready)
    site("/", snippet(ready))
    page.goto(school)
    frame = page.frame_locator("iframe")
    frame.locator("h1").wait_for()
    assert frame.locator("a.line").count() == 5
    # Its own style and pictures came through.
    assert frame.locator("a.line").first.evaluate("one => getComputedStyle(one).display") == "flex"
    frame.locator("img").first.wait_for()
    assert frame.locator("img").first.evaluate(
        "one => one.complete || new Promise(done => { one.onload = () => done(true); one.onerror = done; })"
    )
    assert frame.locator("img").first.evaluate("one => one.naturalWidth") > 0
    with page.context.expect_page() as opened:
        frame.locator("a.line").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(f"{ready}/resources/")
    # The school's page is still there, and nobody else may reach it.
    assert page.url == f"{school}/"
    assert opened.value.evaluate("window.opener") is None


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_frame_is_fit_to_read_on_both_grounds(ready: str, library: Shelf, page: Page, ground: str) -> None:
    page.emulate_media(color_scheme="dark" if ground == "dark" else "light")
    page.set_viewport_size({"width": 360, "height": 480})
    card, gone = (f"/embed/resources/{library.ids[name]}" for name in ("parabola.pdf", "gone.pdf"))
    for path in ("/embed/new", "/en/embed/new?size=10", card, gone):
        page.goto(ready + path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (ground == "light")


def test_another_page_of_the_library_cannot_be_framed(ready: str, school: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    site("/taken", f'<iframe src="{ready}/about"></iframe>')
    page.goto(f"{school}/taken", wait_until="load")
    page.wait_for_timeout(200)
    assert any("frame" in one for one in said)
    assert not any(frame.url.startswith(ready) for frame in page.frames)
    context.close()
