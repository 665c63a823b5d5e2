"""A teacher finds and takes, on a phone and at a desk, with and without JavaScript, and by keyboard alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Sized
from tests.conftest import Shelf

SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")]
SCRIPTS = [pytest.param(True, id="script"), pytest.param(False, id="no-script")]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_six_bare_syllables_lead_to_the_page_and_the_file(sized: Sized, size: dict[str, int], script: bool) -> None:
    page = sized.page(size, script=script)
    page.goto("/")
    box = page.get_by_label("Tìm học liệu")
    box.fill("truc doi xung cua parabol")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("học liệu")
    page.get_by_role("link", name="Trang 2").first.click()
    expect(page).to_have_url(re.compile(r"/read\?file=1&page=2&q="))
    expect(page.get_by_role("img", name="Ảnh của Trang 2")).to_be_visible()
    assert page.locator(".hit").count() >= 1
    assert (
        page.get_by_role("img", name="Ảnh của Trang 2").evaluate("img => img.decode().then(() => img.naturalWidth)")
        >= 720
    )
    with page.expect_download() as taking:
        page.get_by_role("link", name="Tải về").click()
    assert Path(taking.value.path()).read_bytes().startswith(b"%PDF-")
    assert taking.value.suggested_filename == "parabola.pdf"


@pytest.mark.parametrize("size", SIZES)
def test_a_hit_is_marked_where_its_words_stand(sized: Sized, library: Shelf, size: dict[str, int]) -> None:
    page = sized.page(size)
    page.goto(f"/resources/{library.ids['parabola.pdf']}/read?page=2&q=truc+doi+xung")
    page.wait_for_load_state("networkidle")
    mark, sheet = page.locator(".hit").first.bounding_box(), page.locator(".sheet").bounding_box()
    word = page.locator(".layer tspan", has_text="trục").first.bounding_box()
    assert mark
    assert sheet
    assert word
    assert abs(mark["x"] - word["x"]) < 3
    assert abs(mark["y"] + mark["height"] / 2 - word["y"] - word["height"] / 2) < mark["height"] / 2
    assert sheet["x"] <= mark["x"]
    assert mark["x"] + mark["width"] <= sheet["x"] + sheet["width"]
    # The dark ink of the picture lies under the mark, not beside it.
    assert ink(page, mark) > 0.03


def ink(page: Page, box: dict[str, float]) -> float:
    """Share of dark pixels in a part of the page as it is seen."""
    import io

    from PIL import Image

    clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
    pixels = Image.open(io.BytesIO(page.screenshot(clip=clip, full_page=True))).convert("L").tobytes()
    return sum(value < 110 for value in pixels) / len(pixels)


def test_the_text_of_a_page_can_be_selected_in_reading_order(sized: Sized, library: Shelf) -> None:
    page = sized.page()
    page.goto(f"/resources/{library.ids['parabola.pdf']}/read?page=2")
    text = page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector(".layer"));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return getSelection().toString();
        }"""
    )
    assert "Đồ thị của hàm số bậc hai là một đường parabol" in " ".join(text.split())


def test_by_keyboard_alone_from_the_start_to_the_text(sized: Sized) -> None:
    page = sized.page()
    page.goto("/")
    expect(page.get_by_label("Tìm học liệu")).to_be_focused()
    page.keyboard.type("truc doi xung")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "Trang 2")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/read?*page=2*")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/read?*page=3*")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/read?*page=2*")
    tab_to(page, "Bản ch")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=1*")
    expect(page.locator(".text mark").first).to_have_text("trục đối xứng")


def tab_to(page: Page, name: str) -> None:
    """Tab until a link whose words begin so has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()").startswith(name):
            return
    raise AssertionError(f"no way to {name} by Tab")


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_reader_jumps_looks_inside_and_turns(sized: Sized, library: Shelf, script: bool) -> None:
    page = sized.page(script=script)
    page.goto(f"/resources/{library.ids['parabola.pdf']}/read?text=1")
    page.get_by_label("Trang", exact=True).fill("4")
    page.get_by_role("button", name="Đến").click()
    expect(page.locator(".text")).to_contain_text("Luyện tập")
    page.get_by_role("link", name="Trang trước").click()
    expect(page.locator(".text")).to_contain_text("Bảng biến thiên")
    inside = page.get_by_role("complementary").get_by_role("searchbox")
    inside.fill("duong parabol")
    inside.press("Enter")
    expect(page.locator(".text mark").first).to_have_text("đường parabol")


@pytest.mark.parametrize("script", SCRIPTS)
def test_filters_narrow_and_chips_widen(sized: Sized, script: bool) -> None:
    page = sized.page(PHONE, script=script)
    page.goto("/search")
    page.get_by_role("link", name="Bộ lọc").click()
    page.get_by_role("link", name="Tiếng Anh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 học liệu")
    page.get_by_role("link", name="Bỏ bộ lọc Tiếng Anh").click()
    expect(page).to_have_url(re.compile(r"/search$"))


def test_the_link_is_copied_where_nothing_can_be_shared(sized: Sized, library: Shelf) -> None:
    page = sized.page()
    page.goto(f"/resources/{library.ids['parabola.pdf']}")
    page.get_by_role("button", name="Sao chép", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Đã sao chép đường dẫn.")
    page.get_by_role("button", name="Sao chép trích dẫn").click()
    expect(page.get_by_role("status")).to_have_text("Đã sao chép trích dẫn.")


def test_results_are_passed_on_where_nothing_can_be_shared(sized: Sized) -> None:
    page = sized.page(PHONE)
    page.add_init_script("delete Navigator.prototype.share")
    page.goto("/search?q=cells&language=en")
    page.get_by_role("button", name="Chia sẻ kết quả này").click()
    expect(page.locator("[data-status]")).to_have_text("Đã sao chép đường dẫn.")
    assert page.evaluate("document.querySelector('#link').value") == page.url


def test_without_script_nothing_is_offered_that_needs_it(sized: Sized, library: Shelf) -> None:
    page = sized.page(script=False)
    page.goto(f"/resources/{library.ids['parabola.pdf']}")
    expect(page.get_by_role("button", name="Chia sẻ")).to_be_hidden()
    expect(page.get_by_label("Đường dẫn")).to_have_value(page.url)


def test_a_hostile_page_runs_nowhere(sized: Sized, library: Shelf) -> None:
    page = sized.page()
    page.goto(f"/resources/{library.ids['script.pdf']}/read?q=script")
    page.wait_for_load_state("networkidle")
    assert "<script>" in page.title()
    assert page.title() != "taken over"
