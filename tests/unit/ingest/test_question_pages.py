"""Questions as they stand on a page: through the sanitiser and the border, each piece closed, the answer apart."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ingest.errors import BrokenFile
from ingest.formats.questions.shape import Asked, Choice, Question
from ingest.illustrate import chapters
from ingest.illustrate.chapters import rules
from ingest.illustrate.chapters.pieces import Pieces
from ingest.illustrate.chapters.questions import InQuestion, nodes
from ingest.illustrate.chapters.setting import Setting
from ingest.illustrate.chapters.shape import Chapter
from ingest.sandbox import border
from ingest.sandbox.child import encoded
from tests.chapters import ATTACKS
from tests.questions import (
    AIKEN,
    BANK,
    CHOICE,
    GIFT,
    SEVERAL,
    moodle,
    moodle_answer,
    moodle_question,
    package,
    written,
    zipped,
)
from tests.unit.ingest.test_chapter_attacks import harmless

GIFT_TYPE, BANK_TYPE, QTI = "text/x-gift", "application/x-moodle-xml", "application/x-qti"


def made(path: Path, kind: str, number: int = 1) -> Chapter:
    """As the border lets it through."""
    return border.chapter(encoded(chapters.chapter(path, media_type=kind, section=number)))


def test_choices_are_lettered_and_the_answer_keeps_their_letters(tmp_path: Path) -> None:
    (html,) = made(written(tmp_path / "a.gift", GIFT), GIFT_TYPE).parts
    assert html == (
        '<p>Nước biển bay hơi nhờ đâu?</p><ol type="A"><li>ánh nắng Mặt Trời</li><li>gió mùa: gió lạnh</li><li>đá ngầm'
        '</li></ol><div class="answer"><p><strong>Sự bay hơi</strong></p><ol type="A"><li>ánh nắng Mặt Trời – Đúng, '
        'nắng làm nước nóng lên.</li></ol><p>Mặt Trời làm nước nóng lên và bay hơi.</p><div class="note"><ol type="A">'
        '<li value="2">Gió chỉ giúp nước bay hơi nhanh hơn.</li></ol></div></div>'
    )


@pytest.mark.parametrize(
    ("number", "kept"), [(4, "<li>Rễ → hút nước</li>"), (6, "<strong>lá</strong>"), (7, "3 &lt; 5 = đúng")]
)
def test_pairs_marks_and_signs(tmp_path: Path, number: int, kept: str) -> None:
    assert kept in made(written(tmp_path / "a.gift", GIFT), GIFT_TYPE, number).parts[0]


def test_a_question_without_an_answer_has_nothing_to_fold(tmp_path: Path) -> None:
    assert "answer" not in made(written(tmp_path / "a.gift", GIFT), GIFT_TYPE, 6).parts[0]


def test_pictures_are_those_of_the_question_wherever_they_lie(tmp_path: Path) -> None:
    path = written(tmp_path / "bank.xml", BANK)
    found = made(path, BANK_TYPE)
    assert [one.source for one in found.pictures] == ["member:0:1/góc.png", "data:1:1/2", "drawing:1:1/3", "data:1:1/5"]
    for one, size in zip(found.pictures, [(60, 40), (20, 10), (120, 80), (20, 10)], strict=True):
        drawn = chapters.inside(path, media_type=BANK_TYPE, source=one.source, width=640)
        assert Image.open(io.BytesIO(drawn)).size == size
    packed = zipped(tmp_path / "a.zip", package())
    (one,) = made(packed, QTI, 2).pictures
    assert Image.open(io.BytesIO(chapters.inside(packed, media_type=QTI, source=one.source, width=640))).size == (
        50,
        30,
    )


@pytest.mark.parametrize(
    "source",
    ["member:0:1/nothing", "member:0:9/góc.png", "member:0:góc.png", "member:0:", "data:1:1/99", "data:9:1/2",
     "data:1:1/x", "drawing:1:1/1", "drawing:1:0/0", "data:1:-1/2", "x:1:1/2"],
)  # fmt: skip
def test_there_is_no_such_picture(tmp_path: Path, source: str) -> None:
    with pytest.raises(BrokenFile):
        chapters.inside(written(tmp_path / "bank.xml", BANK), media_type=BANK_TYPE, source=source, width=640)


@pytest.mark.parametrize("reference", ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "https://a.test/a.png"])
def test_nothing_outside_of_a_package_is_a_picture(tmp_path: Path, reference: str) -> None:
    members = dict(package())
    members["items/one.xml"] = CHOICE.replace("../hinh/mua.png", reference).encode()
    assert made(zipped(tmp_path / "a.zip", members), QTI, 2).pictures == ()


@pytest.mark.parametrize("number", [0, 3, 10**9])
@pytest.mark.parametrize(("kind", "data"), [("text/x-aiken", AIKEN), (QTI, SEVERAL)])
def test_no_such_question_is_no_page(tmp_path: Path, kind: str, data: str, number: int) -> None:
    with pytest.raises(BrokenFile):
        chapters.chapter(written(tmp_path / "a", data), media_type=kind, section=number)


@pytest.mark.parametrize("name", list(ATTACKS))
def test_an_attack_in_any_piece_leaves_the_others_whole(tmp_path: Path, name: str) -> None:
    attack = re.sub("[\x00-\x08\x0b-\x1f]", "", ATTACKS[name]).replace("]]>", "")
    answers = moodle_answer(f"{attack}một", 100, "vì thế") + moodle_answer("hai", 0, "")
    path = written(tmp_path / "a.xml", moodle(moodle_question("multichoice", f"<p>Hỏi</p>{attack}", answers)))
    (html,) = made(path, BANK_TYPE).parts
    harmless(html)
    assert "Hỏi" in html
    # However the words and the first choice end, the second and the answer stand where they stand.
    assert html.count("<li>hai</li>") == 1
    assert html.count('<div class="answer">') == 1
    assert html.index("<li>hai</li>") < html.index('<div class="answer">')


def test_nobody_else_puts_on_the_clothes_of_an_answer(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.xml", moodle(moodle_question("essay", '<div class="answer">Không gập</div></div></details>'))
    )
    assert made(path, BANK_TYPE).parts == ("<div><div>Không gập</div></div>",)


PIECES = st.text(alphabet=st.sampled_from("<>/=\"' abpdivoltrmh&;")) | st.sampled_from([*ATTACKS.values()])


@given(PIECES, st.lists(PIECES, max_size=3), PIECES)
def test_whatever_the_pieces_are_the_rules_hold(stem: str, choices: list[str], remark: str) -> None:
    asked = Asked(choices=tuple(Choice(text, 100) for text in choices), pairs=((stem, remark),))
    question = Question(stem, "Tên", (asked,), remark)
    files = InQuestion(question, 1, None)
    setting, pieces = Setting(files), Pieces()
    pieces.write(nodes(question, files, setting))
    pieces.close()
    for part in pieces.made:
        rules.check(part, pictures=len(setting.pictures))
        harmless(part)
