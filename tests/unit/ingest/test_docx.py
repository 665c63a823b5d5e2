"""How texts are cut into sections, and what is read of them."""

import zipfile
from pathlib import Path

import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile
from ingest.formats.ooxml.equations import linear
from ingest.formats.xml import parse
from tests.ooxml import docx, package, paragraph, xml

_PAGE = '<w:r><w:br w:type="page"/></w:r>'
_LAID_OUT = "<w:r><w:lastRenderedPageBreak/><w:t>sau</w:t></w:r>"


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _texts(path: Path) -> list[tuple[object, str]]:
    return [(passage.locator.value, passage.text) for passage in _read(path).passages]


@pytest.mark.parametrize(
    "content_type",
    [
        "vnd.openxmlformats-officedocument.wordprocessingml.template",
        "vnd.ms-word.document.macroEnabled",
        "vnd.ms-word.template.macroEnabledTemplate",
    ],
)
def test_every_variant_is_read(content_type: str, tmp_path: Path) -> None:
    assert _texts(docx(tmp_path / "a", paragraph("Bài học"), kind=content_type)) == [(1, "Bài học")]


def test_a_section_begins_at_each_heading_and_pages_then_mean_nothing(tmp_path: Path) -> None:
    body = (
        paragraph("lời nói đầu")
        + paragraph("Chương 1", style="Heading1", inside=_PAGE)
        + paragraph("thân bài", inside=_LAID_OUT)
        + paragraph("", style="Heading1")
        + paragraph("Mục", properties='<w:outlineLvl w:val="1"/>')
    )
    document = _read(docx(tmp_path / "a.docx", body))
    assert [(passage.locator.value, passage.text) for passage in document.passages] == [
        (1, "lời nói đầu"), (2, "Chương 1\nthân bàisau"), (3, "Mục"),
    ]  # fmt: skip
    assert [(entry.title, entry.level, entry.locator.value) for entry in document.contents] == [
        ("Chương 1", 1, 2), ("Mục", 2, 3),
    ]  # fmt: skip


def test_a_text_without_headings_is_cut_where_pages_begin_each_counted_once(tmp_path: Path) -> None:
    body = paragraph("một", inside=_PAGE) + paragraph("", inside=_LAID_OUT) + paragraph("x", inside=_PAGE)
    body += paragraph("", inside=_PAGE) + paragraph("cuối")
    assert _texts(docx(tmp_path / "a.docx", body)) == [(1, "một"), (2, "sau\nx"), (3, "cuối")]


def test_a_style_is_a_heading_by_what_it_is_based_on(tmp_path: Path) -> None:
    styles = xml(
        "w:styles",
        '<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 3"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="rieng"><w:name w:val="Đề mục"/><w:basedOn w:val="u1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="vong"><w:name w:val="x"/><w:basedOn w:val="vong"/></w:style>',
    )
    body = paragraph("Đề mục", style="rieng") + paragraph("thân", style="vong")
    document = _read(docx(tmp_path / "a.docx", body, parts={"word/styles.xml": styles}))
    assert [(entry.title, entry.level) for entry in document.contents] == [("Đề mục", 3)]


def test_strict_files_are_read_like_others(tmp_path: Path) -> None:
    path = docx(
        tmp_path / "a.docx",
        paragraph("Chặt chẽ", style="Heading1", inside="<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"),
    )
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            for folder in ("wordprocessingml", "officeDocument", "drawingml"):
                usual = f"http://schemas.openxmlformats.org/{folder}/2006/".encode()
                data = data.replace(usual, f"http://purl.oclc.org/ooxml/{folder}/".encode())
            target.writestr(name, data)
    document = _read(path)
    assert document.passages[0].text == "Chặt chẽx"
    assert document.contents[0].title == "Chặt chẽx"


def test_notes_that_nothing_points_at_are_read_once_and_last(tmp_path: Path) -> None:
    notes = xml("w:endnotes", f'<w:endnote w:id="4">{paragraph("cuối trang")}</w:endnote>')
    twice = '<w:r><w:endnoteReference w:id="5"/></w:r>' * 2
    path = docx(
        tmp_path / "a.docx",
        paragraph("thân", inside=twice),
        parts={"word/endnotes.xml": notes},
        relations=[("e", "endnotes", "endnotes.xml")],
    )
    assert _texts(path) == [(1, "thân\ncuối trang")]


def test_boxes_in_boxes_and_word_art_are_read_once(tmp_path: Path) -> None:
    inner = f"<w:txbxContent>{paragraph('trong')}</w:txbxContent>"
    outer = f"<w:r><w:pict><w:txbxContent>{paragraph('ngoài', inside=f'<w:r><w:pict>{inner}</w:pict></w:r>')}"
    art = '<w:r><w:pict><v:shape><v:textpath string="Chúc mừng"/></v:shape></w:pict></w:r>'
    path = docx(tmp_path / "a.docx", paragraph("thân", inside=f"{outer}</w:txbxContent></w:pict></w:r>{art}"))
    assert _texts(path) == [(1, "thân\nngoài\ntrong\nChúc mừng")]


def test_how_a_word_is_read_aloud_follows_it(tmp_path: Path) -> None:
    above, below = "<w:rt><w:r><w:t>とう</w:t></w:r></w:rt>", "<w:rubyBase><w:r><w:t>東</w:t></w:r></w:rubyBase>"
    path = docx(tmp_path / "a.docx", paragraph("", inside=f"<w:r><w:ruby>{above}{below}</w:ruby></w:r>"))
    assert _texts(path) == [(1, "東 (とう)")]


def test_cells_stand_in_their_columns_whatever_they_hold(tmp_path: Path) -> None:
    def cell(*texts: str, span: int = 1) -> str:
        return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{"".join(map(paragraph, texts))}</w:tc>'

    rows = (
        cell("Điểm", span=2) + cell("TB"),
        cell("8") + cell("") + cell("8,5"),
        cell("hai", "dòng") + cell("một") + cell(""),
    )
    body = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    assert _texts(docx(tmp_path / "a.docx", body)) == [(1, "Điểm\t\tTB\n8\t\t8,5\nhai dòng\tmột")]


def test_a_page_that_was_pasted_whole_is_read(tmp_path: Path) -> None:
    page = b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<html><p>trang</p><table><tr><td>a<td>b</table></html>"
    path = docx(
        tmp_path / "a.docx",
        paragraph("trước") + '<w:altChunk r:id="page"/>',
        parts={"word/page.mht": page},
        relations=[("page", "aFChunk", "page.mht")],
    )
    assert _texts(path) == [(1, "trước\ntrang\na\tb")]


def test_tables_in_tables_keep_their_words_in_order(tmp_path: Path) -> None:
    def table(*cells: str) -> str:
        return "<w:tbl><w:tr>" + "".join(f"<w:tc>{inside}</w:tc>" for inside in cells) + "</w:tr></w:tbl>"

    body = table(paragraph("a"), table(paragraph("b"), paragraph("c")) + paragraph(""), paragraph("d"))
    assert _texts(docx(tmp_path / "a.docx", body)) == [(1, "a\tb\tc\td")]


def test_a_document_inside_a_document_is_read_to_a_bounded_depth(tmp_path: Path) -> None:
    inside = b""
    for depth in range(6, 0, -1):
        mark = '<w:r><w:object><o:OLEObject r:id="e"/></w:object></w:r>' if inside else ""
        path = docx(
            tmp_path / f"{depth}.docx",
            paragraph(f"tầng {depth}", inside=mark),
            parts={"word/embeddings/d.docx": inside} if inside else {},
            relations=[("e", "package", "embeddings/d.docx")] if inside else [],
        )
        inside = path.read_bytes()
    document = _read(tmp_path / "1.docx")
    assert document.passages[0].text.split("\n") == ["tầng 1", "tầng 2", "tầng 3", "tầng 4"]
    assert [(warning.code, dict(warning.parameters)) for warning in document.warnings] == [
        ("unread-objects", {"objects": 1})
    ]


def test_an_old_object_is_counted_as_unread(tmp_path: Path) -> None:
    path = docx(
        tmp_path / "a.docx",
        paragraph("công thức", inside='<w:r><w:object><o:OLEObject r:id="e"/></w:object></w:r>'),
        parts={"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600},
        relations=[("e", "oleObject", "embeddings/oleObject1.bin")],
    )
    document = _read(path)
    assert document.passages[0].text == "công thức"
    assert document.warnings[0].parameters == {"objects": 1}


def test_a_remote_template_is_never_followed(tmp_path: Path) -> None:
    relations = [("t", "attachedTemplate", "http://127.0.0.1:9/evil.dotm"), ("h", "header", "file:///etc/passwd")]
    body = paragraph("an toàn") + '<w:sectPr><w:headerReference w:type="default" r:id="h"/></w:sectPr>'
    document = _read(docx(tmp_path / "a.docx", body, relations=relations))
    assert [(passage.text, passage.marginal) for passage in document.passages] == [("an toàn", "")]


def test_a_package_without_its_main_part_is_broken(tmp_path: Path) -> None:
    path = package(tmp_path / "a.docx", {"word/styles.xml": "<x/>"}, {}, main="word/document.xml", content_type="x")
    with pytest.raises(BrokenFile):
        _read(path)


def _typed(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


_ROWS = f"<m:eqArr><m:e>{_typed('x=1')}</m:e><m:e>{_typed('y=2')}</m:e></m:eqArr>"
_ACCENT = f"<m:acc><m:e>{_typed('A')}</m:e></m:acc>"
_SUM = f'<m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{_typed("i=1")}</m:sub><m:sup>{_typed("n")}</m:sup>'


@pytest.mark.parametrize(
    ("inside", "line"),
    [
        (f"<m:sSup><m:e>{_typed('x')}</m:e><m:sup>{_typed('2')}</m:sup></m:sSup>", "x^2"),
        (f"<m:rad><m:radPr><m:degHide/></m:radPr><m:deg/><m:e>{_typed('a+b')}</m:e></m:rad>", "√(a+b)"),
        (f"<m:nary>{_SUM}<m:e>{_typed('i')}</m:e></m:nary>", "∑_(i=1)^n i"),
        (f'<m:d><m:dPr><m:begChr m:val="{{"/><m:endChr m:val=""/></m:dPr><m:e>{_ROWS}</m:e></m:d>', "{x=1; y=2"),
        (f"<m:func><m:fName>{_typed('sin')}</m:fName><m:e>{_ACCENT}</m:e></m:func>", "sin A"),
    ],
)
def test_equations_are_typed_on_one_line(inside: str, line: str) -> None:
    assert linear(parse(xml("m:oMath", inside).encode())) == line
