"""A teacher chooses her grades once and finds this week's lessons, on a phone, with and without JavaScript."""

import datetime
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from service.library import school_year
from service.settings import Settings
from service.web.speech import HERE
from tests.browser.conftest import PHONE, Sized
from tests.conftest import Served, ingest, make_pdf

WEEK = school_year.week_of(datetime.datetime.now(HERE).date(), holidays=Settings().holidays).number


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("week")
    for number in (2, 3):
        make_pdf(root / "files" / f"toan-{number}.pdf", [f"Bài học lớp {number}."], title=f"Bài học lớp {number}")
    rows = [f'toan-{number}.pdf,toan,lop-{number},"series=kntt,lesson=16,week={WEEK}"' for number in (2, 3)]
    sheet = root / "sheet.csv"
    sheet.write_text("\n".join(["path,subject,grade,placements", *rows]) + "\n", encoding="utf-8")
    ingest(root / "home", root / "files", "--publish", "--licence", "CC0-1.0", "--sheet", str(sheet))
    with Served(root / "home") as served:
        yield served


@pytest.fixture
def small(browser: Browser, address: str) -> Iterator[Sized]:
    made = Sized(browser, address)
    yield made
    made.close()
    assert made.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_grades_are_chosen_once_and_lead_to_the_lessons_of_the_week(small: Sized, script: bool) -> None:
    page = small.page(PHONE, script=script)
    page.goto("/")
    week = page.get_by_role("region", name=re.compile(rf"Tuần này|Tuần {WEEK}"))
    expect(week.get_by_role("listitem").filter(has_text="Bài học lớp 3")).to_be_visible()
    page.get_by_text("Chọn lớp").click()
    page.get_by_label("Lớp 2").check()
    page.get_by_role("button", name="Lưu lựa chọn").click()
    expect(page).to_have_url(re.compile(r"/#this-week$"))
    expect(week.get_by_role("heading", level=3)).to_have_text(["Bài học lớp 2"])
    page.reload()
    week.get_by_role("link", name=re.compile(r"^Lớp 2")).click()
    expect(page).to_have_url(re.compile(rf"/search\?grade=lop-2&week={WEEK}$"))
    page.get_by_role("link", name="Bài học lớp 2").first.click()
    placed = page.get_by_role("region", name="Vị trí trong chương trình")
    expect(placed).to_contain_text(f"Kết nối tri thức · Toán 2 · Bài 16 · Tuần {WEEK}")
    placed.get_by_role("link", name=f"Tuần {WEEK}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 học liệu")


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide(small: Sized, ground: str) -> None:
    page = small.page(PHONE, ground=ground)
    page.goto("/")
    page.get_by_text("Chọn lớp").click()
    page.get_by_label("Lớp 3").check()
    page.get_by_role("button", name="Lưu lựa chọn").click()
    page.get_by_text("Đổi lớp").click()
    for address in ("", f"/search?week={WEEK}", "/search?q=bai+hoc"):
        if address:
            page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Bài học lớp 2").first.click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
