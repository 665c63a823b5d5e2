"""What people read in scripts, data and manifests, and what is left out there."""

import base64
import json
import zlib
from pathlib import Path

import pytest

from ingest.errors import BrokenFile
from ingest.formats import xml
from ingest.formats.packages import exe_project, ims, json_text, lom, phet, qti_text, script_text
from ingest.formats.zip import Members
from tests.archives import honest

SENTENCE = "Nước chảy từ trên cao xuống thấp"


@pytest.mark.parametrize(
    "text",
    [
        "images/tam giác.png", "#ff00aa", "https://example.org/a b", "rgba(0, 0, 0, .5)", "H5P.MultiChoice 1.16",
        "function (a) { return b; }", "a === b && c", "application/json", "5p6nKN9wc7ZabcdefghIJKL", "12px", "…", "x",
        "moveTo(10, 20);", ".box { color: red; }", "camelCase",
    ],
)  # fmt: skip
def test_code_is_no_sentence(text: str) -> None:
    assert not json_text.is_sentence(text)


@pytest.mark.parametrize("text", [SENTENCE, "Hà", "What is it?", "x + 1 bằng bao nhiêu", "Chọn a/b hoặc c"])
def test_words_are(text: str) -> None:
    assert json_text.is_sentence(text)


def test_keys_give_the_hint_that_a_value_alone_does_not() -> None:
    value = {
        "text": "Light",
        "type": "auto",
        "UI": {"check": "Check it now"},
        "scoreLabel": "Your score here",
        "answer": "7a",
    }
    assert list(json_text.strings(value)) == ["Light", "7a"]


def test_markup_is_taken_off() -> None:
    assert json_text.read("<p>Hai&nbsp;phần <b>ba</b></p><script>x</script>") == "Hai phần ba"
    assert json_text.read("<img src='a.png'>") == ""


def test_what_nests_without_end_ends() -> None:
    value: object = SENTENCE
    for _ in range(500):
        value = [value]
    assert list(json_text.strings(value)) == []


DATA = json.dumps({"slides": [{"title": SENTENCE, "id": "abc"}, {"text": "Mưa rơi"}], "padding": "x" * 90})


@pytest.mark.parametrize(
    "source",
    [
        f"window.globalProvideData('slide', {json.dumps(DATA)});",
        f"var data = {DATA};",
        f'var presInfo = "{base64.b64encode(zlib.compress(DATA.encode())).decode()}";',
        f'var quizInfo = "{base64.b64encode(DATA.encode()).decode()}";',
    ],
    ids=["in a string", "plain", "deflated", "base64"],
)
def test_slides_are_found_in_each_packing(source: str) -> None:
    assert script_text.texts(source) == [SENTENCE, "Mưa rơi"]


def test_html_in_a_string_is_read() -> None:
    source = f"loadHandler(1, '<div class=\"a\"><span>{SENTENCE}</span></div>', 'css');"
    assert script_text.texts(source) == [SENTENCE]


def test_captions_of_captivate_are_found_by_their_key() -> None:
    program = "function a(b){return b+1};" * 200
    assert script_text.texts(f"{program}cp.D={{si1:{{accstr:'{SENTENCE}',type:19,trin:'x y z'}}}};{program}") == [
        SENTENCE
    ]


def test_a_program_with_a_few_messages_says_nothing() -> None:
    assert script_text.texts("function a(b){return b+1};" * 200 + "throw Error('Could not load the file');") == []


def test_a_file_of_questions_is_read_whole() -> None:
    source = 'q("q_1", "Which one is red?", ["The rose in the garden", "The grass"], "obj_a");'
    assert script_text.texts(source) == ["Which one is red?", "The rose in the garden", "The grass"]


def test_older_simulations_have_their_words_as_json() -> None:
    table = {"vi": {"PLATE/title": "Mảng &amp; núi {{a}}", "JOIST/menu": "Trình đơn"}, "en": {"PLATE/title": "Plates"}}
    source = f"window.phet.chipper.locale = 'vi';window.phet.chipper.strings = {json.dumps(table)};"
    assert phet.strings(source) == ["Mảng & núi"]
    assert phet.locale(source) == "vi"
    assert phet.strings("nothing of the kind") == []


def test_packed_words_fall_back_to_english() -> None:
    packed = "\x0fvi\x0fen\x01A/\x01one\x09\x08en\x0bOne word\x0a\x04\x01two\x09\x08vi\x0bHai\x08en\x0e"
    source = f"window.phet.chipper.locale='vi';window.phet.chipper.strings = (y=>{{x}})('{packed}')"
    assert phet.strings(source) == ["One word", "Hai"]


def test_a_manifest_names_members_as_urls_do(tmp_path: Path) -> None:
    manifest = """<manifest xmlns:xml="http://www.w3.org/XML/1998/namespace"><organizations/>
    <resources xml:base="b/"><resource identifier="r" href="%C3%A1.html?x=1#y"><file href="c\\d.html"/>
    <file href="../../../etc/passwd"/></resource></resources></manifest>"""
    path = honest(tmp_path / "a.zip", {"k/imsmanifest.xml": manifest.encode(), "k/b/á.html": b"", "k/b/c/d.html": b""})
    with Members(path) as members:
        read = ims.read(members)
    assert read.resources["r"].main == "k/b/á.html"
    assert read.resources["r"].files == ("k/b/á.html", "k/b/c/d.html")


def test_a_package_without_a_manifest_is_broken(tmp_path: Path) -> None:
    with (
        Members(honest(tmp_path / "a.zip", {"a/b/imsmanifest.xml": b"<manifest/>"})) as members,
        pytest.raises(BrokenFile),
    ):
        ims.read(members)


def test_a_tree_that_never_ends_is_cut(tmp_path: Path) -> None:
    items = '<item identifier="i"><title>t</title>' * 200 + "</item>" * 200
    manifest = f"<manifest><organizations><organization>{items}</organization></organizations></manifest>"
    with Members(honest(tmp_path / "a.zip", {"imsmanifest.xml": manifest.encode()})) as members:
        assert len(ims.read(members).items) == 50


def test_metadata_of_ims_1_x_is_read_like_that_of_ieee() -> None:
    text = """<lom xmlns="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"><general><title><langstring xml:lang="vi">Toán
    </langstring></title></general><lifecycle><contribute><role><source><langstring xml:lang="x-none">LOMv1.0
    </langstring></source><value><langstring xml:lang="x-none">Author</langstring></value></role><centity><vcard>
    BEGIN:VCARD\nFN:Lê Mai\nEND:VCARD</vcard></centity></contribute></lifecycle></lom>"""
    values = [(value.field, value.value, value.language) for value in lom.values(xml.parse(text.encode()))]
    assert values == [("title", "Toán", "vi"), ("creator", "Lê Mai", None)]


def test_questions_of_version_2_are_text() -> None:
    text = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" title="Câu 1"><responseDeclaration/>
    <itemBody><p>Một cộng một?</p><choiceInteraction><simpleChoice>Hai</simpleChoice></choiceInteraction></itemBody>
    </assessmentItem>"""
    assert qti_text.read(text.encode()) == ("Câu 1", "Một cộng một?\nHai")
    assert qti_text.read(b"<settings><text>not for people</text></settings>") == ("", "")


def test_only_the_harmless_document_type_is_taken_off() -> None:
    assert exe_project.without_doctype(b'<!DOCTYPE ode SYSTEM "content.dtd"><ode/>') == b"<ode/>"
    hostile = b'<!DOCTYPE ode [<!ENTITY x "y">]><ode>&x;</ode>'
    assert exe_project.without_doctype(hostile) == hostile
