"""Where the words of a query stand in a text, toneless.

Most tokens of a text are not wanted. What may be one is found in the text's
bare letters, in one pass, and only that is analysed: four times as fast as
analysing everything, and a page of results cuts sixty snippets.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
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


class Occurrence(NamedTuple):
    """A token in a text: characters [start, end) and the folded token."""

    start: int
    end: int
    token: str


def occurrences(text: str, wanted: frozenset[str]) -> list[Occurrence]:
    """Where wanted folded tokens stand in a text that is NFC already, in order."""
    if not wanted:
        return []
    spaced = text.replace("_", " ")
    return [
        Occurrence(start, end, token)
        for start, end in _candidates(spaced, wanted)
        if (token := both(spaced[start:end])[1]) in wanted
    ]


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
