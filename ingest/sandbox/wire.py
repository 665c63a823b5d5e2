"""What caller and warm parent say to one another: settings at the start, marks of an answer."""

import json
import os
import select
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest.errors import ReaderCrashed
from ingest.sandbox.guards import Limits

READ = b"+"
"""First byte of an answer that is what was asked for."""

FAILED = b"-"
"""First byte of an answer that is an error: {"code", "parameters", "place"}."""

MEMBER = b"m"
"""First byte of a message before the answer: a member of an archive begins, its name follows in UTF-8."""

DATA = b"d"
"""First byte of a message with bytes of that member."""

LENGTH_BYTES = 8
"""Before an answer stands its length, big-endian: whoever has all of it need not wait until the child is gone."""

MAX_REQUEST_BYTES = 65_536

_NONE = 2 ** (8 * LENGTH_BYTES) - 1


def framed(answer: bytes) -> bytes:
    """An answer as it goes through the pipe."""
    return len(answer).to_bytes(LENGTH_BYTES, "big") + answer


def allowing(request: Mapping[str, Any], *given: Path) -> Mapping[str, Any]:
    """A request with the files that the child may read, and no others."""
    # Absolute, but resolving links is not ours to do.
    return {**request, "given": [os.path.abspath(path) for path in given]}  # noqa: PTH100


def received(descriptor: int, most: int, deadline: float) -> bytes:
    """Up to `most` bytes; fewer where the pipe ends before or the time is up."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    data = bytearray()
    while len(data) < most:
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            break
        chunk = os.read(descriptor, min(most - len(data), 1 << 20))
        if not chunk:
            break
        data += chunk
    return bytes(data)


def packed(parts: Sequence[bytes | None]) -> bytes:
    """Several answers in one: the length of each (all ones: there is none), then their bytes."""
    lengths = b"".join((_NONE if part is None else len(part)).to_bytes(LENGTH_BYTES, "big") for part in parts)
    return lengths + b"".join(part or b"" for part in parts)


def unpacked(data: bytes, count: int) -> list[bytes | None]:
    """The inverse of `packed`. Raises: ReaderCrashed: not `count` answers; a child may say anything."""
    at, parts = count * LENGTH_BYTES, list[bytes | None]()
    for number in range(count):
        length = int.from_bytes(data[number * LENGTH_BYTES : (number + 1) * LENGTH_BYTES], "big")
        parts.append(None if length == _NONE else data[at : at + length])
        at += 0 if length == _NONE else length
    if at != len(data):
        raise ReaderCrashed(signal="answer")
    return parts


@dataclass(frozen=True, slots=True)
class Settings:
    """How a warm parent behaves. folder: where children get their private folders; removed by the caller."""

    folder: str
    idle_seconds: float
    extra_extractors: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Settings":
        data = json.loads(text)
        return Settings(data["folder"], data["idle_seconds"], tuple(data["extra_extractors"]), Limits(**data["limits"]))
