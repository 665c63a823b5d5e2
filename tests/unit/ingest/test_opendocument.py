"""OpenDocument: text by headings, slides with notes, sheets by rows, and packages that are not as they should be.

It is long because each thing the format can hold is a file of a few lines.
"""

import zipfile
from pathlib import Path

import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile, EncryptedFile
from ingest.extractors import opendocument
from tests.unit.ingest.packages_of_odf import content, flat, make, part

_FORMULA = (
    b'<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo>'
    b'<mn>1</mn></mrow><annotation encoding="StarMath 5.0">x^2+1</annotation></semantics></math>'
)
_CHART = (
    "<chart:chart><chart:title><text:p>Lượng mưa</text:p></chart:title><table:table table:name='local-table'>"
    "<table:table-rows><table:table-row><table:table-cell><text:p>Tháng 7</text:p></table:table-cell>"
    "<table:table-cell><text:p>320</text:p></table:table-cell></table:table-row></table:table-rows></table:table>"
    "</chart:chart>"
)


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _texts(document: Document) -> list[tuple[str, int | str, str]]:
    return [(passage.locator.kind, passage.locator.value, passage.text) for passage in document.passages]


def _text(path: Path, body: str, **options: object) -> str:
    return "\n".join(passage.text for passage in _read(make(path, "text", body, **options)).passages)  # type: ignore[arg-type]


def test_a_section_begins_at_each_heading(tmp_path: Path) -> None:
    body = (
        "<text:p>Lời nói đầu</text:p><text:h text:outline-level='1'>Chương 1</text:h><text:p>Một</text:p>"
        "<text:h text:outline-level='2'>Mục 1.1</text:h><text:p>Hai</text:p>"
    )
    document = _read(make(tmp_path / "a.odt", "text", body))
    assert _texts(document) == [
        ("section", 1, "Lời nói đầu"),
        ("section", 2, "Chương 1\nMột"),
        ("section", 3, "Mục 1.1\nHai"),
    ]
    assert [(entry.title, entry.level, entry.locator.value) for entry in document.contents] == [
        ("Chương 1", 1, 2),
        ("Mục 1.1", 2, 3),
    ]
    assert document.extent.pages == 3


def test_the_file_says_who_made_it(tmp_path: Path) -> None:
    values = _read(make(tmp_path / "a.odt", "text", "<text:p>x</text:p>")).metadata
    assert {value.field: (value.value, value.where) for value in values} == {
        "title": ("Ôn tập", "meta"),
        "creator": ("Lê Văn Nam", "meta"),
        "keyword": ("ôn tập", "meta"),
        "created": ("2022-05-06", "meta"),
    }


def test_white_space_is_what_the_format_means_by_it(tmp_path: Path) -> None:
    body = "<text:p>a\n  b<text:s text:c='3'/>c<text:tab/>d<text:line-break/>e <text:span>g</text:span>h</text:p>"
    assert _text(tmp_path / "a.odt", body) == "a b c d\ne gh"


def test_notes_comments_and_text_boxes_stand_behind_their_paragraph(tmp_path: Path) -> None:
    body = (
        "<text:p>Trước<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Chú thích</text:p>"
        "</text:note-body></text:note> sau<office:annotation><dc:creator>An</dc:creator><text:p>Góp ý</text:p>"
        "</office:annotation><draw:frame><draw:text-box><text:p>Trong khung</text:p></draw:text-box></draw:frame>."
        "</text:p>"
    )
    assert _text(tmp_path / "a.odt", body) == "Trước sau.\n1 Chú thích\nGóp ý\nTrong khung"


def test_tracked_deletions_and_hidden_text_are_not_read(tmp_path: Path) -> None:
    styles = (
        "<style:style style:name='H' style:family='text'><style:text-properties text:display='none'/></style:style>"
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>xoá</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>còn <text:span text:style-name='H'>ẩn</text:span>"
        "</text:p><text:section text:display='none'><text:p>ẩn</text:p></text:section>"
    )
    assert _text(tmp_path / "a.odt", body, styles=styles) == "còn"


def test_tables_are_read_by_rows(tmp_path: Path) -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    body = (
        "<table:table><table:table-header-rows><table:table-row>" + cell("Tên") + cell("Tuổi")
        + "</table:table-row></table:table-header-rows><table:table-row>" + cell("Mai") + "<table:table-cell/>"
        + cell("9") + "</table:table-row></table:table>"
    )  # fmt: skip
    assert _text(tmp_path / "a.odt", body) == "Tên\tTuổi\nMai\t\t9"


_LIST = (
    "<text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='1'"
    " style:num-prefix='Câu ' style:num-suffix=':'/><text:list-level-style-number text:level='2' style:num-format='a'"
    " style:num-suffix=')'/><text:list-level-style-number text:level='3' style:num-format='I' text:display-levels='3'"
    " text:start-value='4'/></text:list-style><text:list-style style:name='B'><text:list-level-style-bullet"
    " text:level='1' text:bullet-char='•'/></text:list-style>"
)


def _item(text: str, *inside: str) -> str:
    return f"<text:list-item><text:p>{text}</text:p>{''.join(inside)}</text:list-item>"


def _list(*items: str, attributes: str = "") -> str:
    return f"<text:list {attributes}>{''.join(items)}</text:list>"


def test_items_have_the_numbers_that_are_shown(tmp_path: Path) -> None:
    inner = _list(_item("ý", _list(_item("sâu"))), _item("ý"))
    body = (
        _list(_item("một", inner), _item("hai"), attributes="text:style-name='L'")
        + _list(_item("gạch"), attributes="text:style-name='B'")
        + _list(_item("ba"), attributes="text:style-name='L' text:continue-numbering='true'")
        + _list(_item("lại"), attributes="text:style-name='L' xml:id='id7'")
        + _list(_item("khác"), attributes="text:style-name='L'")
        + _list(_item("tiếp"), attributes="text:style-name='L' text:continue-list='id7'")
    )
    assert _text(tmp_path / "a.odt", body, styles=_LIST).split("\n") == [
        "Câu 1: một", "a) ý", "1.a.IV sâu", "b) ý", "Câu 2: hai", "gạch", "Câu 3: ba", "Câu 1: lại",
        "Câu 1: khác", "Câu 2: tiếp",
    ]  # fmt: skip


def test_headings_have_the_numbers_of_the_outline(tmp_path: Path) -> None:
    levels = "".join(
        f"<text:outline-level-style text:level='{n}' style:num-format='1' text:display-levels='{n}'/>" for n in (1, 2)
    )
    outline = part(
        "office:document-styles", f"<office:styles><text:outline-style>{levels}</text:outline-style></office:styles>"
    )
    body = "".join(f"<text:h text:outline-level='{n}'>x</text:h>" for n in (1, 2, 2, 1, 2))
    document = _read(make(tmp_path / "a.odt", "text", body, extra={"styles.xml": outline}))
    assert [entry.title for entry in document.contents] == ["1 x", "1.1 x", "1.2 x", "2 x", "2.1 x"]


def test_headers_and_footers_are_the_margin(tmp_path: Path) -> None:
    styles = part(
        "office:document-styles",
        "<office:master-styles><style:master-page><style:header><text:p>Trường A</text:p></style:header><style:footer>"
        "<text:p>Trang</text:p></style:footer></style:master-page></office:master-styles>",
    )
    passages = _read(make(tmp_path / "a.odt", "text", "<text:p>x</text:p>", extra={"styles.xml": styles})).passages
    assert [(passage.text, passage.marginal) for passage in passages] == [("x", "Trường A\nTrang")]


def test_charts_and_formulas_inside_are_read(tmp_path: Path) -> None:
    body = (
        "<text:p>Xem<draw:frame><draw:object xlink:href='./Object 1'/><draw:image xlink:href='./ObjectReplacements/"
        "Object 1'/></draw:frame><draw:frame><draw:object xlink:href='./Object 2'/><svg:desc>Mô tả</svg:desc>"
        "</draw:frame></text:p>"
    )
    extra = {"Object 1/content.xml": content("chart", _CHART), "Object 2/content.xml": _FORMULA}
    assert _text(tmp_path / "a.odt", body, extra=extra) == "Xem\nLượng mưa\nTháng 7\t320\nx^2+1\nMô tả"


def test_objects_that_hold_each_other_end(tmp_path: Path) -> None:
    loop = "<text:p>{}<draw:frame><draw:object xlink:href='./{}'/></draw:frame></text:p>".format
    extra = {
        "A/content.xml": content("text", loop("trong A", "B")),
        "B/content.xml": content("text", loop("trong B", "A")),
    }
    assert _text(tmp_path / "a.odt", loop("ngoài", "A"), extra=extra) == "ngoài\ntrong A\ntrong B"


def test_a_broken_object_is_a_warning(tmp_path: Path) -> None:
    body = "<text:p>x<draw:frame><draw:object xlink:href='./A'/></draw:frame></text:p>"
    document = _read(make(tmp_path / "a.odt", "text", body, extra={"A/content.xml": b"<broken"}))
    assert [(warning.code, warning.parameters) for warning in document.warnings] == [("broken-parts", {"parts": 1})]


def test_slides_have_titles_notes_and_what_their_master_adds(tmp_path: Path) -> None:
    styles = part(
        "office:document-styles",
        "<office:master-styles><style:master-page style:name='M'><draw:frame presentation:class='title'><draw:text-box>"
        "<text:p>Bấm để sửa</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>Tổ Lý</text:p>"
        "</draw:text-box></draw:frame></style:master-page></office:master-styles>",
    )
    hidden = (
        "<style:style style:name='dp2'><style:drawing-page-properties presentation:visibility='hidden'/></style:style>"
    )
    body = (
        "<draw:page draw:master-page-name='M'><draw:frame presentation:class='title'><draw:text-box><text:p>Âm thanh"
        "</text:p></draw:text-box></draw:frame><draw:custom-shape><text:p>Hình</text:p></draw:custom-shape>"
        "<presentation:notes><draw:page-thumbnail/><draw:frame><draw:text-box><text:p>Ghi chú</text:p></draw:text-box>"
        "</draw:frame></presentation:notes></draw:page><draw:page/><draw:page draw:style-name='dp2'>"
        "<draw:g><draw:rect><text:p>Ẩn</text:p></draw:rect></draw:g></draw:page>"
    )
    document = _read(make(tmp_path / "a.odp", "presentation", body, styles=hidden, extra={"styles.xml": styles}))
    assert _texts(document) == [("slide", 1, "Âm thanh\nHình\nGhi chú"), ("slide", 3, "Ẩn")]
    assert document.passages[0].marginal == "Tổ Lý"
    assert [(entry.title, entry.locator.value) for entry in document.contents] == [("Âm thanh", 1)]
    assert [(warning.code, warning.parameters) for warning in document.warnings] == [
        ("hidden-slides", {"count": 1, "total": 3, "slides": "3"})
    ]
    assert document.extent.pages == 3


def test_equal_cells_side_by_side_are_all_read_but_no_long_text_thirty_times(tmp_path: Path) -> None:
    cell = "<table:table-cell table:number-columns-repeated='{}'><text:p>{}</text:p></table:table-cell>".format
    row = f"{cell(3, '8')}{cell(2, 'x' * 50)}{cell(16000, '')}"
    body = f"<table:table><table:table-row>{row}</table:table-row></table:table>"
    assert _text(tmp_path / "a.odt", body) == f"8\t8\t8\t{'x' * 50}"


def test_a_long_sheet_repeats_its_first_row(tmp_path: Path) -> None:
    row = (
        "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell><table:table-cell office:value='{}'/>"
    )
    rows = "".join(f"{row}</table:table-row>".format(f"hàng {n}", n) for n in range(700))
    body = (
        f"<table:table table:name='Nhiệt độ'><table:table-row><table:table-cell><text:p>Cột</text:p></table:table-cell>"
        f"</table:table-row>{rows}<table:table-row table:number-rows-repeated='1048576'><table:table-cell/>"
        "</table:table-row></table:table><table:table table:name='Trống'/>"
    )
    document = _read(make(tmp_path / "a.ods", "spreadsheet", body))
    texts = [passage.text.split("\n") for passage in document.passages]
    assert len(texts) > 2
    assert all(lines[:2] == ["Nhiệt độ", "Cột"] for lines in texts)
    assert [line for lines in texts for line in lines[2:]] == [f"hàng {n}\t{n}" for n in range(700)]
    assert {(passage.locator.kind, passage.locator.value) for passage in document.passages} == {("sheet", 1)}
    assert document.extent.pages == 2


def test_a_flat_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.fodt"
    picture = f"<office:binary-data>{'A' * 11_000_000}</office:binary-data>"
    path.write_bytes(flat("text", f"<text:p>Phẳng<draw:frame><draw:image>{picture}</draw:image></draw:frame></text:p>"))
    document = _read(path)
    assert document.media_type == "application/vnd.oasis.opendocument.text-flat-xml"
    assert _texts(document) == [("section", 1, "Phẳng")]
    assert document.metadata[0].value == "Tệp phẳng"


def test_openoffice_1_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.sxw"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.sun.xml.writer")
        package.writestr(
            "content.xml",
            '<?xml version="1.0"?><!DOCTYPE office:document-content PUBLIC "-//OpenOffice.org//DTD OfficeDocument'
            ' 1.0//EN" "office.dtd"><office:document-content xmlns:office="http://openoffice.org/2000/office"'
            ' xmlns:text="http://openoffice.org/2000/text"><office:body><text:h text:level="1">Cũ</text:h>'
            "<text:p>Vẫn đọc<text:footnote><text:footnote-body><text:p>được</text:p></text:footnote-body>"
            "</text:footnote></text:p></office:body></office:document-content>",
        )
    document = _read(path)
    assert document.media_type == "application/vnd.sun.xml.writer"
    assert _texts(document) == [("section", 1, "Cũ\nVẫn đọc\nđược")]


def test_an_encrypted_file_is_encrypted(tmp_path: Path) -> None:
    manifest = part(
        "manifest:manifest",
        "<manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/></manifest:file-entry>",
    )
    extra = {"META-INF/manifest.xml": manifest, "content.xml": b"\x00\x01"}
    with pytest.raises(EncryptedFile):
        _read(make(tmp_path / "a.odt", "text", "", extra=extra))


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"<office",
        b"<?xml version='1.0'?><x/>",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
        b"<a>" * 100_000,
    ],
)
def test_content_that_cannot_be_read_is_broken(broken: bytes, tmp_path: Path) -> None:
    with pytest.raises(BrokenFile):
        _read(make(tmp_path / "a.odt", "text", "", extra={"content.xml": broken}))


def test_a_truncated_package_is_broken(tmp_path: Path) -> None:
    path = make(tmp_path / "a.odt", "text", "<text:p>x</text:p>" * 500)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(BrokenFile):
        opendocument.extract(Bundle(path, path.name))


def test_broken_metadata_leaves_the_text(tmp_path: Path) -> None:
    document = _read(make(tmp_path / "a.odt", "text", "<text:p>còn</text:p>", extra={"meta.xml": b"<x"}))
    assert _texts(document) == [("section", 1, "còn")]
    assert [warning.code for warning in document.warnings] == ["broken-metadata"]


@pytest.mark.parametrize("element", ["text:section", "text:list-item", "draw:g", "text:span"])
def test_deep_nesting_ends(element: str, tmp_path: Path) -> None:
    deep = f"<{element}>" * 200 + "<text:p>đáy</text:p>" + f"</{element}>" * 200
    body = f"<text:p>đầu</text:p><text:p>{deep}</text:p><text:p>cuối</text:p>"
    try:
        text = _text(tmp_path / "a.odt", body)
    except BrokenFile:
        return
    assert text.startswith("đầu")
    assert text.endswith("cuối")
