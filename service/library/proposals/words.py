"""Toneless words of a text that know where they stood, for patterns that people write as they type.

Letters and digits part ("Toan10a" is `toan 10 a`), whatever stands between
words is one space, and a bar where a line ends, so that no pattern reads
across lines.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from service.search.folding import to_ascii

_WORD = re.compile(r"[^\W\d_]+|\d+")
END = "|"
"""Stands between two lines."""


@dataclass(frozen=True, slots=True)
class Words:
    """folded: words with a space between them. text: as it stood, NFC. spans: start in folded -> place in text."""

    text: str
    folded: str
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def at(self, start: int, end: int) -> str:
        """The text behind a piece of `folded`, on one line."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, max(start, end - 1)) - 1
        return " ".join(self.text[self.spans[first][0] : self.spans[last][1]].split())

    def line(self, start: int) -> str:
        """The whole line in which a piece of `folded` stands, as it stood."""
        place = self.spans[bisect_right(self.starts, start) - 1][0]
        begin = self.text.rfind("\n", 0, place) + 1
        end = self.text.find("\n", place)
        return self.text[begin : end if end >= 0 else len(self.text)]


def words(text: str) -> Words:
    plain = unicodedata.normalize("NFC", text)
    parts: list[str] = []
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    length = before = 0
    for found in _WORD.finditer(plain):
        if spans and "\n" in plain[before : found.start()]:
            parts.append(END)
            length += len(END) + 1
        word = folded_word(found[0])
        starts.append(length)
        spans.append(found.span())
        parts.append(word)
        length += len(word) + 1
        before = found.end()
    return Words(plain, " ".join(parts), tuple(starts), tuple(spans))


def folded_word(word: str) -> str:
    return to_ascii(word.lower())


def toned(text: str) -> str:
    """A name as it is compared where its tones are known: words in small letters, one space between them."""
    return " ".join(word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text)))


def syllables(text: str) -> list[str]:
    """What the model counts: toneless words in their order; digits say nothing of a subject."""
    return [word for word in re.findall(r"[a-z0-9]+", to_ascii(text.lower())) if not word.isdigit()]
