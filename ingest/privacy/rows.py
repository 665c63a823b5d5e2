"""Rows of a list: a person and the data beside it, whatever the layout has done to the table.

A row begins at a name and ends before the next one. Tables come as lines with
cells (sheets, office tables) or as flowing text (PDF): both read the same, and
a list whose columns come one after another is met by `loose`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.privacy.names import Name, folded
from ingest.privacy.words import WORDS


def _any(key: str) -> str:
    """One of the words, each also with a capital; blanks are kept in a verbose pattern."""
    words = [f"[{word[0]}{word[0].upper()}]{word[1:]}" for word in WORDS[key]]
    return "|".join(sorted(words, key=len, reverse=True)).replace(" ", "[ ]")


_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_CELL = r"(?: \| |\t| )"
_DATUM = re.compile(
    rf"""
    (?P<insured>(?<!\w)[A-Z]{{2}}[ ]?\d(?:[ -]?\d){{12}}(?!\d))
    | (?<![\d.,/-])(?:
        (?P<born>
            {_DAY}\s?[/.\-–]\s?{_MONTH}\s?[/.\-–]\s?(?:(?:19|20)\d\d|\d\d)(?![\d/]|[.,]\d)
          | (?:19|20)\d\d-{_MONTH}-{_DAY}(?!\d)
          | {_DAY}{_CELL}{_MONTH}{_CELL}(?:19[5-9]\d|20[0-3]\d)(?!\d|[.,]\d) )
      | (?P<identity>0\d{{11}}(?!\d))
      | (?P<phone>(?:\+?84|\(?0)(?:[ .\-)]{{0,2}}\d){{9}}(?!\d|[.,]\d))
      | (?P<digits>\d{{6,19}}(?!\d))
      | (?P<money>\d{{1,3}}(?:[.,]\d{{3}})+(?![\d%]))
      | (?P<year>(?:19[5-9]\d|20[0-2]\d)(?![\w%/]))
      | (?P<mark>(?:10|\d)(?:[.,]\d{{1,2}})?(?![\w/]|[.,]\d|[ ]?%))
      | (?P<number>\d+(?:[.,]\d+)?%?(?!\w))
    )
    | (?P<rank>(?<!\w)(?:{_any("ranks")})(?!\w))
    | (?P<ill>(?<!\w)(?:{_any("illnesses")})(?!\w))
    | (?P<place>(?<!\w)(?:{_any("places")})(?=[ ](?:[^\W\d_a-zà-ỹđ]|\d)))
    """,
    re.VERBOSE,
)
_LOWER = re.compile(r"[a-zà-ỹđ](?<!\w.)\w+")
_ROW_WORDS = frozenset(WORDS["row_words"].split())
# How far a row reaches when no other follows it: a long row of a class register.
_ROW_CHARACTERS = 260
# What may stand before the first name of a page: a number, a code, a telephone.
_LEAD_CHARACTERS = 40
_PROSE_WORDS = 9
_PROSE_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Datum:
    """A piece of data: kind as `_DATUM` names it, its text, its place in the passage."""

    kind: str
    said: str
    at: int


@dataclass(frozen=True, slots=True)
class Row:
    """A person with the data up to the next one. prose: words of running text among them; near: before the first."""

    person: str
    name: Name
    data: tuple[Datum, ...]
    prose: int
    near: int

    @property
    def is_tight(self) -> bool:
        """Whether it reads as a row and not as a sentence about somebody."""
        return self.prose <= _PROSE_WORDS

    @property
    def is_headed(self) -> bool:
        """Whether its first datum stands right after the name, as in a row that ends with a remark."""
        return self.near <= _PROSE_BEFORE


def data(text: str, start: int = 0, end: int | None = None) -> list[Datum]:
    """All data of a piece of text, in order."""
    stop = len(text) if end is None else end
    return [Datum(str(match.lastgroup), match.group(), match.start()) for match in _DATUM.finditer(text, start, stop)]


def prose(text: str) -> int:
    """How many words of running text there are."""
    return sum(word not in _ROW_WORDS for word in _LOWER.findall(text))


def rows(text: str, found: Sequence[Name]) -> Iterator[Row]:
    """A row for each name of a passage."""
    for index, name in enumerate(found):
        last = index + 1 == len(found)
        end = min(len(text) if last else found[index + 1].start, name.end + _ROW_CHARACTERS)
        start = name.end if index else max(0, name.start - _LEAD_CHARACTERS)
        pieces = tuple(datum for datum in data(text, start, end) if not name.start <= datum.at < name.end)
        after = next((datum.at for datum in pieces if datum.at >= name.end), end)
        yield Row(
            folded(text[name.start : name.end]),
            name,
            pieces,
            prose(text[name.end : end]),
            prose(text[name.end : after]),
        )


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
