"""The search box suggests while somebody types: a combobox by keyboard and by thumb, the plain box without a script."""

import contextlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, Request, Route, expect

from tests.browser.conftest import DESK, PHONE, Sized
from tests.conftest import Shelf


def test_arrow_keys_choose_and_enter_opens(sized: Sized, library: Shelf) -> None:
    page = sized.page(DESK)
    page.goto("/")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    # At once: letter by letter, a busy machine would still be answering "ham so".
    box.fill("ham so bac")
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


def test_a_list_stays_for_whoever_chooses_from_it(sized: Sized) -> None:
    page = sized.page(DESK)
    held: list[Route] = []
    page.route(re.compile("q=ham(%20|\\+)so(%20|\\+)bac"), lambda route: held.append(route))
    page.goto("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("ham so")
    expect(page.get_by_role("option").first).to_be_visible()
    with page.expect_request(lambda request: "bac" in request.url):
        box.press_sequentially(" bac")
    box.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    for route in held:
        with contextlib.suppress(Error):
            # Given up meanwhile, as it should be.
            route.continue_()
    page.wait_for_timeout(500)
    expect(chosen).to_have_count(1)


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
    page.get_by_role("combobox").fill("bai doc")
    expect(page.get_by_role("option")).to_have_count(8)
    heights = page.get_by_role("option").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert Axe().run(page).violations_count == 0
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"/resources/\w{12}$"))


def asked_by(page: Page) -> list[str]:
    """What is typed of each request for suggestions, as they are made from here on."""
    asked: list[str] = []

    def heard(request: Request) -> None:
        if "/suggest?" in request.url:
            asked.append(parse_qs(urlsplit(request.url).query)["q"][0])

    page.on("request", heard)
    return asked


def test_a_screen_reader_hears_how_many_there_are(sized: Sized) -> None:
    page = sized.page(PHONE)
    page.goto("/search")
    box, status = page.get_by_role("combobox"), page.locator(".search .unseen[aria-live]")
    box.fill("bai doc them")
    expect(status).to_have_text("Có 8 gợi ý, dùng phím mũi tên để chọn.")
    box.fill("ham so bac")
    expect(status).to_have_text("Có 1 gợi ý, dùng phím mũi tên để chọn.")
    box.press("Escape")
    expect(status).to_be_empty()
    box.fill("khong dau co")
    expect(status).to_have_text("Không có gợi ý.")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    assert Axe().run(page).violations_count == 0


def test_what_is_known_is_not_asked_again_and_what_is_outdated_is_given_up(sized: Sized) -> None:
    page = sized.page(DESK)
    page.goto("/")
    asked, failed = asked_by(page), []
    page.on("requestfailed", lambda request: failed.append(request.url))
    box = page.get_by_role("combobox")
    box.fill("bai doc")
    expect(page.get_by_role("option")).to_have_count(8)
    box.fill("ham so")
    expect(page.get_by_role("option")).to_have_count(1)
    box.fill("bai doc")
    expect(page.get_by_role("option")).to_have_count(8)
    box.fill("qqq")
    expect(page.locator(".search .unseen[aria-live]")).to_have_text("Không có gợi ý.")
    box.fill("qqq nua")
    expect(page.locator(".search .unseen[aria-live]")).to_have_text("Không có gợi ý.")
    assert asked == ["bai doc", "ham so", "qqq"]
    # Never answered.
    page.route("**/suggest?q=cells", lambda route: None)
    with page.expect_request("**/suggest?q=cells"):
        box.fill("cells")
    box.fill("cells of")
    expect(page.get_by_role("option")).to_have_count(1)
    assert [url.rpartition("=")[2] for url in failed] == ["cells"]


@pytest.mark.parametrize("line", ["saveData: true", "effectiveType: '2g'", "effectiveType: 'slow-2g'"])
def test_a_line_that_is_slow_or_dear_is_asked_nothing(sized: Sized, line: str) -> None:
    page = sized.page(PHONE)
    page.add_init_script(f"Object.defineProperty(navigator, 'connection', {{value: {{{line}}}, configurable: true}})")
    page.goto("/search")
    asked = asked_by(page)
    box = page.get_by_role("combobox")
    box.press_sequentially("bai doc")
    page.wait_for_timeout(400)
    assert asked == []
    # The phone has come to a better one.
    page.evaluate("Object.defineProperty(navigator, 'connection', {value: {effectiveType: '4g'}})")
    box.press_sequentially(" them")
    expect(page.get_by_role("option")).to_have_count(8)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=bai\+doc\+them$"))


def test_after_slow_answers_nothing_more_is_asked(sized: Sized) -> None:
    page = sized.page(DESK)
    page.clock.install()
    page.goto("/")
    asked = asked_by(page)

    def late(route: Route) -> None:
        page.clock.run_for(2_000)
        route.continue_()

    page.route("**/suggest?*", late)
    box = page.get_by_role("combobox")
    for typed in ("bai d", "ham s"):
        box.fill(typed)
        page.clock.run_for(500)
        expect(page.get_by_role("option").first).to_be_visible()
    box.fill("cells")
    page.clock.run_for(500)
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert asked == ["bai d", "ham s"]


def test_without_script_the_box_is_a_search_box(sized: Sized) -> None:
    page = sized.page(PHONE, script=False)
    page.goto("/")
    expect(page.get_by_role("searchbox")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)
