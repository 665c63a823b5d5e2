"""Files that are durable, and what a disk says of itself in the library's words."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from service.adapters.objects.keys import PART
from service.errors import LibraryError, ObjectMissing, StorageFull, Unavailable
from service.ports import Stored

BLOCK_BYTES = 1 << 20


@contextmanager
def translated(key: str = "") -> Iterator[None]:
    """What the store's file system means by its errors; a source's own stay as they are. With a key: of an object."""
    try:
        yield
    except OSError as error:
        raise meaning(error, key) from error


def meaning(error: OSError, key: str) -> LibraryError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(part=PART)
    if key and isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
        return ObjectMissing(key=key)
    return Unavailable(part=PART)


def hash(source: BinaryIO) -> Stored:
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK_BYTES):
        digest.update(block)
        size += len(block)
    return Stored(digest.hexdigest(), size)


def write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    with translated():
        while view:
            view = view[os.write(descriptor, view) :]


def make_folder(folder: Path) -> None:
    """With its parents, each durable before something is put into it."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
