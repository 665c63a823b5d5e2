"""Plain text, Markdown and HTML files as documents."""

import unicodedata
from pathlib import Path

import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document

_TEXT = "Trên trời có đám mây xanh,\nở giữa mây trắng, xung quanh mây vàng."


def _read(path: Path, data: bytes | str) -> Document:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return pipeline.read(Bundle(path, path.name), registry.load())


def _texts(document: Document) -> list[tuple[int | str, str]]:
    return [(passage.locator.value, passage.text) for passage in document.passages]


def _tones_apart(text: str) -> str:
    """As windows-1258 has them: vowels whole, tone marks behind them."""
    marks = "\u0300\u0301\u0303\u0309\u0323"
    whole = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in parts if mark in marks)
        rest = "".join(mark for mark in parts if mark not in marks)
        whole.append(unicodedata.normalize("NFC", rest) + tones)
    return "".join(whole)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_a_text_is_read_whatever_its_encoding(encoding: str, tmp_path: Path) -> None:
    data = (_tones_apart(_TEXT) if encoding == "cp1258" else _TEXT).encode(encoding)
    document = _read(tmp_path / "a.txt", data)
    assert document.media_type == "text/plain"
    assert _texts(document) == [(1, _TEXT)]
    assert document.language == "vi"


def test_a_western_text_stays_western(tmp_path: Path) -> None:
    text = "Les élèves étudient à l'école où ils ont été reçus avec leurs parents."
    assert _texts(_read(tmp_path / "a.txt", text.encode("cp1252"))) == [(1, text)]


def test_one_broken_letter_does_not_change_the_encoding(tmp_path: Path) -> None:
    data = _TEXT.encode()
    assert _texts(_read(tmp_path / "a.txt", data[:-3] + b"\xff" + data[-3:]))[0][1].startswith("Trên trời có đám mây")


def test_a_long_text_is_one_section_in_pieces(tmp_path: Path) -> None:
    document = _read(tmp_path / "a.txt", (_TEXT + "\n") * 200)
    assert len(document.passages) > 3
    assert {passage.locator.value for passage in document.passages} == {1}
    assert sum(passage.text.count("xanh") for passage in document.passages) == 200


@pytest.mark.parametrize("data", [b"\n\n  \t\n", b"\xef\xbb\xbf"])
def test_a_text_of_blanks_has_no_passages(data: bytes, tmp_path: Path) -> None:
    assert _read(tmp_path / "a.txt", data).passages == ()


def test_markdown_has_a_section_a_heading(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 'Bài 1'\nauthor: Hà\ndate: 2024-09-05\ntags:\n  - x\n---\nMở đầu\n\n# Chương *một*\n\n"
        "- ý a\n- ý b\n\nMục hai\n---\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n"
        "<script>no</script>\n\n```\n# không phải mục\n```\n"
    )
    document = _read(tmp_path / "a.md", text)
    assert document.media_type == "text/markdown"
    assert _texts(document) == [
        (1, "Mở đầu"),
        (2, "Chương một\ný a\ný b"),
        (3, "Mục hai\nA\tB\n1\t2\n# không phải mục"),
    ]
    assert [(entry.title, entry.level) for entry in document.contents] == [("Chương một", 1), ("Mục hai", 2)]
    assert [(value.field, value.value, value.where) for value in document.metadata] == [
        ("title", "Bài 1", "head"),
        ("created", "2024-09-05", "head"),
        ("creator", "Hà", "head"),
    ]


@pytest.mark.parametrize("unit", ["> ", "- ", "[", "*a ", "![](", "`", "<b>", "|a"])
def test_markdown_without_end_is_read(unit: str, tmp_path: Path) -> None:
    assert _read(tmp_path / "a.md", "a" + unit * 5000).media_type == "text/markdown"


def test_a_page_has_a_section_a_heading_and_says_what_it_is(tmp_path: Path) -> None:
    document = _read(
        tmp_path / "a.html",
        "<!doctype html><html lang='vi'><head><title>Trang</title><meta name='author' content='Hà'>"
        "<meta name='dcterms.created' content='2020-02-03T04:05:06Z'><meta name='viewport' content='x'></head>"
        "<body><p>Đầu</p><h2>Mục</h2><p>Thân</p></body></html>",
    )
    assert _texts(document) == [(1, "Đầu"), (2, "Mục\nThân")]
    assert [(value.field, value.value, value.where) for value in document.metadata] == [
        ("title", "Trang", "head"),
        ("language", "vi", "head"),
        ("created", "2020-02-03", "head"),
        ("creator", "Hà", "head"),
    ]
