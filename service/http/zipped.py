"""Several stored files as one zip that nobody has to write first: its length is known, any part can be asked for.

Members are stored as they are, in the order of the revision, all with its
date, so that the same revision gives the same bytes and a download that broke
goes on. What a header must know beforehand is each file's CRC-32; it is counted
when a header is first asked for, and remembered by the file's hash.

Source: APPNOTE.TXT 6.3.10, PKWARE, 4.3.7, 4.3.12, 4.3.16, 4.4.4 (names in UTF-8: bit 11).
"""

import datetime
import hashlib
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from service.http.disposition import clean
from service.library.views import OpenedFile
from service.ports import ObjectStore

MOST_BYTES = 2**32 - 1
"""Of the whole: what a zip without extensions holds, and a file on the FAT file system of memory cards."""
MOST_FILES = 2**16 - 1

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_VERSION, _UTF8, _UNIX = 20, 0x800, 3 << 8
# An ordinary file that its owner may change and everybody may read.
_MODE = 0o100644 << 16
_REMEMBERED = 100_000

_HERE = datetime.timezone(datetime.timedelta(hours=7))


class Checksums:
    """CRC-32 of stored files by their hash. Safe for threads; two that ask at once may both count."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, objects: ObjectStore, file: OpenedFile) -> int:
        """Raises: ObjectMissing."""
        with self._lock:
            known = self._known.get(file.entry.sha256)
        if known is not None:
            return known
        counted = 0
        for block in objects.open(file.key):
            counted = zlib.crc32(block, counted)
        with self._lock:
            self._known[file.entry.sha256] = counted
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return counted


CHECKSUMS = Checksums()


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the zip. opened: (start, length) inside it -> its bytes."""

    size_bytes: int
    opened: Callable[[int, int], Iterator[bytes]]


class Zip:
    """Files as one zip. at: the date of its members."""

    def __init__(self, objects: ObjectStore, files: Sequence[OpenedFile], at: datetime.datetime) -> None:
        self._objects = objects
        self._files = tuple(files)
        self._date = _dos(at)
        self._names = names_of([file.entry.name for file in files])
        self._parts = tuple(self._laid())
        self.size_bytes = sum(part.size_bytes for part in self._parts)

    @property
    def tag(self) -> str:
        """A validator: what the bytes follow from."""
        about = [self._date, *zip(self._names, (file.entry.sha256 for file in self._files), strict=True)]
        return f'"{hashlib.sha256(repr(about).encode()).hexdigest()[:32]}"'

    @property
    def fits(self) -> bool:
        return self.size_bytes <= MOST_BYTES and len(self._files) <= MOST_FILES

    def open(self, start: int, length: int) -> Iterator[bytes]:
        """Bytes [start, start + length). Raises: ObjectMissing, before the first block or in the middle."""
        end, at = start + length, 0
        for part in self._parts:
            first, last = max(start, at), min(end, at + part.size_bytes)
            if first < last:
                yield from part.opened(first - at, last - first)
            at += part.size_bytes

    def _laid(self) -> Iterator[_Part]:
        for number, file in enumerate(self._files):
            yield _Part(_LOCAL.size + len(self._names[number]), partial(self._header, number))
            yield _Part(file.entry.size_bytes, partial(self._member, file))
        directory = sum(_CENTRAL.size + len(name) for name in self._names) + _END.size
        yield _Part(directory, self._directory)

    def _member(self, file: OpenedFile, start: int, length: int) -> Iterator[bytes]:
        return self._objects.open(file.key, start=start, length=length)

    def _header(self, number: int, start: int, length: int) -> Iterator[bytes]:
        name, file = self._names[number], self._files[number]
        fields = (_VERSION, _UTF8, 0, *self._date, *self._sizes(file), len(name), 0)
        yield (_LOCAL.pack(b"PK\x03\x04", *fields) + name)[start : start + length]

    def _directory(self, start: int, length: int) -> Iterator[bytes]:
        rows, offset = [], 0
        for name, file in zip(self._names, self._files, strict=True):
            fields = (_UNIX | _VERSION, _VERSION, _UTF8, 0, *self._date, *self._sizes(file), len(name), 0, 0, 0, 0)
            rows.append(_CENTRAL.pack(b"PK\x01\x02", *fields, _MODE, offset) + name)
            offset += _LOCAL.size + len(name) + file.entry.size_bytes
        listed, count = b"".join(rows), len(rows)
        ending = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), offset, 0)
        yield (listed + ending)[start : start + length]

    def _sizes(self, file: OpenedFile) -> tuple[int, int, int]:
        size = file.entry.size_bytes
        return CHECKSUMS.of(self._objects, file), size, size


def names_of(names: Sequence[str]) -> list[bytes]:
    """Names as members have them: without folders, no two alike to a file system that knows no capitals."""
    taken: set[str] = set()
    made = []
    for name in map(clean, names):
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, dot + ending) if stem else (name, "")
        free, number = name, 2
        while free.casefold() in taken:
            free, number = f"{stem} ({number}){ending}", number + 1
        taken.add(free.casefold())
        made.append(free.encode())
    return made


def _dos(at: datetime.datetime) -> tuple[int, int]:
    """(time, date) as MS-DOS wrote them, by the clock of Viet Nam."""
    at = at.astimezone(_HERE)
    return at.hour << 11 | at.minute << 5 | at.second // 2, max(0, at.year - 1980) << 9 | at.month << 5 | at.day
