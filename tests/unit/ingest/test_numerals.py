"""Numbers of lists in the forms that word processors have."""

import pytest

from ingest.formats.numerals import of_kind, of_sign


@pytest.mark.parametrize(
    ("form", "number", "spelt"),
    [
        ("1", 12, "12"),
        ("a", 1, "a"),
        ("a", 26, "z"),
        ("A", 28, "BB"),
        ("a", 0, "0"),
        ("a", 781, "781"),
        ("i", 4, "iv"),
        ("I", 1949, "MCMXLIX"),
        ("i", 0, "0"),
        ("i", 4000, "4000"),
    ],
)
def test_a_number_is_spelt_as_its_list_asks(form: str, number: int, spelt: str) -> None:
    assert of_sign(number, form) == spelt


@pytest.mark.parametrize(
    ("kind", "number", "spelt"),
    [
        ("decimal", 3, "3"),
        ("lowerLetter", 28, "bb"),
        ("alphaUcPeriod", 2, "B"),
        ("upperRoman", 14, "XIV"),
        ("romanLcParenR", 9, "ix"),
        ("ordinal", 12, "12th"),
        ("ordinal", 22, "22nd"),
    ],
)
def test_a_number_is_spelt_as_office_files_name_its_form(kind: str, number: int, spelt: str) -> None:
    assert of_kind(number, kind) == spelt
