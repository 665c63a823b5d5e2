"""Names of people as Vietnamese writes them: a family name, then one to five capitalised syllables.

Names in capitals, without accents, and split over two cells count; so do
those of the highlands: Giàng A Páo, Hờ A Dế, Y Bhim Niê, H'Hen Niê. A given
name alone is no name here: a textbook is full of An and Bình.

This is the one scan that every passage pays for (see `ingest.privacy`).
"""

import re
from dataclasses import dataclass
from functools import cache

from ingest.privacy.words import CAPITALS, WORDS, folded


def _ways(word: str) -> set[str]:
    plain = folded(word)
    return {word, word.upper(), plain.capitalize(), plain.upper()}


def _spellings(word: str) -> set[str]:
    return {word, word.upper()} if folded(word) in _COMMON else _ways(word)


_WORD = rf"[{CAPITALS}][\w'’]*+"
_RUN = re.compile(rf"[{CAPITALS}](?<!\w.)[\w'’]*+(?:(?:  ?|\t| \| ){_WORD})+")
_PART = re.compile(r"[\w'’]+")

_COMMON = frozenset(WORDS["common"].split())
_SURNAMES = frozenset(way for word in WORDS["surnames"].split() for way in _spellings(word))
# Without accents, in a run without accents.
_PLAIN = frozenset(
    way
    for word in map(folded, WORDS["surnames"].split())
    if word in _COMMON and word not in WORDS["never"].split()
    for way in (word.capitalize(), word.upper())
)
_SURE = frozenset(way for word in WORDS["sure"].split() for way in _spellings(word))
_CLANS = frozenset(way for word in WORDS["clans"].split() for way in _spellings(word))
_NOT_PEOPLE = frozenset(pair.strip().casefold() for line in WORDS["not_people"].split("\n") for pair in line.split(";"))
# Y Bhim, H Hen, H'Hen: what a first name of the central highlands begins with.
_PREFIXES = frozenset({"Y", "H"})
_MIDDLES = frozenset(way for word in WORDS["middles"].split() for way in _ways(word))
_NOT_BEFORE = frozenset(WORDS["not_before_middles"].casefold().split())
_TELLING = _SURNAMES | _CLANS | _PREFIXES | _MIDDLES | _PLAIN
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Name:
    """Where a name stands in its text. syllables: how many words it has."""

    start: int
    end: int
    syllables: int


def names(text: str) -> list[Name]:
    """The names of a text, in order."""
    found: list[Name] = []
    for run in _RUN.finditer(text):
        said = run.group()
        if _TELLING.isdisjoint(said.split()) and "'" not in said and "’" not in said:
            continue
        found.extend(_split(said, run.start()))
    return found


def _split(said: str, offset: int) -> list[Name]:
    """Names in a run of capitalised words; lists without numbers and commas hold several in one run."""
    words = list(_PART.finditer(said))
    found: list[Name] = []
    first: int | None = None
    for index, word in enumerate(words):
        opens = _begins(words, index)
        # A highland name ends with its clan; others have two syllables where the next one is surely another's.
        least = 2 if word.group() in _SURE or words[index - 1].group() in _CLANS else 3
        if first is not None and ((opens and index - first >= least) or index - first >= _LONGEST):
            found.append(Name(offset + words[first].start(), offset + words[index - 1].end(), index - first))
            first = None
        if first is None and opens:
            first = index
    if first is not None and len(words) - first >= 2:
        found.append(Name(offset + words[first].start(), offset + words[-1].end(), len(words) - first))
    return found


def _begins(words: list[re.Match[str]], index: int) -> bool:
    """Whether a name can begin at this word."""
    word = words[index].group()
    if index + 1 == len(words):
        return False
    following = words[index + 1].group()
    if word in _SURNAMES:
        # A given name that may be a family name, and then the next person: "An Huỳnh Hữu".
        return (word in _SURE or following not in _SURE) and not _is_place(word, following)
    if word in _PREFIXES:
        return len(following) > 1
    if word in _PLAIN and word.isascii() and following.isascii() and index + 2 < len(words):
        return not _is_place(word, following)
    if following in _MIDDLES and index + 2 < len(words):
        return word.casefold() not in _NOT_BEFORE
    return word[:2] in ("H'", "H’", "K'", "K’") and len(word) > 3


@cache
def _is_place(word: str, following: str) -> bool:
    return f"{word} {following}".casefold() in _NOT_PEOPLE
