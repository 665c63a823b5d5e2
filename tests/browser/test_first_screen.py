"""What a phone shows before anybody scrolls: more than one result, and most of the page that was looked for."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Sized
from tests.conftest import Shelf

# Half of what is left below the page's head: then the next result is in sight, too.
CARD_PIXELS = 330
# Head, way back, two rows of buttons.
ABOVE_PIXELS = 290


def test_a_result_with_its_places_leaves_room_for_the_next(sized: Sized) -> None:
    page = sized.page(PHONE)
    page.goto("/search?q=ham+so+bac+hai")
    card = page.locator(".card").first
    assert card.locator(".hits .line").count() >= 2
    box = card.bounding_box()
    assert box is not None
    assert box["height"] <= CARD_PIXELS
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".hits .line")].filter(line => {
            const mark = line.querySelector("mark");
            return !mark || mark.getClientRects()[0].bottom > line.getBoundingClientRect().bottom + 1;
        }).map(line => line.textContent)"""
    )
    assert cut == []


def test_the_page_begins_below_two_rows_of_buttons(sized: Sized, library: Shelf) -> None:
    page = sized.page(PHONE)
    for asked in ("page=2&q=truc+doi+xung", "page=2"):
        page.goto(f"/resources/{library.ids['parabola.pdf']}/read?{asked}")
        box = page.locator(".sheet").bounding_box()
        assert box is not None
        assert box["y"] <= ABOVE_PIXELS, asked
        # Nothing was lost: the file can be taken, the text chosen.
        expect(page.get_by_role("link", name=re.compile("Tải về · "))).to_have_count(1)
        expect(page.get_by_role("link", name="Bản chữ")).to_be_visible()


def test_a_number_is_sent_by_the_keyboard_or_by_the_button_that_comes(sized: Sized, library: Shelf) -> None:
    page = sized.page(PHONE, script=False)
    page.goto(f"/resources/{library.ids['parabola.pdf']}/read?page=2")
    number, button = page.get_by_label("Trang", exact=True), page.get_by_role("button", name="Đến")
    expect(button).to_be_hidden()
    number.fill("3")
    expect(button).to_be_visible()
    number.press("Enter")
    page.wait_for_url("**page=3*")
