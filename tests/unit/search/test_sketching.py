"""Sketches of texts: what they keep, what they estimate, and that they never change by accident."""

import hashlib
import unicodedata
from itertools import pairwise

import pytest

from service.model import Sketch
from service.search.analysis import fold
from service.search.sketching import (
    BANDS,
    FEWEST,
    MOST_TOKENS,
    NUMBERS,
    RECIPE,
    SYLLABLES,
    bands,
    contained,
    is_near,
    shared,
    sketch,
)
from tests.copies.series import paragraphs

TEXT = list(paragraphs()[:10])
OTHER = list(paragraphs()[200:210])


def _exactly(one: list[str], other: list[str]) -> float:
    """The share of common shingles, counted."""

    def shingles(texts: list[str]) -> set[tuple[str, ...]]:
        tokens = [fold(text) for text in texts]
        return {tuple(one[at : at + SYLLABLES]) for one in tokens for at in range(len(one) - SYLLABLES + 1)}

    mine, theirs = shingles(one), shingles(other)
    return len(mine & theirs) / len(mine | theirs)


def test_accents_case_and_composition_make_no_difference() -> None:
    bare = [" ".join(fold(text)) for text in TEXT]
    decomposed = [unicodedata.normalize("NFD", text.upper()) for text in TEXT]
    assert sketch(TEXT) == sketch(bare) == sketch(decomposed)


def test_the_order_of_passages_makes_no_difference_and_shingles_end_with_them() -> None:
    assert sketch(TEXT) == sketch(reversed(TEXT))
    one = sketch([" ".join(TEXT)])
    assert one.shingles == sketch(TEXT).shingles + (SYLLABLES - 1) * (len(TEXT) - 1)


@pytest.mark.parametrize("common", [0, 2, 5, 8, 10])
def test_what_two_texts_share_is_estimated(common: int) -> None:
    mixed = [*TEXT[:common], *OTHER[common:]]
    # Three times the spread of so many numbers.
    assert shared(sketch(TEXT), sketch(mixed)) == pytest.approx(_exactly(TEXT, mixed), abs=0.095)


def test_what_is_contained_counts_the_shorter_text() -> None:
    whole, half = sketch([*TEXT, *OTHER]), sketch(TEXT)
    assert contained(half, whole) == contained(whole, half) == pytest.approx(1, abs=0.15)
    assert contained(half, sketch(OTHER)) < 0.1


def test_a_text_of_few_words_is_like_no_other() -> None:
    short = sketch([" ".join(f"từ{number}" for number in range(FEWEST + SYLLABLES - 2))])
    assert short == Sketch(RECIPE, FEWEST - 1)
    assert bands(short) == []
    assert not is_near(short, short)
    assert sketch([]) == sketch(["", "a b c"]) == Sketch(RECIPE, 0)


def test_bands_are_numbers_that_a_column_holds_and_that_copies_share() -> None:
    found = bands(sketch(TEXT))
    assert len(found) == BANDS
    assert all(-(2**31) <= band < 2**31 for band in found)
    assert found == bands(sketch(TEXT))
    assert len(set(found) & set(bands(sketch([*TEXT[:9], OTHER[0]])))) > BANDS // 4
    assert not set(found) & set(bands(sketch(OTHER)))


def test_the_same_number_in_two_places_of_a_signature_gives_two_bands() -> None:
    even = Sketch(RECIPE, 100, b"\x07\0\0\0" * NUMBERS)
    assert all(one != other for one, other in pairwise(bands(even)))


def test_sketches_of_two_recipes_are_not_compared() -> None:
    mine = sketch(TEXT)
    assert shared(mine, Sketch("0", mine.shingles, mine.signature)) == 0


def test_the_end_of_a_very_long_text_does_not_count() -> None:
    words = [str(number) for number in range(MOST_TOKENS)]
    assert sketch([" ".join(words)]) == sketch([" ".join(words), *TEXT])


def test_a_recipe_means_the_same_for_ever() -> None:
    """Stored sketches are compared with new ones: whoever changes what comes out here raises RECIPE."""
    made = sketch(["một hai ba bốn năm sáu bảy tám chín mười " * 2, " ".join(str(number) for number in range(100))])
    assert (RECIPE, made.shingles, hashlib.sha256(made.signature).hexdigest()[:16]) == GOLDEN


GOLDEN = ("1", 107, "a43a4e8624349352")
