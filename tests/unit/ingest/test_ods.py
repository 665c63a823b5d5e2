"""ODS: long sheets are cut where those of a workbook are, and rows that are only said to be there cost nothing."""

import zipfile
from pathlib import Path

import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.formats.bounds import MAX_ROWS
from ingest.formats.rows import MOST_EMPTY
from ingest.sandbox import Limits, Sandbox
from tests.unit.ingest.packages_of_odf import content, flat, make


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _row(text: str, attributes: str = "") -> str:
    cell = f"<table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell>"
    return f"<table:table-row {attributes}>{cell}</table:table-row>"


@pytest.mark.parametrize("flat_file", [False, True])
def test_a_sheet_is_cut_where_a_workbook_is(flat_file: bool, tmp_path: Path) -> None:
    empty = "<table:table-row><table:table-cell/></table:table-row>" * 50
    # A table in a cell begins no sheet of its own.
    nested = _row(
        f"x<draw:frame><draw:text-box><table:table>{_row('trong ô')}</table:table></draw:text-box></draw:frame>"
    )
    rows = nested + empty + "".join(_row(f"dòng {n}") for n in range(2, MAX_ROWS + 50))
    body = (
        f"<table:table table:name='Dài'><table:table-row-group>{rows}</table:table-row-group></table:table>"
        f"<table:table table:name='Ngắn'>{_row('đủ')}{empty}</table:table>"
    )
    path = tmp_path / ("a.fods" if flat_file else "a.ods")
    if flat_file:
        path.write_bytes(flat("spreadsheet", body))
    else:
        make(path, "spreadsheet", body)
    document = _read(path)
    assert [(warning.code, warning.parameters) for warning in document.warnings] == [
        ("sheets-cut", {"count": 1, "sheets": "1"})
    ]
    lines = [line for passage in document.passages for line in passage.text.split("\n")]
    assert f"dòng {MAX_ROWS}" in lines
    assert f"dòng {MAX_ROWS + 1}" not in lines
    assert lines[-2:] == ["Ngắn", "đủ"]
    assert "x trong ô" in lines


def test_rows_that_say_they_are_a_million_are_read_once(tmp_path: Path) -> None:
    many = "table:number-rows-repeated='1048576'"
    rows = "".join(_row(f"lặp {n}", many) for n in range(100))
    wide = "<table:table-cell table:number-columns-repeated='16384'><text:p>ô</text:p></table:table-cell>"
    body = f"<table:table table:name='L'>{rows}<table:table-row {many}>{wide * 2}</table:table-row></table:table>"
    document = _read(make(tmp_path / "a.ods", "spreadsheet", body))
    lines = [line for passage in document.passages for line in passage.text.split("\n")]
    assert [line for line in lines if line.startswith("lặp")] == [f"lặp {n}" for n in range(100)]
    assert lines[-1] == "\t".join(["ô"] * 2 * (1 + MOST_EMPTY))
    assert not document.warnings


def test_a_sheet_of_half_a_million_rows_fits_into_a_child(tmp_path: Path) -> None:
    head, tail = content("spreadsheet", "<table:table table:name='Đo'>|</table:table>").split(b"|")
    rows = "".join(_row(f"{n} độ {n * 7919 % 10007}") for n in range(10_000)).encode()
    path = make(tmp_path / "a.ods", "spreadsheet", "")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        with package.open("content.xml", "w") as target:
            target.write(head)
            for _ in range(50):
                target.write(rows)
            target.write(tail)
    # Its tree would take twice what a child may hold.
    with Sandbox(limits=Limits(memory_bytes=800 * 1024**2)) as sandbox:
        document = sandbox.read(Bundle(path, path.name))
    assert [warning.code for warning in document.warnings] == ["sheets-cut"]
