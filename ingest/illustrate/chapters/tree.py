"""A page as nodes, as the parser of all readers calls them out: without what is never shown, never too deep.

Beside it, for a page whose places are headings, runs the reading that made its
passages, so that a section here is the section there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Union

from ingest.formats.html import is_hidden
from ingest.formats.html.target import SKIPPED, Reading

DEEPEST = 100
"""Deeper elements flow into their ancestor; people nest some twenty."""

Child = Union[str, "Node"]

_PREFIXES = frozenset(("svg", "m", "mml", "math", "mathml", "h", "html", "xhtml"))
# Not shown itself, but the way to it is.
_OTHERS = frozenset(("iframe", "embed", "video", "audio"))
_LEFT_OUT = (SKIPPED | {"title"}) - _OTHERS
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_PICTURES = frozenset(("img", "image"))


@dataclass(slots=True)
class Node:
    """An element. number: of a drawing, or of a picture that its own `data:` address holds, from 1; of a heading its
    place among the headings; else 0.
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    number: int = 0

    def walk(self) -> Iterator["Node"]:
        """All elements below, in order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def text(self) -> str:
        """All characters below."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


class Tree:
    """A parser target. root: what stands in the page; language: of its root element."""

    def __init__(self, reading: Reading | None = None) -> None:
        self.root = Node("body")
        self.language: str | None = None
        self._reading = reading
        self._stack = [self.root]
        self._apart = self._deeper = self._headings = self._drawings = self._embedded = 0
        # How many of the open elements are drawings.
        self._drawn = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        prefix, _, local = tag.rpartition(":")
        name = local if prefix in _PREFIXES else tag
        self._headings += name in _HEADINGS
        if name == "svg":
            # Also of drawings that are not shown: who looks for their bytes meets them too.
            self._drawings += not self._drawn
            self._drawn += 1
        if self._reading is not None:
            self._tell(tag, name, attributes)
        if self._apart:
            self._apart += 1
        elif self._skips(name, attributes):
            self._apart = 1
        elif len(self._stack) > DEEPEST:
            self._deeper += 1
        else:
            if name in ("html", "body"):
                self.language = self.language or attributes.get("lang") or attributes.get("xml:lang")
            node = Node(name, dict(attributes), number=self._number(name, attributes))
            self._stack[-1].children.append(node)
            self._stack.append(node)

    def end(self, tag: str) -> None:
        if self._reading is not None:
            self._reading.end(tag)
        self._drawn -= tag.rpartition(":")[2] == "svg"
        if self._apart:
            self._apart -= 1
        elif self._deeper:
            self._deeper -= 1
        elif len(self._stack) > 1:
            self._stack.pop()

    def data(self, text: str) -> None:
        if self._reading is not None:
            self._reading.data(text)
        if not self._apart:
            self._stack[-1].children.append(text)

    def close(self) -> None:
        if self._reading is not None:
            self._reading.close()

    def begins(self) -> dict[int, int]:
        """Number of a heading -> the section it begins or stands in, by the rule of `ingest.formats.sections`."""
        found: dict[int, int] = {}
        number, has_lines = 1, False
        for block in self._reading.blocks if self._reading else ():
            if block.level:
                number += has_lines
                if block.anchor:
                    found[int(block.anchor)] = number
            has_lines = True
        return found

    def _skips(self, name: str, attributes: Mapping[str, str]) -> bool:
        if name in _LEFT_OUT:
            # A drawing's title says what it shows, and its definitions count for nothing here.
            return not (self._drawn and name == "title")
        return bool(attributes) and is_hidden(name, attributes)

    def _number(self, name: str, attributes: Mapping[str, str]) -> int:
        if name in _HEADINGS:
            return self._headings
        if name == "svg":
            return self._drawings if self._drawn == 1 else 0
        if name in _PICTURES and address(attributes).lower().startswith("data:"):
            self._embedded += 1
            return self._embedded
        return 0

    def _tell(self, tag: str, name: str, attributes: Mapping[str, str]) -> None:
        """The reading knows of one kind of ids only: the number of each heading."""
        told = {key: value for key, value in attributes.items() if key not in ("id", "name")}
        if tag == "meta":
            told = dict(attributes)
        if name in _HEADINGS:
            told["id"] = str(self._headings)
        assert self._reading is not None  # noqa: S101 - asked by the caller
        self._reading.start(tag, told)


def address(attributes: Mapping[str, str]) -> str:
    """Of a picture, as written."""
    return next((attributes[name].strip() for name in ("src", "xlink:href", "href") if attributes.get(name)), "")
