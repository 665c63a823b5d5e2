"""The way from tags to a marked text: what breaks a line, what is not shown, what speaks without being text.

The parser that `html.walk` starts calls it back, for each tag and each piece
of text; a book is some hundred thousand of them.
"""

import re
from collections.abc import Callable, Mapping

from ingest.formats.html.blocks import ANCHOR, CELL, END, ROW, ROW_END, Block, cut, heading
from ingest.formats.mathml import Formula
from ingest.formats.rows import MOST_EMPTY
from ingest.formats.words import BREAK, tidy

_FLOWING = """
a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike strong
sub sup time tt u var wbr ruby rb rt rp rtc button input select textarea meter progress output svg g text tspan textpath
tbody thead tfoot map picture canvas object head img
"""
_UNSEEN = """
script style template noscript iframe frame embed applet audio video datalist noembed noframes defs metadata link base
param source track col colgroup
"""
_INLINE = frozenset(_FLOWING.split())
SKIPPED = frozenset(_UNSEEN.split())
"""Elements that are not shown, with what is in them."""
# Attributes that decide or say something; most elements have none of them.
_SAYING = "hidden style id name aria-hidden aria-label alt value alttext src href xlink:href"
_SPEAKING = frozenset(_SAYING.split())
_PICTURES = frozenset({"img", "image", "svg:image"})
_PLACES = ("src", "xlink:href", "href")
_PRE = frozenset({"pre", "listing", "xmp", "plaintext"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_LONGEST_LABEL = 2000
_MAX_METADATA = 200
_MAX_PICTURES = 20_000


class Reading:
    """A parser target. After `close` it holds title, language, metadata, blocks and pictures.

    misread: some of it may have been written in another encoding.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        # Called for each piece of text: not a method of ours, a third of a book's time would go there.
        self.data: Callable[[str], None] = self._parts.append
        self.begin()

    def begin(self) -> None:
        """Be ready for another page."""
        self.title = ""
        self.language: str | None = None
        self.metadata: dict[str, str] = {}
        self.blocks: list[Block] = []
        self.pictures: list[str] = []
        self.misread = False
        self._parts.clear()
        self._anchors: list[str] = []
        self._labels: list[int] = []
        # How deep inside of an element that is skipped, or of a formula; 0: neither.
        self._apart = 0
        self._formula: Formula | None = None
        self._instead = ""
        # How many columns the cell that is read spans beside its first one.
        self._columns = 0
        # Where in the parts the element begins that is skipped, a formula, a title or preformatted.
        self._mark = 0
        self._preformatted = -1

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._apart:
            self._start_apart(tag)
        elif attributes and not _SPEAKING.isdisjoint(attributes) and not self._shown(tag, attributes):
            self._skip(attributes)
        elif tag not in _INLINE:
            mark = _MARKS.get(tag)
            if mark is not None:
                self.data(mark)
                if "colspan" in attributes:
                    self._columns = _more_columns(attributes["colspan"])
            else:
                _STARTS.get(tag.rpartition(":")[2], Reading._start_block)(self, attributes)

    def end(self, tag: str) -> None:
        if self._apart:
            self._end_apart()
        elif tag not in _INLINE:
            mark = _END_MARKS.get(tag)
            if mark is not None:
                self.data(mark)
                if self._columns:
                    self.data((END + CELL) * self._columns)
                    self._columns = 0
            else:
                _ENDS.get(tag, Reading._end_block)(self)

    def _start_apart(self, tag: str) -> None:
        self._apart += 1
        if self._formula is not None:
            self._spell(self._formula)
            self._formula.start(tag.rpartition(":")[2])

    def _end_apart(self) -> None:
        self._apart -= 1
        if self._formula is None:
            if not self._apart:
                del self._parts[self._mark :]
            return
        self._spell(self._formula)
        if self._apart:
            self._formula.end()
        else:
            self.data(f"{self._formula.text()} ")
            self._formula = None

    def close(self) -> None:
        if self._apart:
            self._apart = 1
            self._end_apart()
        # What a label says before the same words is said once.
        for place in self._labels:
            if place < len(self._parts) and self._parts[place].strip() == self._parts[place - 1].strip():
                self._parts[place] = ""
        marked = "".join(self._parts)
        self.misread = "\ufffd" in marked or "\ufffd" in self.title
        self.blocks = cut(marked, self._anchors)

    def _shown(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Note what an element says in its attributes. Returns: whether it is shown."""
        if is_hidden(tag, attributes):
            return False
        if tag in SKIPPED:
            return True
        if tag in _PICTURES and len(self.pictures) < _MAX_PICTURES:
            self.pictures += [place for place in map(attributes.get, _PLACES) if place][:1]
        self._instead = attributes.get("alttext", "")
        anchor = attributes.get("id") or (attributes.get("name") if tag == "a" else None)
        label = attributes.get("aria-label") or attributes.get("alt")
        if not label and tag == "input" and attributes.get("type") in ("button", "submit", "reset"):
            label = attributes.get("value")
        if (anchor or label) and tag not in _INLINE:
            self.data(END)
        if anchor:
            self._anchors.append(anchor)
            self.data(ANCHOR)
        if label:
            self.data(f" {label[:_LONGEST_LABEL]} ")
            self._labels.append(len(self._parts))
        return True

    def _start_root(self, attributes: Mapping[str, str]) -> None:
        self.language = self.language or attributes.get("lang") or attributes.get("xml:lang") or None
        self.data(END)

    def _start_meta(self, attributes: Mapping[str, str]) -> None:
        self._skip(attributes)
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        content = tidy(attributes.get("content", ""))
        if not content or len(self.metadata) >= _MAX_METADATA:
            return
        if attributes.get("http-equiv", "").lower() == "content-language":
            self.language = self.language or content
        elif name := name.strip().lower():
            known = self.metadata.get(name)
            self.metadata[name] = f"{known}; {content}" if known else content

    def _start_block(self, _: Mapping[str, str]) -> None:
        self.data(END)

    def _end_block(self) -> None:
        self.data(END)

    def _skip(self, _: Mapping[str, str]) -> None:
        self._apart, self._mark = 1, len(self._parts)

    def _start_formula(self, _: Mapping[str, str]) -> None:
        self.data(" ")
        self._formula, self._instead = Formula(self._instead), ""
        self._apart, self._mark = 1, len(self._parts)

    def _spell(self, formula: Formula) -> None:
        """What was said since the last tag belongs to the formula."""
        if len(self._parts) > self._mark:
            formula.data("".join(self._parts[self._mark :]))
            del self._parts[self._mark :]

    def _start_title(self, _: Mapping[str, str]) -> None:
        self.data(END)
        self._mark = len(self._parts)

    def _end_title(self) -> None:
        # A drawing's title is text like any other.
        if not self.title:
            self.title = tidy("".join(self._parts[self._mark :]))
            del self._parts[self._mark :]
        self.data(END)

    def _start_pre(self, _: Mapping[str, str]) -> None:
        self.data(END)
        self._preformatted = len(self._parts)

    def _end_pre(self) -> None:
        if self._preformatted >= 0:
            for place in range(self._preformatted, len(self._parts)):
                self._parts[place] = self._parts[place].replace("\n", BREAK)
        self._preformatted = -1
        self.data(END)


def is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element says of itself that it is not shown, or not read aloud."""
    if attributes.get("hidden", "until-found") != "until-found":
        return True
    style = attributes.get("style")
    if style and _HIDDEN.search(style):
        return True
    # Formulas are set twice by KaTeX, once for eyes in spans that say nothing to ears.
    return tag == "span" and attributes.get("aria-hidden") == "true"


def _more_columns(span: str) -> int:
    return min(int(span) - 1, MOST_EMPTY) if span.isdecimal() and len(span) < 4 and int(span) else 0


_BLOCKS = "p div li ul ol dl dt dd section article header footer main aside nav blockquote figure figcaption"
_MARKS: Mapping[str, str] = {
    **dict.fromkeys(_BLOCKS.split(), END),
    **{tag: heading(level) for tag, level in _HEADINGS.items()},
    "br": BREAK, "tr": END + ROW, "td": END + CELL, "th": END + CELL, "table": END + ROW_END,
}  # fmt: skip
_END_MARKS: Mapping[str, str] = {
    **dict.fromkeys([*_BLOCKS.split(), *_HEADINGS, "td", "th"], END),
    "br": "", "tr": END + ROW_END, "table": END + ROW_END,
}  # fmt: skip
_STARTS: Mapping[str, Callable[[Reading, Mapping[str, str]], None]] = {
    **dict.fromkeys(SKIPPED, Reading._skip),
    **dict.fromkeys(_PRE, Reading._start_pre),
    **dict.fromkeys(("html", "body"), Reading._start_root),
    "meta": Reading._start_meta,
    "math": Reading._start_formula,
    "title": Reading._start_title,
}
_ENDS: Mapping[str, Callable[[Reading], None]] = {
    **dict.fromkeys(_PRE, Reading._end_pre),
    "title": Reading._end_title,
}
