"""Cut a document into passages a reader can be sent to.

Runs after describe. A passage is addressed by page, slide or second, because
a hit inside a long document must open at that place; a page too long for one
passage becomes several with the same locator, cut where a sentence ends.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.document import Document, Passage

LONGEST_CHARACTERS = 3000
"""A dense page of a programme has 2,500–3,500 characters: most pages stay whole."""

# After the end of a sentence, or at a line break; ellipses and abbreviations cost a worse cut, never a lost word.
# One set of signs to begin with: of two alternatives both would be tried at every character.
# A tab is no such place: a row of a table ends at its line's end.
_SENTENCE_END = re.compile(r"[.!?…;:\n](?:(?<=\n)|[\"”’»)\]]*[^\S\t]+)")


def segment(document: Document) -> Document:
    """The document with long passages cut; every word stays, in order."""
    if all(len(passage.text) <= LONGEST_CHARACTERS for passage in document.passages):
        return document
    return replace(document, passages=tuple(piece for passage in document.passages for piece in _pieces(passage)))


def _pieces(passage: Passage) -> Iterator[Passage]:
    for number, text in enumerate(cut(passage.text)):
        # Header and footer belong to the page, so to its first piece alone.
        yield replace(passage, text=text, marginal=passage.marginal if number == 0 else "")


def cut(text: str, longest: int = LONGEST_CHARACTERS) -> list[str]:
    """Pieces of at most `longest` characters and about equal length, cut at sentence ends, else between words."""
    pieces: list[str] = []
    start = 0
    while (rest := len(text) - start) > longest:
        wanted = -(-rest // -(-rest // longest))
        end = _nearest_end(text, start, wanted, longest)
        pieces.append(_trimmed(text[start:end]))
        start = end
    return [piece for piece in (*pieces, _trimmed(text[start:])) if piece]


def _trimmed(piece: str) -> str:
    """Without blanks around it; tabs before its first word stay, they are empty cells."""
    return piece.rstrip().lstrip(" \n")


def _nearest_end(text: str, start: int, wanted: int, longest: int) -> int:
    """Where to cut; places in the whole text, which is never copied: a hostile page may be megabytes long."""
    last = start + longest
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start + wanted // 2, last)]
    if ends:
        return min(ends, key=lambda end: abs(end - start - wanted))
    space = text.rfind(" ", start + 1, last)
    return space if space > 0 else last
