"""Question sets: what a pupil sees of each question, and what is kept in the margin: the answer.

The module is long because four formats say the same in four ways.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile, IngestError
from ingest.formats.questions import KINDS, one
from ingest.formats.questions.document import document
from ingest.formats.questions.shape import MOST_CHOICES, MOST_QUESTIONS
from tests.questions import (
    AIKEN,
    BANK,
    CATEGORY,
    CHOICE,
    GIFT,
    ONE,
    SEVERAL,
    THREE,
    item,
    moodle,
    moodle_answer,
    package,
    written,
    zipped,
)
from tests.questions import moodle_question as asked

READERS = registry.load()


def read(path: Path, data: bytes | str) -> Document:
    return pipeline.read(Bundle(written(path, data), path.name), READERS)


def said(document: Document) -> list[tuple[str, str]]:
    assert [one.locator.kind for one in document.passages] == ["question"] * len(document.passages)
    return [(one.text, one.marginal) for one in document.passages]


def gift(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    return said(document(written(tmp_path / "a.gift", text), "text/x-gift"))


# --- GIFT ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seen", "answer"),
    [
        ("Hai cộng hai? {~3 =4 ~5}", "Hai cộng hai?\nA. 3\nB. 4\nC. 5", "B. 4"),
        ("Chọn hai {~%50%sắt ~%50%đồng ~%-100%gỗ}", "Chọn hai\nA. sắt\nB. đồng\nC. gỗ", "A. sắt\nB. đồng"),
        ("Hơn kém {=tốt ~%40%tạm}", "Hơn kém\nA. tốt\nB. tạm", "A. tốt\nB. tạm (40%)"),
        ("Hà Nội ở đâu? {=Bắc Bộ}", "Hà Nội ở đâu?", "– Bắc Bộ"),
        ("Pi? {#3,14:0,01}", "Pi?", "– 3,14 ± 0,01"),
        ("Tuổi? {#6..11}", "Tuổi?", "– 6 – 11"),
        ("Số? {#\n=5:0#hay\n=%50%6:1\n}", "Số?", "– 5 – hay\n– 6 ± 1 (50%)"),
        ("Mặt Trời mọc ở phía đông.{T}", "Mặt Trời mọc ở phía đông.\nA. Đúng\nB. Sai", "A. Đúng"),
        ("The sun is a star.{false#No#Yes}", "The sun is a star.\nA. True\nB. False", "B. False – Yes\nA. No"),
        ("Ghép {=b -> 1 =a -> 2}", "Ghép\n– b\n– a\na. 1\nb. 2", "– b → 1\n– a → 2"),
        ("Kể chuyện {}", "Kể chuyện", ""),
        ("Thủ đô là {=Hà Nội ~Huế} đó.", "Thủ đô là _____ đó.\nA. Hà Nội\nB. Huế", "A. Hà Nội"),
        ("Hai với hai là {=4}.", "Hai với hai là _____.", "– 4"),
        (r"a \= b\: \{x\} \~ \#1 \\ {=c\=d ~e}", "a = b: {x} ~ #1 \\\nA. c=d\nB. e", "A. c=d"),
        (r"dòng\nmới \neq {=a ~b}", "dòng\nmới \\neq\nA. a\nB. b", "A. a"),
        (r"Tính \frac{1}{2} {=0,5 ~2}", "Tính \\frac{1}{2}\nA. 0,5\nB. 2", "A. 0,5"),
        ("Chưa đóng {=a ~b", "Chưa đóng\nA. a\nB. b", "A. a"),
        ("Đóng thừa }{=a ~b}} ", "Đóng thừa }_____ }\nA. a\nB. b".replace("}_____", "} _____"), "A. a"),
        ("x < y và a<b {=<b>đậm</b> ~<script>}", "x < y và a<b\nA. đậm\nB. <script>", "A. đậm"),
        ("[html]<p>Một</p><p>Hai &lt;</p> {=a ~b}", "Một\nHai <\nA. a\nB. b", "A. a"),
        ("[plain]<p>*x* {=a ~[markdown]*b*}", "<p>*x*\nA. a\nB. b", "A. a"),
        ("::Tên::Hỏi {=a#vì ~b#không####Do đó}", "Hỏi\nA. a\nB. b", "Tên\nA. a – vì\nDo đó\nB. không"),
        ("::Câu 7::Hỏi {=a ~b}", "Hỏi\nA. a\nB. b", "A. a"),
        ("::Hỏi gì...::Hỏi gì đây {=a ~b}", "Hỏi gì đây\nA. a\nB. b", "A. a"),
    ],
)
def test_a_question_of_gift(tmp_path: Path, text: str, seen: str, answer: str) -> None:
    assert gift(tmp_path, text) == [(seen, answer)]


def test_gift_has_a_question_a_block_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "// a\r\n\r\nMột{=1}\r\n// b\r\n  \r\n\r\nHai{=2}\r\n\r\nchỉ là lời"
    assert [seen for seen, _ in gift(tmp_path, text)] == ["Một", "Hai", "chỉ là lời"]


def test_gifts_categories_are_contents_and_its_tags_keywords(tmp_path: Path) -> None:
    found = read(tmp_path / "a.gift", GIFT)
    assert [(one.level, one.title, one.locator.value) for one in found.contents][:3] == [
        (1, "Khoa học 5", 1), (2, "Nước", 1), (3, "Nước biển bay hơi nhờ đâu?", 1),
    ]  # fmt: skip
    assert (2, "Cây xanh", 4) in [(one.level, one.title, one.locator.value) for one in found.contents]
    values = [(value.field, value.value) for value in found.metadata]
    assert values[:3] == [("title", "Khoa học 5"), ("keyword", "vòng tuần hoàn"), ("keyword", "lớp 5")]
    assert found.language == "vi"
    assert found.extent.pages == 7


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
def test_a_set_is_read_in_whatever_it_was_saved(tmp_path: Path, encoding: str) -> None:
    text = "Ho\u0323c sinh cha\u0323y hay \u0111i\u0300 bo\u0323? {=cha\u0323y ~\u0111u\u0301ng y\u00ean}"
    found = read(tmp_path / "a.gift", text.encode(encoding))
    assert found.media_type == "text/x-gift"
    assert "A. chạy\nB. đúng yên" in found.passages[0].text


def test_a_text_that_only_looks_like_gift_is_a_text(tmp_path: Path) -> None:
    found = read(tmp_path / "a.txt", "::std:: là gì?\nViết \\{=a\\} như thế.\nvoid f() { return; }")
    assert found.media_type == "text/plain"
    assert found.passages[0].locator.kind == "section"


# --- Aiken ---------------------------------------------------------------------


def test_aiken_has_lines_of_words_and_of_choices(tmp_path: Path) -> None:
    assert said(read(tmp_path / "a.txt", AIKEN)) == [
        (
            "Sông nào dài nhất Việt Nam\ntính phần chảy trong nước?\nA. Sông Hồng\nB. Sông Đồng Nai\nC. Sông Kỳ Cùng",
            "B. Sông Đồng Nai",
        ),
        ("1 < 2 & 3 > 2 là mệnh đề\nA. đúng\nB. sai", "A. đúng"),
    ]


def test_what_aiken_leaves_open_is_a_question_without_an_answer(tmp_path: Path) -> None:
    text = "Một?\nA. a\ndài\nB. b\nANSWER: D\nANSWER: A\nHai?\nA. c\nB. d"
    assert said(read(tmp_path / "a.txt", text)) == [("Một?\nA. a dài\nB. b", ""), ("Hai?\nA. c\nB. d", "")]


# --- Moodle XML ----------------------------------------------------------------


def test_every_type_of_moodle_is_read(tmp_path: Path) -> None:
    found = read(tmp_path / "bank.xml", BANK)
    assert found.media_type == "application/x-moodle-xml"
    assert said(found) == [
        ("Góc trong hình Góc là góc gì?\nA. góc bẹt Tia\nB. góc vuông\nC. góc nhọn",
         "Góc bẹt\nA. góc bẹt Tia\nHai tia đối nhau.\nB. Góc vuông có số đo 90°."),
        ("Đơn vị đo góc là gì?", "– độ"),
        ("Góc vuông bao nhiêu độ?", "– 90 ± 0.5"),
        ("Góc tù lớn hơn góc vuông.\nA. Đúng\nB. Sai", "A. Đúng\nB. So lại."),
        ("Ghép số đo.\n– góc vuông\n– góc bẹt\na. 180°\nb. 45°\nc. 90°", "– góc vuông → 90°\n– góc bẹt → 180°"),
        ("Góc _____ (1) nhỏ hơn góc _____ (2).\n(1)\nA. tù\nB. nhọn",
         "(1)\nB. nhọn – nhỏ hơn 90°\n(2)\n– vuông\n– tù (50%)"),
        ("Tổng hai góc _____ (1) nhau bằng _____ (2).\n– (1)\n– (2)\na. 90°\nb. bù\nc. phụ",
         "– (1) → phụ\n– (2) → 90°"),
        ("Xếp từ nhỏ đến lớn.\n– bẹt\n– nhọn\n– vuông", "1. nhọn\n2. vuông\n3. bẹt"),
        ("Vẽ một góc tù.", "Số đo từ 90° đến 180°."),
        ("Loại lạ.\nA. một", "A. một"),
    ]  # fmt: skip
    assert [(value.field, value.value) for value in found.metadata] == [
        ("title", "Hình học/đo lường – Góc"), ("keyword", "góc"),
    ]  # fmt: skip


def test_questions_before_a_fault_are_kept_and_the_fault_is_told(tmp_path: Path) -> None:
    whole = asked("essay", "Câu lành.")
    found = read(tmp_path / "a.xml", f"<quiz>{whole}<question type='essay'><name></quiz>")
    assert [seen for seen, _ in said(found)] == ["Câu lành."]
    assert [warning.code for warning in found.warnings] == ["broken-parts"]
    with pytest.raises(BrokenFile):
        read(tmp_path / "b.xml", "<quiz><question></quiz>")


def test_numbers_that_are_none_are_no_share(tmp_path: Path) -> None:
    answers = "".join(moodle_answer(f"số {share}", share) for share in (float("nan"), float("inf"), 1e300))
    assert said(read(tmp_path / "a.xml", moodle(asked("multichoice", "Chia?", answers))))[0][1] == ""


@pytest.mark.parametrize("xml", ["<quiz><a/></quiz>", "<quiz/>", "<assessmentTest title='x'/>"])
def test_markup_without_a_question_is_kept_as_what_nobody_reads(tmp_path: Path, xml: str) -> None:
    found = read(tmp_path / "a.xml", xml)
    assert [warning.code for warning in found.warnings] == ["no-reader"]
    assert found.passages == ()


# --- QTI -----------------------------------------------------------------------


def test_items_of_qti_2(tmp_path: Path) -> None:
    assert said(read(tmp_path / "a.xml", CHOICE)) == [
        (
            "Nhìn Mưa\nMùa mưa ở Nam Bộ kéo dài từ tháng nào đến tháng nào?\nA. 5 đến 10\nB. 11 đến 4",
            "Mùa mưa\nA. 5 đến 10 – Đúng mùa gió Tây Nam.\nGió mùa Tây Nam mang mưa tới.",
        )
    ]


def test_an_item_that_asks_several_things_numbers_them(tmp_path: Path) -> None:
    ((seen, answer),) = said(read(tmp_path / "a.xml", SEVERAL))
    assert seen.splitlines()[0] == "Sông _____ (1) và _____ (2) ở Tây Ninh."
    assert seen.partition("(2)\n")[2].splitlines() == [
        "A. núi Bà Đen", "B. núi Cấm", "(3) Ghép tỉnh với vùng", "– Lào Cai", "a. Trung du và miền núi",
        "b. Đông Nam Bộ", "(4)", "– [1]", "a. biển", "(5)", "– hạ lưu", "– thượng lưu",
    ]  # fmt: skip
    assert "Chấm từng ý." not in seen
    assert answer.splitlines() == [
        "Nhiều việc", "(1)", "– Vàm Cỏ Đông", "(2)", "A. núi Bà Đen", "(3) Ghép tỉnh với vùng",
        "– Lào Cai → Trung du và miền núi", "(4)", "– [1] → biển", "(5)", "1. thượng lưu", "2. hạ lưu", "Chấm từng ý.",
    ]  # fmt: skip


DAY = "<simpleAssociableChoice identifier='a'>ngày</simpleAssociableChoice>"
NIGHT = "<simpleAssociableChoice identifier='b'>đêm</simpleAssociableChoice>"
RUNS = "<hottext identifier='a'>chạy</hottext>"
MAP = "<object type='image/png' data='a.png'>bản đồ</object>"


@pytest.mark.parametrize(
    ("body", "right", "seen", "answer"),
    [
        ("<p>Ai?</p><extendedTextInteraction responseIdentifier='R'/>", "Bác Hồ", "Ai?", "– Bác Hồ"),
        ("<orderInteraction><prompt>Xếp</prompt><simpleChoice identifier='a'>x</simpleChoice></orderInteraction>", "",
         "Xếp\na. x", ""),
        (f"<associateInteraction responseIdentifier='R'>{DAY}{NIGHT}</associateInteraction>", "a b",
         "– ngày\na. đêm", "– ngày → đêm"),
        (f"<hottextInteraction responseIdentifier='R'><p>Mèo {RUNS} nhanh.</p></hottextInteraction>", "a",
         "Mèo chạy nhanh.\nA. chạy", "A. chạy"),
        (f"<hotspotInteraction><prompt>Chỉ</prompt>{MAP}</hotspotInteraction>", "", "Chỉ\nbản đồ", ""),
    ],
)  # fmt: skip
def test_other_interactions(tmp_path: Path, body: str, right: str, seen: str, answer: str) -> None:
    assert said(read(tmp_path / "a.xml", item("", body, R=right))) == [(seen, answer)]


def test_an_item_of_qti_3_by_its_mapping(tmp_path: Path) -> None:
    assert said(read(tmp_path / "a.xml", THREE)) == [
        ("Chọn từ đúng chính tả.\nA. dành dụm tiền\nB. để dành\nC. giành dụm", "Ba\nA. dành dụm tiền (50%)\nB. để dành")
    ]


def test_a_bank_of_qti_1(tmp_path: Path) -> None:
    found = read(tmp_path / "a.xml", ONE)
    assert said(found) == [
        ("Phân số nào tối giản?\nA. 2/4\nB. 3/5", "B. 3/5\nƯCLN bằng 1 thì tối giản.\nA. Chia cả hai cho 2."),
        ("Một nửa viết là _____ trong số thập phân.", "– 0,5"),
    ]
    assert [(value.field, value.value) for value in found.metadata] == [("title", "Ôn tập phân số")]


def test_a_package_follows_its_test_and_tells_what_is_missing(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", package())
    found = pipeline.read(Bundle(path, path.name), READERS)
    assert [seen.splitlines()[0] for seen, _ in said(found)] == ["Sông _____ (1) và _____ (2) ở Tây Ninh.", "Nhìn Mưa"]
    assert (found.contents[0].title, found.contents[0].level) == ("Phần một", 1)
    assert found.metadata[0].value == "Địa lí 9: Các vùng"
    assert [(one.code, dict(one.parameters)) for one in found.warnings] == [("broken-parts", {"parts": 2})]


def test_a_package_of_which_nothing_can_be_read_is_broken(tmp_path: Path) -> None:
    members = {name: b"<a" if name != "imsmanifest.xml" else data for name, data in package().items()}
    with pytest.raises(BrokenFile):
        pipeline.read(Bundle(zipped(tmp_path / "a.zip", members), "a.zip"), READERS)


# --- all of them ---------------------------------------------------------------


def test_what_is_beyond_measure_is_counted_and_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gift", "a{}\n\n" * (MOST_QUESTIONS + 5))
    found = document(path, "text/x-gift")
    assert len(found.passages) == MOST_QUESTIONS
    assert [(one.code, dict(one.parameters)) for one in found.warnings] == [
        ("questions-left-out", {"read": MOST_QUESTIONS, "left_out": 5})
    ]
    with pytest.raises(BrokenFile):
        one(path, "text/x-gift", MOST_QUESTIONS + 1)
    choices = gift(tmp_path, "a {=b" + "~c" * 2 * MOST_CHOICES + "}")[0][0]
    assert choices.count("\n") == MOST_CHOICES


@pytest.mark.parametrize("number", [0, -1, 3])
def test_there_is_no_such_question(tmp_path: Path, number: int) -> None:
    with pytest.raises(BrokenFile):
        one(written(tmp_path / "a.txt", AIKEN), "text/x-aiken", number)


def test_nested_interactions_do_not_multiply(tmp_path: Path) -> None:
    """Each level would be read by all the levels around it."""
    levels = 60
    inside = "<choiceInteraction><simpleChoice identifier='a'><feedbackInline><hottext>x" * levels
    body = inside + "</hottext></feedbackInline></simpleChoice></choiceInteraction>" * levels
    path = written(tmp_path / "a.xml", item("", f"<hottextInteraction>{body}</hottextInteraction>"))
    assert len(said(document(path, "application/x-qti"))[0][0]) < 1000


SIGNS = st.sampled_from(
    ["{", "}", "=", "~", "#", "::", "->", "%50%", "\\", "\n", "\n\n", "####", "T", "a", " ", "//", "$CATEGORY:",
     "[html]",
     "A. ", "ANSWER: A", "<p>", "</p>", "<", "&", "..", ":", "\u0301", "[[1]]", "{1:MC:"]
)  # fmt: skip
XML = st.sampled_from(
    [CATEGORY, "<quiz>", "</quiz>", "<question type='cloze'>", "<question type='matching'>", "</question>", "<answer>",
     "</answer>", "<text>", "</text>", "{1:MC:=a~b}", "[[1]]", "x", "<assessmentItem>", "</assessmentItem>",
     "<itemBody>",
     "<gapMatchInteraction>", "<gap/>", "<questestinterop>", "<item>", "<presentation>", "<response_str>", "&amp;"]
)  # fmt: skip


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sets") / "any"


def _ends(path: Path, data: bytes) -> None:
    """With a document whose places are questions in order, or an error that has a sentence; whatever reads it."""
    path.write_bytes(data)
    for kind in KINDS:
        try:
            found = document(path, kind)
        except IngestError:
            continue
        places = [one.locator.value for one in found.passages if one.locator.kind == "question"]
        assert places == sorted(set(places))
        assert all(one.text for one in found.passages)


@given(st.binary(max_size=400))
def test_any_bytes_never_crash(scratch: Path, data: bytes) -> None:
    _ends(scratch, data)


@given(st.lists(SIGNS, max_size=40).map("".join))
def test_any_signs_of_texts_never_crash(scratch: Path, text: str) -> None:
    _ends(scratch, text.encode("utf-8", "replace"))


@given(st.lists(XML, max_size=30).map("".join))
def test_any_pieces_of_markup_never_crash(scratch: Path, text: str) -> None:
    _ends(scratch, f"<quiz>{text}</quiz>".encode())
    _ends(scratch, text.encode())


def test_one_line_of_megabytes_is_read_once(tmp_path: Path) -> None:
    text = "a {" + "=b ~c # " * 10_000 + "%1" * 500_000 + "}" + "\\" * 500_001 + "<" * 200_000
    assert gift(tmp_path, text)[0][0].startswith("a _____ ")
