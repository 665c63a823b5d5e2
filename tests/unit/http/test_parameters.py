"""What URLs may hold, and what becomes of it."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from ingest.document import Locator
from service.errors import Invalid, NotFound
from service.http.parameters import flag, identifier, locator, number, plain, text, texts


def request(query: str | bytes) -> Request:
    raw = query if isinstance(query, bytes) else query.encode()
    return Request({"type": "http", "method": "GET", "headers": [], "query_string": raw, "path": "/"})


def test_text_loses_what_cannot_be_seen_and_is_nfc() -> None:
    assert plain("  a\x00b\r\nc‮d​e  ") == "a b c d e"
    assert plain("hàm") == "hàm"


@given(st.binary(max_size=200))
def test_any_bytes_of_a_query_string_can_be_read(raw: bytes) -> None:
    assert isinstance(text(request(b"q=" + raw), "q"), str)


def test_the_last_of_repeated_values_counts_and_a_facet_takes_all() -> None:
    assert text(request("q=a&q=b"), "q") == "b"
    assert texts(request("grade=lop-10&grade=&grade=lop-11&grade=lop-10"), "grade") == ("lop-10", "lop-11")


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "٣", "99999999999", "1e3", "0x10"])
def test_a_number_out_of_bounds_is_invalid(value: str) -> None:
    with pytest.raises(Invalid) as caught:
        number(request(urlencode({"page": value})), "page", 1)
    assert caught.value.parameters["field"] == "page"


def test_a_flag_is_zero_or_one() -> None:
    assert flag(request("exact=1"), "exact")
    assert not flag(request(""), "exact")
    with pytest.raises(Invalid):
        flag(request("exact=yes"), "exact")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("page=12", Locator("page", 12)),
        ("t=0", Locator("second", 0)),
        ("slide=3", Locator("slide", 3)),
        ("item=a/b%20c", Locator("item", "a/b c")),
        ("", None),
    ],
)
def test_a_readers_address_names_a_place(query: str, place: Locator | None) -> None:
    assert locator(request(query)) == place


@pytest.mark.parametrize("value", ["", "..", "a/b", "a b", "a" * 65, "đ", "\x00", "'; DROP TABLE"])
def test_an_id_that_cannot_be_is_not_found(value: str) -> None:
    with pytest.raises(NotFound):
        identifier(value)
