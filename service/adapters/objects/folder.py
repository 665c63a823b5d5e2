"""The object store in a folder: an object is a file, and a file is whole or not there.

Written under a temporary name in `.incoming/`, synced, renamed, and the folder
synced: after a power cut an object that was acknowledged is there, and half of
one never is. A hash in a key is fanned out (`blobs/ab/cd/abcd…`), so that no
folder grows beyond what file systems like.
"""

import errno
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from service.errors import Invalid, LibraryError, ObjectMissing, StorageFull, Unavailable
from service.ports import Stored, blob_key

PART = "objects"
BLOCK_BYTES = 1 << 20
INCOMING = ".incoming"
# A temporary this old belongs to nobody: the longest upload of one object ends well before.
STALE_SECONDS = 86_400

_HASH = re.compile(r"[0-9a-f]{64}")
_COMPONENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.=,+@~-]{0,200}")


class FolderStore:
    """The port `service.ports.ObjectStore` on `file:///…`. Safe for threads and processes at once."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._incoming = self.root / INCOMING
        self._sweep()

    def put_blob(self, source: BinaryIO) -> Stored:
        """A source that can seek is hashed first, so that known bytes are read but not written.

        The hash that counts is that of the bytes as they were written.
        """
        if source.seekable():
            begin = source.tell()
            known = _hash(source)
            if self._is_there(known):
                return known
            source.seek(begin)
        with self._temporary() as (descriptor, temporary):
            digest, size = hashlib.sha256(), 0
            while block := source.read(BLOCK_BYTES):
                digest.update(block)
                size += len(block)
                _write(descriptor, block)
            stored = Stored(digest.hexdigest(), size)
            if not self._is_there(stored):
                self._settle(descriptor, temporary, self._path(blob_key(stored.sha256)))
        return stored

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        with self._temporary() as (descriptor, temporary):
            _write(descriptor, data)
            self._settle(descriptor, temporary, path)

    def get(self, key: str) -> bytes:
        with _translated(key):
            return self._path(key).read_bytes()

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """A range beyond the end is cut; the object stays readable to the end though it be replaced meanwhile."""
        if start < 0 or (length is not None and length < 0):
            raise Invalid(field="range", value=f"{start}+{length}")
        with _translated(key):
            descriptor = os.open(self._path(key), os.O_RDONLY | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ObjectMissing(key=key)
        return _Blocks(descriptor, start, length)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        path = self._path(key)
        if not path.is_file():
            raise ObjectMissing(key=key)
        yield path

    def remove(self, key: str) -> None:
        with _translated():
            self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[str]:
        """In no particular order; what is written or removed meanwhile may or may not be among them."""
        # Whole components of the prefix name a folder: the walk begins there.
        known = prefix.split("/")[:-1]
        self._valid(known, prefix)
        for folder, folders, files in os.walk(self.root.joinpath(*_fan(known))):
            parts = Path(folder).relative_to(self.root).parts
            if not parts:
                folders[:] = [name for name in folders if name != INCOMING]
            for name in files:
                key = "/".join(_without_fan((*parts, name)))
                if key.startswith(prefix):
                    yield key

    def check(self) -> None:
        """A byte goes in and out. Raises: Unavailable; StorageFull."""
        self._sweep()
        with self._temporary() as (descriptor, _):
            _write(descriptor, b"\0")

    def _is_there(self, stored: Stored) -> bool:
        """Whole, and its folder synced: whoever wrote it may have died before its own sync."""
        path = self._path(blob_key(stored.sha256))
        with _translated():
            try:
                # Another size: something cut it short from outside. It is written again.
                if path.stat().st_size != stored.size_bytes:
                    return False
            except FileNotFoundError:
                return False
            _sync_folder(path.parent)
        return True

    def _path(self, key: str) -> Path:
        """Raises: Invalid: not a key: absolute, `..`, a hidden name, other than ASCII."""
        parts = key.split("/")
        self._valid(parts, key)
        return self.root.joinpath(*_fan(parts))

    def _valid(self, parts: list[str], key: str) -> None:
        if not all(_COMPONENT.fullmatch(part) for part in parts):
            raise Invalid(field="key", value=key)

    @contextmanager
    def _temporary(self) -> Iterator[tuple[int, Path]]:
        """A fresh file for writing; gone at the end unless it was settled."""
        path = self._incoming / secrets.token_hex(16)
        with _translated():
            _make_folder(self._incoming)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        try:
            yield descriptor, path
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)

    def _settle(self, descriptor: int, temporary: Path, path: Path) -> None:
        with _translated():
            os.fsync(descriptor)
            _make_folder(path.parent)
            temporary.replace(path)
            _sync_folder(path.parent)

    def _sweep(self) -> None:
        """Remove temporaries that a dead process left more than a day ago."""
        with _translated():
            try:
                entries = list(os.scandir(self._incoming))
            except FileNotFoundError:
                return
            for entry in entries:
                try:
                    if time.time() - entry.stat().st_mtime > STALE_SECONDS:
                        Path(entry.path).unlink()
                except FileNotFoundError:
                    continue


class _Blocks(Iterator[bytes]):
    """Blocks of an open object; closes itself at the end, or when nobody wants it any more."""

    def __init__(self, descriptor: int, start: int, length: int | None) -> None:
        self._descriptor = descriptor
        self._at = start
        self._end = None if length is None else start + length

    def __next__(self) -> bytes:
        wanted = BLOCK_BYTES if self._end is None else min(BLOCK_BYTES, self._end - self._at)
        if self._descriptor < 0 or wanted <= 0:
            self.close()
            raise StopIteration
        with _translated():
            block = os.pread(self._descriptor, wanted, self._at)
        if not block:
            self.close()
            raise StopIteration
        self._at += len(block)
        return block

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        self.close()


@contextmanager
def _translated(key: str = "") -> Iterator[None]:
    """What the store's file system means by its errors; a source's own stay as they are. With a key: of an object."""
    try:
        yield
    except OSError as error:
        raise _meaning(error, key) from error


def _meaning(error: OSError, key: str) -> LibraryError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(part=PART)
    if key and isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
        return ObjectMissing(key=key)
    return Unavailable(part=PART)


def _hash(source: BinaryIO) -> Stored:
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK_BYTES):
        digest.update(block)
        size += len(block)
    return Stored(digest.hexdigest(), size)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    with _translated():
        while view:
            view = view[os.write(descriptor, view) :]


def _make_folder(folder: Path) -> None:
    """With its parents, each durable before something is put into it."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fan(parts: list[str]) -> list[str]:
    """Put two short folders before every hash."""
    return [name for part in parts for name in ((part[:2], part[2:4], part) if _HASH.fullmatch(part) else (part,))]


def _without_fan(parts: tuple[str, ...]) -> list[str]:
    """The inverse of `_fan`."""
    bare: list[str] = []
    for part in parts:
        if _HASH.fullmatch(part) and bare[-2:] == [part[:2], part[2:4]]:
            del bare[-2:]
        bare.append(part)
    return bare
