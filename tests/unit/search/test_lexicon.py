"""The file of a generation's words: what goes in is found, nothing else, wherever the buffer was cut."""

import json
import random
from pathlib import Path

import pytest

from service.search.analysis import fold
from service.search.lexicon import MOST, Lexicon, encoded, merged, pack, packed, pieces_of, tokens_of
from tests.contract.index_processes import document


def test_every_token_is_found_with_its_count_and_no_other() -> None:
    rng = random.Random(1)
    tokens = {"".join(rng.choices("abcdđ0ơ", k=rng.randint(1, 9))): rng.randint(1, 99) for _ in range(3_000)}
    lexicon = Lexicon(packed(tokens.items()))
    assert len(lexicon) == len(tokens)
    assert all(lexicon.count(token) == count for token, count in tokens.items())
    others = {token + "x" for token in tokens} | {"", "zz", "\ud800", "x" * 70_000}
    assert not any(lexicon.count(token) for token in others)


@pytest.mark.parametrize("asked", [10, 1_000], ids=["few", "many"])
def test_many_tokens_are_looked_up_at_once(asked: int) -> None:
    here = [f"{number:04}đ" for number in range(2_000)]
    lexicon = Lexicon(packed((token, 1) for token in here))
    wanted = {encoded(token) for token in (*here[:asked], *here[-asked:], "không", "", "9999đđ")}
    assert lexicon.held(wanted) == {encoded(token) for token in (*here[:asked], *here[-asked:])}


def test_an_empty_one_holds_nothing() -> None:
    lexicon = Lexicon(pack([]))
    assert (len(lexicon), lexicon.count("a"), list(lexicon.rows())) == (0, 0, [])


def test_merging_adds_counts_up() -> None:
    made = [Lexicon(packed(counts.items())) for counts in ({"ham": 1, "so": 2}, {"so": MOST, "ve": 1}, {})]
    assert Lexicon(pack(merged(made))).count("so") == MOST
    assert [token for token, _ in merged(made)] == [b"ham", b"so", b"ve"]


@pytest.mark.parametrize("length", [0, 3, 4, 7, 8, 12, 17, 21])
def test_a_buffer_that_was_cut_is_none(length: int) -> None:
    whole = packed({"ham": 1, "so": 2}.items())
    assert len(whole) > length
    with pytest.raises(ValueError, match="lexicon"):
        Lexicon(whole[:length])


def test_words_are_those_of_every_text_that_a_search_finds() -> None:
    made = document(1, "Hàm số, co2", title="Đại-số", description="tả_ngắn", keywords=("Lớp 10",))
    assert tokens_of(pieces_of(made)) == {"ham", "so", "co2", "dai", "ta", "ngan", "lop", "10"}
    assert tokens_of(["a" * 1_001]) == set()


def test_words_are_those_that_analysis_makes_of_whole_texts() -> None:
    for line in (Path(__file__).parents[2] / "golden/analysis.jsonl").read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        assert tokens_of(pieces_of(document(1, text, title=""))) == set(fold(text))
