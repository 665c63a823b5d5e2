"""A page whose picture is late shows its text first and the picture as soon as it is made."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.conftest import PARABOLA, Served, ingest, make_pdf
from tests.process_tree import children

WAITS_MS = 15_000


class Held:
    """A served library of one file, whose worker stands still until `release`."""

    def __init__(self, address: str, worker: int, reader: str) -> None:
        self.address = address
        self.reader = reader
        self._worker = worker

    def release(self) -> None:
        os.kill(self._worker, signal.SIGCONT)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    make_pdf(tmp_path / "in/parabola.pdf", PARABOLA, title="Hàm số bậc hai và đồ thị")
    ids = ingest(tmp_path / "home", tmp_path / "in", "--publish", "--licence", "CC0-1.0")
    served = Served(tmp_path / "home")
    with served as address:
        while not (workers := children(served.pid)):
            time.sleep(0.02)
        os.kill(workers[0], signal.SIGSTOP)
        made = Held(address, workers[0], f"/resources/{ids['parabola.pdf']}/read?page=2&q=truc+doi+xung")
        yield made
        made.release()


def opened(browser: Browser, held: Held) -> Page:
    size = {"width": PHONE["width"], "height": PHONE["height"]}
    context = browser.new_context(base_url=held.address, viewport=size)
    page = context.new_page()
    # The load event waits for the picture that the page asks for.
    page.goto(held.reader, wait_until="domcontentloaded")
    return page


def test_the_text_gives_way_to_the_picture_when_that_is_made(browser: Browser, held: Held) -> None:
    page = opened(browser, held)
    expect(page.locator(".text")).to_contain_text("trục đối xứng")
    expect(page.locator(".sheet")).to_have_count(0)
    held.release()
    expect(page.get_by_role("img", name="Ảnh của Trang 2")).to_be_visible(timeout=WAITS_MS)
    assert page.locator(".hit").count() >= 1
    page.context.close()


def test_whoever_reads_already_is_told_and_not_interrupted(browser: Browser, held: Held) -> None:
    page = opened(browser, held)
    page.locator(".text").get_by_text("đường parabol").select_text()
    held.release()
    expect(page.get_by_role("status")).to_contain_text("Ảnh của trang đã sẵn sàng.", timeout=WAITS_MS)
    expect(page.locator(".text")).to_be_visible()
    page.get_by_role("link", name="Tải lại ảnh").click()
    expect(page.get_by_role("img", name="Ảnh của Trang 2")).to_be_visible(timeout=WAITS_MS)
    page.context.close()
