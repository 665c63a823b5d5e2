"""Words of a text, counted; and whole ones out of what a page has broken up."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection

_WORD = re.compile(r"\w+")
# LibreOffice's text export writes a hyphen behind each soft one.
_SOFT_HYPHEN = re.compile("\u00ad[-\u2010]?")
_MOST_PIECES = 30


def words(text: str) -> Counter[str]:
    """Words as often as they stand, ligatures and widths undone, in lower case."""
    return Counter(_tokens(text))


def whole(text: str, known: Collection[str]) -> Counter[str]:
    """`words`, where pieces on lines of their own count as one word when only together they are a known one.

    A narrow shape breaks words wherever its edge is; that is not the file's text.
    """
    pieces = [(token, not place) for line in text.split("\n") for place, token in enumerate(_tokens(line))]
    found: Counter[str] = Counter()
    at = 0
    while at < len(pieces):
        end = at + 1
        while end < len(pieces) and pieces[end][1] and end - at < _MOST_PIECES:
            end += 1
        while end > at + 1 and not _is_broken([token for token, _ in pieces[at:end]], known):
            end -= 1
        found["".join(token for token, _ in pieces[at:end])] += 1
        at = end
    return found


def recall(wanted: Counter[str], found: Counter[str]) -> float:
    """The share of the wanted words that was found, each counted as often as it is wanted."""
    return (wanted & found).total() / wanted.total()


def _is_broken(pieces: list[str], known: Collection[str]) -> bool:
    return "".join(pieces) in known and not all(piece in known for piece in pieces)


def _tokens(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", _SOFT_HYPHEN.sub("", text)).casefold())
