"""An address in a cell is one of the web that readers may follow, or none."""

import pytest

from service.crosswalks import is_web
from service.library.address import LONGEST, address, digest, host


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("https://phim.example.vn/bai/1?x=1&y=2#phut-3", "https://phim.example.vn/bai/1?x=1&y=2#phut-3"),
        (" HTTP://Phim.Example.VN:80 ", "http://phim.example.vn/"),
        ("https://phim.example.vn:8443/a", "https://phim.example.vn:8443/a"),
        ("www.example.vn/bai", "https://www.example.vn/bai"),
        ("https://vi.wikipedia.org/wiki/Hàm_số", "https://vi.wikipedia.org/wiki/H%C3%A0m_s%E1%BB%91"),
        ("https://vi.wikipedia.org/wiki/H%C3%A0m_s%E1%BB%91", "https://vi.wikipedia.org/wiki/H%C3%A0m_s%E1%BB%91"),
        ("https://thưviện.vn/", "https://xn--thvin-oza86y2l.vn/"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/?q=a'b(c)[d]", "https://a.example/?q=a'b(c)%5Bd%5D"),
        ("http://192.0.2.1/x", "http://192.0.2.1/x"),
    ],
)
def test_an_address_is_kept_as_every_program_takes_it(text: str, made: str) -> None:
    found = address(text)
    assert found is not None
    if "ư" in text:
        # The bytes of IDNA are its own affair; it is ASCII, and the same again.
        assert found.isascii()
        assert found.startswith("https://xn--")
    else:
        assert found == made
    assert is_web(found)
    assert address(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "Thư viện trường, tủ 3", "bai.pdf", "a.example/bai", "//a.example/x", "https://", "https:///x",
        "javascript:alert(1)", "JavaScript:alert(1)//https://a.example", "java\tscript:alert(1)", "data:text/html,x",
        "vbscript:x", "file:///etc/passwd", "ftp://a.example/x", "mailto:a@b.example", "blob:https://a.example/x",
        "https://user:password@a.example/", "https://user@a.example/", "https://a.example@b.example/",
        "https:\\\\a.example\\x", "https://a.example\\@b.example/", "https://a.example/a b", "https://a.example/\n/b",
        "https://a.example/\x00", "https://a.example/\x1b[0m", "https://a.example/\u202egpj.exe", "https://a.example/\u200bx",
        'https://a.example/"><script>', "https://a.example:99999/", "https://a.example:x/", "https://[::1]/",
        "https://[/", "http://\u2100.example/", "https://a.example; https://b.example",
        "https://a.example/" + "x" * LONGEST, "https://a.example/" + "ệ" * 300, "x" * 10_000,
    ],
)  # fmt: skip
def test_what_nobody_should_follow_is_no_address(text: str) -> None:
    assert address(text) is None


def test_the_same_address_is_looked_up_by_the_same_digest() -> None:
    one, other = address("https://A.example:443/x"), address("https://a.example/x")
    assert one == other
    assert one is not None
    assert (digest(one), len(digest(one))) == (digest("https://a.example/x"), 64)
    assert digest(one) != digest("https://a.example/y")
    assert host("https://www.phim.example.vn/x") == "phim.example.vn"
