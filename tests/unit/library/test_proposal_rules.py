"""What the patterns see in names, headings and texts: a table, a row a case."""

import re
from dataclasses import replace

import pytest

from service.library.proposals.rules import Rules, alternatives, book, read
from service.library.proposals.seeing import rules_of
from service.library.proposals.weighing import weighed
from service.library.proposals.words import words
from service.model import SeenAt
from service.vocabularies import seeds

# Place, text as it stands there, what it says surest of each field (None: nothing).
SEEN: list[tuple[SeenAt, str, dict[str, str | None]]] = [
    ("folder", "Toán 10", {"subject": "toan", "grade": "lop-10"}),
    ("folder", "LỚP 4", {"grade": "lop-4", "subject": None}),
    ("folder", "Khối 6", {"grade": "lop-6"}),
    ("folder", "Giáo án", {"type": "lesson-plan"}),
    ("folder", "Tuần 12", {"week": "12"}),
    ("folder", "Học kì II", {"term": "2"}),
    ("name", "toan-10-ham-so-bac-hai", {"subject": "toan", "grade": "lop-10"}),
    ("name", "GA_Toan7_tuan 12", {"subject": "toan", "grade": "lop-7", "type": "lesson-plan", "week": "12"}),
    ("name", "khbd-gdtc-4-phoi-hop-chay", {"subject": "giao-duc-the-chat", "grade": "lop-4", "type": "lesson-plan"}),
    ("name", "TNXH lop 2 Bai 16", {"subject": "tu-nhien-va-xa-hoi", "grade": "lop-2", "lesson": "16"}),
    ("name", "lsđl 5 tuần 3", {"subject": "lich-su-va-dia-li", "grade": "lop-5", "week": "3"}),
    ("name", "Vật lý 8 - áp suất", {"subject": "khtn-vat-li"}),
    ("name", "vat li 11 con lac", {"subject": "vat-li", "grade": "lop-11"}),
    ("name", "gdcd 12", {"subject": "giao-duc-kinh-te-va-phap-luat"}),
    ("name", "English 10 gender", {"subject": "tieng-anh", "grade": "lop-10"}),
    ("name", "de kiem tra hk1 toan 9", {"type": "test", "subject": "toan", "grade": "lop-9", "term": "1"}),
    ("name", "KT 15 phut hoa 10", {"type": "test", "subject": "hoa-hoc", "grade": "lop-10"}),
    ("name", "Ma trận đề kiểm tra Tin học 7", {"type": "test-matrix", "subject": "tin-hoc", "grade": "lop-7"}),
    ("name", "SGK Ngữ văn 8 KNTT", {"type": "textbook", "subject": "ngu-van", "series": "kntt", "licence": "InC"}),
    ("name", "SKKN day hoc tich cuc", {"type": "teaching-initiative"}),
    ("name", "10A1", {"grade": "lop-10"}),
    # Words that only look like a subject.
    ("name", "An toàn trên mạng", {"subject": None}),
    ("name", "an-toan-tren-mang", {"subject": None}),
    ("name", "de thi hoc sinh gioi", {"subject": None, "type": "test"}),
    ("title", "Hoa lá mùa xuân", {"subject": None}),
    ("heading", "Tiếng Việt (7 tiết)", {"subject": "tieng-viet", "grade": None}),
    ("heading", "Toàn cảnh thế giới", {"subject": None}),
    ("title", "Câu hỏi tương tác Hoá học 12: Ester", {"subject": "hoa-hoc", "grade": "lop-12"}),
    ("text", "Môn: Toán – Lớp: 4", {"subject": "toan", "grade": "lop-4"}),
    ("text", "MÔN HỌC: TIẾNG VIỆT\nBài 3", {"subject": "tieng-viet", "lesson": "3"}),
    ("text", "Em yêu môn\nToán học thật vui", {"subject": None}),
    ("text", "Thời gian làm bài: 90 phút", {"type": "test"}),
    ("text", "Phát hành theo CC BY-SA 4.0.", {"licence": "CC-BY-SA-4.0"}),
    ("text", "https://creativecommons.org/licenses/by/4.0/", {"licence": "CC-BY-4.0"}),
    ("text", "https://creativecommons.org/licenses/by-nc-nd/4.0/", {"licence": "CC-BY-NC-ND-4.0"}),
    ("text", "creativecommons.org/publicdomain/zero/1.0", {"licence": "CC0-1.0"}),
    ("text", "Bản quyền thuộc Nhà xuất bản Giáo dục Việt Nam", {"licence": "InC"}),
    ("title", "Quyết định số 131/QĐ-TTg", {"licence": "NoC"}),
    ("name", "IMG_20240512", {"subject": None, "grade": None, "type": None}),
]


@pytest.mark.parametrize(("where", "text", "expected"), SEEN, ids=[f"{where}: {text[:40]}" for where, text, _ in SEEN])
def test_a_name_or_text_says(where: SeenAt, text: str, expected: dict[str, str | None]) -> None:
    vocabularies = seeds.load()
    found = weighed(vocabularies, rules_of(vocabularies).signs(where, text))
    assert {field: found[field][0].value if found.get(field) else None for field in expected} == expected


def test_what_was_seen_is_told_as_it_stands() -> None:
    signs = list(rules_of(seeds.load()).signs("name", "GA_Toán7 (Tuần  12)"))
    assert {sign.seen for sign in signs if sign.field == "week"} == {"Tuần 12"}
    assert {sign.seen for sign in signs if sign.field == "grade"} == {"Toán7"}


def test_letters_and_digits_part_and_lines_stay_apart() -> None:
    assert words("Toán10a – Tuần\n 05").folded == "toan 10 a tuan | 05"
    assert words("").folded == ""


def test_the_longest_of_several_names_is_taken() -> None:
    pattern = re.compile(alternatives(["lich su", "lich su va dia li", "lich"]))
    assert [found[0] for found in pattern.finditer("lich su va dia li lich su va lich su lichen")] == [
        "lich su va dia li",
        "lich su",
        "lich su",
    ]


def test_constants_of_the_rules_that_ship_are_codes_of_the_vocabularies() -> None:
    vocabularies = seeds.load()
    given = [(name, code) for rule in book().rules for name, code in rule.gives.items() if name in vocabularies.terms]
    given += [("type", code) for _, code, _ in book().media]
    given += [(name, code) for name, codes in book().ignored.items() for code in codes]
    assert [(name, code) for name, code in given if vocabularies.get(name, code) is None] == []
    assert all(0 < sure <= 1 for rule in book().rules for sure in rule.where.values())


def test_a_rule_without_a_place_or_without_anything_to_say_is_a_mistake() -> None:
    for wrong in ({"match": "<subject>"}, {"match": "abc", "name": 0.5}, {"match": "<subject>", "nowhere": 0.5}):
        with pytest.raises(ValueError, match=r"rules\.toml"):
            read({"rule": [wrong]})


def test_a_librarys_own_vocabulary_is_what_the_rules_look_for() -> None:
    shipped = seeds.load()
    toan = replace(shipped.terms["subject"]["toan"], labels={"vi": "Số học vui"}, alternatives=())
    own = replace(shipped, terms={**shipped.terms, "subject": {"toan": toan}})
    rules = Rules(own)
    assert [sign.value for sign in rules.signs("name", "So hoc vui 4") if sign.field == "subject"][:1] == ["toan"]
    assert [sign for sign in rules.signs("name", "Toán 4") if sign.field == "subject"] == []
