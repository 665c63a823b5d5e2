"""The words of an index generation in one buffer: which folded tokens it holds, and how common each is.

Looked up where it lies, mapped into memory and never unpacked: a binary search
over sorted tokens costs some microseconds, and a process holds no object for a
word. Layout, numbers little-endian, 4 bytes:

    MAGIC   number of tokens   count of each   where each ends   the tokens, UTF-8, in byte order, unseparated
"""

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby, pairwise
from mmap import mmap
from operator import itemgetter
from sys import byteorder

from service.model import IndexDocument
from service.search.analysis import fold

MAGIC = b"HLL1"
MOST = 2**32 - 1
# No query is longer (`discover.MAX_QUERY_CHARACTERS`), so nobody can ask for such a token.
MAX_TOKEN_CHARACTERS = 1_000
# A token that is looked up costs as much as so many that are walked past.
WALK = 50

Row = tuple[bytes, int]


class Lexicon:
    """One immutable file of tokens. Raises: ValueError: the buffer is none."""

    def __init__(self, data: bytes | mmap) -> None:
        self._data = data
        if data[:4] != MAGIC or len(data) < 8:
            raise ValueError("no lexicon")
        self._size = self._number(4)
        self._ends = 8 + 4 * self._size
        self._text = self._ends + 4 * self._size
        if len(data) != self._text + (self._number(self._text - 4) if self._size else 0):
            raise ValueError("not a whole lexicon")

    def __len__(self) -> int:
        return self._size

    def count(self, token: str) -> int:
        """How common: resources that held it when it was counted; 0: not here."""
        place = self._place(encoded(token))
        return 0 if place is None else self._number(8 + 4 * place)

    def _place(self, token: bytes) -> int | None:
        place = bisect_left(range(self._size), token, key=self._token)
        return place if place < self._size and self._token(place) == token else None

    def held(self, tokens: AbstractSet[bytes]) -> AbstractSet[bytes]:
        """Those of many that are here. The words of a text are looked up at once, by one walk over a small file."""
        if len(tokens) * WALK < self._size:
            return {token for token in tokens if self._place(token) is not None}
        return tokens & set(self._tokens())

    def rows(self) -> Iterator[Row]:
        """All, in byte order."""
        for place, token in enumerate(self._tokens()):
            yield token, self._number(8 + 4 * place)

    def _tokens(self) -> Iterator[bytes]:
        """All, in byte order; the text is copied, which a walk pays for."""
        ends, text = array("I", self._data[self._ends : self._text]), bytes(self._data[self._text :])
        if byteorder == "big":
            ends.byteswap()
        return (text[start:end] for start, end in pairwise((0, *ends)))

    def _number(self, start: int) -> int:
        return int.from_bytes(self._data[start : start + 4], "little")

    def _token(self, place: int) -> bytes:
        at = self._ends + 4 * place
        start = int.from_bytes(self._data[at - 4 : at], "little") if place else 0
        return self._data[self._text + start : self._text + int.from_bytes(self._data[at : at + 4], "little")]


def encoded(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")


def pack(rows: Iterable[Row]) -> bytes:
    """A lexicon's buffer. rows: in byte order, each token once."""
    counts, ends, text = array("I"), array("I"), bytearray()
    for token, count in rows:
        text += token
        counts.append(min(count, MOST))
        ends.append(len(text))
    if byteorder == "big":
        counts.byteswap()
        ends.byteswap()
    return b"".join((MAGIC, len(counts).to_bytes(4, "little"), counts.tobytes(), ends.tobytes(), text))


def packed(counts: Iterable[tuple[str, int]]) -> bytes:
    """A lexicon's buffer of tokens in any order."""
    return pack(sorted((encoded(token), count) for token, count in counts))


def merged(lexicons: Sequence[Lexicon]) -> Iterator[Row]:
    """Rows of all, in byte order, counts added up."""
    rows = heapq.merge(*(lexicon.rows() for lexicon in lexicons))
    for token, group in groupby(rows, key=itemgetter(0)):
        yield token, sum(count for _, count in group)


def pieces_of(document: IndexDocument) -> set[str]:
    """What stands between spaces in everything that a search finds.

    Whoever has seen a piece knows its tokens: cutting texts into tokens a second time, beside the engine that indexes
    them, would cost a third of writing them.
    """
    texts = [document.title, document.description, *document.keywords]
    texts += (passage.text for passage in document.passages)
    return set("\n".join(texts).split())


def tokens_of(pieces: Iterable[str]) -> set[str]:
    """Their folded tokens."""
    return {token for token in fold(" ".join(pieces)) if len(token) <= MAX_TOKEN_CHARACTERS}
