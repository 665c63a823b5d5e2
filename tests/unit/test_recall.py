"""How words are counted when readers are compared."""

import datetime
from pathlib import Path

from tests.recall.__main__ import Row, is_behind, page
from tests.recall.words import recall, whole, words


def test_words_are_compared_without_case_ligatures_and_soft_hyphens() -> None:
    assert words("O\ufb03ce op\u00ad-tional") == words("office OPTIONAL")


def test_pieces_on_lines_of_their_own_are_the_word_that_a_reader_knows() -> None:
    assert whole("inherite\nd colour", {"inherited", "colour"}) == words("inherited colour")
    assert whole("T\ne\nx\nt\nin", {"text", "in"}) == words("text in")


def test_whole_words_at_the_ends_of_lines_stay_apart() -> None:
    known = {"note", "book", "notebook"}
    assert whole("note\nbook", known) == words("note book")
    assert whole("inherite d", {"inherited"}) == words("inherite d")


def test_recall_counts_a_word_as_often_as_it_is_wanted() -> None:
    assert recall(words("a a b c"), words("a b x")) == 0.5


def _row(ours: float | None, tika: float | None, *lost: str) -> Row:
    return Row(Path("a.pptx"), ours, tika, lost)


def test_a_type_is_behind_under_the_aim_or_below_tika() -> None:
    assert is_behind([_row(0.94, 0.9)])
    assert is_behind([_row(0.96, 0.97)])
    assert not is_behind([_row(0.9, 0.96), _row(1.0, 0.94)])
    assert not is_behind([_row(0.96, None)])
    assert not is_behind([_row(None, 0.9)])


def test_the_kept_page_tells_versions_the_table_and_what_is_lost() -> None:
    rows = {"PPTX": [_row(0.5, 0.25, "one", "two"), _row(1.0, 0.75)]}
    text = page(rows, office="LibreOffice 7.4.7.2", tika="0.6.0", day=datetime.date(2026, 1, 2))
    assert "2026-01-02 with LibreOffice 7.4.7.2 and iscc-tika 0.6.0" in text
    assert "| PPTX | 2 | 0.750 | 0.500 | 1 |" in text
    assert "- `a.pptx`: ours 0.500, Tika 0.250; lost: one two" in text
