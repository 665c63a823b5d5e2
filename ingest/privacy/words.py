"""The words behind the search for personal data, from `words.toml`, and how a text is asked for them.

Headings and columns are compared folded: lower case, without accents and
punctuation. A star in a phrase stands for up to three words.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from importlib import resources
from typing import Any

# Latin-1, Latin Extended and Vietnamese letters: ranges of both cases mix them.
_LETTERS = [chr(code) for block in (range(0xC0, 0x250), range(0x1EA0, 0x1EFA)) for code in block]
CAPITALS = "A-Z" + "".join(filter(str.isupper, _LETTERS))
SMALL = "a-z" + "".join(filter(str.islower, _LETTERS))
"""Insides of character classes: a class is searched for without backtracking, whatever its size."""

WORDS: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))

_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """Lower case without accents."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.lower())).replace("đ", "d")


def spoken(text: str) -> str:
    """A text as its folded words between single blanks, one before and after all of them."""
    return f" {' '.join(_WORD.findall(folded(text)))} "


class Phrases:
    """Some folded phrases that a spoken text may hold."""

    def __init__(self, phrases: Iterable[str]) -> None:
        listed = list(phrases)
        self._plain = [f" {phrase} " for phrase in listed if "*" not in phrase]
        # The beginning is looked for first: a plain search is a hundred times as fast as a pattern.
        self._starred = [
            (f" {phrase.partition(' *')[0]} ", re.compile(f" {phrase.replace(' *', '(?: [a-z0-9]+){0,3}')} "))
            for phrase in listed
            if "*" in phrase
        ]

    def stand_in(self, said: str) -> bool:
        """Whether one of them stands in a text that is `spoken`."""
        return any(phrase in said for phrase in self._plain) or any(
            first in said and pattern.search(said) for first, pattern in self._starred
        )
