"""Bound a zip's directory before a library parses it: its bytes and its entries, really counted.

`zipfile` makes an object of every entry, a million of them cost gigabytes;
and what the end record says of their number is not to be believed.
"""

import struct
from typing import BinaryIO

from ingest.errors import BrokenFile, HostileArchive, SplitArchive

MAX_ENTRIES = 20_000
# 20,000 entries with names of 300 bytes and extra fields are some 8 MB.
_MAX_DIRECTORY_BYTES = 16 * 1024 * 1024
_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_END64 = b"PK\x06\x06"
_END64_BYTES = 56
_ENTRY = b"PK\x01\x02"
_ENTRY_BYTES = 46


def check(source: BinaryIO) -> None:
    """Raises: BrokenFile(part="zip"): no directory. HostileArchive(sign="entries"): too large, or too many entries.
    SplitArchive: the last of several volumes.

    Source: APPNOTE.TXT 4.3.12–4.3.16, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
    """
    end, size = _located(source)
    if size > end:
        raise BrokenFile(part="zip")
    if size > _MAX_DIRECTORY_BYTES:
        raise HostileArchive(sign="entries")
    source.seek(end - size)
    directory = source.read(size)
    place = entries = 0
    while directory.startswith(_ENTRY, place) and place + _ENTRY_BYTES <= size:
        entries += 1
        if entries > MAX_ENTRIES:
            raise HostileArchive(sign="entries")
        place += _ENTRY_BYTES + sum(struct.unpack_from("<3H", directory, place + 28))


def _located(source: BinaryIO) -> tuple[int, int]:
    """Where the directory ends and how long it is, found as `zipfile` finds it."""
    size = source.seek(0, 2)
    begin = max(0, size - _END_BYTES - _LONGEST_COMMENT)
    source.seek(begin)
    tail = source.read()
    place = len(tail) - _END_BYTES
    if place < 0:
        raise BrokenFile(part="zip")
    # Without a comment the record stands last; its own numbers may look like its sign.
    if not (tail.startswith(_END, place) and tail.endswith(b"\0\0")):
        place = tail.rfind(_END)
    if place < 0 or place + _END_BYTES > len(tail):
        raise BrokenFile(part="zip")
    disk, _, _, _, length = struct.unpack_from("<4HI", tail, place + 4)
    # 0xFFFF: the zip64 record knows.
    if disk not in (0, 0xFFFF):
        raise SplitArchive
    locator = place - _LOCATOR_BYTES
    if locator >= 0 and tail.startswith(_LOCATOR, locator):
        end = begin + locator - _END64_BYTES
        source.seek(max(0, end))
        record = source.read(_END64_BYTES)
        if record.startswith(_END64):
            return end, struct.unpack_from("<Q", record, 40)[0]
    return begin + place, length
