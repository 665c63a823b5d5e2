"""Where somebody who types may be: every word of a title that a typed beginning can begin at, without tones.

Titles are kept in the term table by these beginnings, so that suggestions come
from one walk along its index, on every database and beside every engine.
"""

from typing import Final

from service.search.analysis import fold

TITLE: Final = "title"
WORD: Final = "title-word"
TOPIC: Final = "keyword"
"""Fields of the term table: titles from their first word on, from a further one on; keywords."""

# What somebody types before they look up; more only makes rows longer.
MOST_WORDS, MOST_CHARACTERS = 8, 60


def beginning(text: str) -> str:
    """A text as it is typed: folded words with single spaces, from the first one on."""
    return " ".join(fold(text)[:MOST_WORDS])[:MOST_CHARACTERS]


def later(text: str) -> list[str]:
    """The same from each further word on."""
    return every(text)[1:]


def every(text: str) -> list[str]:
    """`beginning`, then `later`: a text's words are told apart once. Empty for a text without words."""
    tokens = fold(text)
    starts = range(min(len(tokens), MOST_WORDS))
    return [" ".join(tokens[start : start + MOST_WORDS])[:MOST_CHARACTERS] for start in starts]


def is_whole(value: str) -> bool:
    """Whether a `beginning` is all of its title: a longer title is cut, and others may begin as it does."""
    return len(value) < MOST_CHARACTERS and value.count(" ") < MOST_WORDS - 1
