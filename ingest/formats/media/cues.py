"""From timed cues to passages: in order, without repetitions, 15–45 seconds each, from the beginning of a sentence.

A cue is what a caption shows at a time, two lines or three words. What people
look for is a sentence, and a hit must open the recording just before it. So
cues are sorted, what rolling captions repeat is said once, sentences that end
inside a cue are taken apart, and the pieces are put together anew.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Locator, Passage
from ingest.formats.passages import tidy_passage
from ingest.formats.words import tidy
from ingest.vietnamese.language import main_language

SHORTEST_SECONDS = 15.0
WANTED_SECONDS = 30.0
LONGEST_SECONDS = 45.0

# After this much silence somebody begins anew, whatever the punctuation says.
_SILENCE_SECONDS = 2.0
# Cues of rolling captions follow one another within a blink; a refrain comes back later.
_ROLLING_SECONDS = 0.5

_SENTENCE_ENDS = re.compile(r"[.!?…]+[\"”’»)\]]*(?:\s+|$)")
# "TS. Nguyễn", "5. Kết luận": the full stop of an abbreviation or a number ends no sentence.
_NO_END = re.compile(r"(?:^|\s)(?:[A-ZĐ]|P?GS|ThS|TS|TP|Mrs?|Ms|Dr|St|\d{1,3})\.\s*$")


@dataclass(frozen=True, slots=True)
class Cue:
    """A shown text. Seconds from the beginning of the recording; `lines` as they stand under one another."""

    start_seconds: float
    end_seconds: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    start: float
    end: float
    text: str
    begins: bool
    """Whether a sentence begins here."""


def passages(cues: Iterable[Cue], *, language: str | None = None) -> list[Passage]:
    """Passages of a track, in order. language: what the track says of itself, where the text is too short to tell."""
    made = []
    shown = _told_once(sorted(cues, key=lambda cue: (cue.start_seconds, cue.end_seconds)))
    # Sentences of overlapping cues stand where they are said.
    for group in _groups(sorted(_pieces(shown), key=lambda piece: piece.start)):
        text = tidy(" ".join(piece.text for piece in group))
        made.append(tidy_passage(Locator("second", int(group[0].start)), text))
    known = language or main_language((passage.language, len(passage.text)) for passage in made)
    return [Passage(one.locator, one.text, one.language or known) for one in made]


def _told_once(cues: Iterable[Cue]) -> Iterator[_Piece]:
    """What each cue adds to the one before it: rolling captions repeat lines, or grow by a word at a time."""
    before: tuple[str, ...] = ()
    until = float("-inf")
    for cue in cues:
        lines = tuple(filter(None, map(tidy, cue.lines)))
        if not lines:
            continue
        new = _new_words(before, lines) if cue.start_seconds <= until + _ROLLING_SECONDS else " ".join(lines)
        if new:
            yield _Piece(cue.start_seconds, cue.end_seconds, new, cue.start_seconds >= until + _SILENCE_SECONDS)
        before, until = lines, max(until, cue.end_seconds)


def _new_words(before: tuple[str, ...], lines: tuple[str, ...]) -> str:
    for count in range(min(len(before), len(lines)), 0, -1):
        if before[-count:] == lines[:count]:
            return " ".join(lines[count:])
    old, new = " ".join(before).split(), " ".join(lines).split()
    return " ".join(new[len(old) :] if new[: len(old)] == old else new)


def _pieces(shown: Iterable[_Piece]) -> Iterator[_Piece]:
    """Cues taken apart where a sentence ends; a piece's time is its share of the cue's letters."""
    ended = True
    for piece in shown:
        seconds = max(0.0, piece.end - piece.start) / len(piece.text)
        at, begins = 0, piece.begins or ended
        for end in _ends(piece.text):
            yield _Piece(piece.start + at * seconds, piece.start + end * seconds, piece.text[at:end].strip(), begins)
            at, begins = end, True
        ended = at == len(piece.text)
        if not ended:
            yield _Piece(piece.start + at * seconds, piece.end, piece.text[at:], begins)


def _ends(text: str) -> Iterator[int]:
    for match in _SENTENCE_ENDS.finditer(text):
        if not _NO_END.search(text, max(0, match.start() - 5), match.end()):
            yield match.end()


def _groups(pieces: Sequence[_Piece]) -> Iterator[Sequence[_Piece]]:
    first, end = 0, max((piece.end for piece in pieces), default=0.0)
    while first < len(pieces):
        last = _cut(pieces, first, end)
        yield pieces[first:last]
        first = last


def _cut(pieces: Sequence[_Piece], first: int, end: float) -> int:
    """Where the passage that begins at `first` ends: at a sentence, about WANTED_SECONDS on, leaving no short rest."""
    start = pieces[first].start
    stop = first + 1
    while stop < len(pieces) and pieces[stop].start - start < LONGEST_SECONDS:
        stop += 1
    if stop == len(pieces) and end - start <= LONGEST_SECONDS:
        return stop
    places = [place for place in range(first + 1, stop) if pieces[place].start - start >= SHORTEST_SECONDS]
    # Where there is nothing in reach, somebody is silent, or one cue stands for minutes: the passage ends before it.
    if not places:
        return stop
    long_rests = [place for place in places if end - pieces[place].start >= SHORTEST_SECONDS]
    at_sentences = [place for place in long_rests or places if pieces[place].begins]
    return min(
        at_sentences or long_rests or places, key=lambda place: abs(pieces[place].start - start - WANTED_SECONDS)
    )
