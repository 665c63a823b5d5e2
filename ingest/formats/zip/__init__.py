"""Read a zip without unpacking it: members by exact name, really inflated bytes counted, hostile ones refused.

Every format that is a zip is read through `Members`, the sniffer too. What a
directory may not hold (too many entries, overlaps, names that lead out, links,
twins) is refused when it is opened, before a byte is inflated; what a member
inflates to is counted while it streams. Nothing is ever written to disk.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from ingest.errors import BrokenFile, EncryptedFile, HostileArchive, TooExpensive
from ingest.formats.zip.directory import check
from ingest.formats.zip.names import decoded, leads_out, stored_bytes

MOST_BYTES = 256 * 1024**2
"""Of one member by default: the XML of a sheet of a million rows is some 200 MB."""
_MOST_TOTAL_BYTES = 1024**3
"""Of everything read from one zip: half of what an extraction child may hold."""
_MOST_RATIO = 400
"""Honest members inflate to up to 130 times their size (an EMF picture in a DOCX of the corpus), repetitive XML
to 50; deflate itself ends at 1,032, and that is what a bomb is made of."""
_RATIO_FROM_BYTES = 32 * 1024**2
"""Below this nobody is hurt, whatever the ratio."""
_CHUNK_BYTES = 256 * 1024

_FAULTS = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, struct.error,
    OverflowError, IndexError, KeyError,
)  # fmt: skip
# The others have decompressors without a bound on their output, and no format that is a zip uses them.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


class Members:
    """The members of a zip (folders left out) by exact name.

    names: decoded as `zip_names.decoded` says, in the order of the directory.
    Raises: BrokenFile(part="zip"): no readable directory. HostileArchive: entries that no honest program writes;
    its `sign` says which: entries, overlap, name, link, twins.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as source:
                check(source)
            self._zip = zipfile.ZipFile(path)
        except _FAULTS as error:
            raise BrokenFile(part="zip") from error
        try:
            self._members = _indexed(self._zip)
        except BaseException:
            self._zip.close()
            raise
        self.names = list(self._members)
        self._inflated = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def stored(self, name: str) -> bytes:
        """A member's name as the zip has it, before decoding. Raises: KeyError: no such member."""
        return stored_bytes(self._members[name])

    def size(self, name: str) -> int:
        """Bytes that the directory promises for a member; 0 where it is missing. Never to be trusted for memory."""
        info = self._members.get(name)
        return info.file_size if info else 0

    def beginning(self, name: str, size_bytes: int) -> bytes:
        """The first bytes of a member; empty where it is missing or broken."""
        try:
            with self.open(name, most=size_bytes) as member:
                return member.read(size_bytes)
        except (BrokenFile, EncryptedFile, TooExpensive):
            # What cannot be read cannot be recognised; the reader of the format will say why.
            return b""

    def read(self, name: str, *, most: int = MOST_BYTES) -> bytes:
        """A whole member.

        Raises: BrokenFile(part="zip"): missing or damaged. EncryptedFile: it needs a password.
        TooExpensive(limit="size"): more than `most` bytes, or past the bounds on ratio and total.
        """
        # What it says of itself only ever saves work; the stream counts.
        if self.size(name) > most:
            raise TooExpensive(limit="size")
        with self.open(name, most=most) as member:
            return b"".join(iter(lambda: member.read(_CHUNK_BYTES), b""))

    def open(self, name: str, *, most: int = MOST_BYTES) -> "Stream":
        """A member as a stream, bounded like `read`; its `read` raises what `read` raises here."""
        return Stream(self._opened(name), min(most, self._honest(name)), self._count)

    def stream(self, name: str) -> "Stream":
        """A member as a stream for one who counts: batches hold videos larger than any part of a document."""
        return Stream(self._opened(name), self._honest(name))

    def is_encrypted(self, name: str) -> bool:
        """Whether a member needs a password."""
        return bool(self._members[name].flag_bits & _ENCRYPTED)

    def is_common(self, name: str) -> bool:
        """Whether a member is packed by a method that is read here: stored or deflated."""
        return self._members[name].compress_type in _METHODS

    def _opened(self, name: str) -> IO[bytes]:
        if name not in self._members:
            raise BrokenFile(part="zip")
        if self.is_encrypted(name):
            raise EncryptedFile
        if not self.is_common(name):
            raise BrokenFile(part="zip")
        try:
            return self._zip.open(self._members[name])
        except _FAULTS as error:
            raise BrokenFile(part="zip") from error

    def _honest(self, name: str) -> int:
        return max(_RATIO_FROM_BYTES, _MOST_RATIO * self._members[name].compress_size)

    def _count(self, size_bytes: int) -> None:
        self._inflated += size_bytes
        if self._inflated > _MOST_TOTAL_BYTES:
            raise TooExpensive(limit="size")


class Stream(io.RawIOBase):
    """One member being inflated; ends with TooExpensive after `most` bytes."""

    def __init__(self, source: IO[bytes], most: int, count: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self._source = source
        self._left = most
        self._count = count

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; empty at the end. Raises: BrokenFile, TooExpensive."""
        wanted = self._left + 1 if size < 0 else size
        try:
            data = self._source.read(wanted)
        except _FAULTS as error:
            raise BrokenFile(part="zip") from error
        self._left -= len(data)
        if self._left < 0:
            raise TooExpensive(limit="size")
        if self._count is not None:
            self._count(len(data))
        return data

    def close(self) -> None:
        self._source.close()
        super().close()


def _indexed(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    _refuse_overlaps(archive)
    for info in archive.infolist():
        name = decoded(info)
        if not name or leads_out(info.orig_filename) or leads_out(name):
            raise HostileArchive(sign="name")
        if _is_odd(info):
            raise HostileArchive(sign="link")
        if info.is_dir():
            continue
        twin = unicodedata.normalize("NFC", name).casefold()
        if twin in seen:
            raise HostileArchive(sign="twins")
        seen.add(twin)
        members[name] = info
    return members


def _is_odd(info: zipfile.ZipInfo) -> bool:
    """Links, devices, pipes. The upper half of the attributes is a Unix mode, 0 where another system wrote them."""
    return stat.S_IFMT(info.external_attr >> 16) in (
        stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK
    )  # fmt: skip


def _refuse_overlaps(archive: zipfile.ZipFile) -> None:
    """Entries that share bytes are how a small zip inflates to petabytes.

    Source: D. Fifield, A better zip bomb, https://www.usenix.org/conference/woot19/presentation/fifield
    """
    end = 0
    for begin, after in sorted(_spans(archive)):
        if begin < end:
            raise HostileArchive(sign="overlap")
        end = after


def _spans(archive: zipfile.ZipFile) -> Iterator[tuple[int, int]]:
    """(first byte, byte after the last) of each entry: 30 bytes of header, name and data at the least."""
    for info in archive.infolist():
        yield info.header_offset, info.header_offset + 30 + len(stored_bytes(info)) + info.compress_size
    yield archive.start_dir, archive.start_dir
