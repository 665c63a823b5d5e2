"""Names of files on their way out (RFC 6266), whatever they were called on their way in."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.http.disposition import ascii_name, clean, content_disposition


def test_a_plain_name_needs_no_second_form() -> None:
    assert content_disposition("inline", "toan-10.pdf") == 'inline; filename="toan-10.pdf"'


def test_a_vietnamese_name_comes_with_an_ascii_one() -> None:
    header = content_disposition("attachment", "Đề thi lớp 9.pdf")
    assert (
        header
        == "attachment; filename=\"De thi lop 9.pdf\"; filename*=UTF-8''%C4%90%E1%BB%81%20thi%20l%E1%BB%9Bp%209.pdf"
    )


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1.pdf", "a\x00b.pdf", "a‮fdp.exe", "a​b.pdf", "../../etc/passwd"])
def test_what_could_deceive_is_taken_out(name: str) -> None:
    kept = clean(name)
    assert not any(c in kept for c in "\r\n\x00‮​/\\")
    assert kept


def test_a_long_name_keeps_its_ending() -> None:
    assert clean("a" * 400 + ".pdf").endswith("a.pdf")
    assert len(clean("a" * 400 + ".pdf")) <= 150


@given(st.text())
def test_any_name_makes_one_line_of_ascii_that_gives_it_back(name: str) -> None:
    header = content_disposition("attachment", name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    if "filename*=" in header:
        assert unquote(header.partition("filename*=UTF-8''")[2]) == clean(name)
    else:
        assert ascii_name(clean(name)) == clean(name)
