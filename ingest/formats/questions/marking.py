"""Words of a question as HTML, by the way that a format says they are marked: plain, Markdown, HTML, Moodle's own.

Moodle's own way is text with a tag here and there, and teachers write
"x < y" in it; a sign that begins no tag that is known stays a sign.
Source: Moodle's text formats, https://docs.moodle.org/en/Formatting_text
"""

import re
from html import escape

_TAG = re.compile(r"<(?:(/?[a-zA-Z][a-zA-Z0-9]*+)(?:\s[^<>]*+)?>)?")
_ENTITY = re.compile(r"&(?!#?\w{1,31};)")
_KNOWN = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "math",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rb",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    ]
)
_BLOCK = re.compile(r"<(?:p|div|br|table|ul|ol|pre|h[1-6]|blockquote)\b", re.IGNORECASE)
# As Moodle names them in its XML and between the brackets of GIFT.
_PLAIN = ("plain", "plain_text")
_MARKDOWN = ("markdown",)
_HTML = ("html",)
# Markdown that is longer takes its time; a question that long is data.
_LONGEST_MARKDOWN = 200_000


def marked(text: str, way: str) -> str:
    """Text as HTML. way: html, markdown, plain, plain_text; anything else is Moodle's own."""
    text = text.strip()
    if not text or way in _HTML:
        return text
    if way in _MARKDOWN and len(text) <= _LONGEST_MARKDOWN:
        return _markdown(text)
    return plain(text) if way in _PLAIN else _own(text)


def plain(text: str) -> str:
    """Text in which nothing is marked; its line breaks stay."""
    return escape(text.strip(), quote=False).replace("\n", "<br>")


def _own(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text.replace("\n", "<br>")
    made = _TAG.sub(_tag, _ENTITY.sub("&amp;", text))
    return made if _BLOCK.search(made) else made.replace("\n", "<br>")


def _tag(match: re.Match[str]) -> str:
    known = match[1] and match[1].lstrip("/").lower() in _KNOWN
    return match[0] if known else escape(match[0], quote=False)


def _markdown(text: str) -> str:
    # Here, because only extraction children load it.
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
