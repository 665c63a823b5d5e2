"""A sheet's rows stand or fall one by one, whatever it was saved as, and say whose what they describe is."""

import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sandbox import Sandbox
from service.errors import (
    Invalid,
    LibraryError,
    NoPathColumn,
    SheetBroken,
    SheetEncoding,
    SheetUnreadable,
)
from service.library import sheet
from service.library.sheet.columns import COLUMNS, HEADER_WITHIN, TOLD, label
from service.messages import LANGUAGES
from service.model import Value
from service.vocabularies.seeds import load
from tests.ooxml import xlsx, xml
from tests.sheets import SCHOOLS, Lying, read, refused, told, values, workbook

VIETNAMESE = "Tệp,Tên học liệu,Môn học,Lớp\nmột.pdf,Phép cộng có nhớ,Toán,Lớp 2\nhai.pdf,Đường thẳng,Toán; Tin học,5\n"
SEMICOLONS = 'Tệp;Tên;Môn;Lớp\nmột.pdf;Phép cộng có nhớ;Toán;2\nhai.pdf;Đường thẳng;"Toán\nTin học";lớp 5\n'
SAID = {
    "một.pdf": [("title", "Phép cộng có nhớ"), ("subject", "toan"), ("grade", "lop-2")],
    "hai.pdf": [("title", "Đường thẳng"), ("subject", "toan"), ("subject", "tin-hoc"), ("grade", "lop-5")],
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """It starts nothing until a workbook is read."""
    with Sandbox() as made:
        yield made


def test_placements_are_values_with_the_subject_and_grade_of_their_row(tmp_path: Path) -> None:
    rows = read(tmp_path, 'path,subject,grade,placements\na.pdf,toan,2,"series=kntt,lesson=16,week=19; week=20"\n')
    assert [value for value in told(rows, "a.pdf").values if value.field == "placement"] == [
        Value("placement", text, "sheet", where="row 2")
        for text in (
            "programme=ct2018,subject=toan,grade=lop-2,series=kntt,lesson=16,week=19",
            "programme=ct2018,subject=toan,grade=lop-2,week=20",
        )
    ]


def test_a_place_in_the_programme_may_stand_in_columns_of_its_own(tmp_path: Path) -> None:
    rows = read(tmp_path, "Tệp,Môn,Lớp,Bộ sách,Bài,Tuần\na.pdf,Toán,2,Kết nối tri thức,16,19\nb.pdf,Toán,2,KNTT,,40\n")
    assert values(rows, "a.pdf")[2:] == [
        ("placement", "programme=ct2018,subject=toan,grade=lop-2,series=kntt,lesson=16,week=19")
    ]
    assert refused(rows) == {
        3: ("placement-number", {"key": "week", "value": "40", "least": 1, "most": 35, "where": "Tuần, row 3"})
    }


def test_an_organisation_is_named_by_its_code_or_by_a_name_that_only_it_has(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "path,organisation\na.pdf,th-na-lau\nb.pdf,trường tiểu học nà lẩu\nc.pdf,\nd.pdf,Trường Tiểu học Bản Giốc\n",
    )
    assert [told(rows, name).owner for name in ("a.pdf", "b.pdf", "c.pdf")] == ["th-na-lau", "th-na-lau", ""]
    assert refused(rows) == {
        5: ("unknown-organisation", {"value": "Trường Tiểu học Bản Giốc", "where": "organisation, row 5"})
    }


def test_each_row_that_cannot_be_used_is_refused_by_its_number_and_the_others_stay(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "path,title,subject,organisation,placements,resource\n"
        "a.pdf,Bài một,toan,,week=1,\nb.pdf,Bài hai,ma thuật,,,\n\n"
        "c.pdf,Bài ba,toan,truong-la,,\nd.pdf,Bài tư,toan,,week=40,\n"
        ",Bài năm,toan,,,\na.pdf,Bài sáu,toan,,,0123456789ab\ng.pdf,Bài bảy,toan,,,0123456789ab\n"
        "h.pdf,Bài, tám,toan,,,\ni.pdf," + "x" * 10_001 + ",,,,\n",
    )
    assert values(rows, "a.pdf")[:2] == [("title", "Bài một"), ("subject", "toan")]
    assert refused(rows) == {
        3: ("unknown-term", {"field": "subject, row 3", "value": "ma thuật"}),
        5: ("unknown-organisation", {"value": "truong-la", "where": "organisation, row 5"}),
        6: (
            "placement-number",
            {"key": "week", "value": "40", "least": 1, "most": 35, "where": "placements, row 6"},
        ),
        7: ("row-without-file", {"where": "path, row 7"}),
        8: ("file-twice", {"value": "a.pdf", "where": "path, row 8"}),
        9: ("resource-twice", {"value": "0123456789ab", "where": "resource, row 9"}),
        10: ("row-too-wide", {"value": "7", "where": "row 10"}),
        11: ("cell-too-long", {"value": "10000", "where": "title, row 11"}),
    }


def test_places_are_told_in_the_language_of_who_reads(tmp_path: Path) -> None:
    rows = read(tmp_path, "Tệp,Môn học\na.pdf,ma thuật\n", language="vi")
    assert refused(rows)[2][1]["field"] == "cột Môn học, dòng 2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_is_found_by_its_name(tmp_path: Path, language: str) -> None:
    names = [label(code, language) for code in COLUMNS]
    rows = read(tmp_path, ";".join(names) + "\n")
    assert (rows.columns, rows.unknown) == (tuple(COLUMNS), ())
    told_names = [label(code, language) for code in TOLD]
    assert read(tmp_path, ",".join(["path", *told_names, "Số trang"]) + "\n").unknown == ("Số trang",)


def test_no_two_columns_share_a_name() -> None:
    names = [name.casefold() for column in COLUMNS.values() for name in column.names]
    names += {label(code, language).casefold() for language in LANGUAGES for code in (*COLUMNS, *TOLD)}
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_names_are_understood_without_tones_and_below_a_title(tmp_path: Path) -> None:
    above = "DANH MỤC HỌC LIỆU,,\nTrường Nà Lẩu,,\n\n"
    rows = read(tmp_path, above + "ten tep,ten hoc lieu,mon\na.pdf,Bài một,Toán\n")
    assert values(rows, "a.pdf") == [("title", "Bài một"), ("subject", "toan")]
    assert told(rows, "a.pdf").number == 5
    with pytest.raises(NoPathColumn):
        read(tmp_path, "x\n" * HEADER_WITHIN + "path,title\na.pdf,y\n")


@pytest.mark.parametrize(
    "data",
    [
        VIETNAMESE.encode(),
        VIETNAMESE.encode("utf-8-sig"),
        VIETNAMESE.encode("utf-16"),
        VIETNAMESE.encode("utf-16-le"),
        unicodedata.normalize("NFD", VIETNAMESE).encode(),
SEMICOLONS.encode("utf-8-sig"),
        VIETNAMESE.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
    ],
    ids=["utf-8", "mark", "utf-16", "utf-16-without-mark", "nfd", "semicolons", "tabs"],
)  # fmt: skip
def test_a_sheet_says_the_same_however_it_was_saved(tmp_path: Path, data: bytes) -> None:
    rows = read(tmp_path, data)
    assert {name: values(rows, name) for name in SAID} == SAID


def as_1258(text: str) -> bytes:
    """As programs write windows-1258: a letter with its hat or horn, then its tone."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    made = ""
    for sign in text:
        marks = unicodedata.normalize("NFD", sign)
        letter = "".join(mark for mark in marks if mark not in tones)
        made += unicodedata.normalize("NFC", letter) + "".join(mark for mark in marks if mark in tones)
    return made.encode("cp1258")


def test_windows_1258_is_read_and_letters_that_it_lost_are_told(tmp_path: Path) -> None:
    text = "path,title,subject\na.pdf,Đố vui,toan\nb.pdf,Ti?ng Việt,toan\nc.pdf,Vì sao?,toan\n"
    data = as_1258(text)
    with pytest.raises(UnicodeDecodeError):
        data.decode()
    rows = read(tmp_path, data)
    assert values(rows, "a.pdf")[0] == ("title", "Đố vui")
    assert values(rows, "c.pdf")[0] == ("title", "Vì sao?")
    assert refused(rows) == {3: ("letters-lost", {"value": "Ti?ng Việt", "where": "title, row 3"})}
    assert values(read(tmp_path, text), "b.pdf")[0] == ("title", "Ti?ng Việt")


def test_an_encoding_that_shows_nothing_is_not_guessed(tmp_path: Path) -> None:
    # TCVN3, the encoding of the .VnTime fonts: "Tiếng Việt".
    with pytest.raises(SheetEncoding):
        read(tmp_path, b"path,title\na.pdf,Ti\xd5ng Vi\xd6t \xb8\xb5\n")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", NoPathColumn),
        ("title\nx\n", NoPathColumn),
        ("path,path\n", Invalid),
        ("Tệp,Tên,Tiêu đề\n", Invalid),
        ('path,title\na.pdf,"mở\nb.pdf,Bài\n', SheetBroken),
        ("\xd0\xcf\x11\xe0".encode("latin-1"), SheetUnreadable),
    ],
    ids=["empty", "no path", "twice", "two titles", "open quotation mark", "old or locked workbook"],
)
def test_what_is_no_sheet_is_refused_as_a_whole(tmp_path: Path, text: str | bytes, kind: type[LibraryError]) -> None:
    with pytest.raises(kind):
        read(tmp_path, text)


def test_a_workbook_says_what_text_says_and_numbers_are_those_on_the_screen(tmp_path: Path, sandbox: Sandbox) -> None:
    lines = [line.split(",") for line in VIETNAMESE.splitlines()]
    path = workbook(tmp_path / "a.xlsx", [["DANH MỤC"], [], *lines, [], ["ba.pdf", "Số", "ma thuật", 3]], "A1:D1")
    rows = sheet.read(path, load(), SCHOOLS, sandbox, language="en")
    assert {name: values(rows, name) for name in SAID} == SAID
    assert refused(rows) == {7: ("unknown-term", {"field": "Môn học, row 7", "value": "ma thuật"})}


def test_rows_with_merged_cells_and_formulas_are_refused_and_no_others(tmp_path: Path, sandbox: Sandbox) -> None:
    rows = [["Tệp", "Tên", "Ghi chú"], *([f"{number}.pdf", "Bài", ""] for number in range(2, 9))]
    path = workbook(tmp_path / "a.xlsx", rows, "B3:B4", "B6:C6", formulas=("B8", "C2"))
    read_again = sheet.read(path, load(), SCHOOLS, sandbox, language="en")
    assert refused(read_again) == {
        3: ("merged-cells", {"where": "row 3"}),
        4: ("merged-cells", {"where": "row 4"}),
        6: ("merged-cells", {"where": "row 6"}),
        8: ("formula-cell", {"where": "Tên, row 8"}),
    }


def _bomb(path: Path) -> Path:
    xlsx(path, {"a": ""}, parts={"xl/worksheets/sheet1.xml": b"<x>" + b" " * (40 * 1024**2)})
    return path


def _entities(path: Path) -> Path:
    rows = xml("s:worksheet", '<s:sheetData><s:row><s:c t="str"><s:v>&b;</s:v></s:c></s:row></s:sheetData>')
    kinds = '<!DOCTYPE x [<!ENTITY a "path"><!ENTITY b "&a;&a;&a;&a;">]>'
    return xlsx(path, {"a": ""}, parts={"xl/worksheets/sheet1.xml": rows.replace("?>", "?>" + kinds, 1)})


def _cut(path: Path) -> Path:
    whole = workbook(path, [["path"], ["a.pdf"]]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _other(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("path,title", "a.pdf,x")
    return path


@pytest.mark.parametrize("make", [_bomb, _entities, _cut, _other])
def test_a_hostile_or_broken_workbook_is_refused_with_its_cause(tmp_path: Path, sandbox: Sandbox, make: object) -> None:
    path = make(tmp_path / "a.xlsx")  # type: ignore[operator]
    with pytest.raises(SheetUnreadable) as caught:
        sheet.read(path, load(), SCHOOLS, sandbox)
    assert getattr(caught.value.__cause__, "code", "") in ("too-expensive", "broken-file")


@pytest.mark.parametrize(
    "answer",
    [b"[]\n", b"\xff\n", b'{"row":"1","cells":[],"formulas":[]}\n', b'{"merged":"A1"}\n', b"[" * 100_000 + b"\n",
     b'{"row":1,"cells":[1],"formulas":[]}\n'],
)  # fmt: skip
def test_what_a_child_says_is_not_believed(tmp_path: Path, answer: bytes) -> None:
    path = workbook(tmp_path / "a.xlsx", [["path"], ["a.pdf"]])
    with pytest.raises(SheetUnreadable):
        sheet.read(path, load(), SCHOOLS, Lying(answer))


def test_a_hundred_thousand_rows_are_kept_small(tmp_path: Path) -> None:
    lines = "".join(f"tep-{number}.pdf,Bài số {number},Toán,lop-2\n" for number in range(100_000))
    rows = read(tmp_path, "path,title,subject,grade\n" + lines)
    assert len(rows) == 100_000
    assert values(rows, "tep-99999.pdf")[0] == ("title", "Bài số 99999")
    assert told(rows, "tep-99999.pdf").number == 100_001


def test_several_files_of_a_row_are_one_resource_and_a_name_with_a_semicolon_is_one_file(tmp_path: Path) -> None:
    rows = read(tmp_path, 'path,title\n"Toán\\bài 1.pptx; toan/bai.pdf",Bài một\na;b.pdf,Bài hai\n')
    place = rows.place("Toán/bài 1.pptx")
    assert place is not None
    assert rows.place(unicodedata.normalize("NFD", "Toán/bài 1.pptx")) == place
    assert rows.place("toan/bai.pdf") == place
    with pytest.raises(LibraryError) as caught:
        rows.told(place, ["toan/bai.pdf"])
    assert (caught.value.code, caught.value.parameters["value"]) == ("file-not-there", "Toán\\bài 1.pptx")
    assert rows.told(place, ["toan/bai.pdf", "Toán/bài 1.pptx"]).number == 2
    assert values(rows, "a;b.pdf") == [("title", "Bài hai")]
