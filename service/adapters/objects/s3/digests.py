"""What bytes are known by: the SHA-256 that is their name, and the tag by which an S3 store tells what it received.

The tag (ETag) is the MD5 of a body, or of the MD5s of its parts with their
number: the store computes it over what arrived, so that equal tags mean equal
bytes. Hashing runs beside reading, in threads of its own: hashlib lets go of
the interpreter, and SHA-256 alone takes 2.5 seconds a gigabyte. A seal, where
the object is to have one, is made in the same reading (`seals.py`).
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Queue
from typing import BinaryIO

from service.adapters.objects.s3.seals import Seal

BLOCK_BYTES = 1 << 20
# A block more in the queue is a megabyte more of memory.
AHEAD = 4
# Names of what is stored beside an object.
SHA256, SEAL = "sha256", "seal"


@dataclass(frozen=True, slots=True)
class Digest:
    """sha256: hex. tag: as a store says it, without quotes. seal: as it stands beside the object; empty: none."""

    sha256: str
    size_bytes: int
    tag: str
    seal: str = ""

    @property
    def metadata(self) -> dict[str, str]:
        """What is stored beside the object."""
        return {SHA256: self.sha256, **({SEAL: self.seal} if self.seal else {})}


class Beside:
    """Feeds blocks to a function in a thread of its own, in order; at most AHEAD wait."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._blocks: Queue[bytes | None] = Queue(AHEAD)
        self._take = take
        self._thread = threading.Thread(target=self._run, name="hashing", daemon=True)
        self._thread.start()

    def feed(self, block: bytes) -> None:
        self._blocks.put(block)

    def end(self) -> None:
        """Returns when everything that was fed has been taken."""
        self._blocks.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (block := self._blocks.get()) is not None:
            self._take(block)


class Tagger:
    """MD5s of parts of a size, as they come."""

    def __init__(self, part_bytes: int) -> None:
        self._part_bytes = part_bytes
        self._left = part_bytes
        self._part = hashlib.md5(usedforsecurity=False)
        self._parts: list[bytes] = []

    def update(self, block: bytes) -> None:
        view = memoryview(block)
        while view:
            if not self._left:
                self._parts.append(self._part.digest())
                self._part, self._left = hashlib.md5(usedforsecurity=False), self._part_bytes
            piece = view[: self._left]
            self._part.update(piece)
            self._left -= len(piece)
            view = view[len(piece) :]

    def tag(self) -> str:
        if not self._parts:
            return self._part.hexdigest()
        return tag_of_parts([*self._parts, self._part.digest()])


def tag_of_parts(digests: list[bytes]) -> str:
    """Of an object that was put together from parts with these MD5s."""
    return f"{hashlib.md5(b''.join(digests), usedforsecurity=False).hexdigest()}-{len(digests)}"


def digest(
    source: BinaryIO, part_bytes: int, write: Callable[[bytes], object] | None = None, *, seal: Seal | None = None
) -> Digest:
    """Read a source to its end; what is read also goes to `write`. An error of the source stays its own."""
    sha256, tagger, size = hashlib.sha256(), Tagger(part_bytes), 0

    def lighter(block: bytes) -> None:
        tagger.update(block)
        if seal:
            seal.update(block)

    first = source.read(BLOCK_BYTES)
    beside: Beside | None = None
    block = first
    try:
        while block:
            if beside is None and size:
                # A single block is not worth a thread.
                beside = Beside(lighter)
            (beside.feed if beside else lighter)(block)
            if write:
                write(block)
            sha256.update(block)
            size += len(block)
            block = source.read(BLOCK_BYTES)
    finally:
        if beside:
            beside.end()
    name = sha256.hexdigest()
    return Digest(name, size, tagger.tag(), seal.told(name) if seal else "")


def digest_of(data: bytes) -> Digest:
    return Digest(hashlib.sha256(data).hexdigest(), len(data), hashlib.md5(data, usedforsecurity=False).hexdigest())
