"""The Range header against RFC 9110, 14.1.2."""

import pytest

from service.http.ranges import Span, UnsatisfiableRange, parse


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 0)),
        ("bytes=0-499", Span(0, 499)),
        ("bytes=500-", Span(500, 999)),
        ("bytes=-1", Span(999, 999)),
        ("bytes=-500", Span(500, 999)),
        ("bytes=-5000", Span(0, 999)),
        ("bytes=900-5000", Span(900, 999)),
        ("BYTES=1-2", Span(1, 2)),
        (" bytes = 1-2 ", Span(1, 2)),
    ],
)
def test_one_range_is_a_span(header: str, span: Span) -> None:
    assert parse(header, 1000) == span


@pytest.mark.parametrize(
    "header", ["", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "items=0-1", "bytes=0-1,5-6", "bytes=٣-٤"]
)
def test_what_cannot_be_understood_asks_for_the_whole_file(header: str) -> None:
    assert parse(header, 1000) is None


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=1000-", 1000), ("bytes=-0", 1000), ("bytes=0-", 0), ("bytes=-5", 0)]
)
def test_a_range_without_a_byte_in_the_file_cannot_be_satisfied(header: str, size: int) -> None:
    with pytest.raises(UnsatisfiableRange) as caught:
        parse(header, size)
    assert caught.value.size_bytes == size
