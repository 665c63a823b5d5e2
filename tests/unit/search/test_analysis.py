import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.search.analysis import analyse, bigrams, dia, fold
from service.search.folding import to_ascii

OWN = Path(__file__).parents[2] / "golden/analysis.jsonl"
# Texts with the tokens that OpenSearch made of them, where the project stands beside the shared facts.
SHARED = Path(__file__).parents[4] / "shared/search/analysis_golden.jsonl"
LINES = [
    pytest.param(json.loads(line), id=f"{path.parent.name}-{number}")
    for path in (OWN, SHARED)
    if path.is_file()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
]
if not SHARED.is_file():
    without = pytest.mark.skip(reason="the shared golden texts do not stand beside the project; its own are tested")
    LINES.append(pytest.param({}, id="shared", marks=without))


@pytest.mark.parametrize("expected", LINES)
def test_tokens_are_those_of_the_golden_text(expected: dict[str, object]) -> None:
    made = analyse(str(expected["text"]))
    assert {"dia": made.dia, "fold": made.fold, "bi": made.bigrams} == {
        key: expected[key] for key in ("dia", "fold", "bi")
    }


def test_single_analyses_agree_with_the_whole_one() -> None:
    text = "Vật lý 10: chuyển động thẳng"
    made = analyse(text)
    assert (dia(text), fold(text), bigrams(text)) == (made.dia, made.fold, made.bigrams)


def test_tokens_are_exactly_runs_of_letters_marks_and_digits() -> None:
    """Of every character that Unicode has, not only those that Vietnamese uses."""
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        normal = unicodedata.normalize("NFC", character)
        belongs = any(unicodedata.category(each)[0] in "LMN" for each in normal)
        assert bool(fold(character)) == belongs, hex(code)


def test_folding_leaves_no_vietnamese_letter_above_ascii() -> None:
    assert to_ascii("đĐ") == "dD"
    letters = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    for letter in letters + letters.upper():
        for tone in tones:
            assert to_ascii(unicodedata.normalize("NFC", letter + tone)).isascii()


def test_folding_leaves_other_scripts_alone() -> None:
    assert to_ascii("йжωאℝ½") == "йжωאℝ½"


@settings(max_examples=300)
@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_any_text_has_tokens_or_none_in_both_analyses(text: str) -> None:
    made = analyse(text)
    assert len(made.dia) == len(made.fold)
    assert len(made.bigrams) == max(len(made.fold) - 1, 0)
    assert all(made.fold)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạừứửữự _-.,1", max_size=40))
def test_decomposed_text_has_the_same_tokens(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert analyse(unicodedata.normalize("NFD", composed)) == analyse(composed)
