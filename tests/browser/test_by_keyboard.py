"""The whole way by keyboard alone, from the start page to the file; wherever the focus is, it is seen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Sized
from tests.browser.test_teacher import SIZES

# What has the focus, in words; whether it has a ring around it, and stands on the screen.
_FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  return [one.innerText.trim(), getComputedStyle(one).outlineStyle !== "none",
          box.width > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth];
}"""
MOST_STOPS = 40
"""On the way to anything that is a step of this walk."""


@pytest.fixture
def walker(browser: Browser, graded: str) -> Iterator[Sized]:
    made = Sized(browser, graded)
    yield made
    made.close()
    assert made.complaints == []


def tab(page: Page, name: str) -> None:
    """On to what is called so."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        words, ringed, on_screen = page.evaluate(_FOCUS)
        assert ringed, words
        assert on_screen, words
        if words.startswith(name):
            return
    raise AssertionError(f"no way to {name} by Tab")


@pytest.mark.parametrize("size", SIZES)
def test_from_the_start_to_the_file_without_a_pointer(walker: Sized, size: dict[str, int]) -> None:
    page = walker.page(size)
    page.goto("/")
    page.keyboard.type("do thi ham so")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 học liệu")
    # Filters stand behind all results, so a link before these leads to them.
    tab(page, "Bộ lọc")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#filters$"))
    tab(page, "Lớp 10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 học liệu")
    tab(page, "Trang 1")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/read\?file=1&page=1&q="))
    tab(page, "Bản ch")
    page.keyboard.press("Enter")
    expect(page.locator(".text")).to_contain_text("Đồ thị của hàm số bậc hai là một đường parabol")
    tab(page, "Chỗ tìm thấy sau")
    page.keyboard.press("Enter")
    expect(page.locator(".text mark").first).to_be_visible()
    page.wait_for_url(re.compile(r"page=[23]"))
    tab(page, "Tải về")
    with page.expect_download() as taking:
        page.keyboard.press("Enter")
    assert Path(taking.value.path()).read_bytes().startswith(b"%PDF-")
    assert taking.value.suggested_filename == "ham-so-10.pdf"
