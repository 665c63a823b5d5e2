import html
import re

from hypothesis import given
from hypothesis import strategies as st

from service.search.analysis import fold
from service.search.marking import Wanted, bare
from service.search.snippets import ELLIPSIS, matching_words, snippet

LONG = "Mở đầu chương. " * 30 + "Đồ thị hàm số bậc hai là một parabol. " + "Kết thúc chương. " * 30


def marks(text: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", text)


def test_a_bare_query_marks_accented_words() -> None:
    assert marks(snippet("Đường thẳng đi qua", bare({"duong"}))) == ["Đường"]


def test_neighbouring_matches_share_a_mark() -> None:
    assert marks(snippet("hàm số  bậc hai, bậc ba", bare({"ham", "so", "bac", "hai"}))) == ["hàm số bậc hai", "bậc"]


def test_the_window_is_where_most_words_match() -> None:
    found = snippet(LONG, bare({"ham", "so", "bac", "hai", "chuong"}))
    assert marks(found)[-1:] != []
    assert "hàm số bậc hai" in marks(found)
    assert found.startswith(ELLIPSIS)
    assert found.endswith(ELLIPSIS)


def test_words_are_not_cut() -> None:
    plain = re.sub("</?mark>|…", "", snippet(LONG, bare({"parabol"})))
    assert set(plain.split()) <= set(LONG.split())
    assert 120 <= len(plain) <= 160


def test_without_a_match_it_is_the_beginning() -> None:
    assert snippet(LONG, bare({"xyz"})).startswith("Mở đầu chương.")
    assert snippet("", bare({"xyz"})) == ""
    assert snippet("Ngắn", bare(())) == "Ngắn"


def test_a_text_cannot_bring_markup_of_its_own() -> None:
    text = '<script>alert("1")</script> <mark>x</mark> & <img src=x onerror=alert(1)>'
    found = snippet(text, bare({"script", "img"}), length=500)
    assert html.unescape(re.sub("</?mark>", "", found.replace("&lt;mark&gt;", "").replace("&lt;/mark&gt;", ""))) == (
        text.replace("<mark>", "").replace("</mark>", "")
    )
    assert re.sub("</?mark>", "", found).count("<") == 0


@given(st.text(max_size=400), st.sets(st.sampled_from(["a", "ham", "so", "b", "1"])), st.integers(10, 200))
def test_any_snippet_holds_only_marks_and_escaped_text(text: str, tokens: set[str], length: int) -> None:
    found = snippet(text, bare(tokens), length=length)
    assert "<" not in re.sub("</?mark>", "", found)
    assert found.count("<mark>") == found.count("</mark>")
    for marked in marks(found):
        assert set(fold(html.unescape(marked))) <= tokens


@given(st.lists(st.sampled_from(["hàm", "số", "từ", "khác", "một", "dài dòng"]), min_size=1, max_size=200))
def test_a_match_anywhere_is_shown(words: list[str]) -> None:
    text = " ".join([*words, "parabol", *words])
    assert marks(snippet(text, bare({"parabol"}))) == ["parabol"]


def test_cells_of_a_row_stand_apart() -> None:
    assert snippet("STT\tBài\n1\tMệnh đề\t\t3", bare({"menh", "de"})) == "STT | Bài 1 | <mark>Mệnh đề</mark> | 3"


def test_words_of_a_page_are_marked_by_number() -> None:
    words = ["Hàm", "số,", "(bậc", "hai)", "—", "bậc-ba"]
    assert matching_words(words, bare({"ham", "bac"})) == (0, 2, 5)
    assert matching_words(words, bare(())) == ()


def test_a_query_with_tones_marks_the_word_that_was_meant() -> None:
    meant = Wanted(frozenset({"tu", "dien"}), frozenset({"tụ", "điện"}))
    assert marks(snippet("Từ điện trường, tụ điện tích điện", meant)) == ["điện", "tụ điện", "điện"]
    # A word of the same letters is no match beside one that is.
    assert marks(snippet("Lực từ tác dụng lên điện tích", meant)) == ["điện"]
    # Where nothing is as it was asked for, the letters are better than nothing.
    assert marks(snippet("Từ trường của dòng dien", meant)) == ["Từ", "dien"]


def test_the_window_is_where_the_word_that_was_meant_stands() -> None:
    text = "từ đó, từ nay, từ khi. " * 20 + "Một tụ phẳng. " + "từ đó, từ nay, từ khi. " * 20
    assert marks(snippet(text, Wanted(frozenset({"tu"}), frozenset({"tụ"})))) == ["tụ"]


def test_half_an_accent_asks_for_what_has_it() -> None:
    meant = Wanted(frozenset({"ham", "so", "bac"}), frozenset({"ham", "sô", "bậc"}))
    assert marks(snippet("Hàm số bậc hai; so bạc", meant)) == ["Hàm số bậc"]


def test_shorthand_in_one_piece_is_marked_beside_words_with_accents() -> None:
    meant = Wanted(frozenset({"bai", "vl", "10", "vl10"}), frozenset({"bài", "vl", "10"}))
    assert marks(snippet("Bài VL10, bãi biển", meant)) == ["Bài VL10"]
