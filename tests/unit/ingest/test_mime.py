"""Web pages that stand in one message: the page is read, nothing else is."""

import pytest

from ingest.formats.html import mime

PAGE = b"<html><body><table><tr><td>a</td><td>b</td></tr></table></body></html>"
HEAD = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
PART = (
    b"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b'<html><head><meta charset=3D"utf-8"></head><p>ch=E1=BB=AF vi=E1=BA=BFt</p></html>\r\n'
)


def test_a_page_alone_and_a_page_in_a_message() -> None:
    alone, packed = (
        mime.read(PAGE),
        mime.read(HEAD + b"--x\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n" + PART + b"--x--"),
    )
    assert alone
    assert packed
    assert [block.text for block in alone.blocks] == ["a\tb"]
    assert [block.text for block in packed.blocks] == ["chữ viết"]


@pytest.mark.parametrize(
    "data", [b"", b"\xd0\xcf\x11\xe0 OLE", HEAD, HEAD + b"--x\r\n\r\nplain\r\n--x--", b"MIME-Version: 1.0\r\n"]
)
def test_what_holds_no_page_is_none(data: bytes) -> None:
    assert mime.read(data) is None


def test_messages_in_messages_without_end_are_none() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
    assert mime.read(b"MIME-Version: 1.0\r\n" + nested) is None
