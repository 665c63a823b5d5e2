"""What a text's styles decide: which paragraphs are headings, which are numbered, which is the title.

Built-in styles keep their English names in every language of the program
(`heading 1`); their ids are translated. Source: ECMA-376-1, 17.7.
"""

import re
from dataclasses import dataclass
from typing import Any

from ingest.formats.ooxml.names import W, integer

_VAL = W + "val"
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
# Outline levels count from 0; 9 is body text.
_BODY = 9
_LONGEST_CHAIN = 20


@dataclass(slots=True)
class Style:
    """level: of its outline, from 1, None where it says nothing. number: (numId, level), either may be unsaid."""

    name: str
    based_on: str | None
    level: int | None
    number: tuple[str | None, int | None] | None


class Styles:
    """Paragraph styles by id; what a style leaves open, the one that it is based on decides."""

    def __init__(self, root: Any | None) -> None:
        self._styles = (
            {} if root is None else {style.get(W + "styleId", ""): _style(style) for style in _paragraphs(root)}
        )
        self._levels: dict[str, int] = {}

    def level(self, name: str) -> int:
        """The heading level of a style, from 1; 0: none."""
        if name not in self._levels:
            self._levels[name] = next((style.level for style in self._chain(name) if style.level is not None), 0)
        return self._levels[name]

    def number(self, name: str) -> tuple[str | None, int | None]:
        """(numId, level) that a style gives its paragraphs."""
        return next((style.number for style in self._chain(name) if style.number), (None, None))

    def is_title(self, name: str) -> bool:
        style = self._styles.get(name)
        return style is not None and style.name.casefold() == "title"

    def _chain(self, name: str) -> list[Style]:
        chain: list[Style] = []
        style = self._styles.get(name)
        # A circle of styles ends.
        while style is not None and len(chain) < _LONGEST_CHAIN:
            chain.append(style)
            style = self._styles.get(style.based_on or "")
        return chain


def outline_level(properties: Any) -> int | None:
    """The heading level in paragraph properties: from 1, 0 for body text, None where they say nothing."""
    element = properties.find(W + "outlineLvl")
    value = None if element is None else integer(element.get(_VAL), -1)
    return None if value in (None, -1) else value + 1 if value < _BODY else 0


def numbered(properties: Any) -> tuple[str | None, int | None] | None:
    """(numId, level) in paragraph properties; None where they say nothing of numbers."""
    element = properties.find(W + "numPr")
    if element is None:
        return None
    identifier, level = element.find(W + "numId"), element.find(W + "ilvl")
    depth = None if level is None else integer(level.get(_VAL))
    return None if identifier is None else identifier.get(_VAL), depth


def _paragraphs(root: Any) -> list[Any]:
    return [style for style in root.iter(W + "style") if style.get(W + "type", "paragraph") == "paragraph"]


def _style(element: Any) -> Style:
    name, based = element.find(W + "name"), element.find(W + "basedOn")
    called = "" if name is None else name.get(_VAL, "")
    properties = element.find(W + "pPr")
    level = None if properties is None else outline_level(properties)
    heading = _HEADING.fullmatch(called)
    if level is None and heading:
        level = int(heading[1])
    return Style(
        called, None if based is None else based.get(_VAL), level, None if properties is None else numbered(properties)
    )
