"""From signs to proposals: what adds up, what contradicts, where a file stands; and which may be accepted."""

import pytest

from ingest.document import ContentsEntry, Document, Locator, Passage
from ingest.document import Value as Read
from service.library import placements
from service.library.proposals.deciding import choose
from service.library.proposals.gathering import proposals
from service.library.proposals.rules import Sign
from service.library.proposals.seeing import Source
from service.library.proposals.weighing import LEAST, MOST, weighed
from service.library.proposals.weights import FEWEST, Weights, load, read, written
from service.model import Proposal, Value
from service.vocabularies import seeds

VOCABULARIES = seeds.load()


def a_document(*texts: str, title: str = "", headings: tuple[str, ...] = (), language: str = "vi") -> Document:
    return Document(
        "application/pdf",
        metadata=(Read("title", title, "info"),) if title else (),
        passages=tuple(Passage(Locator("section", n), text, language) for n, text in enumerate(texts, 1)),
        contents=tuple(ContentsEntry(heading, 1, Locator("section", n)) for n, heading in enumerate(headings, 1)),
    )


def of(path: str, document: Document | None = None, *said: Value) -> dict[str, Proposal]:
    """The surest proposal of each field, from rules alone."""
    made: dict[str, Proposal] = {}
    for one in proposals(VOCABULARIES, Source(path, "application/pdf", document), said, models={}):
        made.setdefault(one.field, one)
    return made


def test_evidence_of_several_places_adds_up_and_is_told() -> None:
    alone = of("Toán 10.pdf")["subject"]
    both = of("Toán/Toán 10.pdf", a_document("Môn: Toán"))["subject"]
    assert alone.confidence < both.confidence <= MOST
    assert {seen.where for seen in both.evidence} == {"folder", "name", "text"}


def test_what_speaks_for_something_else_takes_from_both() -> None:
    signs = [Sign("grade", "lop-6", "name", "lớp 6", 0.9), Sign("grade", "lop-7", "folder", "lớp 7", 0.9)]
    assert [one.confidence for one in weighed(VOCABULARIES, signs)["grade"]] == [pytest.approx(0.495)] * 2
    signs = [Sign("grade", "lop-6", "name", "lớp 6", 0.9), Sign("grade", "lop-7", "text", "lớp 7", 0.1)]
    assert [one.value for one in weighed(VOCABULARIES, signs)["grade"]] == ["lop-6"]
    assert all(one.confidence >= LEAST for one in weighed(VOCABULARIES, signs)["grade"])


def test_a_strand_speaks_for_its_subject_and_is_no_rival_of_it() -> None:
    signs = [Sign("subject", "toan", "model", "", 0.6), Sign("subject", "toan-dai-so", "heading", "", 0.5)]
    found = {one.value: one.confidence for one in weighed(VOCABULARIES, signs)["subject"]}
    assert found == {"toan": pytest.approx(0.8), "toan-dai-so": pytest.approx(0.5)}


def test_a_subject_that_is_not_taught_in_the_grade_loses() -> None:
    assert of("vat li lop 4.pdf")["subject"].confidence < 0.5
    assert of("vat li lop 11.pdf")["subject"].confidence > 0.8


def test_a_file_that_could_not_be_read_has_proposals_of_its_name() -> None:
    found = of("Đề kiểm tra/Toán 9.doc")
    assert (found["type"].value, found["subject"].value, found["grade"].value) == ("test", "toan", "lop-9")


def test_the_name_that_became_a_title_is_no_second_evidence() -> None:
    document = Document("application/pdf", metadata=(Read("title", "Toán 10", "name"),))
    assert {seen.where for seen in of("Toán 10.pdf", document)["subject"].evidence} == {"name"}


def test_a_placement_is_put_together_where_subject_grade_and_week_are_told() -> None:
    found = of("KNTT/Toán 2/Tuần 19/bai 16.docx")
    assert found["placement"].value == "programme=ct2018,subject=toan,grade=lop-2,series=kntt,lesson=16,week=19"
    assert found["placement"].confidence <= min(found["subject"].confidence, found["grade"].confidence)
    assert "placement" not in of("Toán 2.docx")
    assert "placement" not in of("Tuần 19.docx")


def test_a_strand_stands_below_its_subject_in_a_placement() -> None:
    found = of("Lớp 8/Vật lí 8 tuần 3.docx")["placement"]
    assert placements.read(found.value).subject == "khoa-hoc-tu-nhien"
    assert placements.read(found.value).strand == "khtn-vat-li"


def test_a_plan_of_a_week_has_a_placement_a_section() -> None:
    plan = a_document(
        "…", "…", "…", "…", headings=("1. Thông tin chung", "2. Tiếng Việt (7 tiết)", "3. Toán (5 tiết)", "4. Đạo đức")
    )
    source = Source("ke-hoach-tuan-12-lop-3.docx", "application/pdf", plan)
    found = [one for one in proposals(VOCABULARIES, source, models={}) if one.field == "placement"]
    placed = {(one.section, one.subject, one.week, one.grade) for one in (placements.read(it.value) for it in found)}
    assert placed == {(2, "tieng-viet", 12, "lop-3"), (3, "toan", 12, "lop-3"), (4, "dao-duc", 12, "lop-3")}


def test_what_somebody_said_is_not_proposed_again_and_stands_in_placements() -> None:
    said = (Value("subject", "toan", "sheet"), Value("grade", "lop-2", "person"), Value("type", "other", "machine"))
    found = of("GA tuần 5.docx", None, *said)
    assert set(found) == {"type", "placement"}
    assert found["placement"].value == "programme=ct2018,subject=toan,grade=lop-2,week=5"


def test_the_language_of_most_of_a_text_is_proposed() -> None:
    found = of("a.pdf", a_document("x" * 300))["language"]
    assert (found.value, found.confidence) == ("vi", 0.95)
    assert "language" not in of("a.pdf", a_document("x" * 300, language="und"))


MADE = Weights(("toan", "ngu-van"), 10.0, 1.25, {"ham so": "0:30 1:-30", "tho": "1:90"})


def test_a_text_of_too_few_known_words_says_nothing() -> None:
    model = Weights(("toan", "ngu-van"), 10.0, 1.0, dict.fromkeys("abcdefghij", "0:30 1:-30"))
    assert model.guess(" ".join("abcdefghij"[: FEWEST - 1])) is None
    guess = model.guess("a b c d e f g h i j")
    assert guess is not None
    assert (guess.code, guess.seen[:2]) == ("toan", ("a", "b"))
    assert guess.confidence > 0.85


def test_weights_are_written_and_read_alike() -> None:
    assert read(written(MADE).splitlines()) == MADE
    assert written(read(written(MADE).splitlines())) == written(MADE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cho hàm số bậc hai y = ax² + bx + c. Vẽ đồ thị parabol, tìm đỉnh, trục đối xứng và bảng biến thiên.", "toan"),
        ("Thuật toán tìm kiếm tuần tự và sắp xếp chọn, chương trình Python, biến, câu lệnh lặp, dữ liệu.", "tin-hoc"),
    ],
)
def test_the_model_that_ships_knows_a_subject_by_its_words(text: str, code: str) -> None:
    guess = load("subject").guess(text)
    assert guess is not None
    assert guess.code == code


def test_codes_of_the_models_that_ship_are_those_of_the_vocabularies() -> None:
    for field in ("subject", "grade"):
        assert [code for code in load(field).classes if VOCABULARIES.get(field, code) is None] == []


def test_a_guess_of_a_machine_gives_way_and_what_was_said_stays() -> None:
    values = [Value("type", "other", "machine"), Value("licence", "CC0-1.0", "sheet"), Value("grade", "lop-1", "file")]
    found = [
        Proposal("type", "test", 0.9, ()),
        Proposal("type", "exercise", 0.8, ()),
        Proposal("licence", "InC", 0.9, ()),
        Proposal("grade", "lop-2", 0.9, ()),
        Proposal("subject", "toan", 0.9, ()),
        Proposal("subject", "toan-dai-so", 0.7, ()),
    ]
    assert [one.value for one in choose(values, found)] == ["test", "toan", "toan-dai-so"]


def test_of_two_that_are_equally_sure_none_is_taken() -> None:
    assert choose([], [Proposal("type", "test", 0.9, ()), Proposal("type", "exercise", 0.9, ())]) == []
