"""Dates, marks, numbers of people and of their accounts, and the few words that stand like them in a row.

A number is read where it begins, by one pattern that tries the kinds from
the most to the least telling; the rest of the text is passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.privacy.words import WORDS

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_CELL = r"(?: \| |\t|[ ])"
_NUMBER = re.compile(
    rf"""
    (?P<insured>(?:(?<=(?<!\w)[A-Z]{{2}})|(?<=(?<!\w)[A-Z]{{2}}[ ]))[1-5](?:[ -]?\d){{12}}(?!\d))
    | (?<![\w.,/-])(?:
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
    )""",
    re.VERBOSE,
)
_BEGINNING = re.compile(r"[\d(+]")
_DIGITS = re.compile(r"\d*")

_KINDS = {
    word: kind for kind, key in (("rank", "ranks"), ("ill", "illnesses"), ("place", "places")) for word in WORDS[key]
}
# Literal alternatives without a group or a look behind: the engine then jumps to their first letters.
_WORD = re.compile("|".join(sorted({w for word in _KINDS for w in (word, word[0].upper() + word[1:])}, reverse=True)))


@dataclass(frozen=True, slots=True)
class Datum:
    """A piece of data. kind: born, identity, phone, insured, digits, money, year, mark, number; rank, ill, place.

    at: where it stands in its passage.
    """

    kind: str
    said: str
    at: int


def data(text: str, start: int = 0, end: int | None = None) -> list[Datum]:
    """All data of a piece of text, in order."""
    stop = len(text) if end is None else end
    return sorted([*_numbers(text, start, stop), *_words(text, start, stop)], key=lambda datum: datum.at)


def _numbers(text: str, start: int, stop: int) -> Iterator[Datum]:
    while beginning := _BEGINNING.search(text, start, stop):
        at = beginning.start()
        match = _NUMBER.match(text, at, stop)
        if match is None:
            rest = _DIGITS.match(text, at + 1, stop)
            start = rest.end() if rest else at + 1
            continue
        yield Datum(str(match.lastgroup), match.group(), at)
        start = match.end()


def _words(text: str, start: int, stop: int) -> Iterator[Datum]:
    for match in _WORD.finditer(text, start, stop):
        said, at, after = match.group(), match.start(), text[match.end() : match.end() + 2]
        if (at and text[at - 1].isalnum()) or after[:1].isalnum():
            continue
        kind = _KINDS.get(said) or _KINDS[said[0].lower() + said[1:]]
        # A village has a name or a number.
        if kind != "place" or (after[:1] == " " and (after[1:].isupper() or after[1:].isdigit())):
            yield Datum(kind, said, at)
