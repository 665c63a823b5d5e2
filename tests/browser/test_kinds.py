"""Slides, chapters, tables, recordings, packages in a browser: axe, both widths, keyboard, with and without script.

The module is long because every kind is walked through in one library, which takes a while to make.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from ingest.document import Locator, Passage
from service.library.deposit import Offered, deposit
from service.model import OPERATOR, Value
from tests.browser.conftest import DESK, PHONE, Sized
from tests.browser.fit import assert_fit
from tests.browser.test_teacher import SCRIPTS, SIZES, tab_to
from tests.conftest import Served, Shelf
from tests.kinds import MP4, plant, recording, work_off
from tests.recordings import film
from tests.samples import make_film

PAGES: dict[str, Callable[[dict[str, str]], str]] = {
    "results": lambda ids: "/search",
    "hits": lambda ids: "/search?q=duong",
    "landing of slides": lambda ids: f"/resources/{ids['conic.pptx']}",
    "landing of a package": lambda ids: f"/en/resources/{ids['dien.zip']}",
    "landing of a film": lambda ids: f"/resources/{ids['nui-lua.mp4']}",
    "text of a sheet": lambda ids: f"/resources/{ids['tiet.xlsx']}/text",
    "slide": lambda ids: f"/resources/{ids['conic.pptx']}/read?slide=2&q=tieu+diem",
    "slide as text": lambda ids: f"/en/resources/{ids['conic.pptx']}/read?slide=2&text=1",
    "chapter": lambda ids: f"/resources/{ids['truyen.epub']}/read?section=2&q=cay+da",
    "chapter in English": lambda ids: f"/en/resources/{ids['truyen.epub']}/read?section=1",
    "sheet": lambda ids: f"/resources/{ids['tiet.xlsx']}/read?sheet=1&q=bai+8",
    "film": lambda ids: f"/resources/{ids['nui-lua.mp4']}/read?t=10&q=mac+ma",
    "film with captions inside": lambda ids: f"/resources/{ids['suoi.mp4']}/read?t=36",
    "film as text": lambda ids: f"/resources/{ids['nui-lua.mp4']}/read?t=10&q=mac+ma&text=1",
    "picture": lambda ids: f"/resources/{ids['hang-dong.png']}/read",
    "picture as text": lambda ids: f"/resources/{ids['hang-dong.png']}/read?text=1",
    "sound": lambda ids: f"/en/resources/{ids['nhac.mp3']}/read",
    "package": lambda ids: f"/resources/{ids['dien.zip']}/read?q=dien+tro",
}


@pytest.fixture(scope="module")
def address(kinds: Shelf, browser: Browser) -> Iterator[str]:
    with Served(kinds.home) as running:
        context = browser.new_context(base_url=running)
        page = context.new_page()
        for slide in (1, 2, 3):
            for _ in range(20):
                page.goto(f"/resources/{kinds.ids['conic.pptx']}/read?slide={slide}")
                if page.locator(".sheet").count():
                    break
        context.close()
        yield running


@pytest.fixture(scope="module")
def late(kinds: Shelf, address: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A film whose second passage begins between two seconds, with the caption before it shown until then."""
    assert address
    folder = tmp_path_factory.mktemp("late")
    film, captions = make_film(folder / "muon.mp4", seconds=31), folder / "muon.srt"
    captions.write_text(
        "1\n00:00:00,000 --> 00:00:08,600\nCâu trước.\n\n2\n00:00:08,600 --> 00:00:14,000\nCâu sau.\n", encoding="utf-8"
    )
    files = [Offered(film, film.name), Offered(captions, captions.name, "captions")]
    licence = Value("licence", "CC-BY-4.0", "person")
    made = deposit(kinds.services, OPERATOR, files, owner="default", values=[licence], publish=True).resource.id
    work_off(kinds.services)
    passages = tuple(Passage(Locator("second", at), said, "vi") for at, said in ((0, "Câu trước."), (8, "Câu sau.")))
    plant(kinds.services, made, replace(recording(MP4), passages=passages))
    return made


@pytest.fixture(scope="module")
def heavy(kinds: Shelf, address: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A film of many megabytes, with its smaller forms made."""
    assert address
    noise = ("-vf", "noise=alls=40:allf=t", "-b:v", "4M", "-preset", "ultrafast")
    path = film(tmp_path_factory.mktemp("heavy") / "thi-nghiem.mp4", *noise, seconds=6, size="1280x720")
    files, licence = [Offered(path, path.name)], Value("licence", "CC-BY-4.0", "person")
    made = deposit(kinds.services, OPERATOR, files, owner="default", values=[licence], publish=True).resource.id
    work_off(kinds.services)
    return made


def until(page: Page, expression: str) -> None:
    """Asked again and again from here: the page's policy lets nobody evaluate strings inside it."""
    for _ in range(50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"it never came true: {expression}")


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Sized]:
    made = Sized(browser, address)
    yield made
    made.close()
    assert made.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_too_wide(seen: Sized, kinds: Shelf, name: str) -> None:
    page = seen.page(DESK)
    page.goto(PAGES[name](kinds.ids))
    assert_fit(page)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_hit_opens_its_slide_with_the_mark_on_the_picture(seen: Sized, size: dict[str, int], script: bool) -> None:
    page = seen.page(size, script=script)
    page.goto("/search?q=tieu+diem+duong+chuan")
    page.get_by_role("link", name="Trang chiếu 2").click()
    picture = page.get_by_alt_text("Ảnh của Trang chiếu 2")
    expect(picture).to_be_visible()
    assert page.locator(".hit").count() == 2
    mark, sheet = page.locator(".hit").first.bounding_box(), page.locator(".sheet").bounding_box()
    assert mark
    assert sheet
    assert sheet["x"] <= mark["x"] < sheet["x"] + sheet["width"]
    expect(page.locator(".text")).to_contain_text("Vẽ hình bằng thước và dây.")
    page.get_by_role("link", name="Sau: Trang chiếu 3").click()
    expect(page.locator(".text")).to_contain_text("Đáp án bài tập")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_hit_opens_the_film_at_its_second(seen: Sized, size: dict[str, int], script: bool) -> None:
    page = seen.page(size, script=script)
    page.goto("/search?q=mac+ma+tran+len")
    page.get_by_role("link", name="Phút 0:08").click()
    film = page.locator("video")
    expect(film).to_be_visible()
    assert film.evaluate("film => film.currentSrc || film.src").endswith("#t=8")
    expect(page.locator("[data-start][aria-current=true]")).to_contain_text("mắc ma")
    page.get_by_role("link", name="0:19 Tro bụi").click()
    expect(page.locator("[data-start][aria-current=true]")).to_contain_text("Tro bụi")
    assert "t=19" in page.url


def test_the_player_stands_at_the_moment_and_has_its_captions(seen: Sized, kinds: Shelf) -> None:
    page = seen.page()
    page.goto(f"/resources/{kinds.ids['nui-lua.mp4']}/read?t=10")
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    page.wait_for_function("document.querySelector('video').currentTime >= 9.9")
    page.wait_for_function("(document.querySelector('video').textTracks[0].cues || []).length === 3")
    # Asked for anew, a line leads to its moment without loading the page.
    page.evaluate("window.same = true")
    page.get_by_role("link", name="0:19 Tro bụi").click()
    page.wait_for_function("document.querySelector('video').currentTime >= 18.9")
    assert page.evaluate("window.same") is True
    page.wait_for_function("document.querySelector('[data-start][aria-current=true] .place').textContent === '0:19'")


def test_captions_inside_a_film_are_cues_of_its_track(seen: Sized, kinds: Shelf) -> None:
    page = seen.page()
    page.goto("/search?q=suoi+gap+song")
    page.get_by_role("link", name="Phút 0:36").click()
    expect(page.locator("video")).to_be_visible()
    until(page, "(document.querySelector('video').textTracks[0].cues || []).length === 2")
    until(page, "document.querySelector('video').currentTime >= 35.9")
    said = page.evaluate("document.querySelector('video').textTracks[0].cues[1].text")
    assert said == "Suối gặp sông rồi cùng nhau ra biển lớn."
    expect(page.locator("[data-start][aria-current=true]")).to_contain_text("Suối gặp sông")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_picture_fits_a_phone_and_its_full_size_is_a_link_away(seen: Sized, kinds: Shelf, script: bool) -> None:
    page = seen.page(PHONE, script=script)
    page.goto(f"/resources/{kinds.ids['hang-dong.png']}/read")
    picture = page.get_by_role("img", name="hang-dong")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.get_by_role("link", name="Xem cỡ đầy đủ").click()
    page.wait_for_url(f"**/resources/{kinds.ids['hang-dong.png']}/files/1")
    assert page.evaluate("document.images[0].naturalWidth") == 1600


def test_by_keyboard_through_the_transcript(seen: Sized, kinds: Shelf) -> None:
    page = seen.page()
    page.goto(f"/resources/{kinds.ids['nui-lua.mp4']}/read?t=0")
    tab_to(page, "0:19")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('video').currentTime >= 18.9")
    assert page.evaluate("document.activeElement.getAttribute('data-start')") == "19"


def test_arrows_turn_slides_but_not_under_a_player(seen: Sized, kinds: Shelf) -> None:
    page = seen.page()
    page.goto(f"/resources/{kinds.ids['conic.pptx']}/read?slide=1&text=1")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**slide=2**")
    page.goto(f"/resources/{kinds.ids['nui-lua.mp4']}/read?t=8")
    page.locator("video").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert "t=8" in page.url


def test_a_wide_table_is_moved_by_keyboard_inside_its_own_frame(seen: Sized, kinds: Shelf) -> None:
    page = seen.page(PHONE)
    page.goto(f"/resources/{kinds.ids['tiet.xlsx']}/read?sheet=1")
    region = page.get_by_role("region", name="Bảng 1")
    region.focus()
    expect(region).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    # Its keys are not those that turn the page.
    page.evaluate("""() => {
        const link = document.createElement("a");
        link.rel = "next";
        link.href = "?sheet=2";
        document.body.appendChild(link);
    }""")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert "sheet=1" in page.url
    assert region.evaluate("one => one.scrollLeft > 0 || one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_tree_of_a_package_leads_from_item_to_item(seen: Sized, kinds: Shelf, script: bool) -> None:
    page = seen.page(PHONE, script=script)
    page.goto(f"/resources/{kinds.ids['dien.zip']}/read")
    page.get_by_role("complementary").get_by_role("link", name="Bài 2: Điện trở").click()
    expect(page.locator(".text")).to_contain_text("Điện trở cản trở dòng điện.")
    expect(page.locator(".notice")).to_contain_text("tải về")


def test_a_film_opened_at_its_second_shows_its_own_caption(seen: Sized, late: str) -> None:
    page = seen.page()
    page.goto(f"/resources/{late}/read?t=8")
    # Which caption is active follows the player's time a moment later; nobody plays it, so that it would stay wrong.
    until(page, "((document.querySelector('video').textTracks[0].activeCues || [])[0] || {}).text === 'Câu sau.'")
    assert 8.6 <= page.evaluate("document.querySelector('video').currentTime") < 9
    assert page.evaluate("document.querySelector('video').paused")


def test_speed_is_chosen_and_kept(seen: Sized, kinds: Shelf) -> None:
    page = seen.page()
    page.goto(f"/resources/{kinds.ids['nui-lua.mp4']}/read")
    page.get_by_label("Tốc độ").select_option("1.5")
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5
    page.reload()
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5
    assert page.get_by_label("Tốc độ").input_value() == "1.5"


def test_a_picture_is_zoomed_and_moved_by_keyboard(seen: Sized, kinds: Shelf) -> None:
    page = seen.page(PHONE)
    page.goto(f"/resources/{kinds.ids['hang-dong.png']}/read")
    page.keyboard.press("+")
    page.keyboard.press("+")
    frame = page.get_by_role("region", name="Ảnh phóng to")
    expect(page.locator("[data-size]")).to_have_text("200%")
    frame.focus()
    before = frame.evaluate("one => one.scrollLeft")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert frame.evaluate("one => one.scrollLeft") > before
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("0")
    expect(page.locator("[data-size]")).to_have_text("100%")
    page.get_by_role("button", name="Phóng to (phím +)").click()
    expect(page.locator("[data-size]")).to_have_text("150%")


def test_a_zoomed_slide_keeps_its_marks_on_its_words(seen: Sized, kinds: Shelf) -> None:
    page = seen.page()
    page.goto(f"/resources/{kinds.ids['conic.pptx']}/read?slide=2&q=tieu+diem")
    sheet, mark = page.locator(".sheet").bounding_box(), page.locator(".hit").first.bounding_box()
    assert sheet
    assert mark
    page.keyboard.press("+")
    larger, marked = page.locator(".sheet").bounding_box(), page.locator(".hit").first.bounding_box()
    assert larger
    assert marked
    assert larger["width"] == pytest.approx(sheet["width"] * 1.5, rel=0.02)
    assert (marked["x"] - larger["x"]) / larger["width"] == pytest.approx(
        (mark["x"] - sheet["x"]) / sheet["width"], abs=0.01
    )


def test_notes_stand_beside_the_slide_at_a_desk_and_below_it_on_a_phone(seen: Sized, kinds: Shelf) -> None:
    for size, below in ((DESK, False), (PHONE, True)):
        page = seen.page(size)
        page.goto(f"/resources/{kinds.ids['conic.pptx']}/read?slide=2")
        sheet, notes = page.locator(".sheet").bounding_box(), page.locator(".notes-beside").bounding_box()
        assert sheet
        assert notes
        assert (notes["y"] >= sheet["y"] + sheet["height"]) is below
        expect(page.locator(".notes-beside")).to_contain_text("Vẽ hình bằng thước và dây.")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_lighter_form_is_chosen_with_its_megabytes(
    seen: Sized, heavy: str, size: dict[str, int], script: bool
) -> None:
    page = seen.page(size, script=script)
    page.goto(f"/resources/{heavy}/read?t=2")
    if script:
        assert Axe().run(page).violations_count == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("link", name="Vừa (360p) · ").click()
    expect(page.locator("video")).to_have_attribute("src", f"/resources/{heavy}/files/1/lighter/film.mp4#t=2")
    expect(page.get_by_role("link", name="Vừa (360p) · ")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Nhẹ (chỉ tiếng) · ").click()
    expect(page.locator("audio")).to_have_attribute("src", f"/resources/{heavy}/files/1/lighter/sound.webm#t=2")
    if script:
        until(page, "document.querySelector('audio').duration > 5")


def test_a_browser_that_saves_data_plays_the_lighter_form_and_says_so(seen: Sized, heavy: str) -> None:
    page = seen.page(PHONE)
    page.set_extra_http_headers({"Save-Data": "on"})
    page.goto(f"/resources/{heavy}/read")
    until(page, "document.querySelector('video').videoHeight === 360")
    expect(page.get_by_role("status")).to_contain_text("tiết kiệm dữ liệu")


def test_a_slow_line_plays_the_lighter_form_by_the_browsers_own_account(seen: Sized, heavy: str) -> None:
    page = seen.page()
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { get: () => ({ effectiveType: '2g', saveData: false }) })"
    )
    page.goto(f"/resources/{heavy}/read")
    until(page, "document.querySelector('video').videoHeight === 360")
    expect(page.get_by_role("link", name="Vừa (360p) · ")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Gốc · ").click()
    expect(page.get_by_role("link", name="Gốc · ")).to_have_attribute("aria-current", "true")
    until(page, "document.querySelector('video').videoHeight === 720")
