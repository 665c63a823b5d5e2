"""Where the words of a query stand in a text, with the accents that were asked for where the text has them.

Most tokens of a text are not wanted. What may be one is found in the text's
bare letters, in one pass, and only that is analysed: four times as fast as
analysing everything, and a page of results cuts sixty snippets.

A query without accents means every word of these letters. One that has some
says what it means: beside "tụ điện" a "từ" is not marked, unless nothing of
what is shown says more (`Wanted.settled`).
"""

import functools
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from service.search.analysis import TOKEN, both
from service.search.folding import to_ascii

# Stands for any combining mark: a letter to a regular expression, and in no token.
_MARK = "ª"
MAX_LETTERS = 10_000


class _Letters(dict[int, str]):
    """Each character as its lower-case base, one for one where that is possible; filled as texts need it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        lowered = character.lower()[0]
        base = _MARK if unicodedata.category(character)[0] == "M" else to_ascii(lowered)
        if len(self) < MAX_LETTERS:
            self[code] = base
        return base


_LETTERS = _Letters({ord("_"): " "})

# Signs of books and slides that are in no token: quotes, dashes, bullets, arrows, operators.
_SIGNS = re.compile(
    "[\u00a0-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2010-\u205e\u2190-\u22ff\u25a0-\u25ff]"
)


_STROKE = "\u0335"
"""Stands for the bar of đ, which has no decomposition."""


class Occurrence(NamedTuple):
    """A token in a text: characters [start, end) and the folded token."""

    start: int
    end: int
    token: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words to mark.

    fold: without accents. dia: as they were asked for, in a query that has accents; empty: any accents will do.
    accepted: the accented tokens that are marked, once that is settled; None: every one of `fold`.
    """

    fold: frozenset[str] = frozenset()
    dia: frozenset[str] = frozenset()
    accepted: frozenset[str] | None = None

    def __bool__(self) -> bool:
        return bool(self.fold)

    def has(self, accented: str, folded: str) -> bool:
        """Whether a token of a text, in both analyses, is to be marked."""
        return folded in self.fold and (self.accepted is None or accented in self.accepted)

    def settled(self, texts: Iterable[str]) -> "Wanted":
        """For texts that are shown together: what is marked in them.

        A word that stands there as it was asked for; else what has at least the accents that were typed ("ham sô
        bậc": hàm số); else, where nothing at all stands there so, whatever has the letters.
        """
        if not self.dia or self.accepted is not None:
            return self
        there = {
            both(text[start:end])[0] for text in map(_composed, texts) for start, end, _ in occurrences(text, self)
        }
        said = {token for asked in self.dia for token in _as_asked(asked, there)}
        # Beside `vl 10` stands `vl10`, which nobody writes with accents.
        plain = self.fold - {to_ascii(asked) for asked in self.dia}
        said |= {token for token in there if to_ascii(token) in plain}
        return replace(self, accepted=frozenset(said or there))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def bare(tokens: Collection[str]) -> Wanted:
    """Folded tokens, whatever accents they have in a text."""
    return Wanted(frozenset(tokens))


def _as_asked(asked: str, there: Collection[str]) -> Collection[str]:
    return {asked} if asked in there else {token for token in there if _says_more(token, asked)}


def _says_more(token: str, asked: str) -> bool:
    """Whether a token has every accent of another one, letter by letter."""
    if to_ascii(token) != to_ascii(asked) or len(token) != len(asked):
        return False
    return all(_signs(least) <= _signs(letter) for least, letter in zip(asked, token, strict=True))


@functools.lru_cache(maxsize=1_000)
def _signs(letter: str) -> frozenset[str]:
    """A letter's base and its signs."""
    return frozenset(unicodedata.normalize("NFD", letter.replace("đ", f"d{_STROKE}")))


def occurrences(text: str, wanted: Wanted) -> list[Occurrence]:
    """Where wanted tokens stand in a text that is NFC already, in order."""
    if not wanted:
        return []
    spaced = text.replace("_", " ")
    found = []
    for start, end in _candidates(spaced, wanted.fold):
        accented, folded = both(spaced[start:end])
        if wanted.has(accented, folded):
            found.append(Occurrence(start, end, folded))
    return found


def neighbours(text: str, before: Occurrence, after: Occurrence) -> bool:
    """Whether no token stands between two."""
    if after.start - before.end < 2:
        return True
    between = text[before.end : after.start]
    return TOKEN.search(between.replace("_", " ")) is None


def _candidates(spaced: str, wanted: frozenset[str]) -> Iterator[tuple[int, int]]:
    letters = _bare(spaced)
    if len(letters) != len(spaced):
        # One letter became two (œ, ß): places in the one are not places in the other.
        yield from (match.span() for match in TOKEN.finditer(spaced))
        return
    for found in _pattern(wanted).finditer(letters):
        start, end = found.span()
        # Asked here, of the few that match so far: in the pattern it would be asked of every letter. What follows is
        # no letter of the bare ones; the second look is for a letter whose base is none.
        if (not start or not letters[start - 1].isalnum()) and not spaced[end : end + 1].isalnum():
            yield start, end


def _bare(text: str) -> str:
    """Lower-case base letters of a text in NFC, one for one unless a letter becomes two."""
    apart = unicodedata.normalize("NFD", _SIGNS.sub(" ", text).replace("đ", "d").replace("Đ", "D"))
    letters = apart.encode("ascii", "ignore").decode("ascii")
    # No letter of NFC has two ASCII letters in NFD, so as many as there were means one for one: the usual
    # text, three times as fast.
    return letters.lower() if len(letters) == len(text) else text.translate(_LETTERS)


@functools.lru_cache(maxsize=64)
def _pattern(wanted: frozenset[str]) -> re.Pattern[str]:
    """Ends of words of bare letters that may become one of these; a final y may have become i."""
    words = sorted(token.translate(_LETTERS) for token in wanted)
    forms = "|".join(re.escape(word[:-1]) + "[iy]" if word.endswith("i") else re.escape(word) for word in words)
    return re.compile(rf"(?:{forms})(?!\w)")
