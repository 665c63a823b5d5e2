"""Blocks of a text document as sections: one begins at every heading, the first at the first words.

The number of a section is its place in the file (the first is 1), whatever
its heading says, so that a link to it holds for ever. Used for text
documents; slides, sheets and chapters have places of their own.
"""

from collections.abc import Iterable
from typing import Protocol

from ingest.document import ContentsEntry, Locator, Passage
from ingest.formats.passages import tidy_passage
from ingest.formats.words import tidy

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
            passages.append(tidy_passage(Locator("section", number), "\n".join(lines), "" if passages else marginal))

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
