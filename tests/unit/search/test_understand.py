from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.model import Audience, SearchQuery
from service.search.understand import MAX_TOKENS, required, tokens_to_mark, understand
from service.search.words import words

ALL = Audience(everything=True)


def ask(text: str, *, without: Collection[str] = ()) -> SearchQuery:
    """With an index that knows every token but these."""
    return understand(text, audience=ALL, known=lambda tokens: set(tokens) - set(without))


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x07", "\u200b\ufeff", "\ud800"])
def test_a_text_of_nothing_visible_browses(text: str) -> None:
    assert ask(text) == SearchQuery(audience=ALL)


@pytest.mark.parametrize("text", ["?", "!!! …", "\"'", "😀", "--;", "<>"])
def test_a_text_without_words_asks_for_something_and_knows_nothing(text: str) -> None:
    query = ask(text)
    assert query.fold
    assert (query.known, query.required) == ((), 0)


def test_the_accented_clause_is_used_only_when_the_query_has_an_accent() -> None:
    assert not ask("ham so bac hai").accented
    assert ask("hàm so bac hai").accented
    assert ask("di đau").accented
    assert not ask("vl10").accented


def test_tokens_stand_in_every_analysis() -> None:
    query = ask("Hàm số bậc hai")
    assert query.dia == ("hàm", "số", "bậc", "hai")
    assert query.fold == query.known == ("ham", "so", "bac", "hai")
    assert query.bigrams == ("ham_so", "so_bac", "bac_hai")


@pytest.mark.parametrize(
    ("count", "needed"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 1), (5, 2), (7, 2), (8, 3), (10, 4), (13, 5)]
)
def test_all_up_to_three_then_two_fifths_rounded_down(count: int, needed: int) -> None:
    assert required(count) == needed


def test_unknown_words_do_not_count_and_repeated_ones_count_once() -> None:
    query = ask("toán toán hình zzz", without={"zzz"})
    assert (query.known, query.required) == (("toan", "hinh"), 2)


def test_shorthand_is_searched_written_out_without_asking_for_more() -> None:
    query = ask("SGK hình học", without={"sgk"})
    assert {"sach", "giao", "khoa"} <= set(query.fold)
    assert {"sach_giao", "giao_khoa"} <= set(query.bigrams)
    assert query.known == ("sgk", "hinh", "hoc")
    assert query.ways == {"sgk": (("sach", "giao", "khoa"),)}
    assert query.required == 3


def test_shorthand_that_nobody_writes_out_is_not_known() -> None:
    query = ask("sgk toán", without={"sgk", "sach"})
    assert (query.known, query.ways) == (("toan",), {})


def test_shorthand_joined_with_its_grade_is_split() -> None:
    query = ask("vl10", without={"vl10", "vl"})
    assert query.known == ("vl", "10")
    assert query.ways == {"vl": (("vat", "li"),)}
    assert {"vat_li", "lop_10"} <= set(query.bigrams)


def test_what_is_joined_in_the_index_is_found_joined() -> None:
    query = ask("vl10")
    assert "vl10" in query.fold
    assert set(query.ways["vl"]) == {("vl10",), ("vat", "li")}
    assert query.ways["10"] == (("vl10",),)


def test_a_formula_that_the_index_holds_is_not_split() -> None:
    assert ask("co2").fold == ("co2",)
    assert ask("bai12", without={"bai12"}).known == ("bai", "12")


def test_a_short_subject_counts_only_beside_a_grade() -> None:
    assert ask("sử 9").ways == {"su": (("lich", "su"),)} or ask("sử 9").ways == {}
    assert "lich" in ask("sử 9").fold
    assert "lich" in ask("sử lớp 9").fold
    assert "lich" not in ask("sử dụng máy tính").fold
    assert "lich" not in ask("sử 90").fold


def test_a_grade_after_a_subject_is_read_as_one() -> None:
    for text in ("toán 10", "toan10", "tiếng việt 1", "gdcd 9"):
        query = ask(text, without={"toan10"})
        assert "lop" in query.fold, text
        assert "lop" not in query.known, text
    assert "lop" not in ask("bài 10").fold


def test_synonyms_go_both_ways() -> None:
    assert {"ke", "hoach", "bai", "day"} <= set(ask("giáo án toán").fold)
    assert {"giao", "an"} <= set(ask("kế hoạch bài dạy toán").fold)


def test_a_pasted_page_is_cut() -> None:
    query = ask(" ".join(f"từ{number}a" for number in range(3_000)))
    assert len(query.fold) == MAX_TOKENS


@settings(max_examples=300)
@given(st.text(alphabet=st.characters(codec=None), max_size=80), st.sets(st.text(max_size=3), max_size=3))
def test_any_text_is_understood(text: str, unknown: set[str]) -> None:
    query = ask(text, without=unknown)
    assert query.required == required(len(query.known))
    assert set(query.ways) <= set(query.known)
    assert set(query.known) & unknown <= set(query.ways)
    assert all(tokens_to_mark(text).fold)


def test_ten_thousand_characters_are_understood() -> None:
    for text in ("x" * 10_000, "a b " * 2_500, "'" * 10_000, "vl10 " * 2_000):
        assert ask(text).fold


def test_every_written_form_has_tokens_and_a_meaning() -> None:
    table = words()
    for written, meaning in {**table.anywhere, **table.graded}.items():
        assert written
        assert meaning.fold
        assert tuple(meaning.fold) != written
    assert not set(table.graded) & set(table.anywhere)


def test_words_to_mark_are_those_of_the_query() -> None:
    asked = tokens_to_mark("Hàm số vl10")
    assert asked.fold >= {"ham", "so", "vl", "10", "vat", "li"}
    assert asked.dia >= {"hàm", "số", "vl", "10", "vật", "lí"}
    assert not tokens_to_mark("?!")


def test_a_query_without_tones_asks_for_letters_alone() -> None:
    assert tokens_to_mark("ham so vl10").dia == frozenset()
