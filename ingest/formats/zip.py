"""Look into a zip without unpacking it: member names, the beginning of a member, a whole member.

The sniffer asks it for manifests, readers for parts. Everything is bounded:
entries, bytes read from a member, bytes of the directory. Nothing is ever
written to disk.
"""

import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from ingest.errors import BrokenFile, TooExpensive

MAX_ENTRIES = 20_000
MOST_BYTES = 256 * 1024**2
"""Of one member by default."""
# The directory of 20,000 entries with long names is some 4 MB.
_MAX_DIRECTORY_BYTES = 16 * 1024 * 1024
_TAIL_BYTES = 65_557
"""Where the end record must be: 22 bytes and a comment of at most 65,535."""

_FAULTS = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, struct.error,
    OverflowError, IndexError, KeyError,
)  # fmt: skip


class Members:
    """The members of a zip by exact name. Raises: BrokenFile: no readable directory, or one that is too large."""

    def __init__(self, path: Path) -> None:
        if _directory_bytes(path) > _MAX_DIRECTORY_BYTES:
            raise BrokenFile(part="zip")
        try:
            self._zip = zipfile.ZipFile(path)
        except _FAULTS as error:
            raise BrokenFile(part="zip") from error
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            self._zip.close()
            raise BrokenFile(part="zip")
        self.names = [info.filename for info in infos]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def beginning(self, name: str, size_bytes: int) -> bytes:
        """The first bytes of a member, really inflated bytes counted; empty where it is missing or broken."""
        try:
            with self._zip.open(name) as member:
                return member.read(size_bytes)
        except _FAULTS:
            # What cannot be read cannot be recognised; the reader of the format will say why.
            return b""

    def size(self, name: str) -> int:
        """Bytes that the directory promises for a member; 0 where it is missing. Never to be trusted for memory."""
        try:
            return self._zip.getinfo(name).file_size
        except KeyError:
            return 0

    def read(self, name: str, *, most: int = MOST_BYTES) -> bytes:
        """A whole member. Raises: BrokenFile(part="zip"): missing or damaged. TooExpensive(limit="size")."""
        try:
            with self._zip.open(name) as member:
                data = member.read(most + 1)
        except _FAULTS as error:
            raise BrokenFile(part="zip") from error
        if len(data) > most:
            raise TooExpensive(limit="size")
        return data

    def open(self, name: str) -> IO[bytes]:
        """A member as a stream. Raises: BrokenFile(part="zip")."""
        try:
            return self._zip.open(name)
        except _FAULTS as error:
            raise BrokenFile(part="zip") from error


def _directory_bytes(path: Path) -> int:
    with path.open("rb") as source:
        size = source.seek(0, 2)
        source.seek(max(0, size - _TAIL_BYTES))
        tail = source.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 16:
        return 0
    length: int = struct.unpack_from("<I", tail, end + 12)[0]
    return 0 if length == 0xFFFFFFFF else length
