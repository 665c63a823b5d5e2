"""Words that tell what a text is about, with and without a lexicon that knows which words are common."""

from collections.abc import Callable, Mapping

from service.search.telling import PAIRS, SINGLES, telling

TEXT = (
    "Hàm số bậc hai là hàm số có dạng y = ax2 + bx + c. Đồ thị của hàm số bậc hai là một parabol, và đỉnh của parabol "
    "là điểm thấp nhất của đồ thị. Trục đối xứng của parabol đi qua đỉnh. Hàm số bậc hai và phương trình bậc hai: "
    "số nghiệm của phương trình bậc hai là số giao điểm của parabol và trục hoành."
)


def counted(counts: Mapping[str, int]) -> Callable[[str], int]:
    return lambda token: counts.get(token, 1)


def test_pairs_that_keep_together_come_before_those_that_meet_by_chance() -> None:
    told = telling([(TEXT, 1.0)], counted({}))
    assert set(told.bigrams[:3]) == {"ham_so", "bac_hai", "do_thi"}
    assert not {"cua_ham", "so_bac", "la_mot"} & set(told.bigrams)
    assert len(told.bigrams) <= PAIRS
    assert len(told.tokens) == len(set(told.tokens)) <= 2 * PAIRS + SINGLES


def test_what_everybody_says_tells_nothing() -> None:
    common = dict.fromkeys(("cua", "la", "va", "so", "mot"), 900) | dict.fromkeys(("ham", "parabol", "bac"), 30)
    told = telling([(TEXT, 1.0)], counted(common))
    assert not {"cua", "va", "la"} & set(told.tokens)
    assert {"parabol", "ham"} <= set(told.tokens)


def test_a_title_says_more_than_a_line_of_the_text() -> None:
    told = telling([("Quang hợp ở thực vật", 8.0), (TEXT, 1.0)], counted({}))
    assert {"quang_hop", "thuc_vat"} <= set(told.bigrams)


def test_numbers_and_letters_tell_nothing() -> None:
    told = telling([("Bài 16 lớp 10 x y 2026", 8.0)], counted({}))
    assert set(told.tokens) == {"bai", "lop"}
    assert told.bigrams == ()


def test_accents_make_no_difference_and_nothing_comes_of_nothing() -> None:
    plain = "Ham so bac hai va do thi"
    assert telling([("Hàm số bậc hai và đồ thị", 1.0)], counted({})) == telling([(plain, 1.0)], counted({}))
    assert telling([], counted({})).tokens == ()
    assert telling([("12 + 3 = ?", 1.0)], counted({})).tokens == ()
