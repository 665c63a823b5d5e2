"""Names of people as Vietnamese writes them: a family name, then one to five capitalised syllables.

Names in capitals, without accents, and split over two cells count; so do
those of the highlands: Giàng A Páo, Hờ A Dế, Y Bhim Niê, H'Hen Niê. A given
name alone is no name here: a textbook is full of An and Bình.

This is the one scan that every passage pays for (see `ingest.privacy`).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from ingest.privacy.words import WORDS


def folded(text: str) -> str:
    """Lower case without accents, white space and dashes between words as one blank each."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
    return " ".join(plain.replace("đ", "d").split())


def _spellings(word: str) -> set[str]:
    plain = folded(word)
    ways = {word, word.upper()}
    return ways if plain in _COMMON else ways | {plain.capitalize(), plain.upper()}


# Latin-1, Latin Extended and Vietnamese letters; a class of single capitals is searched for without backtracking.
_CAPITALS = "A-Z" + "".join(
    sign for block in (range(0xC0, 0x250), range(0x1EA0, 0x1EFA)) for sign in map(chr, block) if sign.isupper()
)
_WORD = rf"[{_CAPITALS}][\w'’]*"
_RUN = re.compile(rf"[{_CAPITALS}](?<!\w.)[\w'’]*(?:(?:  ?|\t| \| ){_WORD})+")
_PART = re.compile(r"[\w'’]+")

_COMMON = frozenset(WORDS["common"].split())
_SURNAMES = frozenset(way for word in WORDS["surnames"].split() for way in _spellings(word))
_SURE = frozenset(way for word in WORDS["sure"].split() for way in _spellings(word))
_CLANS = frozenset(way for word in WORDS["clans"].split() for way in _spellings(word))
_NOT_PEOPLE = frozenset(pair.strip().casefold() for line in WORDS["not_people"].split("\n") for pair in line.split(";"))
# Y Bhim, H Hen, H'Hen: what a first name of the central highlands begins with.
_PREFIXES = frozenset({"Y", "H"})
_FIRST_WORDS = _SURNAMES | _CLANS | _PREFIXES
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
        if _FIRST_WORDS.isdisjoint(said.split()) and "'" not in said and "’" not in said:
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
        least = 2 if word.group() in _SURE else 3
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
        return not _is_place(word, following)
    if word in _PREFIXES:
        return len(following) > 1
    return word[:2] in ("H'", "H’", "K'", "K’") and len(word) > 3


@cache
def _is_place(word: str, following: str) -> bool:
    return f"{word} {following}".casefold() in _NOT_PEOPLE
