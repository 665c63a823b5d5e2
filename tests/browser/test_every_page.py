"""Every page, light and dark, on a phone and at a desk: axe finds nothing, nothing is wider than the screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import DESK, PHONE, Sized
from tests.browser.fit import assert_fit
from tests.conftest import Shelf

PAGES: dict[str, Callable[[dict[str, str]], str]] = {
    "home": lambda ids: "/",
    "home in English": lambda ids: "/en/",
    "results": lambda ids: "/search?q=ham+so+bac+hai",
    "filtered": lambda ids: "/search?language=vi&licence=CC-BY-4.0&page=2",
    "nothing found": lambda ids: "/search?q=zzzz&language=vi",
    "landing": lambda ids: f"/resources/{ids['parabola.pdf']}",
    "landing of a revision": lambda ids: f"/en/resources/{ids['cells.pdf']}/v/1",
    "landing without a reader": lambda ids: f"/resources/{ids['picture.svg']}",
    "reader": lambda ids: f"/resources/{ids['parabola.pdf']}/read?page=2&q=truc+doi+xung",
    "reader in English": lambda ids: f"/en/resources/{ids['cells.pdf']}/read",
    "text only": lambda ids: f"/resources/{ids['parabola.pdf']}/read?page=2&q=truc+doi+xung&text=1",
    "unreadable": lambda ids: f"/resources/{ids['picture.svg']}/read",
    "text": lambda ids: f"/resources/{ids['parabola.pdf']}/text",
    "what can be kept": lambda ids: f"/resources/{ids['parabola.pdf']}/keep",
    "kept": lambda ids: "/kept",
    "report": lambda ids: f"/resources/{ids['parabola.pdf']}/report",
    "report taken": lambda ids: f"/en/resources/{ids['parabola.pdf']}/report?sent=1",
    "code for a school's site": lambda ids: "/embed?organisation=default",
    "about": lambda ids: "/about",
    "for harvesters": lambda ids: "/about/harvest",
    "source": lambda ids: "/source",
}
FAILURES: dict[str, Callable[[dict[str, str]], str]] = {
    "tombstone": lambda ids: f"/resources/{ids['gone.pdf']}",
    "not found": lambda ids: "/nothing",
    "bad request": lambda ids: "/search?page=x",
}


TOUCHED = {
    "/": (".examples > a",),
    "/search?q=ham+so": (".said a",),
    "/search?language=en": (".facets a",),
    "/resource": (".contents a",),
}
"""Links that stand on a page, by the beginning of its address."""
SMALL = """() => [...document.querySelectorAll(
        "button, .button, .search input, .top a, .foot a, .chips a, .hits a, .contents a, .shelf a, .facets a, "
        + ".examples > a, .placed a, .said a")]
    .filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.5)
    .map(one => one.outerHTML.slice(0, 90))"""
"""What is touched, and is lower than a thumb needs."""


@pytest.mark.parametrize("name", [*PAGES, *FAILURES])
def test_axe_finds_nothing_and_nothing_is_too_wide(sized: Sized, library: Shelf, name: str) -> None:
    page = sized.page(DESK)
    page.goto({**PAGES, **FAILURES}[name](library.ids))
    assert_fit(page)
    if name in FAILURES:
        # The browser says in its console that the page itself is an error; that is no complaint here.
        sized.complaints.clear()


def test_controls_can_be_hit_by_a_thumb(sized: Sized, library: Shelf) -> None:
    page = sized.page(PHONE)
    for address in ("/", "/search?q=ham+so", "/search?language=en", f"/resources/{library.ids['parabola.pdf']}"):
        page.goto(address)
        assert page.evaluate(SMALL) == [], address
        for selector in TOUCHED[address.partition("s/")[0]]:
            assert page.locator(selector).count(), (address, selector)


def test_links_of_levels_and_places_can_be_hit_by_a_thumb(browser: Browser, graded: str) -> None:
    sized = Sized(browser, graded)
    page = sized.page(PHONE)
    page.goto("/")
    assert page.locator(".shelf li a").count()
    assert page.evaluate(SMALL) == []
    page.goto("/search?grade=lop-2")
    page.locator(".card-title a").first.click()
    assert page.locator(".placed a").count()
    assert page.evaluate(SMALL) == []
    sized.close()
    assert sized.complaints == []


def test_styles_hold_without_what_is_younger_than_the_browser_floor(sized: Sized) -> None:
    page = sized.page(PHONE)
    page.goto("/search?q=ham+so")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "17px"
    assert page.evaluate("getComputedStyle(document.querySelector('.meta')).fontSize") == "15px"


def test_paper_shows_what_was_read_and_nothing_to_tap(sized: Sized, library: Shelf) -> None:
    page = sized.page()
    page.goto(f"/resources/{library.ids['parabola.pdf']}")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator(".facts").is_visible()
    for hidden in (".top", ".foot", ".tools", ".link-row"):
        assert not page.locator(hidden).first.is_visible(), hidden
