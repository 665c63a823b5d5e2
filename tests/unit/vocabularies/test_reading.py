"""What is wrong in a vocabulary that somebody hands in, row by row; files of every kind that are none."""

import pytest

from service.vocabularies.reading import MOST_BYTES, MOST_ROWS, Problem, decode, judge, read
from service.vocabularies.terms import Term

HEAD = "code,parent,vi,en,alternatives\n"
LATE = ",".join(HEAD.strip().split(",")) + ",ended\n"


def said(text: str, name: str = "subject") -> list[tuple[int, str, dict[str, str | int]]]:
    return [(one.row, one.code, dict(one.parameters)) for one in read(text, name).problems]


@pytest.mark.parametrize(
    ("text", "row", "code", "parameters"),
    [
        ("code;parent;vi;en\n", 1, "vocabulary-no-column", {"column": "alternatives"}),
        ("code,code,parent,vi,en,alternatives\n", 1, "vocabulary-column-twice", {"column": "code"}),
        (HEAD, 1, "vocabulary-empty", {}),
        (HEAD + "toan,,Toán,Maths\n", 2, "vocabulary-cells", {"cells": 4, "columns": 5}),
        (HEAD + "toan,,Toán,Maths,,\n", 2, "vocabulary-cells", {"cells": 6, "columns": 5}),
        (HEAD + ",,Toán,Maths,\n", 2, "vocabulary-blank", {"column": "code"}),
        (HEAD + "toan,,Toán, ,\n", 2, "vocabulary-blank", {"column": "en"}),
        (HEAD + "môn toán,,Toán,Maths,\n", 2, "vocabulary-code", {"value": "môn toán"}),
        (HEAD + f"{'a' * 101},,Toán,Maths,\n", 2, "vocabulary-code", {"value": "a" * 60}),
        (HEAD + "a,,A,A,\na,,B,B,\n", 3, "vocabulary-code-twice", {"value": "a", "other": 2}),
        (HEAD + "a,b,A,A,\n", 2, "vocabulary-no-parent", {"value": "b"}),
        (HEAD + "a,,A,A,x|lý\nb,,B,B,Lý\n", 3, "vocabulary-name-twice", {"value": "Lý", "other": "a"}),
        (HEAD + 'a,,"A,A,\n', 2, "vocabulary-csv", {"reason": "unexpected end of data"}),
        (HEAD + f"a,,{'A' * 4001},A,\n", 2, "vocabulary-long", {"column": "vi", "limit": 4000}),
        (LATE + "a,,A,A,,1/7/2025\n", 2, "vocabulary-ended", {"value": "1/7/2025"}),
        (LATE + "a,,A,A,,20250701\n", 2, "vocabulary-ended", {"value": "20250701"}),
    ],
)
def test_what_is_wrong_is_told_with_its_row(text: str, row: int, code: str, parameters: dict[str, str | int]) -> None:
    assert said(text) == [(row, code, parameters)]


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-3", "@sum", '"\t=1"'])
def test_a_cell_that_a_spreadsheet_would_compute_is_refused_and_with_an_apostrophe_taken(cell: str) -> None:
    assert [code for _, code, _ in said(HEAD + f"a,,{cell},A,\n")] == ["vocabulary-formula"]
    if not cell.startswith('"'):
        table = read(HEAD + f"a,,'{cell},A,\n", "subject")
        assert table.problems == []
        assert table.terms["a"].labels["vi"] == cell


def test_a_circle_of_parents_is_told_at_each_of_its_rows_and_at_none_below_it() -> None:
    rows = HEAD + "a,b,A,A1,\nb,a,B,B1,\nc,a,C,C1,\n"
    assert said(rows) == [(2, "vocabulary-cycle", {"value": "a"}), (3, "vocabulary-cycle", {"value": "b"})]
    assert said(HEAD + "a,a,A,A1,\n") == [(2, "vocabulary-cycle", {"value": "a"})]


def test_all_that_is_wrong_is_told_at_once() -> None:
    rows = HEAD + "a,,,A,\nb,x,B,B,\nb,,C,C,\n"
    assert [(row, code) for row, code, _ in said(rows)] == [
        (2, "vocabulary-blank"),
        (3, "vocabulary-no-parent"),
        (4, "vocabulary-code-twice"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spreadsheets_may_write_it_in_their_own_way(delimiter: str, mark: str, end: str) -> None:
    rows = [["code", "parent", "vi", "en", "alternatives"], ["toan", "", "Toán", "Maths", "Toán học|Môn Toán"]]
    table = read(mark + "".join(delimiter.join(row) + end for row in rows), "subject")
    assert table.problems == []
    assert table.terms["toan"].alternatives == ("Toán học", "Môn Toán")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HEAD.encode("utf-16"), "vocabulary-encoding"),
        ("code,parent,vi,en,alternatives\ntoan,,Toán,Maths,".encode("utf-16-le"), "vocabulary-encoding"),
        ("toan,,To\xe1n,Maths,".encode("cp1258"), "vocabulary-encoding"),
        (b"PK\x03\x04\x14\0\0\0\x08\0\xff\xd8", "vocabulary-encoding"),
        (b"code,parent\x1b[2J", "vocabulary-control"),
        (b"a" * (MOST_BYTES + 1), "vocabulary-too-large"),
    ],
)
def test_what_is_no_text_in_utf_8_is_said_to_be_none(data: bytes, code: str) -> None:
    found = decode(data)
    assert isinstance(found, Problem)
    assert found.code == code


def test_a_text_is_kept_byte_by_byte() -> None:
    data = "\ufeffcode;parent;vi;en;alternatives\r\ntoan;;Toa\u0301n;Maths;\r\n".encode()
    text = decode(data)
    assert isinstance(text, str)
    assert text.encode() == data


def test_more_rows_than_a_process_should_hold_are_refused_before_they_are_all_read() -> None:
    rows = "".join(f"t{number},,Mục {number},Term {number},\n" for number in range(100_000))
    table = read(HEAD + rows, "subject")
    assert [(one.row, one.code) for one in table.problems] == [(MOST_ROWS + 2, "vocabulary-too-many")]
    assert len(table.terms) == MOST_ROWS


def test_topics_may_share_a_name_below_other_terms_and_in_other_grades_but_not_beside_each_other() -> None:
    head = "code,parent,vi,en,alternatives,subject,grades\n"
    rows = head + "a,,Số,,,toan,lop-1\nb,,Số,,,toan,lop-2\nc,a,Phân số,,,toan,lop-1\nd,b,Phân số,,,toan,lop-2\n"
    assert said(rows, "topic") == []
    assert said(rows + "e,a,Phân số,,,toan,lop-1\n", "topic") == [
        (6, "vocabulary-name-twice", {"value": "Phân số", "other": "c"})
    ]


def test_hours_are_numbers() -> None:
    head = "code,parent,vi,en,alternatives,subject,grades,periods\n"
    assert said(head + "a,,,,,toan,lop-1,105\n", "period") == []
    assert said(head + "a,,,,,toan,lop-1,105 tiết\n", "period") == [
        (2, "vocabulary-number", {"column": "periods", "value": "105 tiết"})
    ]


def test_a_programme_that_a_topic_names_must_be_there_and_need_not_be_named() -> None:
    def of(**extra: str) -> list[Problem]:
        topic = Term("a", {"vi": "Số"}, extra={"subject": "toan", "grades": "lop-1", **extra})
        others = {name: {code: topic} for name, code in (("subject", "toan"), ("grade", "lop-1"), ("programme", "ct"))}
        return list(judge({"topic": {"a": topic}, **others}, "topic", {"a": 7}))

    assert of() == of(programme="ct") == []
    assert of(programme="ct9") == [
        Problem("vocabulary-no-such", 7, {"column": "programme", "value": "ct9", "vocabulary": "programme"})
    ]


def test_codes_of_other_vocabularies_must_be_there() -> None:
    topic = Term("a", {"vi": "Số"}, extra={"subject": "toan|van", "grades": "lop-1"})
    tables = {"topic": {"a": topic}, "subject": {"toan": topic}, "grade": {"lop-1": topic}}
    assert list(judge(tables, "topic", {"a": 7})) == [
        Problem("vocabulary-no-such", 7, {"column": "subject", "value": "van", "vocabulary": "subject"})
    ]
