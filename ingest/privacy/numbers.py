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
      | (?P<year>(?:1\d\d\d|20[0-2]\d)(?![\w%/]))
      | (?P<mark>(?:10|\d)(?:[.,]\d{{1,2}})?(?![\w/]|[.,]\d|[ ]?%))
      | (?P<number>\d+(?:[.,]\d+)?%?(?!\w))
    )""",
    re.VERBOSE,
)
_BEGINNING = re.compile(r"[\d(+]")
_DIGITS = re.compile(r"\d+")

_TOKEN = re.compile(r"\w+")
# First word, as it is written and with a capital -> the phrases that begin with it, longer ones first, and their kinds.
_PHRASES: dict[str, list[tuple[str, str]]] = {}
for _kind, _key in (("rank", "ranks"), ("ill", "illnesses"), ("place", "places")):
    for _phrase in sorted(WORDS[_key], key=len, reverse=True):
        for _way in {_phrase, _phrase[0].upper() + _phrase[1:]}:
            _PHRASES.setdefault(_way.split()[0], []).append((_way, _kind))


@dataclass(frozen=True, slots=True)
class Datum:
    """A piece of data. kind: born, identity, phone, insured, digits, money, year, mark, number; rank, ill, place.

    at: where it stands in its passage.
    """

    kind: str
    said: str
    at: int


def numbers(text: str, start: int, stop: int) -> Iterator[Datum]:
    """The numbers of a piece of text, in order."""
    while beginning := _BEGINNING.search(text, start, stop):
        at = beginning.start()
        match = _NUMBER.match(text, at, stop)
        if match is None:
            # Past a number that is none of ours, but only past the bracket before one.
            digits = _DIGITS.match(text, at, stop)
            start = digits.end() if digits else at + 1
            continue
        yield Datum(str(match.lastgroup), match.group(), at)
        start = match.end()


def words(text: str, start: int, stop: int) -> Iterator[Datum]:
    """The words of a piece of text that stand like data, in order."""
    end = start
    for match in _TOKEN.finditer(text, start, stop):
        for phrase, kind in _PHRASES.get(match.group(), ()):
            at = match.start()
            after = text[at + len(phrase) : at + len(phrase) + 2]
            # A village has a name or a number.
            names_one = after[:1] == " " and (after[1:].isupper() or after[1:].isdigit())
            if (
                at >= end
                and text.startswith(phrase, at)
                and (names_one if kind == "place" else not after[:1].isalnum())
            ):
                yield Datum(kind, phrase, at)
                end = at + len(phrase)
                break
