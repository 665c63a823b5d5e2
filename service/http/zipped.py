"""Several stored files as one zip that nobody has to write first: its length is known, any part can be asked for.

Members are stored as they are, in the order of the revision, all with its
date, so that the same revision gives the same bytes and a download that broke
goes on. What a header must say beforehand is each file's CRC-32
(`library/checksums.py`): sizes are known and a stored member is its file, so
nothing else of a file is read than what is sent. The other layout, checksums
behind the data, was not taken: the directory at the end needs them all the
same, and readers that unpack while they receive cannot see where a stored
member with such a layout ends.

Beyond 4 GB sizes and places stand in ZIP64's fields; a smaller zip has none.

Source: APPNOTE.TXT 6.3.10, PKWARE, 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.4.4 (names in UTF-8: bit 11), 4.5.3.
"""

import datetime
import hashlib
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from service.http.member_names import names_of
from service.library import checksums
from service.library.services import Services
from service.library.views import OpenedFile
from service.model import FileEntry, Revision
from service.ports import ObjectStore

# What says that a number is too large for its field and stands in ZIP64's.
_FULL_4, _FULL_2 = 2**32 - 1, 2**16 - 1
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_END_64, _LOCATOR_64 = struct.Struct("<4sQ2H2I4Q"), struct.Struct("<4sIQI")
_VERSION, _VERSION_64, _UTF8, _UNIX = 20, 45, 0x800, 3 << 8
# An ordinary file that its owner may change and everybody may read.
_MODE = 0o100644 << 16

_HERE = datetime.timezone(datetime.timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the zip. opened: (start, length) inside it -> its bytes."""

    size_bytes: int
    opened: Callable[[int, int], Iterator[bytes]]


class Zip:
    """Files as one zip. at: the date of its members; checksum: the CRC-32 of a file, asked for when a header is."""

    def __init__(
        self,
        objects: ObjectStore,
        files: Sequence[OpenedFile],
        at: datetime.datetime,
        checksum: Callable[[FileEntry], int],
    ) -> None:
        self._objects = objects
        self._files = tuple(files)
        self._checksum = checksum
        self._date = _dos(at)
        self._names = names_of([file.entry.name for file in files])
        self._offsets: list[int] = []
        self._parts = tuple(self._laid())
        self.size_bytes = sum(part.size_bytes for part in self._parts)

    @classmethod
    def of(cls, services: Services, revision: Revision, files: Sequence[OpenedFile]) -> "Zip":
        """These files of a revision."""
        at = revision.published_at or revision.created_at
        return cls(services.objects, files, at, partial(checksums.of, services))

    @property
    def tag(self) -> str:
        """A validator: what the bytes follow from."""
        about = [self._date, *zip(self._names, (file.entry.sha256 for file in self._files), strict=True)]
        return f'"{hashlib.sha256(repr(about).encode()).hexdigest()[:32]}"'

    def open(self, start: int, length: int) -> Iterator[bytes]:
        """Bytes [start, start + length). Raises: ObjectMissing, before the first block or in the middle."""
        end, at = start + length, 0
        for part in self._parts:
            first, last = max(start, at), min(end, at + part.size_bytes)
            if first < last:
                yield from part.opened(first - at, last - first)
            at += part.size_bytes

    def _laid(self) -> Iterator[_Part]:
        at = 0
        for number, file in enumerate(self._files):
            size, header = file.entry.size_bytes, _LOCAL.size + len(self._names[number])
            self._offsets.append(at)
            header += len(_extra(size, size)) if size >= _FULL_4 else 0
            yield _Part(header, partial(self._header, number))
            yield _Part(size, partial(self._member, file))
            at += header + size
        yield _Part(len(self._directory(at, [0] * len(self._files))), partial(self._listed, at))

    def _member(self, file: OpenedFile, start: int, length: int) -> Iterator[bytes]:
        return self._objects.open(file.key, start=start, length=length)

    def _header(self, number: int, start: int, length: int) -> Iterator[bytes]:
        entry, name = self._files[number].entry, self._names[number]
        size = entry.size_bytes
        large = size >= _FULL_4
        extra = _extra(size, size) if large else b""
        sizes = (_FULL_4, _FULL_4) if large else (size, size)
        fields = (_VERSION_64 if large else _VERSION, _UTF8, 0, *self._date, self._checksum(entry), *sizes)
        yield (_LOCAL.pack(b"PK\x03\x04", *fields, len(name), len(extra)) + name + extra)[start : start + length]

    def _listed(self, at: int, start: int, length: int) -> Iterator[bytes]:
        counted = [self._checksum(file.entry) for file in self._files]
        yield self._directory(at, counted)[start : start + length]

    def _directory(self, at: int, counted: Sequence[int]) -> bytes:
        """What stands behind the members. at: where that begins; counted: checksums of the files."""
        rows = []
        for file, name, offset, checksum in zip(self._files, self._names, self._offsets, counted, strict=True):
            size = file.entry.size_bytes
            large, far = size >= _FULL_4, offset >= _FULL_4
            extra = _extra(*((size, size) if large else ()), *((offset,) if far else ()))
            version = _VERSION_64 if extra else _VERSION
            sizes = (_FULL_4, _FULL_4) if large else (size, size)
            fields = (_UNIX | version, version, _UTF8, 0, *self._date, checksum, *sizes, len(name), len(extra))
            place = _FULL_4 if far else offset
            rows.append(_CENTRAL.pack(b"PK\x01\x02", *fields, 0, 0, 0, _MODE, place) + name + extra)
        listed, count = b"".join(rows), len(rows)
        return listed + _ending(at, len(listed), count)


def _ending(at: int, size: int, count: int) -> bytes:
    """The record by which a zip is opened: where the directory is, how long, how many members it lists."""
    made = b""
    if at >= _FULL_4 or size >= _FULL_4 or count >= _FULL_2:
        version = _VERSION_64
        made += _END_64.pack(
            b"PK\x06\x06", _END_64.size - 12, _UNIX | version, version, 0, 0, count, count, size, at
        ) + _LOCATOR_64.pack(b"PK\x06\x07", 0, at + size, 1)
    count, size, at = min(count, _FULL_2), min(size, _FULL_4), min(at, _FULL_4)
    return made + _END.pack(b"PK\x05\x06", 0, 0, count, count, size, at, 0)


def _extra(*numbers: int) -> bytes:
    """The ZIP64 field with what does not fit elsewhere; empty where all of it does."""
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""


def _dos(at: datetime.datetime) -> tuple[int, int]:
    """(time, date) as MS-DOS wrote them, by the clock of Viet Nam."""
    at = at.astimezone(_HERE)
    return at.hour << 11 | at.minute << 5 | at.second // 2, max(0, at.year - 1980) << 9 | at.month << 5 | at.day
