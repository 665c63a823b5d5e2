"""A section of a book as it stands on the page: links and pictures with their addresses, what was looked for marked.

What arrives keeps to `ingest.illustrate.chapters.rules`: the border held it
against them, and tags pass as they are written there. Only what the page has
to say is put in: addresses, marks, a frame around what may be wider than it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

from markupsafe import Markup

from ingest.document import Locator
from ingest.illustrate.chapters import rules
from ingest.illustrate.chapters.rules import Token
from ingest.illustrate.chapters.shape import Chapter
from service.errors import NotReady, Unavailable
from service.http.parameters import number, text
from service.http.principal import principal_of
from service.library import chapters, look
from service.library.views import Place
from service.search.marking import Wanted
from service.web.layer import chosen
from service.web.neighbours import ANCHOR, Neighbours
from service.web.prose import CORE
from service.web.rendering import Page

# As wide as the column of text is: the whole screen of a telephone, less at a desk.
SIZES = "(max-width: 720px) 100vw, 640px"
# A formula that is longer than a narrow screen gets a frame of its own.
LONG_FORMULA = 30

_SPACE = re.compile(r"(\s+)")
_READINGS = frozenset(("rt", "rp"))
# Written by the sanitiser, and a value holds no quotes: nothing else looks like it.
_ANSWER = ' class="answer"'


@dataclass(frozen=True, slots=True)
class Shown:
    """A section, or a part of it (from 1) where it is very long. title: where no heading says it.

    language: as the book says, if it does. waiting: it is not made yet (no html), and the text stands for it.
    """

    html: Markup | None = None
    part: int = 1
    parts: int = 1
    title: str = ""
    language: str = ""
    waiting: bool = False


def shown(page: Page, place: Place, to: Neighbours, wanted: Wanted, *, wait_seconds: float) -> Shown | None:
    """The place as HTML; None where it is of another kind, or cannot be made, or the store is away."""
    if not chapters.is_one(place.file, place.locator):
        return None
    try:
        found = look.chapter(
            page.door.services,
            principal_of(page.request),
            to.view.resource.id,
            file=place.file.number,
            section=int(place.locator.value),
            wait_seconds=wait_seconds,
        )
    except NotReady:
        return Shown(waiting=True)
    except Unavailable:
        return None
    return None if found is None else _shown(page, place, to, found, wanted)


def _shown(page: Page, place: Place, to: Neighbours, found: Chapter, wanted: Wanted) -> Shown:
    read = [list(rules.tokens(part)) for part in found.parts]
    part = number(page.request, "part") or found.anchors.get(text(page.request, ANCHOR), -1) + 1
    part = min(part or _first_marked(read, wanted), len(read))
    written = _Writer(page, place, to, found, part - 1).write(read[part - 1], wanted)
    titles = (one.title for one in place.contents if one.locator == place.locator)
    # The table of contents has a question's own first words.
    named = place.locator.kind == "question" or any(token.name in ("h2", "h3") for token in read[part - 1])
    return Shown(
        html=Markup(written),  # noqa: S704 - of tags that keep to the rules, and of words that went through escape
        part=part,
        parts=len(read),
        title="" if named else next(titles, ""),
        language=found.language or "",
    )


def _first_marked(parts: Sequence[Sequence[Token]], wanted: Wanted) -> int:
    """The number of the part (from 1) with what was looked for; 1 where none has it."""
    if not wanted or len(parts) < 2:
        return 1
    words = [_words(part) for part in parts]
    wanted = wanted.settled(" ".join(one) for one in words)
    return next((at for at, one in enumerate(words, start=1) if chosen(one, wanted)), 1)


def _words(part: Sequence[Token]) -> list[str]:
    return [word for _, token in _texts(part) for word in unescape(token.raw).split()]


def _texts(part: Sequence[Token]) -> list[tuple[int, Token]]:
    """Texts that may be marked, with their place: not in formulas, nor what is set over a character, nor in answers."""
    found, closed, divisions = [], 0, 0
    for place, token in enumerate(part):
        if token.name == "div" and (divisions or _ANSWER in token.written):
            divisions += -1 if token.ends else 1
        elif divisions:
            continue
        elif token.name in rules.MATH or token.name in _READINGS:
            closed += -1 if token.ends else 1
        elif not token.name and not closed:
            found.append((place, token))
    return found


class _Writer:
    def __init__(self, page: Page, place: Place, to: Neighbours, found: Chapter, part: int) -> None:
        self._page, self._place, self._to = page, place, to
        self._found, self._part = found, part
        self._tables = self._table_depth = 0
        self._framed = False
        # Of the divisions that are open, whether each is an answer.
        self._divisions: list[bool] = []

    def write(self, part: Sequence[Token], wanted: Wanted) -> str:
        marked = _marked(part, wanted)
        return "".join(marked[at] if at in marked else self._one(token) for at, token in enumerate(part))

    def _one(self, token: Token) -> str:
        match token.name:
            case "a" if not token.ends and "data-to" in token.written:
                return self._link(token.attributes())
            case "img":
                return self._picture(token.attributes())
            case "table":
                return self._table(token)
            case "math":
                return self._formula(token)
            case "div":
                return self._division(token)
        return token.raw

    def _link(self, attributes: dict[str, str]) -> str:
        section, _, anchor = attributes.pop("data-to").partition("#")
        # That is said of links to others.
        attributes.pop("rel", None)
        if section and int(section) != self._place.locator.value:
            address = self._to.at(Locator(self._place.locator.kind, int(section)))
            address = f"{address}&{ANCHOR}={anchor}#{anchor}" if anchor else address
        else:
            part = self._found.anchors.get(anchor, self._part)
            address = f"{'' if part == self._part else self._to.part(part + 1)}#{anchor}"
        return _tag("a", {**attributes, "href": address})

    def _picture(self, attributes: dict[str, str]) -> str:
        counted = int(attributes.pop("data-picture"))
        identifier, file = self._to.view.resource.id, self._place.file.number
        natural = self._found.pictures[counted - 1].width_pixels

        def address(width: int) -> str:
            section = int(self._place.locator.value)
            return self._page.links.chapter_picture(identifier, file, section, counted, width)

        widths = [width for width in chapters.WIDTHS if width == chapters.WIDTHS[0] or natural > chapters.WIDTHS[0]]
        made = {"src": address(widths[0])}
        if len(widths) > 1:
            made["srcset"] = ", ".join(f"{address(width)} {min(width, natural)}w" for width in widths)
            made["sizes"] = SIZES
        said = attributes.pop("alt", None)
        said = self._page.speech("chapter-picture", number=counted) if said is None else said
        return _tag("img", {**attributes, **made, "alt": said, "loading": "lazy"})

    def _table(self, token: Token) -> str:
        """The outermost one in a frame that the keyboard reaches."""
        if token.ends:
            self._table_depth -= 1
            return token.raw if self._table_depth else f"{token.raw}</div>"
        self._table_depth += 1
        if self._table_depth > 1:
            return token.raw
        self._tables += 1
        name = escape(self._page.speech("table", number=self._tables))
        return f'<div class="rows" role="region" aria-label="{name}" tabindex="0">{token.raw}'

    def _division(self, token: Token) -> str:
        """The answer of a question is folded, by the browser alone: a pupil opens it after thinking."""
        if token.ends:
            return "</details>" if self._divisions.pop() else token.raw
        self._divisions.append(_ANSWER in token.written)
        if not self._divisions[-1]:
            return token.raw
        said = escape(self._page.speech("answer"))
        return f'<details class="answer"><summary lang="{self._page.language}">{said}</summary>'

    def _formula(self, token: Token) -> str:
        if token.ends:
            return f"{token.raw}</span>" if self._framed else token.raw
        attributes = token.attributes()
        said = attributes.get("alttext", "")
        self._framed = attributes.get("display") == "block" or len(said) > LONG_FORMULA
        if not self._framed:
            return token.raw
        reached = {"tabindex": "0", "role": "group", "aria-label": said} if len(said) > LONG_FORMULA else {}
        return f"{_tag('span', {'class': 'formula', **reached})}{token.raw}"


def _tag(name: str, attributes: dict[str, str]) -> str:
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>"


def _marked(part: Sequence[Token], wanted: Wanted) -> dict[int, str]:
    """Place -> text with marks, of the texts that hold some; matches are chosen over the whole part."""
    matched = chosen(_words(part), wanted) if wanted else frozenset()
    made: dict[int, str] = {}
    before = 0
    for place, token in _texts(part) if matched else ():
        said = unescape(token.raw)
        count = len(said.split())
        here = frozenset(one - before for one in matched if before <= one < before + count)
        if here:
            made[place] = _with_marks(said, here)
        before += count
    return made


def _with_marks(said: str, matched: frozenset[int]) -> str:
    """Escaped text, its white space as it was; matches that stand side by side share a `<mark>`."""
    made, number = [], 0
    for piece in _SPACE.split(said):
        if not piece or piece.isspace():
            made.append(piece)
            continue
        if number in matched:
            before, core, after = CORE.fullmatch(piece).groups()  # type: ignore[union-attr]  # it matches any word
            begins = "" if number - 1 in matched else "<mark>"
            ends = "" if number + 1 in matched else "</mark>"
            made.append(f"{escape(before)}{begins}{escape(core)}{ends}{escape(after)}")
        else:
            made.append(escape(piece))
        number += 1
    return "".join(made)
