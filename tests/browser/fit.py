"""Whether everybody can use a page: axe finds nothing, light and dark, and nothing is wider than a desk or a phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE

# Contrast does not depend on the size, nor the layout on the ground, so three of the four are enough.
LOOKS = ((DESK, "light"), (PHONE, "light"), (PHONE, "dark"))


def assert_fit(page: Page) -> None:
    """Of the page as it stands there now."""
    for size, ground in LOOKS:
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        # Without motion a colour is the one that it ends with.
        page.emulate_media(color_scheme="dark" if ground == "dark" else "light", reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, (ground, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
