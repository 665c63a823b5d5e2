"""Plain words out of what formats store."""

import unicodedata

import pytest

from ingest.formats.words import compounds, has_broken_words, paragraph, tidy, unbroken, visible


def test_text_comes_out_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Tiếng Việt ở lớp một")
    assert visible(decomposed) == "Tiếng Việt ở lớp một"


def test_ligatures_come_apart() -> None:
    assert tidy("e\ufb03cient \ufb01sh") == "efficient fish"


def test_invisible_and_control_characters_go() -> None:
    assert tidy("\u202aPh\u200bET\u202c\x00\x07 \ufeffmô\u00a0phỏng") == "PhET mô phỏng"


def test_symbol_font_bullets_become_bullets() -> None:
    assert tidy("\uf0b7 mục") == "• mục"


def test_a_soft_hyphen_takes_its_line_break_along() -> None:
    assert visible("pho\u00adto\u00ad\nsynthesis") == "photosynthesis"


def test_english_words_broken_at_line_ends_are_joined() -> None:
    assert unbroken("photo-\nsynthesis and photo-\n  graphy", vietnamese=False) == "photosynthesis and photography"


def test_a_compound_that_the_document_knows_keeps_its_hyphen() -> None:
    known = compounds("a well-known lesson")
    assert unbroken("the well-\nknown lesson", vietnamese=False, known=known) == "the well-known lesson"


def test_a_capital_after_the_hyphen_keeps_it() -> None:
    assert unbroken("Anglo-\nSaxon", vietnamese=False) == "Anglo-Saxon"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("In-đô-\nnê-xi-a", "In-đô-nê-xi-a"),
        ("Pa-\nri", "Pa-ri"),
        ("kinh tế -\nxã hội", "kinh tế -\nxã hội"),
        ("môn photo-\nsynthesis", "môn photosynthesis"),
    ],
)
def test_vietnamese_is_never_glued_together(broken: str, whole: str) -> None:
    assert unbroken(broken, vietnamese=True) == whole


def test_pages_without_broken_words_are_told_cheaply() -> None:
    assert has_broken_words("photo-\nsynthesis")
    assert not has_broken_words("kinh tế - xã hội\nvà")


def test_lines_of_a_paragraph_flow_and_items_keep_theirs() -> None:
    block = "Học sinh nêu được \n các ý sau:\n- ý một\n  tiếp theo\n1. ý hai\n2.1. ý ba\na) ý bốn \n"
    assert paragraph(block) == "Học sinh nêu được các ý sau:\n- ý một tiếp theo\n1. ý hai\n2.1. ý ba\na) ý bốn"
