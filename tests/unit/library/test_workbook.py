"""Workbooks that are written here, read by the library's own reader and by a parser of their XML."""

import zipfile
from pathlib import Path

from lxml import etree

from ingest import pipeline, registry
from ingest.document import Bundle
from service.library.workbook import MOST_CHARACTERS, Workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ODD = ["=1+1", "+84 912", '<a> & "b"', " hai  dấu cách ", "dòng\nmột", "_x0041_", "\x00\x03", "\ud800", ""]


def write(path: Path) -> Path:
    with Workbook(path, ["Bản ghi", "Rút & <gỡ>"]) as book:
        with book.sheet(["Tên", "Số"]) as add:
            for place, text in enumerate(ODD):
                add([text, place])
            add(["dài" * MOST_CHARACTERS, 10**9])
        with book.sheet(["Mã"]):
            pass
    return path


def test_cells_hold_what_was_said_and_never_a_formula(tmp_path: Path) -> None:
    with zipfile.ZipFile(write(tmp_path / "a.xlsx")) as opened:
        assert opened.testzip() is None
        parts = {name: etree.fromstring(opened.read(name)) for name in opened.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert list(sheet.iter(f"{MAIN}f")) == []
    rows = [
        [cell.findtext(f".//{MAIN}t") or cell.findtext(f"{MAIN}v") or "" for cell in row]
        for row in sheet.iter(f"{MAIN}row")
    ]
    assert rows[0] == ["Tên", "Số"]
    assert [row[0] for row in rows[1:-1]] == [
        *("=1+1", "+84 912", '<a> & "b"', "hai  dấu cách", "dòng\nmột", "_x005F_x0041_", "", "�", ""),
    ]
    assert [row[1] for row in rows[1:-1]] == [str(place) for place in range(len(ODD))]
    assert len(rows[-1][0]) == MOST_CHARACTERS
    assert [one.get("name") for one in parts["xl/workbook.xml"].iter(f"{MAIN}sheet")] == ["Bản ghi", "Rút & <gỡ>"]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    assert write(tmp_path / "a.xlsx").read_bytes() == write(tmp_path / "b.xlsx").read_bytes()


def test_it_is_a_workbook_for_readers_of_workbooks(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    document = pipeline.read(Bundle(path, path.name), registry.load())
    assert document.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "=1+1\t0" in document.passages[0].text
