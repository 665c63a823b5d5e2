"""HTML as blocks of what a reader sees."""

import pytest

from ingest.formats.html import Reader, read


def _texts(page: str | bytes) -> list[str]:
    return [block.text for block in read(page).blocks]


def test_headings_keep_their_level_and_anchor() -> None:
    page = read('<h1 id="mo">Mở đầu</h1><p>Chữ</p><h3>Nhỏ <em>hơn</em></h3>')
    assert [tuple(block) for block in page.blocks] == [("Mở đầu", 1, "mo"), ("Chữ", 0, ""), ("Nhỏ hơn", 3, "")]


def test_head_gives_title_language_and_metadata() -> None:
    page = read(
        '<html lang="vi"><head><title>Bài  học</title><meta name="Author" content="An">'
        '<meta name="author" content="Bình"><meta property="og:type" content="article"></head><body>x</body></html>'
    )
    assert (page.title, page.language) == ("Bài học", "vi")
    assert page.metadata == {"author": "An; Bình", "og:type": "article"}


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>no</script>",
        "<style>no</style>",
        "<template><p>no</p></template>",
        "<p hidden>no</p>",
        "<div style='color: red; DISPLAY : none'><p>no</p></div>",
        "<noscript>no</noscript>",
        "<!-- no -->",
        "<iframe>no</iframe>",
    ],
)
def test_what_is_not_shown_is_not_read(unseen: str) -> None:
    assert _texts(f"<p>one</p>{unseen}<p>two</p>") == ["one", "two"]


def test_a_table_is_read_row_by_row() -> None:
    table = "<table><tr><th>Tên<th>Điểm<tr><td><p>An</p><p>Bình</p><td>9</table>after"
    assert _texts(table) == ["Tên\tĐiểm", "An Bình\t9", "after"]


def test_a_cell_over_two_columns_keeps_the_next_one_in_its_own() -> None:
    table = (
        "<table><tr><td colspan=2>Điểm</td><td>TB</td></tr><tr><td>8</td><td></td><td>8,5</td><td></td></tr></table>"
    )
    assert _texts(table) == ["Điểm\t\tTB", "8\t\t8,5"]


def test_a_page_laid_out_with_a_table_keeps_its_paragraphs() -> None:
    long = "chữ " * 300
    assert _texts(f"<table><tr><td><h2>Đề</h2><p>{long}</p><p>hai</p></td><td>ba</td></tr></table>") == [
        "Đề",
        long.strip(),
        "hai",
        "ba",
    ]


def test_pictures_and_controls_say_their_label() -> None:
    assert _texts('<p>Cây <img alt="lá xanh">.</p><button aria-label="Chạy">▶</button>') == ["Cây lá xanh .", "Chạy ▶"]


def test_a_label_that_repeats_its_words_is_read_once() -> None:
    assert _texts('<a href="#" aria-label="Menu">Menu</a>') == ["Menu"]


def test_line_breaks_that_are_meant_stay() -> None:
    assert _texts("<p>câu\n một<br>câu hai</p><pre>a\n  b</pre>") == ["câu một\ncâu hai", "a\nb"]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a+b)/2"),
        ("<msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><msqrt><mn>4</mn></msqrt>", "x^2=√4"),
        ("<semantics><mi>x</mi><annotation encoding='application/x-tex'>\\alpha</annotation></semantics>", "x"),
        ("<semantics><annotation encoding='application/x-tex'>\\alpha</annotation></semantics>", "\\alpha"),
    ],
)
def test_formulas_stand_on_one_line(formula: str, text: str) -> None:
    assert _texts(f"<p>Có <math>{formula}</math></p>") == [f"Có {text}"]
    assert _texts(f"<p>Có <m:math>{formula}</m:math></p>") == [f"Có {text}"]


def test_an_empty_title_of_xhtml_does_not_swallow_the_page() -> None:
    page = b'<?xml version="1.0"?><html xmlns="x"><head><title/><script src="a.js"/></head><body>chu</body></html>'
    assert _texts(page) == ["chu"]


@pytest.mark.parametrize(
    "data",
    [
        "Tiếng Việt có dấu".encode(),
        "Tiếng Việt có dấu".encode("utf-8-sig"),
        "Tiếng Việt có dấu".encode("utf-16"),
        "Tiếng Việt có dấu".encode("utf-16-le"),
        '<meta charset="windows-1252">Tiếng Việt có dấu'.encode(),
        "Ti\u00ea\u0301ng Vi\u00ea\u0323t co\u0301 d\u00e2\u0301u".encode("cp1258"),
        '<meta charset="utf-8">Ti\u00ea\u0301ng Vi\u00ea\u0323t co\u0301 d\u00e2\u0301u'.encode("cp1258"),
    ],
)
def test_the_encoding_is_found(data: bytes) -> None:
    assert _texts(data) == ["Tiếng Việt có dấu"]


def test_a_declared_code_page_is_believed() -> None:
    assert _texts('<meta charset="windows-1251">Привет'.encode("cp1251")) == ["Привет"]


@pytest.mark.parametrize("data", [b"", b"  \n", b"<", b"\x00\x00", b"<!doctype html>"])
def test_nothing_is_no_blocks(data: bytes) -> None:
    assert [text for text in _texts(data) if text.strip("<\ufffd")] == []


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "math><msqrt", "template", "pre", "h1"])
def test_nesting_without_end_costs_nothing(tag: str) -> None:
    assert len(_texts(f"<{tag}>" * 100_000 + "deep")) <= 1


def test_an_attribute_of_many_megabytes_is_passed_over() -> None:
    assert _texts(f'<p>a</p><img src="data:image/png;base64,{"A" * 12_000_000}"><p>b</p>') == ["a", "b"]


def test_entities_of_a_document_type_are_not_expanded() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>a &x; b</p>'
    assert "".join(_texts(page)).endswith("a &x; b")


def test_the_marks_of_blocks_are_nothing_that_a_page_can_say() -> None:
    assert _texts("<p>a\ufdd0b\ufdd8\ufdd9c\ufdd2</p><p id='x'>d\ufdd7&#xfdd0;e</p>")[0] == "abc"


def test_one_reader_reads_page_after_page() -> None:
    reader = Reader()
    first = reader.read(b"<title>A</title><template><p>no<p id=a>no")
    second = reader.read(b"<p>b<math><mi>x")
    assert (first.title, first.blocks) == ("A", ())
    assert (second.title, [tuple(block) for block in second.blocks]) == ("", [("b x", 0, "")])


def test_what_stands_in_one_attribute_hides_nothing_else() -> None:
    assert _texts("<p style='display:block'>a</p><p hidden='until-found'>b</p><span aria-hidden='true'>no</span>c") == [
        "a",
        "b",
        "c",
    ]
