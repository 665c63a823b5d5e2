"""The object store in a folder: an object is a file, and a file is whole or not there.

Written under a temporary name in `.incoming/`, synced, renamed, and the folder
synced: after a power cut an object that was acknowledged is there, and half of
one never is. A hash in a key is fanned out (`blobs/ab/cd/abcd…`), so that no
folder grows beyond what file systems like.
"""

import datetime
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

from service.adapters.objects.disk import BLOCK_BYTES, hash, make_folder, sync_folder, translated, write
from service.adapters.objects.folder_staging import FolderStaging
from service.adapters.objects.guard import NOTHING_KEPT, Guard, Keep
from service.adapters.objects.keys import parts_of, valid, valid_range
from service.errors import HoldsBackups, ObjectMissing
from service.ports import PLACE_KEY, PLACES, Room, Staging, Stored, blob_key

INCOMING = ".incoming"
# A temporary this old belongs to nobody: the longest upload of one object ends well before.
STALE_SECONDS = 86_400

# How deep the folders lie that are remembered as durable: some hundreds, while those below hold a file or two each.
NEAR = 2

_HASH = re.compile(r"[0-9a-f]{64}")


class FolderStore:
    """The port `service.ports.ObjectStore` on `file:///…`. Safe for threads and processes at once."""

    def __init__(self, root: Path, keep: Keep = NOTHING_KEPT) -> None:
        """keep: what new blobs leave free on the disk; documents and what is drawn go on, since readers need them."""
        self.root = root.absolute()
        self._root = str(self.root)
        self._guard = Guard(self.root, keep)
        self._incoming = self.root / INCOMING
        # Folders whose way from the root this process has made durable: nobody removes one.
        self._durable = {self.root}
        self._sweep()

    @property
    def staging(self) -> Staging:
        return FolderStaging(self.root, self._adopt, self._guard.admit)

    redirects_to = ""

    def begin(self, library: str) -> None:
        """What is missing is made when it is first written to, so only what is there can be wrong."""
        if library != PLACES and self.exists(PLACE_KEY):
            raise HoldsBackups(place=str(self.root))

    def look(self) -> None:
        """Nobody to wait for, but there may be too little room."""
        self._guard.admit(0)

    def room(self) -> Room | None:
        return self._guard.room()

    def written_at(self, key: str) -> datetime.datetime | None:
        try:
            with translated(key):
                return datetime.datetime.fromtimestamp(self._path(key).stat().st_mtime, datetime.UTC)
        except ObjectMissing:
            return None

    def put_blob(self, source: BinaryIO) -> Stored:
        """A source that can seek is hashed first, so that known bytes are read but not written.

        The hash that counts is that of the bytes as they were written.
        """
        if source.seekable():
            begin = source.tell()
            known = hash(source)
            if self._is_there(known):
                return Stored(known.sha256, known.size_bytes, known=True)
            self._guard.admit(known.size_bytes)
            source.seek(begin)
        with self._temporary() as (descriptor, temporary):
            digest, size = hashlib.sha256(), 0
            while block := source.read(BLOCK_BYTES):
                digest.update(block)
                size += len(block)
                write(descriptor, block)
            stored = Stored(digest.hexdigest(), size)
            if self._is_there(stored):
                return Stored(stored.sha256, size, known=True)
            self._settle(descriptor, temporary, self._path(blob_key(stored.sha256)))
        return stored

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        with self._temporary() as (descriptor, temporary):
            write(descriptor, data)
            self._settle(descriptor, temporary, path)

    def get(self, key: str) -> bytes:
        with translated(key):
            return self._path(key).read_bytes()

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """A range beyond the end is cut; the object stays readable to the end though it be replaced meanwhile."""
        valid_range(start, length)
        with translated(key):
            descriptor = os.open(self._path(key), os.O_RDONLY | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ObjectMissing(key=key)
        return _Blocks(descriptor, start, length)

    def exists(self, key: str) -> bool:
        # Asked forty times a page: making a path of objects costs more than the look.
        with translated():
            try:
                return stat.S_ISREG(os.stat(os.sep.join((self._root, *_fan(parts_of(key))))).st_mode)  # noqa: PTH116, PTH118
            except (FileNotFoundError, NotADirectoryError):
                return False

    def address(self, key: str, *, media_type: str, disposition: str) -> str | None:  # noqa: ARG002 - the port's
        return None

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        path = self._path(key)
        if not path.is_file():
            raise ObjectMissing(key=key)
        yield path

    def remove(self, key: str) -> None:
        with translated():
            self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[str]:
        """In no particular order; what is written or removed meanwhile may or may not be among them."""
        # Whole components of the prefix name a folder: the walk begins there.
        known = prefix.split("/")[:-1]
        valid(known, prefix)
        for folder, folders, files in os.walk(self.root.joinpath(*_fan(known))):
            parts = Path(folder).relative_to(self.root).parts
            if not parts:
                folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                key = "/".join(_without_fan((*parts, name)))
                if key.startswith(prefix):
                    yield key

    def check(self) -> None:
        """A byte goes in and out. Raises: Unavailable; StorageFull."""
        self._sweep()
        with self._temporary() as (descriptor, _):
            write(descriptor, b"\0")

    def _adopt(self, path: Path) -> Stored:
        """Make a file on this file system a blob, without a copy of its bytes; its own name stays."""
        with path.open("rb") as source:
            stored = hash(source)
        if not self._is_there(stored):
            with self._temporary() as (descriptor, temporary):
                with translated():
                    temporary.unlink()
                    os.link(path, temporary)
                    # It comes into the store now, however long it lay there as an upload.
                    os.utime(temporary)
                self._settle(descriptor, temporary, self._path(blob_key(stored.sha256)))
        return stored

    def _is_there(self, stored: Stored) -> bool:
        """Whole, and its folders synced: whoever wrote it may have died before its own sync."""
        path = self._path(blob_key(stored.sha256))
        with translated():
            try:
                # Another size: something cut it short from outside. It is written again.
                if path.stat().st_size != stored.size_bytes:
                    return False
            except FileNotFoundError:
                return False
            self._sync_way(path)
        return True

    def _path(self, key: str) -> Path:
        """Raises: Invalid."""
        return self.root.joinpath(*_fan(parts_of(key)))

    @contextmanager
    def _temporary(self) -> Iterator[tuple[int, Path]]:
        """A fresh file for writing; gone at the end unless it was settled."""
        path = self._incoming / secrets.token_hex(16)
        with translated():
            make_folder(self._incoming)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        try:
            yield descriptor, path
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)

    def _settle(self, descriptor: int, temporary: Path, path: Path) -> None:
        """Bytes first, then the name, then the folders that lead to it.

        The folders come last, together: what an ext4 journal writes for the first of them holds the others.
        """
        with translated():
            os.fsync(descriptor)
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(path)
            self._sync_way(path)

    def _sync_way(self, path: Path) -> None:
        """Make every name on the way to a file durable, whoever made it and died or has not come to its own sync."""
        for folder in path.parents:
            sync_folder(folder)
            if folder in self._durable:
                break
        way = path.relative_to(self.root).parts[:-1]
        self._durable.update(self.root.joinpath(*way[:depth]) for depth in range(1, min(len(way), NEAR) + 1))

    def _sweep(self) -> None:
        """Remove temporaries that a dead process left more than a day ago."""
        with translated():
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
        with translated():
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
