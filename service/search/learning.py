"""Learn which words follow which from texts, into a file of `syllables`.

Only words of letters count, and pairs of neighbours: a number, a formula or a
foreign script between two words keeps them apart. Each resource is learnt from
once, however often it is written; what it said before is forgotten when
everything is learnt anew. Counting is done on arrays, so that it costs a sixth
of writing the texts and a large collection some tens of megabytes.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from service.model import IndexDocument
from service.search.analysis import TOKEN, both
from service.search.syllables import WIDTH, Numbers, Pairs, Syllables, packed

# 24 MB of a file; what is rarest goes first. Words: Vietnamese has 7,000 syllables, the rest are names.
MOST_PAIRS, MOST_WORDS = 2_000_000, 200_000
# Of one resource: a book says in its first 300 pages how it speaks.
MOST_CHARACTERS = 500_000
# Pieces of text that wait to be counted; and different ones remembered between two files.
_WAITING, _MOST_PIECES = 500_000, 150_000
_MOST_LABELS = 5_000
# What is longer is rubbish, and comes once.
_MOST_IN_A_PIECE = 40
_COUNTED = np.iinfo(np.uint32).max
# A run that keeps its neighbours apart; the piece that is one: the end of a text.
_APART, _END = -1, 0

Word = tuple[str, str]
"""Bare letters, and the word with its accents: in the order of a file."""


@dataclass(slots=True)
class Learning:
    """What was learnt since the last file; for one thread.

    Pieces between spaces are numbered as they come, and so are the runs of letters in them: those of a piece stand in
    `_held` up to `_until`. `_words` says for each run which word it is (None: no word).
    """

    resources: set[int] = field(default_factory=set)
    tokens: int = 0
    _pieces: dict[str, int] = field(default_factory=dict)
    _labels: dict[str, list[int]] = field(default_factory=dict)
    _held: list[int] = field(default_factory=lambda: [_APART])
    _until: list[int] = field(default_factory=lambda: [1])
    _runs: dict[str, int] = field(default_factory=dict)
    _words: list[Word | None] = field(default_factory=list)
    _waiting: list[int] = field(default_factory=list)
    _counts: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))
    _pairs: Pairs = field(default_factory=lambda: np.zeros(0, np.uint64))
    _pair_counts: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def full(self) -> bool:
        """Time for a file: what is remembered would grow too large."""
        return len(self._pieces) >= _MOST_PIECES or len(self._pairs) >= MOST_PAIRS

    def learn(self, documents: Iterable[IndexDocument]) -> None:
        for document in documents:
            self.resources.add(document.key)
            for label in document.keywords:
                self._take_label(label)
            for text in _texts(document):
                self._take(text)
            if len(self._waiting) >= _WAITING:
                self._count()

    def file(self, before: Syllables | None) -> bytes:
        """All of it as a file, together with what another one holds."""
        self._count()
        runs = [(number, word) for number, word in enumerate(self._words) if word is not None]
        ways: dict[Word, dict[str, int]] = {}
        names = list(self._runs)
        for number, word in runs:
            way = unicodedata.normalize("NFC", names[number].lower())
            spelt = ways.setdefault(word, {})
            spelt[way] = spelt.get(way, 0) + int(self._counts[number])
        old = _words_of(before) if before else {}
        words = sorted({*ways, *old})
        place = {word: number for number, word in enumerate(words)}
        counts = np.zeros(len(words), np.int64)
        into = np.zeros(len(self._words), np.int64)
        for number, word in runs:
            into[number] = place[word]
            counts[place[word]] += int(self._counts[number])
        pairs, pair_counts = _moved(self._pairs, into), self._pair_counts
        if before:
            moved = np.array([place[word] for word in old], np.int64)
            counts[moved] += before.counts
            pairs = np.concatenate((pairs, _moved(before.pairs, moved)))
            pair_counts = np.concatenate((pair_counts, before.pair_counts.astype(np.int64)))
        pairs, pair_counts = _summed(pairs, pair_counts)
        written = [_written(word, ways.get(word), old.get(word)) for word in words]
        resources = {*self.resources, *(before.resources.tolist() if before else ())}
        return _file(words, written, counts, pairs, pair_counts, resources)

    def _take_label(self, label: str) -> None:
        """A text that many resources have, such as the names of their grade: cut once."""
        known = self._labels.get(label)
        if known is None:
            start = len(self._waiting)
            self._take(label)
            if len(self._labels) < _MOST_LABELS:
                self._labels[label] = self._waiting[start:]
            return
        self._waiting += known
        self.tokens += len(known) - 1

    def _take(self, text: str) -> None:
        """Its pieces between spaces, by their numbers. Only the first text in which one comes is cut into words there:
        cutting every text a second time, beside the engine that indexes it, would cost a third of writing it.
        """
        pieces = (text if text.isascii() else unicodedata.normalize("NFC", text)).split()
        found = [*map(self._pieces.get, pieces)]
        self._waiting += map(self._piece, pieces) if None in found else cast("list[int]", found)
        self._waiting.append(_END)
        self.tokens += len(found)

    def _piece(self, piece: str) -> int:
        number = self._pieces.get(piece)
        if number is not None:
            return number
        if len(piece) > _MOST_IN_A_PIECE:
            return _END
        number = self._pieces[piece] = len(self._pieces) + 1
        for run in TOKEN.findall(piece.replace("_", " ")):
            if run not in self._runs:
                self._runs[run] = len(self._runs)
                self._words.append(_word(run))
            at = self._runs[run]
            self._held.append(at if self._words[at] is not None else _APART)
        self._until.append(len(self._held))
        return number

    def _count(self) -> None:
        if not self._waiting:
            return
        runs = self._unfolded(np.array(self._waiting, np.int64))
        self._waiting = []
        counts = np.bincount(runs[runs != _APART], minlength=len(self._words))
        counts[: len(self._counts)] += self._counts
        self._counts = counts
        beside = (runs[:-1] != _APART) & (runs[1:] != _APART)
        pairs = _joined(runs[:-1][beside], runs[1:][beside])
        self._pairs, self._pair_counts = _summed(
            np.concatenate((self._pairs, pairs)), np.concatenate((self._pair_counts, np.ones(len(pairs), np.int64)))
        )

    def _unfolded(self, pieces: Numbers) -> Numbers:
        """The runs that pieces are made of."""
        held, until = np.array(self._held, np.int64), np.array(self._until, np.int64)
        starts = np.concatenate(([0], until[:-1]))[pieces]
        sizes = until[pieces] - starts
        ends = np.cumsum(sizes)
        found: Numbers = held[np.repeat(starts - (ends - sizes), sizes) + np.arange(int(ends[-1]))]
        return found


def _texts(document: IndexDocument) -> Iterator[str]:
    yield from (document.title, document.description)
    left = MOST_CHARACTERS
    for passage in document.passages:
        if left <= 0:
            return
        yield passage.text
        left -= len(passage.text)


def _word(run: str) -> Word | None:
    """None: numbers, formulas, other scripts, and what is too long for a word."""
    accented, folded = both(run)
    is_word = run.isalpha() and folded.isascii() and folded.isalpha() and len(folded) <= WIDTH
    return (folded, accented) if is_word else None


def _joined(first: Numbers, second: Numbers) -> Pairs:
    return (first.astype(np.uint64) << np.uint64(32)) | second.astype(np.uint64)


def _moved(pairs: Pairs, into: Numbers) -> Pairs:
    """Pairs of numbers as pairs of the numbers that they become."""
    first, second = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(_COUNTED)).astype(np.int64)
    return _joined(into[first], into[second])


def _summed(pairs: Pairs, counts: Numbers) -> tuple[Pairs, Numbers]:
    """Each pair once, ascending."""
    order = np.argsort(pairs, kind="stable")
    pairs, counts = pairs[order], counts[order]
    if not len(pairs):
        return pairs, counts
    starts = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
    return pairs[starts], np.add.reduceat(counts, starts)


def _words_of(file: Syllables) -> dict[Word, str]:
    """Its words in its order, each with how it is written."""
    return {(letters, accented): written for letters, accented, written in file.words()}


def _written(word: Word, ways: dict[str, int] | None, before: str | None) -> str:
    """As it is written most; a file keeps the first one that won."""
    way = before or max(ways or {word[1]: 1}, key=lambda one: ((ways or {}).get(one, 0), one))
    return word[1] if way == word[1] else f"{word[1]}\t{way}"


def _file(
    words: list[Word],
    written: list[str],
    counts: Numbers,
    pairs: Pairs,
    pair_counts: Numbers,
    resources: set[int],
) -> bytes:
    """Without what is rarest where there is too much."""
    if len(words) > MOST_WORDS:
        kept = counts > np.partition(counts, -MOST_WORDS)[-MOST_WORDS]
        into = np.cumsum(kept) - 1
        first, second = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(_COUNTED)).astype(np.int64)
        there = kept[first] & kept[second]
        pairs, pair_counts = _moved(pairs[there], into), pair_counts[there]
        chosen = np.flatnonzero(kept).tolist()
        words, written = [words[one] for one in chosen], [written[one] for one in chosen]
        counts = counts[kept]
    if len(pairs) > MOST_PAIRS:
        often = pair_counts > np.partition(pair_counts, -MOST_PAIRS)[-MOST_PAIRS]
        pairs, pair_counts = pairs[often], pair_counts[often]
    texts = [one.encode() for one in written]
    return packed(
        pairs=pairs,
        resources=np.array(sorted(resources), np.int64),
        pair_counts=np.minimum(pair_counts, _COUNTED),
        counts=np.minimum(counts, _COUNTED),
        ends=np.cumsum([len(text) for text in texts]),
        letters=np.array([word[0].encode() for word in words], f"S{WIDTH}"),
        text=np.frombuffer(b"".join(texts), np.uint8),
    )
