"""Find out of a RAR 5 archive's headers whether it can be opened: libarchive 3.6 takes locked data for plain.

Source: https://www.rarlab.com/technote.htm
"""

import os
from typing import BinaryIO

from ingest.errors import EncryptedFile, SplitArchive

SIGNATURE = b"Rar!\x1a\x07\x01\x00"
_CRC_BYTES = 4
_MOST_HEADERS = 50_000
# Sizes are numbers of at most three bytes.
_LONGEST_HEADER = 2 * 1024**2
_ARCHIVE, _FILE, _SERVICE, _LOCK, _END = 1, 2, 3, 4, 5
_HAS_EXTRA, _HAS_DATA = 0x1, 0x2
_VOLUME = 0x1
_LOCKED = 1
"""Kind of the extra record that says how a file is encrypted."""


def check(source: BinaryIO) -> None:
    """Walk over the headers; data is jumped over. Raises: SplitArchive, EncryptedFile."""
    place, end = len(SIGNATURE), source.seek(0, os.SEEK_END)
    for _ in range(_MOST_HEADERS):
        if place >= end:
            # Broken, or a lie: whoever reads it will say so.
            return
        source.seek(place)
        head = source.read(_CRC_BYTES + 3)
        size, begin = _number(head, _CRC_BYTES)
        if not 0 < size <= _LONGEST_HEADER:
            return
        source.seek(place + begin)
        header = source.read(size)
        data_bytes = _look(header)
        if data_bytes is None:
            return
        place += begin + size + data_bytes


def _look(header: bytes) -> int | None:
    """Bytes of data behind a header; None at the end of the archive."""
    kind, at = _number(header, 0)
    flags, at = _number(header, at)
    extra_bytes = data_bytes = 0
    if flags & _HAS_EXTRA:
        extra_bytes, at = _number(header, at)
    if flags & _HAS_DATA:
        data_bytes, at = _number(header, at)
    if kind == _LOCK:
        raise EncryptedFile
    if kind == _ARCHIVE and _number(header, at)[0] & _VOLUME:
        raise SplitArchive
    if kind in (_FILE, _SERVICE):
        _look_at_extra(header[max(0, len(header) - extra_bytes) :] if extra_bytes else b"")
    return None if kind == _END else data_bytes


def _look_at_extra(records: bytes) -> None:
    at = 0
    while at < len(records):
        size, begin = _number(records, at)
        if _number(records, begin)[0] == _LOCKED:
            raise EncryptedFile
        at = begin + max(1, size)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """(number, place after it): seven bits a byte, the lowest first, at most ten bytes."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at] if at < len(data) else 0
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            break
    return value, at
