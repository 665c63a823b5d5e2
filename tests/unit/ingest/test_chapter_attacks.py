"""What somebody hostile writes into a chapter: none of it survives the way, nor the sanitiser alone, nor the border."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import IngestError, ReaderCrashed
from ingest.illustrate import chapters
from ingest.illustrate.chapters import rules
from ingest.illustrate.chapters.pieces import cleaned
from ingest.sandbox import border
from tests.chapters import ATTACKS, hostile_book

EPUB = "application/epub+zip"
NAMES = list(ATTACKS)


class _Seen(HTMLParser):
    """Another reader of HTML than any of ours. elements, attributes: what it met."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")


def harmless(html: str) -> None:
    seen = _Seen(html)
    assert seen.elements <= set(rules.ELEMENTS)
    assert not [
        name for name in seen.attributes if name.startswith("on") or name in ("src", "srcset", "style", "action")
    ]
    for address in seen.attributes.get("href", []):
        assert re.match(r"(?:https?://|mailto:)", address)


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_comes_out_harmless_and_what_stands_around_it_is_there(tmp_path: Path, name: str) -> None:
    made = chapters.chapter(hostile_book(tmp_path / "a.epub", [ATTACKS[name]]), media_type=EPUB, section=1)
    for part in made.parts:
        rules.check(part, pictures=len(made.pictures))
        harmless(part)
    assert "Trước đó." in made.parts[0]
    if name not in SWALLOWING:
        assert "Sau đó." in made.parts[0]


# An element that is never closed takes what follows it along, in browsers too.
SWALLOWING = {
    "script in a script",
    "tags unclosed",
    "mxss by style",
    "mxss by math",
    "mxss by form",
    "frames",
    "comments",
}


@pytest.mark.parametrize("name", NAMES)
def test_the_sanitiser_alone_leaves_nothing_that_runs(name: str) -> None:
    made = cleaned(ATTACKS[name])
    harmless(made)
    # A browser reads it once more: then nothing may have changed.
    assert cleaned(made) == made


@given(st.text(alphabet=st.sampled_from("<>/\"'=&;! -abpimgsvtyleh\x00\n")), st.sampled_from(NAMES))
def test_whatever_stands_before_an_attack_the_sanitiser_leaves_nothing_that_runs(before: str, name: str) -> None:
    harmless(cleaned(before + ATTACKS[name]))


def answer(html: str, **others: object) -> bytes:
    whole = {
        "parts": [html],
        "language": None,
        "pictures": [{"source": "member:0:a", "width_pixels": 1, "height_pixels": 1}],
        "anchors": {},
    }
    return json.dumps({**whole, **others}).encode()


def test_the_border_lets_through_what_keeps_to_the_rules() -> None:
    html = '<p id="in-a">x &amp; y<br><img width="1" height="1" data-picture="1" alt="&quot;a&quot; &lt; b"></p>'
    assert border.chapter(answer(html, anchors={"in-a": 0})).parts == (html,)


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        '<p onclick="x">x</p>',
        '<p style="x">x</p>',
        '<p id="main">x</p>',
        '<p class="top">x</p>',
        "<p>x",
        "x</p>",
        "<p><b>x</p></b>",
        "<p >x</p>",
        "<P>x</P>",
        '<p\tid="in-a">x</p>',
        "<p id='in-a'>x</p>",
        '<p id="in-a" id="in-b">x</p>',
        "<!-- x -->",
        "<![CDATA[x]]>",
        "<?x?>",
        "x < y",
        "x > y",
        '</p x="y">',
        '<img src="x" data-picture="1">',
        '<img data-picture="2">',
        '<img data-picture="0">',
        "<img>",
        '<a href="javascript:x" rel="noopener nofollow">x</a>',
        '<a href="https://a.test">x</a>',
        '<a href="https://a.test\n" rel="noopener nofollow">x</a>',
        '<a href="/search" rel="noopener nofollow">x</a>',
        '<a data-to="1#main">x</a>',
        '<a href="java&#115;cript:x" rel="noopener nofollow">x</a>',
        "<mi>x</mi>",
        "<math><p>x</p></math>",
        "<math><mi><b>x</b></mi></math>",
        "<math><mi><mi>x</mi></mi></math>",
        "<math><math></math></math>",
        "<math><annotation-xml>x</annotation-xml></math>",
        '<math><mtext><img data-picture="1"></mtext></math>',
        "<svg></svg>",
        "<style></style>",
        "<iframe></iframe>",
        "<form></form>",
        "<br></br>",
        '<p lang="x y">x</p>',
        "<b>" * 300 + "</b>" * 300,
    ],
)
def test_the_border_refuses_whatever_breaks_a_rule(html: str) -> None:
    with pytest.raises(ReaderCrashed):
        border.chapter(answer(html))


@pytest.mark.parametrize(
    "others",
    [
        {"parts": []},
        {"parts": "x"},
        {"language": "v i"},
        {"anchors": {"main": 0}},
        {"anchors": {"in-a": 1}},
        {"pictures": [{"source": "x", "width_pixels": 0, "height_pixels": 1}]},
        {"parts": ["a" * 1_000_001]},
        {"pictures": [{"source": "x" * 5000, "width_pixels": 1, "height_pixels": 1}]},
        {"more": 1, "parts": None},
    ],
)
def test_the_border_refuses_what_is_no_chapter(others: dict[str, object]) -> None:
    with pytest.raises(IngestError):
        border.chapter(answer("<p>x</p>", **others))


def test_marks_that_hide_text_do_not_come_through() -> None:
    assert border.chapter(answer("<p>a\u202eb\u0007c</p>")).parts == ("<p>abc</p>",)
