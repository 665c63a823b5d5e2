"""What goes out of a sheet and comes back, what foreign sheets mean, and what a template offers."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sandbox import Sandbox
from service.errors import LibraryError
from service.library import sheet
from service.library.sheet import foreign, template
from service.library.sheet.cells import FORMULA, clean, defused
from service.library.sheet.columns import COLUMNS, PLACES
from service.messages import LANGUAGES
from service.vocabularies.seeds import load
from tests.sheets import SCHOOLS, Lying, read, values

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=20)


@given(st.one_of(TEXTS, st.builds(str.__add__, st.sampled_from(["'", *FORMULA]), TEXTS)))
def test_no_cell_that_goes_out_is_a_formula_and_what_comes_back_is_the_same(text: str) -> None:
    said = clean(text)
    assert not defused(text).startswith(FORMULA)
    assert clean(defused(said)) == said


def test_what_a_cell_begins_with_is_text_on_the_way_in(tmp_path: Path) -> None:
    rows = read(tmp_path, "path,title\na.pdf,=1+1\nb.pdf,'=1+1\nc.pdf,-5 độ C\nd.pdf,'@ lớp\n")
    assert [values(rows, f"{name}.pdf")[0][1] for name in "abcd"] == ["=1+1", "=1+1", "-5 độ C", "@ lớp"]


TOML = """
separator = ","
[columns]
"Vị trí lưu" = "path"
"Tên tài nguyên" = "Tên học liệu"
"Ghi chú riêng" = ""
"Phân môn" = "subject"
[values.subject]
"KHTN" = "Khoa học tự nhiên"
"Chung" = ""
[values.type]
"GA" = "lesson-plan"
"""
ROWS = """column,value,means
Vị trí lưu,,path
Tên tài nguyên,,title
Ghi chú riêng,,
Phân môn,,Môn học
Phân môn,KHTN,khoa-hoc-tu-nhien
subject,Chung,
type,GA,Kế hoạch bài dạy
"""


@pytest.mark.parametrize(("name", "text"), [("m.toml", TOML), ("m.csv", ROWS)])
def test_a_mapping_says_what_foreign_columns_and_values_mean(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8-sig")
    words = foreign.read(tmp_path / name, load(), Lying(b""))
    apart = words.separator
    head = "Vị trí lưu\tTên tài nguyên\tPhân môn\ttype\tGhi chú riêng\tMàu\n"
    rows = read(tmp_path, head + f"a.pdf\tNước\tkhtn{apart} Toán{apart}Chung\tGA\tx\ty\n", words=words)
    assert values(rows, "a.pdf") == [
        ("title", "Nước"), ("type", "lesson-plan"), ("subject", "khoa-hoc-tu-nhien"), ("subject", "toan"),
    ]  # fmt: skip
    assert rows.unknown == ("Màu",)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('[columns]\nA = "không có"\n', "không có"),
        ('[values.subject]\nA = "ma thuật"\n', "ma thuật"),
        ('[values.mau]\nA = "x"\n', "mau"),
        ("[columns]\nA = 1\n", "1"),
        ('[cot]\nA = "title"\n', "cot"),
        ("columns = [", ""),
        ('separator = ""\n', ""),
    ],
)
def test_a_mapping_that_names_what_is_not_there_is_refused(tmp_path: Path, text: str, value: str) -> None:
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        foreign.read(tmp_path / "m.toml", load(), Lying(b""))
    assert caught.value.code == "mapping-wrong"
    assert value in str(caught.value.parameters["value"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_template_offers_is_understood(language: str) -> None:
    lists = template.offered(load(), SCHOOLS, language)
    for code in (code for code, column in COLUMNS.items() if column.vocabulary and code != "topic"):
        meant = [load().resolve(COLUMNS[code].vocabulary, term) for term in lists[code]]
        assert len(set(meant)) == len(lists[code]) > 1
        assert None not in meant
    assert lists["organisation"] == ["Trường Tiểu học Nà Lẩu", "th-a", "th-b"]
    assert set(PLACES) - {"lesson", "period"} <= {*lists}


def test_a_template_is_a_sheet_with_lists_and_the_files_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "vào"
    (folder / "Toán").mkdir(parents=True)
    for name in ("Toán/bài 1.pdf", "=cmd.pdf", "Thumbs.db"):
        (folder / name).write_bytes(b"x")
    for name in ("bang.xlsx", "bang.csv"):
        path = tmp_path / name
        assert template.template(path, load(), SCHOOLS, language="vi", folder=folder) == 2
        with Sandbox() as sandbox:
            rows = sheet.read(path, load(), SCHOOLS, sandbox)
        assert [rows.place(name) for name in ("=cmd.pdf", "Toán/bài 1.pdf")] == [0, 1]
        assert set(COLUMNS) - {*rows.columns} == {"resource"}
    assert b"\n'=cmd.pdf," in (tmp_path / "bang.csv").read_bytes().replace(b"\r", b"")
    with zipfile.ZipFile(tmp_path / "bang.xlsx") as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert page.count("<dataValidation ") == len(template.offered(load(), SCHOOLS, "vi"))
    assert "<f>" not in page
    assert "'Danh mục'!$A$2:$A$" in page
