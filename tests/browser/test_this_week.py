"""A teacher chooses her grades once and finds this week's lessons, on a phone, with and without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, WEEK, Sized
from tests.browser.fit import assert_fit


@pytest.fixture
def small(browser: Browser, graded: str) -> Iterator[Sized]:
    made = Sized(browser, graded)
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


def test_axe_finds_nothing_and_nothing_is_too_wide(small: Sized) -> None:
    page = small.page(PHONE)
    page.goto("/")
    page.get_by_text("Chọn lớp").click()
    page.get_by_label("Lớp 3").check()
    page.get_by_role("button", name="Lưu lựa chọn").click()
    page.get_by_text("Đổi lớp").click()
    for address in ("", f"/search?week={WEEK}", "/search?q=bai+hoc"):
        if address:
            page.goto(address)
        assert_fit(page)
    page.get_by_role("link", name="Bài học lớp 2").first.click()
    assert_fit(page)
