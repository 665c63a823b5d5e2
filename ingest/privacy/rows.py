"""Rows of a list: a person and the data beside it, whatever the layout has done to the table.

A row begins at a name and ends before the next one. Tables come as lines with
cells (sheets, office tables) or as flowing text (PDF): both read the same, and
a list whose columns come one after another is met by `loose`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.privacy.names import Name
from ingest.privacy.numbers import Datum, numbers, words
from ingest.privacy.words import SMALL, WORDS

_DIGIT = re.compile(r"\d")
_LOWER = re.compile(rf"[{SMALL}](?<!\w.)\w+")
_ROW_WORDS = frozenset(WORDS["row_words"].split())
# How far a row reaches when no other follows it: a long row of a class register.
_ROW_CHARACTERS = 260
# What may stand before a name in its row: a number, a code, a telephone.
_LEAD_CHARACTERS = 40
# Fewer names are no list, unless a page beside it goes on with it.
_FEWEST_NAMES = 3
# A number or code within a row stands this near its name; names of a list without data this near one another.
_SOON_CHARACTERS = 80
_CLOSE_CHARACTERS = 60
_SEPARATORS = " \t\n|.)"
# Rows are numbered when numbers rise by one this often; a code or two may stand between number and name.
_STEPS = 2
_DEEPEST_NUMBER = 3
_PROSE_WORDS = 9
_PROSE_BEFORE = 3
_PROSE_BARE = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A person with the data up to the next one.

    person: the name in one spelling, to know it again. reach: where the row's text ends.
    prose: words of running text in it; near: those before the first datum.
    """

    person: str
    name: Name
    data: tuple[Datum, ...]
    reach: int
    prose: int
    near: int

    @property
    def is_tight(self) -> bool:
        """Whether it reads as a row and not as a sentence about somebody."""
        return self.prose <= _PROSE_WORDS

    @property
    def is_bare(self) -> bool:
        """Whether there is hardly a word besides names, numbers and places."""
        return self.prose <= _PROSE_BARE

    @property
    def is_headed(self) -> bool:
        """Whether its first datum stands right after the name, as in a row that ends with a remark."""
        return self.near <= _PROSE_BEFORE


def prose(text: str) -> int:
    """How many words of running text there are."""
    words = _LOWER.findall(text)
    return len(words) - sum(map(_ROW_WORDS.__contains__, words))


def may_be_list(text: str, found: Sequence[Name]) -> bool:
    """Whether names could be rows: a number follows some of them soon, or they follow one another. Cheap."""
    if len(found) < _FEWEST_NAMES:
        return False
    ends = [*(name.start for name in found[1:]), len(text)]
    followed = sum(
        _DIGIT.search(text, name.end, min(end, name.end + _SOON_CHARACTERS)) is not None
        for name, end in zip(found, ends, strict=True)
    )
    close = sum(end - name.end <= _CLOSE_CHARACTERS for name, end in zip(found, ends, strict=True))
    return followed >= _FEWEST_NAMES or 2 * close >= len(found)


def rows(text: str, found: Sequence[Name]) -> Iterator[Row]:
    """A row for each name of a passage."""
    if not found:
        return
    starts = [name.start for name in found]
    edges = [max(0, starts[0] - _LEAD_CHARACTERS), *(name.end for name in found)]
    between = [_between(text, edge, end) for edge, end in zip(edges, (*starts, len(text)), strict=True)]
    leads = [*_leads(text, starts, [pieces for pieces, _, _ in between]), 0]
    for index, name in enumerate(found):
        (above, _, _), (pieces, reach, said) = between[index], between[index + 1]
        end = _line_end(text, name)
        before = above[len(above) - leads[index] :]
        own = [datum for datum in pieces[: len(pieces) - leads[index + 1]] if datum.at < end]
        near = prose(text[name.end : own[0].at]) if own else said
        person = text[name.start : name.end].casefold()
        yield Row(person, name, (*before, *own), min(end, reach), said, near)


def with_words(text: str, row: Row) -> Row:
    """The row with the words that stand like data in it: ranks, illnesses, places."""
    found = list(words(text, row.name.end, row.reach))
    if not found:
        return row
    near = min(row.near, prose(text[row.name.end : found[0].at]))
    return replace(row, data=tuple(sorted((*row.data, *found), key=lambda datum: datum.at)), near=near)


def _between(text: str, start: int, end: int) -> tuple[list[Datum], int, int]:
    """The numbers between two names, where to look for more, and the words of running text there.

    Of a long sentence only its two ends count.
    """
    reach = min(end, start + _ROW_CHARACTERS)
    said = prose(text[start:reach])
    if said > _PROSE_WORDS:
        reach = min(end, start + _SOON_CHARACTERS)
    return [*numbers(text, start, reach), *numbers(text, max(reach, end - _LEAD_CHARACTERS), end)], reach, said


def _line_end(text: str, name: Name) -> int:
    """Where the row of a table ends; the end of the text where lines have no cells."""
    begin, end = text.rfind("\n", 0, name.start) + 1, text.find("\n", name.end)
    end = len(text) if end < 0 else end
    line = text[begin:end]
    return end if "\t" in line or " | " in line else len(text)


def _leads(text: str, starts: Sequence[int], between: Sequence[Sequence[Datum]]) -> list[int]:
    """How many data before each name are its own row's: its number, a code after it. The rest is the row above's."""
    beside = [_beside(text, start, pieces) for start, pieces in zip(starts, between, strict=False)]
    for depth in range(1, _DEEPEST_NUMBER + 1):
        numbers = {
            index: int(pieces[-depth].said)
            for index, pieces in enumerate(beside)
            if len(pieces) >= depth and pieces[-depth].said.isdigit()
        }
        steps = sum(after == before + 1 for before, after in pairwise(numbers.values()))
        if steps >= _STEPS and 2 * steps >= len(numbers) - 1:
            return [depth if index in numbers else 0 for index in range(len(starts))]
    # Without running numbers only what stands before the very first name is certain.
    return [len(beside[0]), *[0] * (len(starts) - 1)]


def _beside(text: str, start: int, pieces: Sequence[Datum]) -> list[Datum]:
    """The data that stand right before a name, with nothing but separators between."""
    found: list[Datum] = []
    for piece in reversed(pieces):
        if text[piece.at + len(piece.said) : start].strip(_SEPARATORS):
            break
        found.insert(0, piece)
        start = piece.at
    return found


def columns(text: str, places: Sequence[int]) -> dict[str | None, int]:
    """Letter of the column -> how many of these places stand in it; the letter is None where a line has no cells."""
    numbers: Counter[str | None] = Counter()
    for place in places:
        begin = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        line = text[begin : end if end >= 0 else len(text)]
        edge = next((sign for sign in ("\t", " | ") if sign in line), None)
        numbers[letter(line.count(edge, 0, place - begin)) if edge else None] += 1
    return numbers


def letter(index: int) -> str:
    """A column's name as spreadsheets count: 0 is A, 25 Z, 26 AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
