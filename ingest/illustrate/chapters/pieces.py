"""Nodes as HTML, in pieces that a phone can hold, each cleaned by the sanitiser by itself.

A piece ends between paragraphs, rows or items; what is open is closed and
opened again in the next one. Headings go down a level at a time, from the
second on, whatever the book says: that is how they are read aloud.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from ingest.errors import TooExpensive
from ingest.illustrate.chapters import rules
from ingest.illustrate.chapters.tree import Child, Node

SOFT_CHARACTERS = 80_000
"""Of HTML; some thirty printed pages, 20 KB when compressed. A piece ends at the next good place behind it."""
HARD_CHARACTERS = 160_000
"""Here it ends at any place: one paragraph may hold a whole book."""
_STEP_CHARACTERS = 10_000
MOST_CHARACTERS = 32 * 1024 * 1024
"""Of a section."""

TOP_LEVEL, DEEPEST_LEVEL = 2, 6
"""Of headings inside the page, whose own is the first."""

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_AROUND = frozenset(("div", "blockquote", "ul", "ol", "table", "tbody", "dl"))
_BEGINNERS = "p div h1 h2 h3 h4 h5 h6 ul ol dl table tr li dt pre blockquote figure hr"
_GOOD = frozenset(_BEGINNERS.split())
# Dropped with what is in them, should one ever get this far: everything else that is unknown leaves its text.
_NOTHING_OF = frozenset(("script", "style", "title", "textarea", "template", "noscript", "iframe", "xmp", "svg"))


def cleaned(html: str) -> str:
    """What the sanitiser leaves of a piece. Anything may be given to it, and nothing is raised."""
    return str(_cleaner().clean(html))


@cache
def _cleaner() -> Any:
    # Here, because only extraction children load it.
    import nh3

    return nh3.Cleaner(
        tags=set(rules.ELEMENTS),
        clean_content_tags=set(_NOTHING_OF),
        # It writes `rel` itself.
        attributes={tag: set(own) - {"rel"} for tag, own in rules.ELEMENTS.items()},
        attribute_filter=_value,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener nofollow",
        strip_comments=True,
    )


def _value(tag: str, name: str, value: str) -> str | None:
    pattern = rules.ELEMENTS.get(tag, {}).get(name)
    return value if pattern is not None and pattern.fullmatch(value) else None


@dataclass(slots=True)
class _Open:
    node: Node
    tag: str
    items: int = 0


class Pieces:
    """Writes nodes. made: the pieces, cleaned, after `close`; anchors: id -> index of its piece."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.anchors: dict[str, int] = {}
        self._parts: list[str] = []
        self._open: list[_Open] = []
        self._size = self._total = 0
        self._level = TOP_LEVEL - 1

    def write(self, children: list[Child]) -> None:
        """Raises: TooExpensive(limit="output")."""
        for child in children:
            if isinstance(child, str):
                self._text(child)
            else:
                self._element(child)

    def close(self) -> None:
        """The last piece ends."""
        piece = cleaned("".join(self._parts) + "".join(f"</{one.tag}>" for one in reversed(self._open)))
        self._parts, self._size = [], 0
        self._total += len(piece)
        if self._total > MOST_CHARACTERS:
            raise TooExpensive(limit="output")
        self.made.append(piece)

    def _say(self, words: str) -> None:
        self._parts.append(words)
        self._size += len(words)

    def _text(self, text: str) -> None:
        begin = 0
        while begin < len(text):
            end = begin + _STEP_CHARACTERS
            if end < len(text):
                end = text.rfind(" ", begin, end) + 1 or end
            if self._size >= HARD_CHARACTERS:
                self._cut()
            # Spaces that hold are six characters where they are written.
            self._say(escape(text[begin:end], quote=False).replace("\xa0", "&nbsp;"))
            begin = end

    def _element(self, node: Node) -> None:
        good = node.tag in _GOOD and all(one.node.tag in _AROUND for one in self._open)
        in_formula = bool(self._open) and self._open[-1].node.tag in rules.MATH
        if self._size >= SOFT_CHARACTERS and (good or self._size >= HARD_CHARACTERS) and not in_formula:
            self._cut()
        tag = node.tag
        if tag in _LEVELS:
            self._level = min(TOP_LEVEL + _LEVELS[tag] - 1, self._level + 1, DEEPEST_LEVEL)
            tag = f"h{self._level}"
        if tag == "li" and self._open:
            self._open[-1].items += 1
        if "id" in node.attributes:
            self.anchors[node.attributes["id"]] = len(self.made)
        self._say(_begin(tag, node.attributes))
        if tag in rules.VOID:
            return
        self._open.append(_Open(node, tag))
        self.write(node.children)
        # A cut may have made something else of it.
        self._say(f"</{self._open.pop().tag}>")

    def _cut(self) -> None:
        self.close()
        self._level = TOP_LEVEL - 1
        for one in self._open:
            attributes = {name: value for name, value in one.node.attributes.items() if name != "id"}
            if one.tag == "ol" and "reversed" not in attributes:
                attributes["start"] = str(int(attributes.get("start", 1)) + one.items)
            if one.tag in _LEVELS:
                # The rest of a heading of a hundred pages is none.
                one.tag = "p"
            self._say(_begin(one.tag, attributes))


def _begin(tag: str, attributes: Mapping[str, str]) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>"
