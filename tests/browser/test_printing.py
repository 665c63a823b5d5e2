"""On paper: what somebody holds in a meeting still says what it is, whose, and where it is found again."""

import pymupdf
import pytest

from tests.browser.conftest import DESK, PHONE, Sized
from tests.conftest import PARABOLA, Shelf

TAPPED = ".top, .foot, .skip, .tools, .button, .link-row, .formats, .forms, .crumb, .turn, .code, .similar, .search"


def on_paper(sized: Sized, address: str, *, ground: str = "light", size: dict[str, int] = DESK) -> pymupdf.Document:
    page = sized.page(size, ground=ground)
    page.goto(address)
    page.emulate_media(media="print")
    tapped = page.locator(TAPPED)
    seen = [
        tapped.nth(n).evaluate("one => one.outerHTML.slice(0, 80)")
        for n in range(tapped.count())
        if tapped.nth(n).is_visible()
    ]
    assert seen == []
    # Black on white, whatever the screen of whoever prints.
    colours = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(one => one.offsetParent && one.textContent.trim())
            .map(one => getComputedStyle(one).color).map(one => one.match(/[0-9]+/g).slice(0, 3).map(Number))"""
    )
    assert max(max(colour) for colour in colours) <= 0x33
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    return pymupdf.open("pdf", page.pdf(format="A4", prefer_css_page_size=False))


def has_code(sheet: pymupdf.Page) -> bool:
    """Whether a QR code stands on it: one drawing of hundreds of modules, as wide as it is high."""
    drawn = [one for one in sheet.get_drawings() if len(one["items"]) > 150]
    return any(abs(one["rect"].width - one["rect"].height) < 3 and one["rect"].width > 50 for one in drawn)


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_the_page_of_a_resource_prints_its_facts_its_address_and_its_code(
    sized: Sized, library: Shelf, ground: str
) -> None:
    address = f"/resources/{library.ids['parabola.pdf']}"
    with on_paper(sized, address, ground=ground) as paper:
        text = "\n".join(sheet.get_text() for sheet in paper)
        whole = text.replace("\n", "")
        for said in ("Hàm số bậc hai và đồ thị", "Tổ Toán", "Giấy phép", "Phần 4", "parabola.pdf"):
            assert said in text, said
        assert f"{address}/files/1" in whole
        assert "https://creativecommons.org/licenses/by/4.0" in whole
        assert any(map(has_code, paper))
        assert paper.page_count <= 2
        for tapped in ("Tải về", "Để dành", "Sao chép", "Báo", "Mã QR", "English"):
            assert tapped not in text, tapped


def test_the_text_of_a_file_prints_whole_with_its_source(sized: Sized, library: Shelf) -> None:
    address = f"/resources/{library.ids['parabola.pdf']}"
    with on_paper(sized, f"{address}/text", size=PHONE) as paper:
        text = " ".join(" ".join(sheet.get_text() for sheet in paper).split())
        for said in (*PARABOLA, "Trang 4", "CC BY 4.0"):
            assert said in text, said
        assert address in text.replace(" ", "")
        assert any(map(has_code, paper))


def test_the_screen_shows_nothing_of_what_is_for_paper(sized: Sized, library: Shelf) -> None:
    page = sized.page()
    for path in ("", "/text"):
        page.goto(f"/resources/{library.ids['parabola.pdf']}{path}")
        assert page.locator(".paper").count() >= 1
        assert not page.locator(".paper:visible").count()
