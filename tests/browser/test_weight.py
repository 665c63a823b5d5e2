"""What a page costs on a cheap phone: bytes of its words, requests to others, words that jump under the thumb.

Times on a slow line are measured by `tests/benchmarks/pages.py`.
"""

from collections.abc import Callable

import pytest

from tests.browser.conftest import PHONE, Sized
from tests.browser.views import Line, shifts, shifts_with_late_pictures, watch_shifts
from tests.conftest import Shelf

WEIGHT_BYTES = 50_000
# Chromium rounds positions; what nobody sees is below a hundredth, and good pages stay below a tenth.
SHIFT = 0.01
PAGES: dict[str, Callable[[dict[str, str]], str]] = {
    "home": lambda ids: "/",
    "home in English": lambda ids: "/en/",
    "search": lambda ids: "/search?q=bai+doc",
    "filtered": lambda ids: "/search?language=vi&licence=CC-BY-4.0",
    "landing": lambda ids: f"/resources/{ids['parabola.pdf']}",
    "reader": lambda ids: f"/resources/{ids['parabola.pdf']}/read?page=2&q=truc+doi+xung",
    "text only": lambda ids: f"/resources/{ids['parabola.pdf']}/text",
}


@pytest.mark.parametrize("name", PAGES)
def test_words_weigh_little_and_come_from_here_alone(sized: Sized, library: Shelf, name: str) -> None:
    view = Line(page := sized.page(PHONE)).view(PAGES[name](library.ids))
    assert page.get_by_role("heading", level=1).count() == 1
    # Something was counted at all.
    assert 2_000 < view.words_bytes <= WEIGHT_BYTES
    assert view.compressed
    assert view.elsewhere == ()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_jumps_when_pictures_come_late(sized: Sized, library: Shelf, name: str) -> None:
    page = sized.page(PHONE)
    moved = shifts_with_late_pictures(page, PAGES[name](library.ids))
    assert moved <= SHIFT, shifts(page)


def test_suggestions_push_nothing_aside(sized: Sized) -> None:
    page = sized.page(PHONE)

    def type_slowly() -> None:
        page.get_by_role("combobox").press_sequentially("bai doc", delay=50)
        page.get_by_role("option").first.wait_for()
        # Half a second after a key a jump is the key's.
        page.wait_for_timeout(600)

    assert shifts_with_late_pictures(page, "/search", type_slowly) <= SHIFT, shifts(page)


def test_a_jump_is_seen_and_so_is_another_origin(sized: Sized, library: Shelf) -> None:
    page = sized.page(PHONE)
    line = Line(page)
    watch_shifts(page)
    page.goto("/about")
    page.evaluate(
        """() => { const one = document.createElement("div"); one.style.height = "300px";
                   document.querySelector("main").prepend(one); }"""
    )
    assert sum(value for value, _ in shifts(page)) > SHIFT
    page.route("http://elsewhere.test/**", lambda route: route.abort())
    page.add_init_script("addEventListener('load', () => { new Image().src = 'http://elsewhere.test/x.png'; })")
    assert line.view("/about").elsewhere == ("http://elsewhere.test/x.png",)
    sized.complaints.clear()
