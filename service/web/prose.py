"""Passages as they are set on a page: headings, paragraphs and tables, with the words that were looked for marked.

A passage is plain text, a paragraph a line. A line that is a title of the
table of contents is a heading; lines with tabs are rows of a table, and in a
sheet all lines are that follow one. Everything is escaped here, word by word;
the only tag inside a text is `<mark>`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from ingest.document import Passage
from service.search.marking import Wanted
from service.web.layer import chosen

# What one page of text holds: some thirty printed pages, 20 KB when compressed.
PART_CHARACTERS = 60_000

TOP_LEVEL, DEEPEST_LEVEL = 2, 4
"""Of headings inside a page, whose own is the first."""

CORE = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)
"""A word between the punctuation that leans on it."""

Cells = tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """text of a heading (level: of HTML, 2 to 4) or a paragraph; rows of a table."""

    kind: Literal["heading", "paragraph", "table"]
    text: str = ""
    level: int = 0
    rows: tuple[Cells, ...] = ()

    @property
    def width(self) -> int:
        """Cells of the widest row."""
        return max(map(len, self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks in one language."""

    language: str | None
    blocks: tuple[Block, ...]


def parts(passages: Sequence[Passage]) -> list[tuple[Passage, ...]]:
    """Passages of one place as pages of at most PART_CHARACTERS, at least one of them."""
    made: list[tuple[Passage, ...]] = [()]
    size = 0
    for passage in passages:
        if made[-1] and size + len(passage.text) > PART_CHARACTERS:
            made.append(())
            size = 0
        made[-1] = (*made[-1], passage)
        size += len(passage.text)
    return made


def first_marked(made: Sequence[Sequence[Passage]], wanted: Wanted) -> int:
    """The number of the part (from 1) with what was looked for; 1 where none has it."""
    wanted = wanted.settled(passage.text for part in made for passage in part)
    for number, part in enumerate(made, start=1):
        if wanted and any(chosen(passage.text.split(), wanted) for passage in part):
            return number
    return 1


def laid(passages: Sequence[Passage], titles: Mapping[str, int], wanted: Wanted, *, sheet: bool = False) -> list[Piece]:
    """Passages as pieces. titles: of the table of contents at this place, with their levels."""
    pieces: list[Piece] = []
    wanted = wanted.settled(passage.text for passage in passages)
    for passage in passages:
        blocks = tuple(_blocks(passage.text, titles, wanted, sheet))
        before = pieces[-1] if pieces else None
        joined = before and _joined(before.blocks, blocks)
        if before and joined and before.language == passage.language:
            pieces[-1] = replace(before, blocks=joined)
        elif blocks:
            pieces.append(Piece(passage.language, blocks))
    return list(_stepping(pieces))


def _stepping(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Headings go down a level at a time, whatever the file says: that is how they are read aloud."""
    last = TOP_LEVEL - 1
    for piece in pieces:
        blocks = []
        for block in piece.blocks:
            if block.kind == "heading":
                last = min(TOP_LEVEL + block.level - 1, last + 1, DEEPEST_LEVEL)
                blocks.append(replace(block, level=last))
            else:
                blocks.append(block)
        yield replace(piece, blocks=tuple(blocks))


def _joined(before: tuple[Block, ...], blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A table that goes on in the next passage, whose first row then repeats the header. Empty: it does not."""
    if not (before and blocks and before[-1].kind == blocks[0].kind == "table"):
        return ()
    old, new = before[-1].rows, blocks[0].rows
    # Marks may differ: a word that was looked for is marked where others stand beside it.
    repeats = [cell.striptags() for cell in old[0]] == [cell.striptags() for cell in new[0]]
    return (*before[:-1], Block("table", rows=(*old, *(new[1:] if repeats else new))), *blocks[1:])


def _blocks(text: str, titles: Mapping[str, int], wanted: Wanted, sheet: bool) -> Iterator[Block]:
    # A row of a sheet may have one cell: the name of a group over those that follow.
    begun = False

    def is_in_table(cells: Cells) -> bool:
        nonlocal begun
        begun = len(cells) > 1 or (begun and sheet)
        return begun

    for is_row, lines in groupby(lines_of(text, wanted), key=is_in_table):
        if is_row:
            yield Block("table", rows=tuple(lines))
            continue
        for (line,) in lines:
            level = titles.get(str(line.striptags()))
            yield Block("heading", line, level) if level else Block("paragraph", line)


def lines_of(text: str, wanted: Wanted) -> list[Cells]:
    """Lines that are not empty, each a cell or several; matches are chosen over the whole text."""
    lines = [[cell.split() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
    matched = chosen([word for line in lines for cell in line for word in cell], wanted)
    made, before = [], 0
    for line in lines:
        cells = []
        for words in line:
            cells.append(marked(words, frozenset(number - before for number in matched)))
            before += len(words)
        made.append(tuple(cells))
    return made


def marked(words: Sequence[str], matched: frozenset[int]) -> Markup:
    """Words as escaped text; matches that stand side by side share a `<mark>`."""
    pieces = []
    for number, word in enumerate(words):
        if number not in matched:
            pieces.append(escape(word))
            continue
        before, core, after = CORE.fullmatch(word).groups()  # type: ignore[union-attr]  # it matches any word
        begins = f"{escape(before)}<mark>" if number == 0 or number - 1 not in matched else escape(before)
        ends = f"</mark>{escape(after)}" if number + 1 == len(words) or number + 1 not in matched else escape(after)
        pieces.append(f"{begins}{escape(core)}{ends}")
    # Every part of every word went through escape; the rest of the string is the two literal tags.
    return Markup(" ".join(pieces))  # noqa: S704
