"""What a chapter may hold where it is shown: elements, their attributes, their values; and how such a text is read.

The sanitiser in the child is set up with these tables, and the border, which
does not believe the child, holds its answer against them: a text of tags that
are all allowed, all closed, with quoted values, is nothing a browser could
take for something else. There is no `src` and no `style`; an `href` leads out
of the library only; pictures and places of the book stand as numbers that the
page makes into addresses. Source: HTML, https://html.spec.whatwg.org/;
MathML Core, https://www.w3.org/TR/mathml-core/
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple

DEEPEST = 256
ANCHOR = r"in-[\w.:-]{1,100}"

_ANY = re.compile(r"[^\x00-\x1f]{0,2000}")
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_SPAN = re.compile(r"[1-9]\d{0,2}")
_COUNT = re.compile(r"-?\d{1,9}")
_EMPTY = re.compile("")
_BOOLEAN = re.compile("true|false")
_LENGTH = re.compile(r"-?\d{0,2}(?:\.\d{1,3})?(?:em|ex|px|pt)|0")
_ALIGN = re.compile(r"(?: ?(?:left|center|right|top|bottom|baseline|axis)){1,40}")

_EVERYWHERE = {
    "id": re.compile(ANCHOR),
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}"),
    "dir": re.compile("ltr|rtl|auto"),
}
CLASSES = ("note", "noteref", "missing", "answer")
_CELL = {"colspan": _SPAN, "rowspan": _SPAN}
_PLAIN = """
p div blockquote figure figcaption pre hr br wbr ul dl dt dd caption thead tbody tfoot tr
h2 h3 h4 h5 h6 b bdi bdo cite code del dfn em i ins kbd q rp rt ruby s samp small span strong sub sup table u var
"""
_OWN: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "a": {
        "href": re.compile(r"(?:https?://|mailto:)[^\s\"<>\\]{1,4000}"),
        "data-to": re.compile(rf"(?:{_NUMBER.pattern})?(?:#{ANCHOR})?"),
        "rel": re.compile("noopener nofollow"),
    },
    "abbr": {"title": _ANY},
    "img": {"alt": _ANY, "width": _NUMBER, "height": _NUMBER, "data-picture": _NUMBER},
    "li": {"value": _COUNT},
    "ol": {"start": _COUNT, "reversed": _EMPTY, "type": re.compile("[1aAiI]")},
    "td": _CELL,
    "th": {**_CELL, "scope": re.compile("row|col|rowgroup|colgroup")},
    "time": {"datetime": re.compile(r"[\w:.+ -]{1,40}", re.ASCII)},
}
_CLASS = re.compile("|".join(CLASSES))

_LEAVES = "mi mn mo ms mtext mspace none mprescripts"
_BRANCHES = """
math mrow mfrac msqrt mroot mstyle merror mpadded mphantom menclose msub msup msubsup munder mover munderover
mmultiscripts mtable mtr mtd
"""
MATH_LEAVES = frozenset(_LEAVES.split())
"""Hold text and nothing else: what stands in them would be read as HTML."""
MATH = MATH_LEAVES | frozenset(_BRANCHES.split())
_MATH_ATTRIBUTES = {
    "display": re.compile("block|inline"), "alttext": _ANY, "displaystyle": _BOOLEAN, "stretchy": _BOOLEAN,
    "fence": _BOOLEAN, "separator": _BOOLEAN, "accent": _BOOLEAN, "accentunder": _BOOLEAN, "largeop": _BOOLEAN,
    "movablelimits": _BOOLEAN, "symmetric": _BOOLEAN, "scriptlevel": re.compile(r"[+-]?\d"),
    "mathvariant": re.compile("[a-z-]{1,30}"), "form": re.compile("prefix|infix|postfix"),
    "lspace": _LENGTH, "rspace": _LENGTH, "linethickness": _LENGTH, "notation": re.compile("[a-z ]{1,60}"),
    "columnalign": _ALIGN, "rowalign": _ALIGN, "columnspan": _SPAN, "rowspan": _SPAN,
}  # fmt: skip

ELEMENTS: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    **{name: {**_EVERYWHERE, "class": _CLASS} for name in _PLAIN.split()},
    **{name: {**_EVERYWHERE, "class": _CLASS, **own} for name, own in _OWN.items()},
    **dict.fromkeys(MATH, _MATH_ATTRIBUTES),
}
"""Element -> attribute -> what its value may be."""

VOID = frozenset(("br", "hr", "img", "wbr"))

_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|([^<>]+)')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


class Token(NamedTuple):
    """A piece of such a text. name: of a tag, empty for text; ends: an end tag. raw: as it is written."""

    raw: str
    name: str
    ends: bool
    written: str

    def attributes(self) -> dict[str, str]:
        """Values as they are meant. Raises: ValueError: one is named twice."""
        found = _ATTRIBUTE.findall(self.written)
        made = {name: unescape(value) for name, value in found}
        if len(made) < len(found):
            raise ValueError(self.raw[:60])
        return made


def tokens(html: str) -> Iterator[Token]:
    """The tags and texts, in order. Raises: ValueError: something else stands there."""
    place = 0
    while place < len(html):
        match = _TOKEN.match(html, place)
        if match is None:
            raise ValueError(html[place : place + 60])
        place = match.end()
        yield Token(match[0], match[2] or "", bool(match[1]), match[3] or "")


def check(html: str, *, pictures: int) -> None:
    """Hold a part against the rules. pictures: how many there are. Raises: ValueError: it breaks one."""
    opened: list[str] = []
    for token in tokens(html):
        if not token.name:
            continue
        if token.ends:
            if token.written or not opened or opened.pop() != token.name:
                raise ValueError(token.raw)
            continue
        _element(token, opened, pictures)
        if token.name not in VOID:
            opened.append(token.name)
            if len(opened) > DEEPEST:
                raise ValueError("depth")
    if opened:
        raise ValueError(opened[-1])


def _element(token: Token, opened: list[str], pictures: int) -> None:
    allowed = ELEMENTS.get(token.name)
    # Inside a formula only its own elements, outside of it none of them: no parser changes its mind in between.
    in_formula = bool(opened) and opened[-1] in MATH
    of_formula = token.name in MATH and (token.name != "math" or in_formula)
    if allowed is None or of_formula is not in_formula or (in_formula and opened[-1] in MATH_LEAVES):
        raise ValueError(token.raw)
    if token.name == "math" and "math" in opened:
        raise ValueError(token.raw)
    attributes = token.attributes()
    for name, value in attributes.items():
        if name not in allowed or not allowed[name].fullmatch(value):
            raise ValueError(token.raw)
    if token.name == "img" and not 1 <= int(attributes.get("data-picture", 0)) <= pictures:
        raise ValueError(token.raw)
    if "href" in attributes and attributes.get("rel") != "noopener nofollow":
        raise ValueError(token.raw)
