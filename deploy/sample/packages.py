"""Packages: a simulation, a SCORM course, H5P questions, questions in QTI, in GIFT and in Moodle's XML.

A SCORM course brings its own few lines of script; an H5P package brings its
content alone, since the players of H5P are not ours to copy.
"""

import json
import re
import uuid
from collections.abc import Iterator
from html import escape

from deploy.sample.section import AUTHOR, XML, Question, Section, Source, packed

_STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;max-width:640px;margin:16px auto;padding:0 16px}input[type=range]"
    "{width:60%}table{border-collapse:collapse}td,th{border:1px solid #9aa7b2;padding:4px 8px}"
)
_CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
_ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"

_SCRIPT = """// Tells a platform that the page was opened, and how many answers were right (SCORM 1.2, section 3.4).
var api = null, frame = window;
for (var up = 0; up < 10 && frame; up += 1) {
  if (frame.API) { api = frame.API; break; }
  if (frame.parent === frame) { break; }
  frame = frame.parent;
}
function tell(name, value) { if (api) { api.LMSSetValue(name, String(value)); api.LMSCommit(""); } }
if (api) { api.LMSInitialize(""); }
var form = document.querySelector("form");
if (!form) { tell("cmi.core.lesson_status", "completed"); }
else {
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var asked = form.querySelectorAll("fieldset"), right = 0;
    for (var i = 0; i < asked.length; i += 1) {
      var chosen = asked[i].querySelector("input:checked"), remark = asked[i].querySelector(".remark");
      if (chosen && chosen.value === "1") { right += 1; }
      if (remark) { remark.hidden = false; }
    }
    document.getElementById("result").textContent = right + " / " + asked.length;
    tell("cmi.core.score.raw", Math.round(100 * right / asked.length));
    tell("cmi.core.lesson_status", 2 * right >= asked.length ? "passed" : "failed");
  });
}
window.addEventListener("pagehide", function () { if (api) { api.LMSFinish(""); } });
"""


def simulation(source: Source) -> bytes:
    """A zip with one page, its body the source's own mark-up."""
    return packed([("index.html", _page(source, source.head["title"], source.body))])


def scorm(source: Source) -> bytes:
    """SCORM 1.2: a page a section to read; the questions are one page at the end."""
    pages = [(one.title, _read(one)) for one in source.sections if one.question is None]
    if asked := [one.question for one in source.sections if one.question is not None]:
        pages.append(("Câu hỏi ôn tập", _ask(asked)))
    items = "".join(
        f'<item identifier="I{n}" identifierref="R{n}"><title>{escape(title)}</title></item>'
        for n, (title, _) in enumerate(pages, start=1)
    )
    resources = "".join(
        f'<resource identifier="R{n}" type="webcontent" adlcp:scormtype="sco" href="page{n}.html">'
        f'<file href="page{n}.html"/><file href="sco.js"/></resource>'
        for n in range(1, len(pages) + 1)
    )
    manifest = (
        f'{XML}<manifest identifier="M" version="1" xmlns="{_CP}" xmlns:adlcp="{_ADLCP}"><metadata><schema>ADL SCORM'
        f'</schema><schemaversion>1.2</schemaversion></metadata><organizations default="O"><organization '
        f'identifier="O"><title>{escape(source.head["title"])}</title>{items}</organization></organizations>'
        f"<resources>{resources}</resources></manifest>"
    )
    script = '<script src="sco.js"></script>'
    made = [
        (f"page{n}.html", _page(source, title, f"<h1>{escape(title)}</h1>\n{body}\n{script}"))
        for n, (title, body) in enumerate(pages, start=1)
    ]
    return packed([("imsmanifest.xml", manifest), *made, ("sco.js", _SCRIPT)])


def _page(source: Source, title: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{source.head["language"]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)}</title><meta name="author" content="{AUTHOR}">'
        f"<style>{_STYLE}</style></head><body>\n{body}</body></html>\n"
    )


def _read(section: Section) -> str:
    made = []
    for line in section.lines:
        if isinstance(line, list):
            made.append("<table><tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr></table>")
        else:
            made.append(f"<p>{escape(line)}</p>")
    return "\n".join(made).replace("</table>\n<table>", "\n")


def _ask(questions: list[Question]) -> str:
    asked = []
    for number, one in enumerate(questions, start=1):
        choices = "".join(
            f'<p><label><input type="radio" name="q{number}" value="{int(right)}"> {escape(text)}</label></p>'
            for text, right in one.choices
        )
        remark = f'<p class="remark" hidden>{escape(one.remark)}</p>' if one.remark else ""
        asked.append(f"<fieldset><legend>{number}. {escape(one.stem)}</legend>{choices}{remark}</fieldset>")
    return f'<form>{"".join(asked)}<p><button>Xem kết quả</button> <output id="result"></output></p></form>'


def _questions(source: Source) -> Iterator[Question]:
    """Raises: ValueError: a section without choices, or a question without a right one."""
    for section in source.sections:
        found = section.question
        if found is None or not any(right for _, right in found.choices):
            raise ValueError(f"{source.name}: a question without a right answer: {section.title}")
        yield found


def h5p(source: Source) -> bytes:
    """H5P.QuestionSet of H5P.MultiChoice, https://h5p.org/documentation/developers/json-file-definitions."""
    content = {
        "introPage": {"showIntroPage": True, "title": source.head["title"],
                      "introduction": f"<p>{escape(source.head['description'])}</p>"},
        "passPercentage": 50,
        "questions": [
            {
                "library": "H5P.MultiChoice 1.16",
                "subContentId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{source.name}/{number}")),
                "metadata": {"title": one.title, "contentType": "Multiple Choice", "license": "CC0 1.0"},
                "params": {
                    "question": f"<p>{escape(one.stem)}</p>",
                    "answers": [
                        {"text": f"<div>{escape(text)}</div>", "correct": right,
                         "tipsAndFeedback": {"chosenFeedback": f"<div>{escape(one.remark)}</div>"}}
                        for text, right in one.choices
                    ],
                },
            }
            for number, one in enumerate(_questions(source), start=1)
        ],
    }  # fmt: skip
    libraries = (("H5P.QuestionSet", 1, 20), ("H5P.MultiChoice", 1, 16))
    about = {
        "title": source.head["title"], "language": source.head["language"], "mainLibrary": "H5P.QuestionSet",
        "embedTypes": ["iframe"], "license": "CC0 1.0", "defaultLanguage": source.head["language"],
        "authors": [{"name": AUTHOR, "role": "Author"}],
        "preloadedDependencies": [
            {"machineName": name, "majorVersion": major, "minorVersion": minor} for name, major, minor in libraries
        ],
    }  # fmt: skip
    return packed([("h5p.json", _json(about)), ("content/content.json", _json(content))])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def qti(source: Source) -> bytes:
    """A content package of QTI 2.1 items, one choice each, https://www.imsglobal.org/question/qtiv2p1/."""
    items = list(_questions(source))
    resources = "".join(
        f'<resource identifier="R{n}" type="imsqti_item_xmlv2p1" href="items/{n}.xml"><file href="items/{n}.xml"/>'
        "</resource>"
        for n in range(1, len(items) + 1)
    )
    manifest = (
        f'{XML}<manifest identifier="M" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><metadata><schema>QTIv2.1 '
        f"Package</schema><schemaversion>1.0.0</schemaversion></metadata><organizations/><resources>{resources}"
        "</resources></manifest>"
    )
    made = [(f"items/{number}.xml", _item(number, one)) for number, one in enumerate(items, start=1)]
    return packed([("imsmanifest.xml", manifest), *made])


def _item(number: int, one: Question) -> str:
    right = "".join(f"<value>C{at}</value>" for at, (_, is_right) in enumerate(one.choices, start=1) if is_right)
    choices = "".join(
        f'<simpleChoice identifier="C{at}">{escape(text)}</simpleChoice>'
        for at, (text, _) in enumerate(one.choices, start=1)
    )
    several = right.count("<value>") > 1
    remark = (
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="said" showHide="show"><p>{escape(one.remark)}</p>'
        "</modalFeedback>"
    )
    return (
        f'{XML}<assessmentItem xmlns="{_QTI}" identifier="Q{number}" title="{escape(one.title)}" adaptive="false" '
        f'timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality='
        f'"{"multiple" if several else "single"}" baseType="identifier"><correctResponse>{right}</correctResponse>'
        '</responseDeclaration><outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        '<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"><defaultValue><value>'
        "said</value></defaultValue></outcomeDeclaration>"
        f'<itemBody><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="{0 if several else 1}">'
        f"<prompt>{escape(one.stem)}</prompt>{choices}</choiceInteraction></itemBody><responseProcessing "
        'template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
        f"{remark if one.remark else ''}</assessmentItem>\n"
    )


def gift(source: Source) -> bytes:
    """Moodle's GIFT, a question a block, https://docs.moodle.org/en/GIFT_format."""
    blocks = [f"// {source.head['title']}\n// {AUTHOR}, CC0 1.0"]
    for one in _questions(source):
        many = sum(right for _, right in one.choices)
        lines = []
        for text, right in one.choices:
            share = f"%{100 / many:.5f}".rstrip("0").rstrip(".") + "%" if right else "%-100%"
            lines.append(f"\t{'~' + share if many > 1 else '=' if right else '~'}{_plain(text)}")
        remark = [f"\t####{_plain(one.remark)}"] if one.remark else []
        blocks.append("\n".join([f"::{_plain(one.title)}::{_plain(one.stem)} {{", *lines, *remark, "}"]))
    return ("\n\n".join(blocks) + "\n").encode()


def moodle(source: Source) -> bytes:
    """Moodle XML, a category of its own, https://docs.moodle.org/en/Moodle_XML_format."""
    category = escape(source.head["title"].replace("/", "//"))
    made = [
        f'<question type="category"><category><text>$course$/top/{category}</text></category></question>',
        *map(_moodle, _questions(source)),
    ]
    return "\n".join((f"{XML}<quiz>", *made, "</quiz>\n")).encode()


def _moodle(one: Question) -> str:
    many = sum(right for _, right in one.choices)
    is_truth = {text for text, _ in one.choices} == set(_TRUTH)
    share = f"{100 / many:.5f}".rstrip("0").rstrip(".")
    answers = "".join(
        f'<answer fraction="{share if right else 0}" format="html">'
        f"{_text(_TRUTH[text]) if is_truth else _paragraph(text)}</answer>"
        for text, right in one.choices
    )
    single = "" if is_truth else f"<single>{'true' if many == 1 else 'false'}</single>"
    return (
        f'<question type="{"truefalse" if is_truth else "multichoice"}"><name>{_text(one.title)}</name>'
        f'<questiontext format="html">{_paragraph(one.stem)}</questiontext><generalfeedback format="html">'
        f"{_paragraph(one.remark)}</generalfeedback>{single}{answers}</question>"
    )


def _paragraph(text: str) -> str:
    return _text(f"<p>{escape(text)}</p>")


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"


_TRUTH = {"Đúng": "true", "Sai": "false"}


def _plain(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", text)
