"""The piece of a passage that shows why it was found, with the words that match marked.

Cut in the application, from the passage's whole text, because highlighting
costs an engine more than the search does. Which words match, `marking` says: a
bare query marks accented words.
"""

import html
import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from service.search.analysis import analyse
from service.search.marking import Occurrence, Wanted, neighbours, occurrences

LENGTH_CHARACTERS = 160
# Of a window's length, how much may come before the first match: enough to read it in its sentence.
LEAD = 0.3
# A word longer than this is no word; the window's edge cuts it.
LONGEST_WORD = 30
ELLIPSIS = "…"
CELL_EDGE = " | "
_ESCAPED = re.compile("[&<>\"']")


def snippet(text: str, wanted: Wanted, *, length: int = LENGTH_CHARACTERS) -> str:
    """About `length` characters of an NFC text around the best place, as escaped HTML with `<mark>` only.

    Without a match it is the text's beginning.
    """
    found = occurrences(text, wanted.settled([text]))
    inside = _best(text, found, length)
    begin, end = _edges(text, inside, length)
    marked = _marked(text, [one for one in found if begin <= one.start and one.end <= end], begin, end)
    return f"{ELLIPSIS if begin else ''}{marked}{ELLIPSIS if end < len(text) else ''}"


def matching_words(words: Sequence[str], wanted: Wanted) -> tuple[int, ...]:
    """Which of a page's words match, as indices: for marking hits over a picture of the page."""
    return tuple(number for number, word in enumerate(words) if _matches(word, wanted))


def _matches(word: str, wanted: Wanted) -> bool:
    made = analyse(word)
    return any(map(wanted.has, made.dia, made.fold))


def _best(text: str, found: Sequence[Occurrence], length: int) -> Sequence[Occurrence]:
    """The stretch of at most `length` characters with the most different matches, then the most neighbouring ones."""
    best, chosen = (0, 0), found[:0]
    # beside[n]: how many of the first n matches stand next to the one before.
    beside = [0, 0, *accumulate(neighbours(text, before, after) for before, after in pairwise(found))]
    right = 0
    # How often each token stands in the stretch.
    inside: dict[str, int] = {}
    for left, first in enumerate(found):
        while right < len(found) and (right <= left or found[right].end - first.start <= length):
            token = found[right].token
            inside[token] = inside.get(token, 0) + 1
            right += 1
        score = len(inside), beside[right] - beside[left + 1]
        if score > best:
            best, chosen = score, found[left:right]
        inside[first.token] -= 1
        if not inside[first.token]:
            del inside[first.token]
    return chosen


def _edges(text: str, inside: Sequence[Occurrence], length: int) -> tuple[int, int]:
    """Where the window begins and ends: at words' edges, with some text before its first match."""
    if not inside:
        return 0, _word_end(text, length, 0)
    first, last = inside[0].start, inside[-1].end
    room = max(0, min(int(length * LEAD), length - (last - first)))
    # Near the end of a text, what the right side does not need is read before the match.
    begin = max(0, min(first - room, len(text) - length))
    begin = _word_start(text, begin, first)
    return begin, _word_end(text, max(begin + length, last), last)


def _word_start(text: str, position: int, latest: int) -> int:
    """The first beginning of a word from `position` on."""
    if position == 0 or text[position - 1].isspace():
        return position
    for candidate in range(position, min(latest, position + LONGEST_WORD)):
        if text[candidate].isspace():
            return candidate + 1
    return min(position, latest)


def _word_end(text: str, position: int, earliest: int) -> int:
    """The last end of a word up to `position`."""
    if position >= len(text) or text[position].isspace():
        return min(position, len(text))
    for candidate in range(position, max(earliest, position - LONGEST_WORD), -1):
        if text[candidate - 1].isspace():
            return candidate - 1
    return max(position, earliest)


def _marked(text: str, found: Sequence[Occurrence], begin: int, end: int) -> str:
    """Escaped text; matches with nothing but spaces between them share one mark."""
    pieces: list[str] = []
    position, open_from = begin, -1
    # Most texts have nothing to escape, and a dozen pieces each.
    escape = html.escape if _ESCAPED.search(text, begin, end) else str
    for number, one in enumerate(found):
        if open_from < 0:
            open_from = one.start
        following = found[number + 1] if number + 1 < len(found) else None
        if following is None or not text[one.end : following.start].isspace():
            pieces.append(escape(text[position:open_from]))
            pieces.append(f"<mark>{escape(text[open_from : one.end])}</mark>")
            position, open_from = one.end, -1
    pieces.append(escape(text[position:end]))
    # Cells of a row stand apart in one line too; empty ones are not worth their room.
    cells = (" ".join(cell.split()) for cell in "".join(pieces).split("\t"))
    return CELL_EDGE.join(filter(None, cells))
