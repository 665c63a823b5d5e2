"""What is found says kind, place, column and number; what is near the border is told rightly."""

import dataclasses
import json

import pytest

from ingest import privacy
from ingest.document import ContentsEntry, Document, Finding, Locator, Passage, from_json, to_json
from ingest.privacy.names import names

PUPILS = (
    ("Nông Thị Bích", "12/03/2011", "8,5"),
    ("Giàng A Páo", "01/11/2010", "7,0"),
    ("Hờ A Dế", "25/07/2011", "6,5"),
    ("Y Bhim Niê", "09/01/2011", "9,0"),
    ("Lò Văn Mai", "30/05/2010", "5,0"),
    ("Nguyễn Thu An", "17/09/2011", "10"),
    ("H'Hen Êban", "21/12/2010", "7,5"),
)


def document(*texts: str, **changes: object) -> Document:
    passages = tuple(Passage(Locator("page", number), text) for number, text in enumerate(texts, start=1))
    return dataclasses.replace(Document("text/plain", passages=passages), **changes)  # type: ignore[arg-type]


def table(count: int, first: int = 0) -> str:
    rows = [f"{at}\t{name}\t{born}\t{mark}" for at, (name, born, mark) in enumerate(PUPILS[first : first + count], 1)]
    return "\n".join(("STT\tHọ và tên\tNgày sinh\tToán", *rows))


def test_a_finding_tells_its_column_and_its_number() -> None:
    found = privacy.find(document("Lời nói đầu.", table(7)), "a.xlsx")
    place = Locator("page", 2)
    assert found == (Finding("births", place, "C", 7), Finding("marks", place, "D", 7))


def test_a_finding_holds_nothing_of_what_was_found() -> None:
    said = json.dumps([dataclasses.asdict(each) for each in privacy.find(document(table(7)), "a.xlsx")])
    assert said != "[]"
    assert not any(piece in said for pupil in PUPILS for piece in pupil)


@pytest.mark.parametrize(("count", "held"), [(3, False), (5, False), (6, True)])
def test_more_than_five_persons_are_a_list(count: int, held: bool) -> None:
    assert bool(privacy.find(document(table(count)), "a.xlsx")) == held


def test_a_list_goes_on_over_a_page_break() -> None:
    first, second = table(4), table(3, first=4).partition("\n")[2]
    found = privacy.find(document(first, second), "a.docx")
    assert {(each.kind, each.locator and each.locator.value, each.count) for each in found} >= {
        ("births", 1, 4),
        ("births", 2, 3),
    }


def test_the_same_five_on_two_pages_stay_five() -> None:
    assert privacy.find(document(table(5), table(5)), "sach-tin-hoc.pdf") == ()


def test_flowing_text_has_no_column() -> None:
    text = "DANH SÁCH HỌC SINH LỚP 6A " + " ".join(f"{at} {n} {d}" for at, (n, d, _) in enumerate(PUPILS, start=1))
    assert privacy.find(document(text), "a.pdf") == (Finding("births", Locator("page", 1), None, 7),)


def test_a_heading_in_the_contents_or_the_margin_counts() -> None:
    text = "\n".join(name for name, _, _ in PUPILS)
    assert privacy.find(document(text), "a.pdf") == ()
    titled = document(text, contents=(ContentsEntry("Danh sách lớp 6A", 1, Locator("page", 1)),))
    assert [each.kind for each in privacy.find(titled, "a.pdf")] == ["names"]
    headed = document(text)
    headed = dataclasses.replace(headed, passages=(dataclasses.replace(headed.passages[0], marginal="SỔ ĐIỂM LỚP 6A"),))
    assert [each.kind for each in privacy.find(headed, "a.pdf")] == ["names"]


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("Danh sách học sinh lớp 6A.pdf", True),
        ("bang_luong_thang_5.xlsx", True),
        ("SO DIEM 7B.xls", True),
        ("Học bạ Nguyễn Văn An.pdf", True),
        ("DSHS 9A1.docx", True),
        ("Mẫu sổ điểm.docx", False),
        ("Hướng dẫn ghi học bạ.pdf", False),
        ("Bài 5. Bảng điểm lớp em.pptx", False),
        ("Danh sách liên kết.pptx", False),
        ("Hàm số bậc hai.pdf", False),
    ],
)
def test_a_file_name_can_tell_by_itself(name: str, held: bool) -> None:
    assert privacy.find(Document("application/pdf"), name) == ((Finding("file-name", None, None, 1),) if held else ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 Nguyễn Văn An 2 TRẦN THỊ BÌNH", ["Nguyễn Văn An", "TRẦN THỊ BÌNH"]),
        ("Nguyen Van An Tran Thi Binh Le Van Cuong", ["Nguyen Van An", "Tran Thi Binh", "Le Van Cuong"]),
        ("Hờ A Dế, Giàng A Páo; Y Bhim Niê H'Hen Niê", ["Hờ A Dế", "Giàng A Páo", "Y Bhim Niê", "H'Hen Niê"]),
        ("Nguyễn Văn\tAn\t8,5", ["Nguyễn Văn\tAn"]),
        ("tỉnh Cao Bằng, Hà Nội và huyện Hà Quảng; bạn An, bạn Bình", []),
    ],
)
def test_names_are_told_apart(text: str, found: list[str]) -> None:
    assert [text[name.start : name.end] for name in names(text)] == found


def test_findings_cross_the_pipe() -> None:
    made = document(
        table(7), findings=(Finding("births", Locator("page", 1), "C", 7), Finding("file-name", None, None, 1))
    )
    assert from_json(json.loads(json.dumps(to_json(made)))) == made


def test_a_document_stored_before_there_were_findings_opens() -> None:
    data = to_json(document("Bài một."))
    del data["findings"]
    assert from_json(data).findings == ()
