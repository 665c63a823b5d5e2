"""Cells, dates and bounds of workbooks."""

from pathlib import Path

import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile
from ingest.formats.bounds import MAX_ROWS
from ingest.formats.ooxml.cells import Formats, column, kind_of
from ingest.formats.xml import parse
from tests.ooxml import cell, paragraphs, xlsx, xml


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _formats(code: str) -> Formats:
    styles = xml(
        "s:styleSheet",
        f'<s:numFmts><s:numFmt numFmtId="170" formatCode="{code}"/></s:numFmts>'
        '<s:cellXfs><s:xf numFmtId="170"/></s:cellXfs>',
    )
    return Formats(parse(styles.encode()))


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("dd/mm/yyyy", "40980", "12/03/2012"),
        ("yyyy-mm-dd", "40980", "2012-03-12"),
        ("[$-42A]dd mmmm yyyy;@", "1", "01/01/1900"),
        ("dd/mm/yyyy hh:mm", "40980.5", "12/03/2012 12:00"),
        ("h:mm", "0.3125", "07:30"),
        ("0.0%", "0.125", "12.5%"),
        ("#,##0 &quot;đồng&quot;", "1500000", "1500000"),
        ("General", "4.2999999999999998", "4.3"),
        ("dd/mm/yyyy", "-5", "-5"),
        ("dd/mm/yyyy", "99999999", "99999999"),
        ("0", "nan?", "nan?"),
    ],
)
def test_numbers_are_shown_as_their_format_asks(code: str, value: str, shown: str) -> None:
    assert _formats(code).shown(value, "0") == shown


@pytest.mark.parametrize(
    ("code", "kind"),
    [("mm/yy", "date"), ("mm:ss", "time"), ("[h]:mm", "time"), ('"ngày" 0', "number"), ("@", "number")],
)
def test_formats_are_told_apart(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize(("reference", "number"), [("A1", 0), ("Z9", 25), ("AA10", 26), ("XFD1", 16_383), (None, None)])
def test_columns_count_from_a(reference: str | None, number: int | None) -> None:
    assert column(reference) == number


@pytest.mark.parametrize(
    "content_type",
    [
        "vnd.openxmlformats-officedocument.spreadsheetml.template",
        "vnd.ms-excel.sheet.macroEnabled",
        "vnd.ms-excel.template.macroEnabled",
    ],
)
def test_every_variant_is_read(content_type: str, tmp_path: Path) -> None:
    document = _read(xlsx(tmp_path / "a", {"Sheet1": f"<s:row>{cell('A1', 'chữ')}</s:row>"}, kind=content_type))
    assert document.passages[0].text == "chữ"


def test_a_binary_workbook_is_kept_and_not_read(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsb", {}, kind="vnd.ms-excel.sheet.binary.macroEnabled")
    assert [warning.code for warning in _read(path).warnings] == ["no-reader"]


def test_strings_of_every_kind_are_read(tmp_path: Path) -> None:
    strings = "<s:si><s:r><s:t>đậm</s:t></s:r><s:r><s:t> nhạt</s:t></s:r><s:rPh><s:t>đọc là</s:t></s:rPh></s:si>"
    row = (
        f"{cell('A1', '0', 's')}<s:c r='B1' t='inlineStr'><s:is><s:t>tại chỗ</s:t></s:is></s:c>"
        f"{cell('C1', '1', 'b')}{cell('D1', '#REF!', 'e')}{cell('E1', '7', 's')}{cell('F1', 'cuối')}"
    )
    path = xlsx(
        tmp_path / "a.xlsx",
        {"Sheet1": f"<s:row>{row}</s:row>"},
        parts={"xl/sharedStrings.xml": xml("s:sst", strings)},
        relations={"xl/workbook.xml": [("t", "sharedStrings", "sharedStrings.xml")]},
    )
    assert _read(path).passages[0].text == "đậm nhạt\ttại chỗ\tTRUE\t#REF!\t\tcuối"


def test_text_boxes_on_a_sheet_are_read(tmp_path: Path) -> None:
    drawing = xml("xdr:wsDr", f"<xdr:sp><xdr:txBody>{paragraphs('Chú thích')}</xdr:txBody></xdr:sp>")
    path = xlsx(
        tmp_path / "a.xlsx",
        {"Sheet1": ""},
        parts={"xl/drawings/drawing1.xml": drawing},
        relations={"xl/worksheets/sheet1.xml": [("d", "drawing", "../drawings/drawing1.xml")]},
    )
    assert _read(path).passages[0].text == "Chú thích"


def test_a_long_sheet_is_cut_and_says_so(tmp_path: Path) -> None:
    rows = "".join(f"<s:row>{cell(f'A{n}', f'dòng {n}')}</s:row>" for n in range(1, MAX_ROWS + 50))
    document = _read(xlsx(tmp_path / "a.xlsx", {"Dài": rows, "Ngắn": f"<s:row>{cell('A1', 'còn đọc')}</s:row>"}))
    assert [(warning.code, dict(warning.parameters)) for warning in document.warnings] == [
        ("sheets-cut", {"count": 1, "sheets": "1"})
    ]
    texts = [passage.text for passage in document.passages]
    assert f"dòng {MAX_ROWS}" in texts[-2].split("\n")
    assert texts[-1] == "Ngắn\ncòn đọc"
    assert max(map(len, texts)) <= 3000


def test_a_sheet_that_breaks_off_is_read_so_far(tmp_path: Path) -> None:
    rows = f"<s:row>{cell('A1', 'đầu')}</s:row>"
    path = xlsx(tmp_path / "a.xlsx", {"Sheet1": f"{rows}<s:row><s:c>", "Sheet2": rows})
    document = _read(path)
    assert [(passage.locator.value, passage.text) for passage in document.passages] == [(1, "đầu"), (2, "đầu")]
    assert document.warnings[0].parameters == {"parts": 1}


def test_a_sheet_with_a_document_type_is_not_read(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Sheet1": ""}, parts={"xl/worksheets/sheet1.xml": _bomb("s:worksheet")})
    with pytest.raises(BrokenFile):
        _read(path)


def _bomb(name: str) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))
    row = "<s:row><s:c t='str'><s:v>&e8;</s:v></s:c></s:row>"
    return xml(name, f"<s:sheetData>{row}</s:sheetData>").replace("?>", f"?><!DOCTYPE x [{entities}]>", 1)
