"""Blocks of a text document as sections: one begins at every heading, the first at the first words.

The number of a section is its place in the file (the first is 1), whatever
its heading says, so that a link to it holds for ever. Used for text
documents; slides, sheets and chapters have places of their own.
"""

from collections.abc import Iterable
from typing import Protocol

from ingest.document import ContentsEntry, Locator, LocatorKind, Passage
from ingest.formats.words import tidy
from ingest.vietnamese.language import detect
from ingest.vietnamese.letters import with_strokes

MAX_CONTENTS = 10_000


class Block(Protocol):
    """A paragraph (level 0) or a heading (level from 1)."""

    @property
    def text(self) -> str: ...
    @property
    def level(self) -> int: ...


def sections(blocks: Iterable[Block], *, marginal: str = "") -> tuple[list[Passage], list[ContentsEntry]]:
    """A passage a section, and the headings as table of contents. `marginal` is that of the whole document."""
    passages: list[Passage] = []
    contents: list[ContentsEntry] = []
    lines: list[str] = []
    number = 1

    def end() -> None:
        if lines:
            passages.append(passage("section", number, lines, "" if passages else marginal))

    for block in blocks:
        if block.level:
            if lines:
                end()
                number += 1
                lines = []
            if len(contents) < MAX_CONTENTS:
                contents.append(ContentsEntry(tidy(block.text), block.level, Locator("section", number)))
        lines.append(block.text)
    end()
    return passages, contents


def passage(kind: LocatorKind, value: int, lines: Iterable[str], marginal: str = "") -> Passage:
    """Lines that are visible and tidy as one passage, its language told, its letters those of that language."""
    text = "\n".join(lines)
    language = detect(text)
    if language == "vi":
        text, marginal = with_strokes(text), with_strokes(marginal)
    return Passage(Locator(kind, value), text, language, marginal)
