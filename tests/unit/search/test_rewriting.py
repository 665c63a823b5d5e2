"""What was typed becomes what was meant, and stays what it is where nobody can know better."""

from collections.abc import Collection

import pytest

from service.model import Audience, IndexDocument
from service.search import learning
from service.search.analysis import fold
from service.search.learning import Learning
from service.search.rewriting import rewritten
from service.search.syllables import Syllables
from service.search.understand import understand
from tests.contract.index_processes import document

TEXTS = (
    "Đồ thị của hàm số bậc hai là một đường cong parabol.",
    "Hàm số bậc nhất và hàm số bậc hai trong chương trình lớp 10.",
    "Phương trình đường thẳng, phương trình bậc hai một ẩn.",
    "Tụ điện tích điện; từ trường của dòng điện; hai con tem và tên của chúng.",
    "Quang hợp là quá trình cây xanh tạo ra chất hữu cơ.",
    "Công ty chế biến thực phẩm ở nước Mỹ, công ty may mặc.",
    "Bài giảng cho lớp hai: cho em học hai con số.",
)
TITLES = ("Giáo dục STEM", "Kiểm tra GDCD")


def learnt(*documents: IndexDocument) -> Syllables:
    made = Learning()
    made.learn(documents)
    return Syllables(made.file(None))


@pytest.fixture(scope="module")
def syllables() -> Syllables:
    texts = [document(number, text) for number, text in enumerate(TEXTS, 1)]
    return learnt(*texts, *(document(number, title=title) for number, title in enumerate(TITLES, 100)))


def known(tokens: Collection[str]) -> Collection[str]:
    return set(tokens) & set(fold(" ".join((*TEXTS, *TITLES, "secret"))))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ham so bac hai", "hàm số bậc hai"),
        ("  Ham so, bac-hai?", "  Hàm số, bậc-hai?"),
        ("hàm so bậc hai", "hàm số bậc hai"),
        ("dong dien", "dòng điện"),
        ("tu truong", "từ trường"),
        ("tu dien", "tụ điện"),
        ("phuong trihn bac hai", "phương trình bậc hai"),
        ("phương trìh", "phương trình"),
        ("hàn số bậc hai", "hàm số bậc hai"),
        ("cong ty", "công ty"),
        ("nuoc my", "nước mỹ"),
        ("de kiem tra GDCD", "de kiểm tra GDCD"),
        ("a\u0300", None),
        ("ha\u0300m so", "hàm số"),
        ("ham_so", "hàm_số"),
    ],
)
def test_accents_come_back_and_letters_are_mended(typed: str, meant: str | None, syllables: Syllables) -> None:
    assert rewritten(typed, syllables, known) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "?!",
        "hàm số bậc hai",
        "cho em học hai con số",
        "STEM",
        "HAM SO",
        "vl10 ham10",
        "co2",
        "sgk",
        "GDCD 9",
        "con tem",
        "the so of the ham",
        "quadratic function so",
        "secret",
        "xyzzy",
        "интеграл 積分",
        "\ud800",
        "x" * 1_000,
    ],
)
def test_what_is_known_or_nobody_can_know_stays(typed: str, syllables: Syllables) -> None:
    assert rewritten(typed, syllables, known) is None


def test_capitals_and_shorthand_stay_beside_words_that_change(syllables: Syllables) -> None:
    assert rewritten("STEM ham so sgk vl10", syllables, known) == "STEM hàm số sgk vl10"


def test_a_short_word_is_mended_only_where_its_neighbour_speaks_for_it(syllables: Syllables) -> None:
    assert rewritten("hmà số", syllables, known) == "hàm số"
    assert rewritten("hmà", syllables, known) is None


def test_nothing_becomes_a_word_that_is_no_longer_there(syllables: Syllables) -> None:
    assert rewritten("phuong trihn", syllables, lambda tokens: known(set(tokens) - {"trinh"})) == "phương trihn"


def test_an_empty_file_and_long_queries_are_no_trouble(syllables: Syllables) -> None:
    assert rewritten("ham so", Syllables(Learning().file(None)), known) is None
    long = rewritten("ham so " * 60, syllables, known)
    assert long is not None
    assert long.startswith("hàm số " * 32)
    assert long.endswith("ham so ")


def test_accents_change_no_total_and_a_mended_letter_is_what_is_matched(syllables: Syllables) -> None:
    everybody = Audience(everything=False)
    bare = understand("ham so", audience=everybody, known=known)
    toned = understand("hàm số", audience=everybody, known=known, typed="ham so")
    assert (toned.fold, toned.known, toned.required) == (bare.fold, bare.known, bare.required)
    assert (toned.dia, toned.accented, toned.typed_fold, toned.typed_bigrams) == (("hàm", "số"), True, (), ())
    mended = understand("con tên", audience=everybody, known=known, typed="con tem xyzzy")
    assert (mended.known, mended.required) == (("con", "ten"), 2)
    assert (mended.typed_fold, mended.typed_bigrams) == (("tem",), ("con_tem", "tem_xyzzy"))


def test_learning_in_parts_is_learning_at_once() -> None:
    texts = [document(number, text, title=f"Bài {text[:9]}") for number, text in enumerate(TEXTS)]
    whole, first, second = Learning(), Learning(), Learning()
    whole.learn(texts)
    first.learn(texts[:3])
    before = Syllables(first.file(None))
    second.learn(texts[3:])
    assert second.file(before) == whole.file(None)
    assert [before.learnt(key) for key in (0, 2, 3, -1)] == [True, True, False, False]


def test_what_is_rarest_goes_where_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [document(number, "hàm số", f"hàm số riêng{'abcdefghij'[number]}") for number in range(10)]
    monkeypatch.setattr(learning, "MOST_WORDS", 4)
    monkeypatch.setattr(learning, "MOST_PAIRS", 2)
    few = learnt(*texts)
    assert {"hàm", "số"} <= {word for _, word, _ in few.words()}
    assert len(few) <= 4
    assert len(few.pairs) <= 2
    assert rewritten("ham so", few, known) == "hàm số"


def test_words_are_kept_apart_by_what_is_no_word() -> None:
    made = learnt(document(1, "một 2 hai интеграл ba", "bốn", title=""))
    assert [word for _, word, _ in made.words()] == ["ba", "bốn", "hai", "một"]
    assert len(made.pairs) == 0


@pytest.mark.parametrize("place", [0, 9, 45, 60, -1])
def test_a_damaged_file_is_none(place: int) -> None:
    made = Learning()
    made.learn([document(1, "hàm số bậc hai")])
    data = bytearray(made.file(None))
    data[place] ^= 0x40
    with pytest.raises(ValueError, match="syllables"):
        Syllables(bytes(data))
    with pytest.raises(ValueError, match="syllables"):
        Syllables(made.file(None)[:-1])


def test_a_book_is_learnt_from_its_beginning_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_CHARACTERS", 10)
    made = learnt(document(1, "hàm số bậc hai", "đạo hàm"))
    assert "đạo" not in {word for _, word, _ in made.words()}
