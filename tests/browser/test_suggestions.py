"""The search box suggests while somebody types: a combobox by keyboard and by thumb, the plain box without a script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Sized
from tests.conftest import Shelf


def test_arrow_keys_choose_and_enter_opens(sized: Sized, library: Shelf) -> None:
    page = sized.page(DESK)
    page.goto("/")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("ham so bac")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    option = page.get_by_role("option", selected=True)
    expect(option).to_contain_text("Hàm số bậc hai và đồ thị")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    assert Axe().run(page).violations_count == 0
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("ham so bac")
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(f"/resources/{library.ids['parabola.pdf']}$"))


def test_enter_without_a_choice_searches_for_what_was_typed(sized: Sized) -> None:
    page = sized.page(DESK)
    page.goto("/about")
    box = page.get_by_role("combobox")
    box.press_sequentially("ham so")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=ham\+so$"))


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_a_thumb_chooses_on_a_phone(sized: Sized, library: Shelf, ground: str) -> None:
    page = sized.page(PHONE, ground=ground)
    page.goto("/search")
    page.get_by_role("combobox").press_sequentially("bai doc")
    expect(page.get_by_role("option")).to_have_count(8)
    heights = page.get_by_role("option").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert Axe().run(page).violations_count == 0
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"/resources/\w{12}$"))


def test_without_script_the_box_is_a_search_box(sized: Sized) -> None:
    page = sized.page(PHONE, script=False)
    page.goto("/")
    expect(page.get_by_role("searchbox")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)
