"""Question sets that tests read: one of every format, with everything that is read of it."""

import base64
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.chapters import SVG, embedded, picture

GIFT = r"""// Bộ câu hỏi mẫu
$CATEGORY: $course$/top/Mặc định cho Khoa học 5/Nước

// [id:n1] [tag:vòng tuần hoàn] [tag:lớp 5]
::Sự bay hơi::Nước biển bay hơi nhờ đâu?{
=ánh nắng Mặt Trời#Đúng, nắng làm nước nóng lên.
~gió mùa\: gió lạnh#Gió chỉ giúp nước bay hơi nhanh hơn.
~%-50%đá ngầm
####Mặt Trời làm nước nóng lên và bay hơi.
}

Nước sôi ở nhiệt độ {#100:1} độ C khi ở ngang mực nước biển.

::Q3::Nước đá nổi trên mặt nước.{TRUE#Nghĩ lại nhé#Nước đá nhẹ hơn}

$CATEGORY: $course$/top/Mặc định cho Khoa học 5/Cây xanh

Ghép bộ phận với việc của nó. {
=Rễ -> hút nước
=Lá -> quang hợp
=Hoa -> sinh sản
}

Chất màu xanh trong lá gọi là gì? {=diệp lục =%50%chất màu xanh}

[markdown]Vì sao **lá** có màu xanh? {}

Đọc kĩ: 3 < 5 \= đúng, \{a\} là tập hợp.
"""

AIKEN = """Sông nào dài nhất Việt Nam
tính phần chảy trong nước?
A. Sông Hồng
B) Sông Đồng Nai
C. Sông Kỳ Cùng
ANSWER: B

1 < 2 & 3 > 2 là mệnh đề
A. đúng
B. sai
Answer: A
"""


def moodle(*questions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>{"".join(questions)}</quiz>'.encode()


def moodle_question(kind: str, text: str, rest: str = "", name: str = "") -> str:
    """A question whose text is HTML; `rest`: the elements after it."""
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{rest}</question>'
    )


def moodle_answer(text: str, share: float, remark: str = "", way: str = "html") -> str:
    return (
        f'<answer fraction="{share}" format="{way}"><text><![CDATA[{text}]]></text>'
        f"<feedback><text>{remark}</text></feedback></answer>"
    )


CATEGORY = '<question type="category"><category><text>$course$/top/Hình học//đo lường/Góc</text></category></question>'
_FILE = f'<file name="góc.png" path="/" encoding="base64">{base64.b64encode(picture(60, 40)).decode()}</file>'
BANK = moodle(
    CATEGORY,
    '<question type="multichoice"><name><text>Góc bẹt</text></name><questiontext format="html"><text><![CDATA['
    f'<p>Góc trong hình <img src="@@PLUGINFILE@@/g%C3%B3c.png" alt="Góc"> là góc gì?</p>]]></text>{_FILE}</questiontext>'
    "<generalfeedback format='html'><text>&lt;p&gt;Hai tia đối nhau.&lt;/p&gt;</text></generalfeedback>"
    + moodle_answer(f'<p>góc bẹt <img src="{embedded(20, 10)}" alt="Tia"></p>', 100)
    + moodle_answer(f"góc vuông {SVG}", 0, "Góc vuông có số đo 90°.")
    + moodle_answer("<b>góc nhọn", 0)
    + "<tags><tag><text>góc</text></tag></tags></question>",
    moodle_question("shortanswer", "<p>Đơn vị đo góc là gì?</p>", moodle_answer("độ", 100, way="moodle_auto_format")),
    moodle_question("numerical", "Góc vuông bao nhiêu độ?", '<answer fraction="100"><text>90</text><tolerance>0.5</tolerance></answer>'),
    moodle_question("truefalse", "Góc tù lớn hơn góc vuông.", moodle_answer("true", 100) + moodle_answer("false", 0, "So lại.")),
    moodle_question(
        "matching", "Ghép số đo.",
        "<subquestion format='html'><text>góc vuông</text><answer><text>90°</text></answer></subquestion>"
        "<subquestion format='html'><text>góc bẹt</text><answer><text>180°</text></answer></subquestion>"
        "<subquestion format='html'><text></text><answer><text>45°</text></answer></subquestion>",
    ),
    moodle_question("cloze", "Góc {1:MULTICHOICE:~tù~=nhọn#nhỏ hơn 90°} nhỏ hơn góc {1:SHORTANSWER:=vuông~%50%tù}."),
    moodle_question(
        "gapselect", "Tổng hai góc [[2]] nhau bằng [[1]].",
        "".join(f"<selectoption><text>{word}</text></selectoption>" for word in ("90°", "phụ", "bù")),
    ),
    moodle_question("ordering", "Xếp từ nhỏ đến lớn.", moodle_answer("nhọn", 1) + moodle_answer("vuông", 1) + moodle_answer("bẹt", 1)),
    moodle_question("essay", "Vẽ một góc tù.", "<graderinfo format='html'><text>Số đo từ 90° đến 180°.</text></graderinfo>"),
    moodle_question("multichoice", "Câu đã bỏ.", "<hidden>1</hidden>"),
    moodle_question("trò chơi", "Loại lạ.", moodle_answer("một", 100)),
)  # fmt: skip

_ITEM = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{id}" title="{title}">{rest}</assessmentItem>'
_DECLARED = (
    '<responseDeclaration identifier="{id}" cardinality="multiple" baseType="identifier"><correctResponse>{values}'
    "</correctResponse></responseDeclaration>"
)


def item(title: str, body: str, remark: str = "", **right: str) -> str:
    """An item of QTI 2.1. right: identifier of a response -> its right values, apart by commas."""
    declared = "".join(
        _DECLARED.format(id=name, values="".join(f"<value>{value}</value>" for value in values.split(",")))
        for name, values in right.items()
    )
    remark = remark and f'<modalFeedback identifier="f" outcomeIdentifier="F" showHide="show">{remark}</modalFeedback>'
    return _ITEM.format(id="i", title=title, rest=f"{declared}<itemBody>{body}</itemBody>{remark}")


CHOICE = item(
    "Mùa mưa",
    '<p>Nhìn <img src="../hinh/mua.png" alt="Mưa"/></p><choiceInteraction responseIdentifier="R" maxChoices="2"><prompt>Mùa '
    'mưa ở Nam Bộ kéo dài từ tháng nào đến tháng nào?</prompt><simpleChoice identifier="a">5 đến 10<feedbackInline '
    'identifier="a" outcomeIdentifier="F">Đúng mùa gió Tây Nam.</feedbackInline></simpleChoice><simpleChoice '
    'identifier="b">11 đến 4</simpleChoice></choiceInteraction>',
    "<p>Gió mùa Tây Nam mang mưa tới.</p>",
    R="a",
)
SEVERAL = item(
    "Nhiều việc",
    '<p>Sông <textEntryInteraction responseIdentifier="T"/> và <inlineChoiceInteraction responseIdentifier="I"><inlineChoice '
    'identifier="x">núi Bà Đen</inlineChoice><inlineChoice identifier="y">núi Cấm</inlineChoice></inlineChoiceInteraction> ở Tây '
    'Ninh.</p><matchInteraction responseIdentifier="M"><prompt>Ghép tỉnh với vùng</prompt><simpleMatchSet>'
    '<simpleAssociableChoice identifier="p">Lào Cai</simpleAssociableChoice></simpleMatchSet><simpleMatchSet>'
    '<simpleAssociableChoice identifier="q">Trung du và miền núi</simpleAssociableChoice><simpleAssociableChoice '
    'identifier="r">Đông Nam Bộ</simpleAssociableChoice></simpleMatchSet></matchInteraction><gapMatchInteraction '
    'responseIdentifier="G"><gapText identifier="g">biển</gapText><p>Sông đổ ra <gap identifier="h"/>.</p>'
    '</gapMatchInteraction><orderInteraction responseIdentifier="O"><simpleChoice identifier="s">thượng lưu</simpleChoice>'
    '<simpleChoice identifier="t">hạ lưu</simpleChoice></orderInteraction><rubricBlock view="scorer"><p>Chấm từng ý.</p>'
    "</rubricBlock>",
    T="Vàm Cỏ Đông", I="x", M="p q", G="g h", O="s,t",
)  # fmt: skip
THREE = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="Ba">'
    '<qti-response-declaration identifier="R" base-type="identifier" cardinality="single"><qti-mapping><qti-map-entry '
    'map-key="b" mapped-value="2"/><qti-map-entry map-key="a" mapped-value="1"/></qti-mapping></qti-response-declaration>'
    '<qti-item-body><p>Chọn từ đúng chính tả.</p><qti-choice-interaction response-identifier="R"><qti-simple-choice '
    'identifier="a">dành dụm tiền</qti-simple-choice><qti-simple-choice identifier="b">để dành</qti-simple-choice>'
    '<qti-simple-choice identifier="c">giành dụm</qti-simple-choice></qti-choice-interaction></qti-item-body>'
    "</qti-assessment-item>"
)
ONE = """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment title="Ôn tập phân số"><section
ident="root_section"><item ident="i1" title="Question"><presentation><material><mattext texttype="text/html">&lt;p&gt;Phân số
nào &lt;b&gt;tối giản&lt;/b&gt;?&lt;/p&gt;</mattext></material><response_lid ident="r1"><render_choice><response_label
ident="a"><material><mattext>2/4</mattext></material></response_label><response_label ident="b"><material><mattext>3/5
</mattext></material></response_label></render_choice></response_lid></presentation><resprocessing><respcondition>
<conditionvar><and><varequal respident="r1">b</varequal><not><varequal respident="r1">a</varequal></not></and></conditionvar>
<setvar varname="SCORE" action="Set">100</setvar></respcondition><respcondition><conditionvar><varequal respident="r1">a
</varequal></conditionvar><displayfeedback linkrefid="a_fb"/></respcondition></resprocessing><itemfeedback ident="a_fb">
<material><mattext>Chia cả hai cho 2.</mattext></material></itemfeedback><itemfeedback ident="general_fb"><material><mattext>
ƯCLN bằng 1 thì tối giản.</mattext></material></itemfeedback></item><item ident="i2"><presentation><flow><material><mattext>
Một nửa viết là</mattext></material><response_str ident="r2"><render_fib/></response_str><material><mattext>trong số thập phân.
</mattext></material></flow></presentation><resprocessing><respcondition><conditionvar><varequal respident="r2">0,5</varequal>
</conditionvar><setvar>100</setvar></respcondition></resprocessing></item></section></assessment></questestinterop>"""

_MANIFEST = """<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><metadata><schema>QTIv2.1 Package
</schema></metadata><organizations/><resources>
<resource identifier="r1" type="imsqti_item_xmlv2p1" href="items/one.xml"><file href="items/one.xml"/></resource>
<resource identifier="r2" type="imsqti_item_xmlv2p1" href="items/two.xml"><file href="items/two.xml"/></resource>
<resource identifier="r3" type="imsqti_item_xmlv2p1" href="items/gone.xml"><file href="items/gone.xml"/></resource>
<resource identifier="r4" type="imsqti_test_xmlv2p1" href="test.xml"><file href="test.xml"/></resource></resources></manifest>"""
_TEST = """<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="Địa lí 9: Các vùng">
<testPart><assessmentSection identifier="s" title="Phần một"><assessmentItemRef identifier="b" href="items/two.xml"/>
<assessmentItemRef identifier="c" href="items/never.xml"/></assessmentSection></testPart></assessmentTest>"""


def package() -> Mapping[str, bytes]:
    """A content package whose test turns the order of its two items around, and names one that is not there."""
    return {
        "imsmanifest.xml": _MANIFEST.encode(),
        "items/one.xml": CHOICE.encode(),
        "items/two.xml": SEVERAL.encode(),
        "test.xml": _TEST.encode(),
        "hinh/mua.png": picture(50, 30),
    }


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return path


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path
