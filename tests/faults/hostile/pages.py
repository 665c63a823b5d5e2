"""Pages and texts: scripts, frames and styles that fetch, nesting without end, text that explodes; polyglots."""

import json
import re
from collections.abc import Callable

from tests.faults.hostile import pdf
from tests.faults.hostile.attack import PARSERS, SCRIPTS, Attack, Canary
from tests.faults.hostile.packages import epub, h5p, qti, scorm, simulation, zipped

_GIF = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\1\0\1\0\0\2\2\x4c\1\0"
_ABSENT = ("SCRIPT_OF_PAGE", "HIDDEN_BY_STYLE")


def _scripts(canary: Canary) -> str:
    return (
        f'<script>SCRIPT_OF_PAGE("{canary.url}/js")</script><script src="{canary.url}/js"></script>'
        f'<style>@import "{canary.url}/css"; p::after {{ content: "HIDDEN_BY_STYLE" }}</style>'
        f'<img src="{canary.url}/img" onerror="SCRIPT_OF_PAGE()"><iframe src="file://{canary.secret}"></iframe>'
        f'<object data="{canary.url}/object"></object><base href="{canary.url}"><meta http-equiv="refresh" content="0;url={canary.url}">'
        f'<link rel="stylesheet" href="{canary.url}/css"><svg><script>SCRIPT_OF_PAGE()</script></svg>'
        '<a href="javascript:SCRIPT_OF_PAGE()">Liên kết</a><noscript>x</noscript><template>x</template><p>Bài học</p>'
    )


def _html(body: str) -> bytes:
    return f"<!doctype html><html><head><title>Trang</title></head><body>{body}</body></html>".encode()


def _svg(canary: Canary) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="99" height="99"'
        f' onload="SCRIPT_OF_PAGE()"><script>SCRIPT_OF_PAGE("{canary.url}")</script>'
        f"<style>@import url({canary.url}/css); @font-face {{ font-family: x; src: url({canary.url}/font) }}</style>"
        f'<image xlink:href="{canary.url}/image.png" width="9" height="9"/><image href="file://{canary.secret}" width="9" height="9"/>'
        f'<use xlink:href="{canary.url}/use.svg#a"/><use href="file://{canary.secret}#a"/>'
        f'<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="{canary.url}"/></foreignObject>'
        f'<a xlink:href="javascript:SCRIPT_OF_PAGE()"><text font-family="x" y="20">Hình</text></a></svg>'
    ).encode()


def _deep_json(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def _spine(count: int) -> bytes:
    return zipped(epub(spine='<itemref idref="c1"/>' * count))


def _items(depth: int) -> bytes:
    items = "".join(f'<item identifier="i{n}" identifierref="r1"><title>Bài {n}</title>' for n in range(depth))
    return zipped(scorm(items=items + "</item>" * depth))


_PARSERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a million boxes in each other.html": ("html", lambda: _html("<div>" * 1_000_000)),
    "tables in tables.html": ("html", lambda: _html("<table><tr><td>" * 100_000 + "x")),
    "attributes without end.html": ("html", lambda: _html(f"<p {' '.join(f'a{n}=1' for n in range(500_000))}>x")),
    "half a tag.html": ("html", lambda: _html("<p>" + "<a " * 3_000_000)),
    "characters by number.html": ("html", lambda: _html("&#x110000;&#0;&#xD800;&" + "a" * 5_000_000 + ";&amp" * 500_000)),
    "formatting without end.html": ("html", lambda: _html("<b><i><u>" * 3_000 + "<p>" * 3_000 + "x")),
    "brackets in brackets.md": ("text", lambda: b"# B\xc3\xa0i\n\n" + b"[" * 300_000 + b"a" + b"](" * 300_000),
    "quotes in quotes.md": ("text", lambda: b"> " * 500_000 + b"a\n" + b"- " * 500_000 + b"b"),
    "stars.md": ("text", lambda: b"# a\n" + b"**a *b _" * 300_000),
    "one line of 60 MB.txt": ("text", lambda: b"a" * 60_000_000),
    "30 million lines.txt": ("text", lambda: b"a\n" * 30_000_000),
    "marks upon marks.txt": ("text", lambda: ("a" + "\u0301" * 2_000_000 + "\n").encode() * 3),
    "letters that grow.txt": ("text", lambda: "\ufdfa".encode() * 2_000_000),
    "marks of direction.txt": ("text", lambda: ("Bài\u202e\u2066\u200b" * 200_000).encode()),
    "half characters.txt": ("text", lambda: b"B\xc3\xa0i h\xe1\xbb" * 500_000),
    "UTF-16 that is cut.txt": ("text", lambda: b"\xff\xfe" + b"\x00\xd8" * 1_000_000 + b"a"),
    "braces.gift": ("gift", lambda: b"::a:: " + b"{=a ~b " * 500_000),
    "braces in braces.gift": ("gift", lambda: b"a {=b " + b"{" * 900_000 + b"}" * 900_000),
    "escapes.gift": ("gift", lambda: b"a {=b ~c}" + b"\\" * 500_001 + b"::" * 100_000 + b"$CATEGORY:" + b"/a" * 1_000_000),
    "a hundred thousand questions.gift": ("gift", lambda: b"::a::b {=c ~d#e####f}\n\n" * 100_000),
    "one question of 10 MB.gift": ("gift", lambda: b"a {=b ~" + b"<p>&amp" * 1_250_000 + b"}"),
    "marks of Markdown.gift": ("gift", lambda: b"a {=b}\n\n[markdown]" + b"[" * 150_000 + b"a" + b"](" * 20_000),
    "choices that go on.txt": ("aiken", lambda: b"a\nA. b\nANSWER: A\nc\nA. d\n" + b"e\n" * 1_000_000),
    "a letter a line.txt": ("aiken", lambda: b"a\nA. b\nANSWER: A\n" + b"A. b\nA) c\n" * 200_000),
    "a hundred thousand questions.xml": (
        "moodle_xml",
        lambda: b"<quiz>" + b"<question type='essay'><questiontext format='html'><text>a</text></questiontext></question>" * 100_000 + b"</quiz>",
    ),
    "a cloze without end.xml": (
        "moodle_xml",
        lambda: b"<quiz><question type='cloze'><questiontext><text>" + b"{1:MC:=a~" * 900_000 + b"</text></questiontext></question></quiz>",
    ),
    "gaps without measure.xml": (
        "moodle_xml",
        lambda: b"<quiz><question type='ddwtos'><questiontext><text>" + b"[[1]]" * 1_500_000 + b"</text></questiontext></question></quiz>",
    ),
    "a picture that is none.xml": (
        "moodle_xml",
        lambda: b"<quiz><question><questiontext><text>a</text><file name='../../a' encoding='base64'>" + b"=" * 9_000_000 + b"</file></questiontext></question></quiz>",
    ),
    "interactions in interactions.xml": (
        "qti", lambda: b"<assessmentItem><itemBody>" + b"<choiceInteraction><simpleChoice><feedbackInline>a" * 70
        + b"</feedbackInline></simpleChoice></choiceInteraction>" * 70 + b"</itemBody></assessmentItem>",
    ),
    "a hundred thousand choices.xml": (
        "qti", lambda: b"<assessmentItem><itemBody><choiceInteraction>" + b"<simpleChoice identifier='a'>b</simpleChoice>" * 100_000
        + b"</choiceInteraction></itemBody></assessmentItem>",
    ),
    "items in items.xml": (
        "qti", lambda: b"<questestinterop>" + b"<item><presentation><material><mattext>a" * 60
        + b"</mattext></material></presentation></item>" * 60 + b"</questestinterop>",
    ),
    "a test of itself.zip": ("qti", lambda: zipped(qti("<assessmentItemRef href='test.xml'/>" * 100_000))),
    "a thousand thousand chapters.epub": ("epub", lambda: _spine(200_000)),
    "a chapter that is deep.epub": ("epub", lambda: zipped(epub("<div>" * 100_000 + "</div>" * 100_000))),
    "a deep content.h5p": ("h5p", lambda: zipped(h5p(_deep_json(200_000)))),
    "numbers out of measure.h5p": ("h5p", lambda: zipped(h5p(b'{"a":' + b"9" * 5_000_000 + b',"b":1e999999}'))),
    "a million texts.h5p": ("h5p", lambda: zipped(h5p(json.dumps([{"text": "Bài"}] * 500_000).encode()))),
    "items in items.zip": ("ims_package", lambda: _items(5_000)),
    "a hundred thousand items.zip": (
        "ims_package",
        lambda: zipped(scorm(items="".join(f'<item identifier="i{n}" identifierref="r1"/>' for n in range(100_000)))),
    ),
    "a page that is deep.zip": ("html_package", lambda: zipped(simulation("<div>" * 500_000))),
}  # fmt: skip

_SCRIPTS: dict[str, tuple[str, Callable[[Canary], bytes]]] = {
    "scripts.html": ("html", lambda canary: _html(_scripts(canary))),
    "scripts in another charset.html": (
        "html", lambda canary: b"<meta charset=utf-7>+ADw-script+AD4-SCRIPT()+ADw-/script+AD4-" + _html(_scripts(canary))
    ),
    "scripts.svg": ("svg", _svg),
    "scripts.epub": ("epub", lambda canary: zipped(epub(_scripts(canary).replace("<img", "<p><img").replace("<base", "</p><base")))),
    "scripts in a simulation.zip": ("html_package", lambda canary: zipped(simulation(_scripts(canary)))),
    "scripts.gift": ("gift", lambda canary: b"[html]" + re.sub(rb"([~=#{}:])", rb"\\\1", _scripts(canary).encode()) + b" {=a ~b}"),
    "scripts in a bank.xml": (
        "moodle_xml",
        lambda canary: b"<quiz><question type='essay'><questiontext format='html'><text><![CDATA["
        + _scripts(canary).encode() + b"]]></text></questiontext></question></quiz>",
    ),
    "scripts in an item.xml": (
        "qti",
        lambda canary: f'<assessmentItem><itemBody><p>Bài học</p><script src="{canary.url}/js">SCRIPT_OF_PAGE()</script>'
        f'<img src="{canary.url}/img" onerror="SCRIPT_OF_PAGE()"/><object type="image/png" data="file://{canary.secret}"/>'
        "</itemBody></assessmentItem>".encode(),
    ),
    "scripts in a package.zip": ("ims_package", lambda canary: zipped(scorm(_scripts(canary)))),
    "scripts.h5p": ("h5p", lambda canary: zipped(h5p(json.dumps({"text": _scripts(canary)}).encode()))),
    "scripts.md": ("text", lambda canary: ("# Bài\n\n[x](javascript:alert(1)) ![x](" + canary.url + "/md)\n").encode()),
    "a page that is a picture.gif": ("image", lambda canary: _GIF + b"/*" + _html(_scripts(canary)) + b"*/;"),
    "a picture that is a package.gif": ("image", lambda canary: _GIF + b";" + zipped(simulation(_scripts(canary)))),
    "a page that is a PDF.pdf": ("pdf", lambda canary: _html(_scripts(canary))[:900] + pdf.page(("", b"BT ET"))),
    "a package that is a PDF.zip": ("pdf", lambda canary: pdf.page(("", b"BT ET")) + zipped(simulation(_scripts(canary)))),
    "a page that is a film.mp4": ("media", lambda canary: b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + _html(_scripts(canary))),
    "a program that is a package.exe": ("program", lambda canary: b"MZ" + b"\0" * 62 + zipped(simulation(_scripts(canary)))),
    "a picture that says it is a page.html": ("image", lambda _: b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"<script>SCRIPT_OF_PAGE()</script>" * 9),
}  # fmt: skip

# What the text of a page says in plain sight is not for a reader to hide.
ATTACKS = (
    *(Attack(name, PARSERS, reader, lambda _, make=make: make()) for name, (reader, make) in _PARSERS.items()),
    *(Attack(name, SCRIPTS, reader, make, absent=_ABSENT) for name, (reader, make) in _SCRIPTS.items()),
)
