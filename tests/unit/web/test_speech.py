"""Sizes, dates and places in words."""

import datetime

import pytest

from ingest.document import Locator
from service.web.speech import Speech

VI, EN = Speech("vi"), Speech("en")


@pytest.mark.parametrize(
    ("size", "vi", "en"),
    [
        (999, "999 B", "999 B"),
        (1_000, "1 KB", "1 KB"),
        (181_400, "181 KB", "181 KB"),
        (2_140_000, "2,1 MB", "2.1 MB"),
        (104_857_600, "105 MB", "105 MB"),
        (3_000_000_000, "3 GB", "3 GB"),
    ],
)
def test_sizes_are_said_as_the_language_writes_numbers(size: int, vi: str, en: str) -> None:
    assert (VI.size(size), EN.size(size)) == (vi, en)


def test_dates_are_those_of_viet_nam() -> None:
    evening = datetime.datetime(2026, 9, 1, 20, 0, tzinfo=datetime.UTC)
    assert VI.date(evening) == "02/09/2026"
    assert EN.date(evening) == "2 September 2026"


def test_places_are_pages_slides_and_clock_times() -> None:
    assert VI.place(Locator("page", 12)) == "Trang 12"
    assert VI.place(Locator("slide", 3)) == "Trang chiếu 3"
    assert VI.place(Locator("second", 754)) == "Phút 12:34"
    assert EN.place(Locator("second", 3754)) == "At 1:02:34"
    assert VI.place(Locator("item", "i-1"), "Bài 1") == "Bài 1"
    assert [VI.short(Locator("second", 75)), VI.short(Locator("item", "i-1"))] == ["1:15", ""]


def test_a_kind_of_file_is_a_word_people_know() -> None:
    assert VI.format("application/pdf") == "PDF"
    assert VI.format("application/x-unheard-of", "bai.ggb") == "GGB"
