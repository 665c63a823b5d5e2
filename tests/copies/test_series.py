"""Copies of texts are told, lessons that share a template are not."""

from itertools import combinations

import pytest

from service.search.sketching import bands, is_near, sketch
from tests.copies.series import lessons, paragraphs, slides

TEXTS = 40


def _told(before: list[str], after: list[str]) -> bool:
    """As a check does it: found by a band, then compared."""
    one, other = sketch(before), sketch(after)
    return bool(set(bands(one)) & set(bands(other))) and is_near(one, other)


def _resaved(pages: list[str], number: int) -> list[str]:
    """A page number under each, no accents: set in another font by another program."""
    return [f"{page.upper()} {place}" for place, page in enumerate(pages, start=1)]


def _one_changed(pages: list[str], number: int) -> list[str]:
    other = next(text for text in paragraphs()[number:] if text not in pages)
    return [*pages[:3], other, *pages[4:]]


def _title_added(pages: list[str], number: int) -> list[str]:
    return [f"Trường Trung học cơ sở Nà Lầu. Bài {number}. Người soạn: tổ chuyên môn, năm học 2026–2027.", *pages]


def _in_two_columns(pages: list[str], number: int) -> list[str]:
    """A PDF of slides: two on a page, the second before the first."""
    return [" ".join(reversed(pages[place : place + 2])) for place in range(0, len(pages), 2)]


@pytest.mark.parametrize("copied", [_resaved, _one_changed, _title_added, _in_two_columns])
def test_nineteen_of_twenty_copies_are_told(copied) -> None:  # type: ignore[no-untyped-def]
    texts = slides(TEXTS, 8)
    told = sum(_told(pages, copied(pages, number)) for number, pages in enumerate(texts))
    assert told >= 0.95 * TEXTS


def test_a_text_and_the_same_with_notes_as_long_are_told() -> None:
    texts, notes = slides(TEXTS, 8, seed=3), slides(TEXTS, 8, seed=4)
    told = sum(_told(pages, [*pages, *said]) for pages, said in zip(texts, notes, strict=True))
    assert told >= 0.95 * TEXTS


def test_lessons_of_one_series_on_one_template_are_not() -> None:
    made = [sketch(lesson) for lesson in lessons(TEXTS)]
    assert [pair for pair in combinations(range(TEXTS), 2) if is_near(made[pair[0]], made[pair[1]])] == []


def test_a_chapter_is_no_copy_of_its_book() -> None:
    book = list(paragraphs()[:120])
    assert not _told(book[:20], book)
