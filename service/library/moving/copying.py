"""One object from one store to another, its bytes checked on the way."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO, cast

from service.errors import Damaged, ObjectDamaged, ObjectMissing
from service.library.moving.listed import Entry
from service.ports import ObjectStore


def copy(source: ObjectStore, target: ObjectStore, entry: Entry) -> Entry:
    """Bring it over unless it is there. Returns: the entry with the hash and size of its bytes.

    Raises: ObjectMissing: the source has none; Damaged: its bytes are not what its name or its list says.
    """
    if entry.is_blob:
        if not target.exists(entry.key):
            with damaged_is_named(entry.key):
                stored = target.put_blob(reader(source.open(entry.key)))
            if stored.sha256 != entry.sha256:
                raise Damaged(name=entry.key)
        return entry
    with damaged_is_named(entry.key):
        data = source.get(entry.key)
    whole = replace(entry, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
    if entry.sha256 and whole != entry:
        raise Damaged(name=entry.key)
    if not (target.exists(entry.key) and target.get(entry.key) == data):
        target.put(entry.key, data)
    return whole


def check(store: ObjectStore, entry: Entry) -> None:
    """Read every byte. Raises: Damaged: absent, or other than what the list says."""
    digest, size = hashlib.sha256(), 0
    try:
        with damaged_is_named(entry.key):
            for block in store.open(entry.key):
                digest.update(block)
                size += len(block)
    except ObjectMissing as error:
        raise Damaged(name=entry.key) from error
    if (digest.hexdigest(), size) != (entry.sha256, entry.size_bytes):
        raise Damaged(name=entry.key)


@contextmanager
def damaged_is_named(key: str) -> Iterator[None]:
    """A remote store finds out by itself; a folder leaves it to whoever compares."""
    try:
        yield
    except ObjectDamaged as error:
        raise Damaged(name=key) from error


def reader(blocks: Iterator[bytes]) -> BinaryIO:
    """An open object as a file to read from, once and forward, a block in memory at a time."""
    return cast(BinaryIO, io.BufferedReader(_Blocks(blocks), 1 << 20))


class _Blocks(io.RawIOBase):
    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken
