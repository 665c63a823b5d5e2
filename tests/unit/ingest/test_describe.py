"""One good title, clean values, sane dates."""

import pytest

from ingest.describe import describe, is_junk_title, title_from_name
from ingest.document import Document, Value


def _described(*values: Value, language: str | None = None, name: str = "bai_giang so 1.pdf") -> Document:
    return describe(Document("application/pdf", metadata=values, language=language), name)


def _all(document: Document, field: str) -> list[tuple[str, str]]:
    return [(value.value, value.where) for value in document.metadata if value.field == field]


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - giao an 12.doc", "PowerPoint Presentation", "untitled", "Document1", "giáo án.docx",
        "Slide 1", "…", "12", "Adobe Photoshop PDF", "Trang 3",
    ],
)  # fmt: skip
def test_titles_of_programs_and_templates_are_junk(title: str) -> None:
    assert is_junk_title(title)


@pytest.mark.parametrize("title", ["Phương trình bậc hai", "Toán 6", "Slide guitar for beginners", "Document analysis"])
def test_titles_of_works_are_not_junk(title: str) -> None:
    assert not is_junk_title(title)


def test_the_files_own_title_wins_over_the_first_page() -> None:
    document = _described(Value("title", "Trang đầu", "first-page"), Value("title", "Tên thật", "info"))
    assert _all(document, "title") == [("Tên thật", "info")]


def test_a_junk_title_gives_way_to_the_first_page_and_that_to_the_name() -> None:
    junk = Value("title", "Microsoft Word - x.doc", "info")
    assert _all(_described(junk, Value("title", "Trang đầu", "first-page")), "title") == [("Trang đầu", "first-page")]
    assert _all(_described(junk), "title") == [("bai giang so 1", "name")]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Đề_kiểm_tra_lớp_6.pdf", "Đề kiểm tra lớp 6"),
        ("De\u0302\u0300 thi.docx", "Dề thi"),
        ("Bài 1. Mở đầu", "Bài 1. Mở đầu"),
        ("thư mục/bài.pptx", "bài"),
        ("Bµi tËp to¸n.doc", "Bài tập toán"),
        ("®Ò kiÓm tra häc k× I.doc", "đề kiểm tra học kì I"),
        ("Café résumé ½ © 2020.pdf", "Café résumé ½ © 2020"),
        ("Toán · Tiếng Việt.pdf", "Toán · Tiếng Việt"),
        ("x" * 5_000 + ".pdf", "x" * 500),
    ],
)
def test_a_name_makes_a_title_without_extension_and_underscores(name: str, title: str) -> None:
    assert title_from_name(name) == title


@pytest.mark.parametrize("date", ["1904-01-01", "2999-01-01", "2021-13-40", "soon"])
def test_dates_that_cannot_be_are_absent(date: str) -> None:
    assert _all(_described(Value("created", date, "info")), "created") == []


def test_a_sane_date_stays() -> None:
    assert _all(_described(Value("created", "2021-09-05", "info")), "created") == [("2021-09-05", "info")]


def test_keywords_are_split_and_said_once() -> None:
    document = _described(Value("keyword", "Quang hợp; hô hấp,", "info"), Value("keyword", "quang hợp", "xmp"))
    assert _all(document, "keyword") == [("Quang hợp", "info"), ("hô hấp", "info")]


@pytest.mark.parametrize("creator", ["User", "Administrator", "HP", "anonymous", "Windows User", "--"])
def test_creators_that_name_a_machine_are_dropped(creator: str) -> None:
    assert _all(_described(Value("creator", creator, "info")), "creator") == []


@pytest.mark.parametrize("company", ["Microsoft Corporation", "Hewlett-Packard Company", "Grizli777", "HOME"])
def test_companies_that_made_the_machine_are_dropped(company: str) -> None:
    values = (Value("publisher", company, "app"), Value("publisher", "Trường THCS Nguyễn Du", "xmp"))
    assert _all(_described(*values), "publisher") == [("Trường THCS Nguyễn Du", "xmp")]


def test_a_templates_language_gives_way_to_the_texts() -> None:
    declared = Value("language", "en-US", "catalogue")
    assert _all(_described(declared, language="vi"), "language") == []
    assert _described(declared, language="vi").language == "vi"


def test_a_declared_language_counts_where_the_text_says_nothing() -> None:
    document = _described(Value("language", "vi-VN", "catalogue"))
    assert _all(document, "language") == [("vi", "catalogue")]
    assert document.language == "vi"
