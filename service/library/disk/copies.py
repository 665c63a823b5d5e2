"""Which files of a disk the library has already, and which lie there more than once.

Only files whose size occurs twice, on the disk or in the library, can be
copies; only those are read whole. What is kept in memory is 8 bytes a file,
and some 170 for each one that may be a copy (measured).
"""

import hashlib
import itertools
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service.library.disk.walking import Seen
from service.ports import Catalogue

PAGE = 5_000
# How many hashes are asked about at once.
TOGETHER = 500
_BLOCK_BYTES = 1 << 20


@dataclass(slots=True)
class Copies:
    """Files and bytes. here: in the library; twice: those of which another one was seen before on the disk."""

    here: int = 0
    here_bytes: int = 0
    twice: int = 0
    twice_bytes: int = 0


def compare(
    seen: Iterable[Seen], sizes: "array[int]", catalogue: Catalogue | None, progress: Callable[[int], None]
) -> Copies:
    """sizes: of all files that `seen` goes over. catalogue: None: there is no library to compare with.

    Raises: Unavailable: the library went away.
    """
    suspects, held = _several(sizes), _sizes_of(catalogue)
    copies, known = Copies(), set[int]()
    waiting: list[tuple[str, int]] = []

    def settle() -> None:
        here = _here(catalogue, {sha256 for sha256, _ in waiting})
        for sha256, size_bytes in waiting:
            short = int(sha256[:16], 16)
            if sha256 in here:
                copies.here += 1
                copies.here_bytes += size_bytes
            elif short in known:
                copies.twice += 1
                copies.twice_bytes += size_bytes
            else:
                known.add(short)
        waiting.clear()

    for number, one in enumerate(seen, start=1):
        progress(number)
        if one.size_bytes in suspects or _holds(held, one.size_bytes):
            sha256 = _hash(one.path)
            if sha256 is not None:
                waiting.append((sha256, one.size_bytes))
                if len(waiting) >= TOGETHER:
                    settle()
    settle()
    return copies


def _several(sizes: "array[int]") -> set[int]:
    """Sizes that occur more than once."""
    ordered = sorted(sizes)
    return {size for size, following in itertools.pairwise(ordered) if size == following}


def _sizes_of(catalogue: Catalogue | None) -> "array[int]":
    """Of everything that the library stores, rising."""
    return array("Q", sorted(_each_size(catalogue))) if catalogue is not None else array("Q")


def _each_size(catalogue: Catalogue) -> Iterator[int]:
    after = ""
    while True:
        with catalogue.reading() as work:
            page = work.blobs.after(after, PAGE)
        yield from (size for _, size in page)
        if len(page) < PAGE:
            return
        after = page[-1][0]


def _holds(ordered: "array[int]", size: int) -> bool:
    place = bisect_left(ordered, size)
    return place < len(ordered) and ordered[place] == size


def _here(catalogue: Catalogue | None, hashes: set[str]) -> frozenset[str]:
    if catalogue is None or not hashes:
        return frozenset()
    with catalogue.reading() as work:
        return work.resources.held(hashes)


def _hash(path: Path) -> str | None:
    """None: it cannot be read, or is gone."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source:
            while block := source.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError:
        return None
    return digest.hexdigest()
