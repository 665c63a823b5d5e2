"""Numbers of lists in the forms that word processors have."""

import pytest

from ingest.formats.numerals import FORMATS


@pytest.mark.parametrize(
    ("form", "number", "spelt"),
    [
        ("1", 12, "12"),
        ("a", 1, "a"),
        ("a", 26, "z"),
        ("A", 28, "BB"),
        ("a", 0, ""),
        ("i", 4, "iv"),
        ("I", 1949, "MCMXLIX"),
        ("i", 0, "0"),
        ("i", 4000, "4000"),
    ],
)
def test_a_number_is_spelt_as_its_list_asks(form: str, number: int, spelt: str) -> None:
    assert FORMATS[form](number) == spelt
