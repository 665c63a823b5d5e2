"""ISBNs as people copy them from books, and by what a description of something on a shelf is known again."""

import pytest

from service.library import shelf


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("978-604-0-28789-2", "9786040287892"),
        ("ISBN: 978 604 0 28789 2", "9786040287892"),
        ("ISBN-13: 9786040287892", "9786040287892"),
        ("9786040287892", "9786040287892"),
        ("0-306-40615-2", "9780306406157"),
        ("ISBN 0\u2013306\u201340615\u20132", "9780306406157"),
        ("080442957x", "9780804429573"),
        ("978-604-0-28789-3", None),
        ("0306406153", None),
        ("9.78604E+12", None),
        ("604-0-28789", None),
        ("", None),
    ],
)
def test_an_isbn_is_its_thirteen_digits_or_none(text: str, made: str | None) -> None:
    assert shelf.isbn(text) == made


def test_something_on_a_shelf_is_known_by_its_isbn_else_by_its_shelf_mark() -> None:
    assert shelf.known_by("9786040287892", "371.3 TO-2") == "urn:isbn:9786040287892"
    assert shelf.known_by("", " 371.3  TO-2") == shelf.known_by("", "371.3 to-2") == "shelf:371.3 to-2"
    assert shelf.known_by("", "") == ""
