"""The piece of a passage that shows why it was found, with the words that match marked.

Cut in the application, from the passage's whole text, because highlighting
costs an engine more than the search does. Words match without accents: a bare
query marks accented words.
"""

import html
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.search.analysis import fold, spans

LENGTH_CHARACTERS = 160
# Of a window's length, how much of it may come before the first match.
LEAD = 0.3
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    token: str
    matches: bool


def snippet(text: str, tokens: Collection[str], *, length: int = LENGTH_CHARACTERS) -> str:
    """About `length` characters of an NFC text around the best place, as escaped HTML with `<mark>` only.

    tokens: the folded tokens of the query (`SearchQuery.fold`). Without a match it is the text's beginning.
    """
    wanted = frozenset(tokens)
    found = [_Word(start, end, token, token in wanted) for start, end, token in spans(text)]
    if not found:
        return html.escape(" ".join(text[:length].split()))
    first, last = _window(found, length)
    begin = found[first].start if first else 0
    end = found[last].end if last < len(found) - 1 else len(text)
    # A text's own beginning or end may be a long run of dots or spaces.
    begin, end = max(begin, found[first].start - length // 4), min(end, found[last].end + length // 4)
    marked = _marked(text, found[first : last + 1], begin, end)
    return f"{ELLIPSIS if first else ''}{marked}{ELLIPSIS if last < len(found) - 1 else ''}"


def matching_words(words: Sequence[str], tokens: Collection[str]) -> tuple[int, ...]:
    """Which of a page's words match, as indices: for marking hits over a picture of the page."""
    wanted = frozenset(tokens)
    return tuple(number for number, word in enumerate(words) if not wanted.isdisjoint(fold(word)))


def _window(found: Sequence[_Word], length: int) -> tuple[int, int]:
    """First and last word of the stretch with the most different matches, then the most neighbouring ones."""
    best, chosen = (0, 0), (0, 0)
    right, neighbours = 0, 0
    counts: dict[str, int] = {}
    for left, word in enumerate(found):
        while right < len(found) and (right == left or found[right].end - word.start <= length):
            if found[right].matches:
                counts[found[right].token] = counts.get(found[right].token, 0) + 1
                neighbours += right > left and found[right - 1].matches
            right += 1
        if word.matches and (len(counts), neighbours) > best:
            best, chosen = (len(counts), neighbours), (left, right - 1)
        if word.matches:
            counts[word.token] -= 1
            if not counts[word.token]:
                del counts[word.token]
            neighbours -= left + 1 < right and found[left + 1].matches
    if best == (0, 0):
        return 0, _reach(found, 0, length)
    return _with_lead(found, *chosen, length)


def _with_lead(found: Sequence[_Word], first: int, last: int, length: int) -> tuple[int, int]:
    """Give up words after the last match for some before the first one, so that it reads as a sentence."""
    while last > first and not found[last].matches:
        last -= 1
    room = min(length * LEAD, length - (found[last].end - found[first].start))
    start = found[first].start
    while first and start - found[first - 1].start <= room:
        first -= 1
    return first, max(last, _reach(found, first, length))


def _reach(found: Sequence[_Word], first: int, length: int) -> int:
    """The last word that still fits a window beginning at `first`."""
    last = first
    while last + 1 < len(found) and found[last + 1].end - found[first].start <= length:
        last += 1
    return last


def _marked(text: str, found: Sequence[_Word], begin: int, end: int) -> str:
    """Escaped text; matches with nothing but spaces between them share one mark."""
    pieces: list[str] = []
    position = begin
    number = 0
    while number < len(found):
        if not found[number].matches:
            number += 1
            continue
        stop = number
        for before, after in pairwise(found[number:]):
            if not after.matches or not text[before.end : after.start].isspace():
                break
            stop += 1
        pieces.append(html.escape(text[position : found[number].start]))
        pieces.append(f"<mark>{html.escape(text[found[number].start : found[stop].end])}</mark>")
        position = found[stop].end
        number = stop + 1
    pieces.append(html.escape(text[position:end]))
    return " ".join("".join(pieces).split())
