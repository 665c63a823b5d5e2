"""The words behind the search for personal data, from `words.toml`, and how a text is asked for them.

Headings and columns are compared in lower case without punctuation, and
without accents unless a phrase would then mean something else (sổ điểm, số
điểm). A star in a phrase stands for up to three words.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any

# Latin-1, Latin Extended and Vietnamese letters: ranges of both cases mix them.
_LETTERS = [chr(code) for block in (range(0xC0, 0x250), range(0x1EA0, 0x1EFA)) for code in block]
CAPITALS = "A-Z" + "".join(filter(str.isupper, _LETTERS))
SMALL = "a-z" + "".join(filter(str.islower, _LETTERS))
"""Insides of character classes: a class is searched for without backtracking, whatever its size."""

WORDS: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))

_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """Lower case without accents."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.lower())).replace("đ", "d")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as its lower-case words between single blanks, one before and after all of them.

    plain: without accents. accented: as it is written; the same where it has none.
    """

    plain: str
    accented: str


def spoken(text: str) -> Spoken:
    """The words of a text, to ask `Phrases` of."""
    accented = f" {' '.join(_WORD.findall(text.lower().replace('_', ' ')))} "
    return Spoken(folded(accented), accented)


class Phrases:
    """Some phrases that a text may hold; those written with accents are looked for with them where the text has any."""

    def __init__(self, phrases: Iterable[str]) -> None:
        listed = list(phrases)
        self._plain = [f" {phrase} " for phrase in listed if "*" not in phrase and phrase.isascii()]
        self._accented = [(f" {phrase} ", f" {folded(phrase)} ") for phrase in listed if not phrase.isascii()]
        # The beginning is looked for first: a plain search is a hundred times as fast as a pattern.
        self._starred = [
            (f" {phrase.partition(' *')[0]} ", re.compile(f" {phrase.replace(' *', '(?: [^ ]+){0,3}')} "))
            for phrase in listed
            if "*" in phrase
        ]

    def stand_in(self, said: Spoken) -> bool:
        """Whether one of them stands there."""
        has_accents = said.accented != said.plain
        return (
            any(phrase in said.plain for phrase in self._plain)
            or any((phrase if has_accents else plain) in said.accented for phrase, plain in self._accented)
            or any(first in said.plain and pattern.search(said.plain) for first, pattern in self._starred)
        )
