"""A sketch of a text: 1 KB that says how much of two texts is the same, without holding either.

MinHash over folded shingles: runs of four syllables without accents, so that a
text set in another font, saved by another program or exported to PDF keeps
nearly all of its own. Shingles do not reach over the end of a passage, because
a slide becomes a page with a number under it. `bands` are what an index holds:
texts that are alike share some (locality-sensitive hashing, Broder 1997; Indyk
and Motwani 1998). Numbers behind the constants: `python -m tests.copies`.

Own code and not datasketch, which is well kept (MIT): it brings scipy, 110 MB
for one integral, and its indexes stand in memory, Redis or Cassandra, where
these stand in the library's own database. What is left are the thirty lines here.
"""

import zlib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from service.model import Sketch
from service.search.analysis import fold

if TYPE_CHECKING:
    # Where texts are sketched it is imported; the database's module needs the constants alone.
    import numpy
    from numpy.typing import NDArray

    Words = NDArray[numpy.uint64]

RECIPE = "1"
"""Changes with anything here that changes a sketch: those of another recipe are made anew by a sweep."""

SYLLABLES = 4
NUMBERS = 256
"""Of a signature: what two share is then known to 0.03. With the 144 of the bands alone it was 0.04, and the nearest of
a thousand lessons came nearer by chance than a copy with two slides changed."""
BANDS, ROWS = 48, 3
"""Texts of which four tenths are the same share a band 19 times in 20, of which one tenth once in 20."""
FEWEST = 40
"""Different shingles; with fewer a title and a licence are half of the text."""
MOST_TOKENS = 300_000
"""A book of 600 pages; what stands behind them says nothing more of what it is."""

SHARED, CONTAINED = 0.3, 0.75
"""Of both together, and of the shorter one. Lessons of one series on one template share less; a presentation without
its notes is contained in the one with them, and a chapter is no copy of its book."""

_AT_ONCE = 4096
_GOLDEN = 0x9E3779B97F4A7C15


def _mixed(words: "Words") -> "Words":
    """Every bit of the outcome hangs on every bit of the word (the end of splitmix64, Steele et al. 2014)."""
    import numpy

    words = (words ^ (words >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    mixed: Words = words ^ (words >> numpy.uint64(31))
    return mixed


@cache
def _hashes() -> "tuple[Words, Words]":
    """What shingles are multiplied with and what is added, one of each a number of the signature; for ever the same."""
    import numpy

    drawn = _mixed(numpy.arange(1, 2 * NUMBERS + 1, dtype=numpy.uint64) * numpy.uint64(_GOLDEN))
    return drawn[:NUMBERS] | numpy.uint64(1), drawn[NUMBERS:]


def sketch(texts: Iterable[str]) -> Sketch:
    """Of the passages of a text, in any order. Its signature is empty where there is too little to tell."""
    import numpy

    shingles = _shingles(texts)
    if len(shingles) < FEWEST:
        return Sketch(RECIPE, len(shingles))
    times, plus = _hashes()
    least = numpy.full(NUMBERS, numpy.iinfo(numpy.uint64).max, dtype=numpy.uint64)
    for start in range(0, len(shingles), _AT_ONCE):
        # Multiply and shift: the upper half of each product is as good as a fresh hash of the shingle.
        products = shingles[start : start + _AT_ONCE, None] * times + plus
        least = numpy.minimum(least, products.min(axis=0))
    return Sketch(RECIPE, len(shingles), (least >> numpy.uint64(32)).astype("<u4").tobytes())


def bands(of: Sketch) -> list[int]:
    """BANDS numbers of 32 bits with a sign, each of another part of the signature; none of an empty one."""
    import numpy

    if not of.signature:
        return []
    rows = _values(of)[: BANDS * ROWS].astype(numpy.uint64).reshape(BANDS, ROWS)
    told: Words = numpy.arange(1, BANDS + 1, dtype=numpy.uint64)
    for row in range(ROWS):
        told = _mixed(told * numpy.uint64(_GOLDEN) + rows[:, row])
    found: list[int] = (told >> numpy.uint64(32)).astype(numpy.uint32).view(numpy.int32).tolist()
    return found


def shared(one: Sketch, other: Sketch) -> float:
    """Shingles that both have, of all that either has (Jaccard), from 0 to 1; give or take 0.03."""
    import numpy

    if not one.signature or not other.signature or one.recipe != other.recipe:
        return 0.0
    return float(numpy.count_nonzero(_values(one) == _values(other))) / NUMBERS


def contained(one: Sketch, other: Sketch) -> float:
    """Of the shingles of the shorter one those that the other has, from 0 to 1."""
    of_all = shared(one, other)
    if not of_all:
        return 0.0
    common = of_all * (one.shingles + other.shingles) / (1 + of_all)
    return min(1.0, common / min(one.shingles, other.shingles))


def is_near(one: Sketch, other: Sketch) -> bool:
    """Whether somebody who has one should be told of the other."""
    return shared(one, other) >= SHARED and contained(one, other) >= CONTAINED


def _values(of: Sketch) -> "NDArray[Any]":
    import numpy

    return numpy.frombuffer(of.signature, dtype="<u4")


def _shingles(texts: Iterable[str]) -> "Words":
    """Hashes of the different shingles."""
    import numpy

    tokens: list[int] = []
    lengths: list[int] = []
    for text in texts:
        found = fold(text)[: MOST_TOKENS - len(tokens)]
        tokens += (zlib.crc32(token.encode()) for token in found)
        lengths.append(len(found))
        if len(tokens) >= MOST_TOKENS:
            break
    count = len(tokens) - SYLLABLES + 1
    if count <= 0:
        return numpy.empty(0, dtype=numpy.uint64)
    words = numpy.array(tokens, dtype=numpy.uint64)
    passages = numpy.repeat(numpy.arange(len(lengths)), lengths)
    hashes: Words = numpy.zeros(count, dtype=numpy.uint64)
    for place in range(SYLLABLES):
        hashes = _mixed(hashes * numpy.uint64(_GOLDEN) + words[place : place + count] + numpy.uint64(1))
    within = passages[:count] == passages[SYLLABLES - 1 :]
    different: Words = numpy.unique(hashes[within])
    return different
