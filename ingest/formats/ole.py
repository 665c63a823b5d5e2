"""Names of the streams in an OLE compound file (old Office), without any of their content.

The sniffer tells .doc, .ppt and .xls apart by them. Only the directory is
read, within fixed bounds, so that a hostile chain of sectors ends.
Source: [MS-CFB], https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb
"""

import struct
from typing import BinaryIO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY_BYTES = 128
# A directory of 2,048 entries; real office files have 10–300.
_MAX_DIRECTORY_SECTORS = 512
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (end of chain, free), not places."""

_Entry = tuple[str, int, int, int]
"""Name, left sibling, right sibling, first child, as the directory numbers its entries."""


def stream_names(source: BinaryIO) -> frozenset[str]:
    """Names of the outermost streams and storages; empty where the file is too broken to have one."""
    source.seek(0)
    header = source.read(512)
    if len(header) < 512 or not header.startswith(MAGIC):
        return frozenset()
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        return frozenset()
    size = 1 << shift
    sector = struct.unpack_from("<I", header, 48)[0]
    fat_sectors = struct.unpack_from("<109I", header, 76)

    def read(number: int) -> bytes:
        source.seek((number + 1) * size)
        return source.read(size)

    entries: list[_Entry] = []
    for _ in range(_MAX_DIRECTORY_SECTORS):
        if sector >= _END:
            break
        entries.extend(_entries(read(sector)))
        index, offset = divmod(sector * 4, size)
        # Directories whose chain leaves the first 109 FAT sectors (files past 7 MB) are followed no further.
        if index >= len(fat_sectors) or fat_sectors[index] >= _END:
            break
        row = read(fat_sectors[index])[offset : offset + 4]
        if len(row) < 4:
            break
        sector = struct.unpack("<I", row)[0]
    return _outermost(entries)


def _entries(sector: bytes) -> list[_Entry]:
    entries = []
    for start in range(0, len(sector) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        length = struct.unpack_from("<H", sector, start + 64)[0]
        name = sector[start : start + length - 2].decode("utf-16-le", "replace") if 2 < length <= 64 else ""
        entries.append((name, *struct.unpack_from("<III", sector, start + 68)))
    return entries


def _outermost(entries: list[_Entry]) -> frozenset[str]:
    """Names right under the root: an embedded slide show brings streams of its own, deeper in the tree."""
    if not entries:
        return frozenset()
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [entries[0][3]]
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in seen:
            seen.add(number)
            name, left, right, _ = entries[number]
            names.add(name)
            waiting += (left, right)
    return frozenset(names)
