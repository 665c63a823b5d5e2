"""Rows that name an address: what they say, which addresses are refused, which sheets need no files."""

from pathlib import Path

import pytest

from ingest.sandbox import Sandbox
from service.errors import FileNotThere, NoPathColumn
from service.library import sheet
from service.vocabularies.seeds import load
from tests.sheets import SCHOOLS, read, refused, told, values, workbook
from tests.unit.library.test_sheet import as_1258


def test_a_row_may_name_an_address_instead_of_files(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "Địa chỉ;Tên học liệu;Tệp;Đơn vị\n"
        "https://phim.example.vn/1;Phim một;;th-na-lau\nhttps://phim.example.vn/2;Bài hai;b.pdf;\n;Bài ba;;\n"
        "javascript:alert(1);Bài bốn;;\nhttps://a:b@phim.example.vn/;Bài năm;;\n"
        "https://phim.example.vn/\x07x;Bài sáu;;\n" + "x" * 10_000 + ";Bài bảy;;\n"
        "https://phim.example.vn/" + "x" * 10_000 + ";Bài tám;;\n",
    )
    film = rows.told(0, ())
    assert (film.link, film.owner, film.number) == ("https://phim.example.vn/1", "th-na-lau", 2)
    assert [(value.field, value.value) for value in film.values] == [
        ("link", "https://phim.example.vn/1"), ("title", "Phim một"),
    ]  # fmt: skip
    # A file that was taken from somewhere says from where; the resource itself is here.
    assert (told(rows, "b.pdf").link, values(rows, "b.pdf")[0]) == ("", ("isBasedOn", "https://phim.example.vn/2"))
    # An address beside it is no reason to do without a file that a row names.
    with pytest.raises(FileNotThere):
        rows.told(1, ())
    where = {number: f"Địa chỉ, row {number}" for number in (5, 6, 7, 8, 9)}
    assert refused(rows) == {
        4: ("row-without-file", {"where": "Tệp, row 4"}),
        5: ("address-wrong", {"value": "javascript:alert(1)", "where": where[5]}),
        6: ("address-wrong", {"value": "https://a:b@phim.example.vn/", "where": where[6]}),
        7: ("address-wrong", {"value": "https://phim.example.vn/x", "where": where[7]}),
        8: ("address-wrong", {"value": "x" * 60, "where": where[8]}),
        9: ("cell-too-long", {"value": "10000", "where": where[9]}),
    }


def test_a_sheet_of_addresses_needs_no_column_of_files(tmp_path: Path) -> None:
    rows = read(tmp_path, "Trường Tiểu học,Nà Lẩu\nĐịa chỉ,xã Nà Lẩu\nTên tài liệu,Link\nPhim một,www.example.vn/1\n")
    assert (rows.told(0, ()).link, rows.number(0)) == ("https://www.example.vn/1", 4)
    with pytest.raises(NoPathColumn):
        read(tmp_path, "Link,Môn học\nhttps://a.example/,Toán\n")
    # A question mark between letters is a lost letter anywhere but in an address.
    old = "Địa chỉ,Tên học liệu\nhttps://a.example/x?y=1,Đường thẳng\n"
    assert read(tmp_path, as_1258(old)).told(0, ()).link == "https://a.example/x?y=1"


def test_a_row_may_name_an_isbn_or_a_shelf_mark_instead(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "Tên học liệu,ISBN,Kí hiệu xếp giá,Địa chỉ\n"
        "Toán 2,978-604-0-28789-2; 0-306-40615-2,510.7  TO-2,\nBản đồ,,912 CB-1,\n"
        "Phim,,DVD 3,https://phim.example.vn/1\nSai số,978-604-0-28789-3,,\nDài,," + "x" * 101 + ",\nKhông đâu,,,\n",
    )
    book, chart, film = (rows.told(place, ()) for place in range(3))
    # Of several it is known by the first, whatever stands beside it; an address says more than a shelf.
    assert (book.link, chart.link, film.link) == (
        "urn:isbn:9786040287892", "shelf:912 cb-1", "https://phim.example.vn/1",
    )  # fmt: skip
    assert [(value.field, value.value) for value in book.values] == [
        ("title", "Toán 2"), ("isbn", "9786040287892"), ("isbn", "9780306406157"), ("shelf", "510.7 TO-2"),
    ]  # fmt: skip
    assert refused(rows) == {
        5: ("isbn-wrong", {"value": "978-604-0-28789-3", "where": "ISBN, row 5"}),
        6: ("cell-too-long", {"value": 100, "where": "Kí hiệu xếp giá, row 6"}),
        7: ("row-without-file", {"where": "row 7"}),
    }


def test_an_isbn_that_a_workbook_holds_as_a_number_is_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Tên", "ISBN"], ["Toán 2", 9786040287892]])
    with Sandbox() as sandbox:
        rows = sheet.read(path, load(), SCHOOLS, sandbox)
    assert rows.told(0, ()).link == "urn:isbn:9786040287892"
