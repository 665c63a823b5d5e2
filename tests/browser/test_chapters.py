"""Chapters in a browser: axe, a phone's width, pictures without a shift, notes, formulas; attacks that do nothing."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from service import compose
from service.library import project
from service.library.deposit import Offered, deposit
from service.model import OPERATOR, Value
from service.settings import Settings
from tests.browser.conftest import DESK, PHONE, Sized
from tests.browser.fit import assert_fit
from tests.browser.test_teacher import SCRIPTS, SIZES
from tests.chapters import ATTACKS, hostile_book, rich_book, rich_page
from tests.conftest import Served
from tests.kinds import work_off
from tests.questions import BANK, GIFT, written

Running = tuple[str, dict[str, str]]


@pytest.fixture(scope="module")
def running_books(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Running]:
    """A served library with its worker, every chapter made."""
    root = tmp_path_factory.mktemp("books")
    services = compose.services(Settings(home=root / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    licence = Value("licence", "CC-BY-4.0", "person")
    files = [rich_book(root / "suoi.epub"), rich_page(root / "trang.html")]
    files.append(hostile_book(root / "doc.epub", list(ATTACKS.values())))
    files += [written(root / "nuoc.gift", GIFT), written(root / "goc.xml", BANK)]
    ids = {
        path.name: deposit(
            services, OPERATOR, [Offered(path, path.name)], owner="default", values=[licence], publish=True
        ).resource.id
        for path in files
    }
    work_off(services)
    services.catalogue.close()
    with Served(root / "home") as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        for place in ("suoi.epub/read?section=1", "suoi.epub/read?section=2", "trang.html/read?section=2",
                      "nuoc.gift/read?question=1", "goc.xml/read?question=1"):  # fmt: skip
            name, _, query = place.partition("/")
            opened(page, f"/resources/{ids[name]}/{query}")
        context.close()
        yield address, ids


def opened(page: Page, address: str) -> None:
    """A page waits two seconds for its chapter, which a busy machine may take longer to make."""
    for _ in range(20):
        page.goto(address)
        if page.locator(".chapter").count():
            return
    raise AssertionError(f"no chapter: {address}")


@pytest.fixture
def books(browser: Browser, running_books: Running) -> Iterator[Sized]:
    made = Sized(browser, running_books[0])
    yield made
    made.close()
    assert made.complaints == []


@pytest.mark.parametrize(
    "place",
    [
        "suoi.epub?section=1&q=con+suoi",
        "suoi.epub?section=2",
        "trang.html?section=2",
        "goc.xml?question=1",
        "nuoc.gift?question=1&text=1",
    ],
)
def test_axe_finds_nothing_in_a_chapter_and_nothing_is_too_wide(
    books: Sized, running_books: Running, place: str
) -> None:
    name, _, query = place.partition("?")
    page = books.page()
    page.goto(f"/resources/{running_books[1][name]}/read?{query}")
    expect(page.locator(".text")).to_be_visible()
    assert_fit(page)


@pytest.mark.parametrize("text", ["", "&text=1"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_answer_opens_by_a_key_and_without_a_script(
    books: Sized, running_books: Running, size: dict[str, int], text: str
) -> None:
    page = books.page(size, script=False)
    page.goto(f"/resources/{running_books[1]['nuoc.gift']}/read?question=1{text}")
    answer = page.get_by_text("Mặt Trời làm nước nóng lên và bay hơi.")
    expect(page.get_by_text("gió mùa: gió lạnh")).to_be_visible()
    expect(answer).not_to_be_visible()
    page.locator(".answer summary").focus()
    page.keyboard.press("Enter")
    expect(answer).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".answer summary").click()
    page.emulate_media(media="print")
    expect(page.locator(".answer")).not_to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_reader_follows_a_note_a_link_and_sees_the_picture(
    books: Sized, running_books: Running, size: dict[str, int], script: bool
) -> None:
    page = books.page(size, script=script)
    page.goto(f"/resources/{running_books[1]['suoi.epub']}/read?section=1&q=ri+rao")
    expect(page.locator(".chapter mark")).to_have_text("rì rào")
    picture = page.get_by_role("img", name="Con suối trong rừng")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["width"] / box["height"] == pytest.approx(1600 / 900, rel=0.02)
    for _ in range(50):
        if picture.evaluate("one => one.complete && one.naturalWidth > 0"):
            break
        page.wait_for_timeout(200)
    assert picture.evaluate("one => one.naturalWidth") > 0
    page.get_by_role("link", name="1", exact=True).click()
    expect(page.locator("#in-n1")).to_be_in_viewport()
    page.get_by_role("link", name="↩").click()
    expect(page.locator("#in-r1")).to_be_in_viewport()
    page.get_by_role("link", name="gốc cây").click()
    expect(page.locator("#in-goc-cay")).to_be_in_viewport()
    expect(page.locator(".chapter")).to_contain_text("Rễ cây ôm tảng đá.")


def test_a_picture_that_comes_late_moves_nothing(books: Sized, running_books: Running) -> None:
    page = books.page(PHONE)
    page.route("**/pictures/**", lambda route: None)
    page.goto(f"/resources/{running_books[1]['suoi.epub']}/read?section=1", wait_until="domcontentloaded")
    box = page.get_by_role("img", name="Con suối trong rừng").bounding_box()
    assert box
    assert box["height"] == pytest.approx(box["width"] * 900 / 1600, rel=0.02)


def test_a_formula_is_drawn_and_an_old_browser_says_it_in_words(books: Sized, running_books: Running) -> None:
    page = books.page()
    page.goto(f"/resources/{running_books[1]['suoi.epub']}/read?section=1")
    fraction = page.locator("mfrac")
    over, under = (fraction.locator("mi").nth(number).bounding_box() for number in (0, 1))
    assert over
    assert under
    assert over["y"] + over["height"] <= under["y"] + 2
    old = books.page()
    old.add_init_script("delete window.MathMLElement")
    old.goto(f"/resources/{running_books[1]['suoi.epub']}/read?section=1")
    expect(old.locator(".chapter")).to_contain_text("Vận tốc v=s/t")
    assert old.locator("math").count() == 0


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_attack_runs_asks_elsewhere_or_leaves_its_place(books: Sized, running_books: Running, script: bool) -> None:
    page = books.page(PHONE, script=script)
    for number, name in enumerate(ATTACKS, start=1):
        opened(page, f"/resources/{running_books[1]['doc.epub']}/read?section={number}")
        chapter = page.locator(".chapter")
        expect(chapter, name).to_contain_text("Trước đó.")
        assert "taken" not in page.title(), name
        assert page.evaluate("location.pathname").endswith("/read"), name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        # Nothing of it lies over the page or outside of its own division.
        assert page.evaluate("getComputedStyle(document.querySelector('.top')).display") != "none", name
        assert page.locator("main#main").count() == 1, name
        assert page.locator("#main .reading .chapter").count() == 1, name
        assert page.locator(".chapter").locator("script, style, iframe, form, object, embed, svg").count() == 0, name
        assert not any("taken" in one or "third party" in one for one in books.complaints), (name, books.complaints)
        for picture in page.locator(".chapter img").all():
            picture.scroll_into_view_if_needed()
    # A policy that had to stop something would have been heard: nothing was there to be stopped.
    assert [one for one in books.complaints if "404" not in one] == []
    books.complaints.clear()


def test_an_attack_can_be_read_aloud(books: Sized, running_books: Running) -> None:
    page = books.page(DESK)
    for number, name in enumerate(ATTACKS, start=1):
        opened(page, f"/resources/{running_books[1]['doc.epub']}/read?section={number}")
        found = Axe().run(page)
        assert found.violations_count == 0, (name, found.generate_report())
