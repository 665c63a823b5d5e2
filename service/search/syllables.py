"""Which words follow which in a generation's public texts, with their accents, in one buffer: what restores a query.

Mapped into memory and searched where it lies: a process holds no object for a
word or a pair, and processes share the pages. Words stand in the order of
their bare letters, so that all accents of a word are one range; a pair is two
places in that order. Layout, little-endian, each part at a multiple of 8 bytes:

    MAGIC, a sum (CRC-32) of all that follows, how many of each: words, pairs, resources, bytes of text
    pairs (8 bytes, ascending)   resources learnt from (8, ascending)   how often each pair, each word (4)
    where each word's text ends (4)   bare letters (WIDTH, padded)
    texts: a word as `analysis` has it; where people write it otherwise (công ty: ti) a tab and their way
"""

import functools
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

MAGIC = b"HLS1\0\0\0\0"
WIDTH = 16
"""Bare letters of the longest word that is learnt; longer ones are rarely words, and nobody forgets their accents."""
_SUMMED = len(MAGIC) + 8
_HEAD = _SUMMED + 4 * 8

# Of words that were asked for; each has some ten accents.
_REMEMBERED = 4_000
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")

Word = tuple[int, str]
"""Its place, and the word with its accents."""
Numbers = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Part:
    """One array of the file, and how many elements it has of each counted thing."""

    name: str
    kind: str
    of: int


# of: a place in the head (words, pairs, resources, bytes of text).
PARTS = (
    Part("pairs", "<u8", 1),
    Part("resources", "<i8", 2),
    Part("pair_counts", "<u4", 1),
    Part("counts", "<u4", 0),
    Part("ends", "<u4", 0),
    Part("letters", f"S{WIDTH}", 0),
    Part("text", "u1", 3),
)


class Syllables:
    """One immutable file. Raises: ValueError: the buffer is none."""

    pairs: Pairs
    resources: Numbers
    pair_counts: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint32]
    ends: npt.NDArray[np.uint32]
    letters: npt.NDArray[np.bytes_]
    text: npt.NDArray[np.uint8]

    def __init__(self, data: bytes | mmap) -> None:
        if data[: len(MAGIC)] != MAGIC or len(data) < _HEAD:
            raise ValueError("no file of syllables")
        check, *sizes = (int(size) for size in np.frombuffer(data, "<u8", 5, len(MAGIC)))
        # 10 ms for 24 MB, once a file and process: nothing that is looked up later can be out of bounds.
        if zlib.crc32(memoryview(data)[_SUMMED:]) != check:
            raise ValueError("not a whole file of syllables")
        start = _HEAD
        self._called: dict[str, Sequence[Word]] = {}
        for part in PARTS:
            size = sizes[part.of]
            setattr(self, part.name, np.frombuffer(data, part.kind, size, start))
            start += -(-size * np.dtype(part.kind).itemsize // 8) * 8

    def __len__(self) -> int:
        return len(self.counts)

    @functools.cached_property
    def tokens(self) -> int:
        """How many words of text it was learnt from."""
        return int(self.counts.sum(dtype=np.int64))

    def learnt(self, resource: int) -> bool:
        """Whether it was learnt from this resource."""
        place = int(np.searchsorted(self.resources, resource))
        return place < len(self.resources) and int(self.resources[place]) == resource

    def called(self, folded: str) -> Sequence[Word]:
        """The words of these bare letters, in their order."""
        found = self._called.get(folded)
        if found is None:
            if len(self._called) >= _REMEMBERED:
                self._called.clear()
            found = self._called[folded] = tuple(self._words(folded))
        return found

    def _words(self, folded: str) -> Iterator[Word]:
        key = folded.encode("ascii", "replace")
        if 0 < len(key) <= WIDTH:
            first, last = (int(np.searchsorted(self.letters, np.bytes_(key), side)) for side in _SIDES)
            yield from ((place, self._written(place)[0]) for place in range(first, last))

    def among(self, folded: list[bytes]) -> list[str]:
        """Those of these bare letters, each at most WIDTH, that words are made of."""
        wanted = np.array(folded, f"S{WIDTH}")
        places = np.searchsorted(self.letters, wanted)
        inside = places < len(self)
        held = self.letters[places[inside]] == wanted[inside]
        return [one.decode() for one in wanted[inside][held].tolist()]

    def words(self) -> Iterator[tuple[str, str, str]]:
        """Each one's bare letters, the word as `analysis.dia` has it, and as people write it."""
        for place, letters in enumerate(self.letters.tolist()):
            yield (letters.decode(), *self._written(place))

    def written(self, place: int) -> str:
        """The word as people write it most, in small letters."""
        return self._written(place)[1]

    def _written(self, place: int) -> tuple[str, str]:
        start = int(self.ends[place - 1]) if place else 0
        accented, _, written = self.text[start : int(self.ends[place])].tobytes().decode().partition("\t")
        return accented, written or accented


def packed(**arrays: npt.NDArray[Any]) -> bytes:
    """The file of arrays named as in PARTS, `ends` and `text` among them."""
    named = {part.of: len(arrays[part.name]) for part in PARTS}
    rows = [np.ascontiguousarray(arrays[part.name], part.kind).tobytes() for part in PARTS]
    body = np.array([named[of] for of in range(4)], "<u8").tobytes()
    body += b"".join(row + bytes(-len(row) % 8) for row in rows)
    return MAGIC + np.array([zlib.crc32(body)], "<u8").tobytes() + body
