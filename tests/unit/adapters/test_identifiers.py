import re

from hypothesis import given
from hypothesis import strategies as st

from service.adapters.database.identifiers import ALPHABET, LENGTH, new_identifier, normalised

ids = st.builds(new_identifier)


def test_ids_are_twelve_characters_of_the_alphabet_and_valid() -> None:
    made = {new_identifier() for _ in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch("[0-9a-hjkmnp-tv-z]{12}", identifier) for identifier in made)
    assert all(normalised(identifier) == identifier for identifier in made)


@given(ids, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(identifier: str, place: int, wrong: str) -> None:
    other = identifier[:place] + wrong + identifier[place + 1 :]
    assert (normalised(other) is not None) == (other == identifier)


@given(ids, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_every_swap_of_two_characters_is_noticed(identifier: str, one: int, two: int) -> None:
    swapped = list(identifier)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    assert (normalised("".join(swapped)) is not None) == ("".join(swapped) == identifier)


@given(ids)
def test_capitals_and_misread_letters_are_forgiven(identifier: str) -> None:
    misread = identifier.replace("0", "O").replace("1", "I").upper()
    assert normalised(misread) == identifier
    assert normalised(misread.replace("I", "l")) == identifier


@given(st.text())
def test_any_other_text_is_no_id_and_no_error(text: str) -> None:
    found = normalised(text)
    assert found is None or len(found) == LENGTH


def test_ids_that_were_given_out_stay_valid() -> None:
    """Fixed examples: another check character in a later version would break every address in the world."""
    for identifier in ("000000000000", "111111111114", "zzzzzzzzzzzk", "0123456789am"):
        assert normalised(identifier) == identifier
