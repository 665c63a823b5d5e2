"""Archives made byte by byte, as no honest program writes them; and a RAR, which no free program writes.

Sources: APPNOTE.TXT of PKWARE, https://www.rarlab.com/technote.htm
"""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.errors import ToolMissing
from ingest.formats.archive import libarchive


@dataclass(frozen=True)
class Entry:
    """One entry as its records say it. at: where its local header is said to stand; None: after the one before."""

    name: bytes
    data: bytes = b""
    inflated: int | None = None
    flags: int = 0
    method: int = 8
    mode: int = 0
    at: int | None = None
    extra: bytes = b""


def zip_of(path: Path, entries: Sequence[Entry], *, before: bytes = b"", disk: int = 0) -> Path:
    """Write entries with the records they ask for; `data` is stored or deflated by its method."""
    body, directory, offsets = bytearray(before), bytearray(), []
    for entry in entries:
        packed = zlib.compress(entry.data, 9)[2:-4] if entry.method == 8 else entry.data
        sizes = (zlib.crc32(entry.data), len(packed), len(entry.data) if entry.inflated is None else entry.inflated)
        head = struct.pack("<4H", 20, entry.flags, entry.method, 0) + struct.pack("<H3I", 0x21, *sizes)
        offset = len(body) if entry.at is None else entry.at
        offsets.append(offset)
        if entry.at is None:
            body += b"PK\x03\x04" + head + struct.pack("<2H", len(entry.name), 0) + entry.name + packed
        directory += b"PK\x01\x02" + struct.pack("<H", 0x031E) + head
        directory += struct.pack("<5H2I", len(entry.name), len(entry.extra), 0, 0, 0, entry.mode << 16, offset)
        directory += entry.name + entry.extra
    end = struct.pack(
        "<4H2IH", disk, 0, min(len(entries), 0xFFFF), min(len(entries), 0xFFFF), len(directory), len(body), 0
    )
    path.write_bytes(bytes(body) + bytes(directory) + b"PK\x05\x06" + end)
    return path


def honest(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return path


def seven(path: Path, members: dict[str, bytes]) -> Path:
    """A 7z archive, written by libarchive."""
    _needs_libarchive()
    import libarchive as writer  # type: ignore[import-untyped]

    with writer.file_writer(str(path), "7zip") as target:
        for name, data in members.items():
            target.add_file_from_memory(name, len(data), data)
    return path


def rar5(
    path: Path, members: dict[str, bytes], *, volume: bool = False, locked: bool = False, sealed: bool = False
) -> Path:
    """A RAR 5 archive whose members are stored as they are. locked: names too; sealed: only the data."""
    _needs_libarchive()
    out = bytearray(b"Rar!\x1a\x07\x01\x00")
    if locked:
        out += _block(bytes([4, 0]) + b"\0" * 24)
    out += _block(bytes([1, 0, 1 if volume else 0]))
    for name, data in members.items():
        raw = name.encode()
        # AES-256 with a salt and an initial value of zeros.
        extra = _number(36) + bytes([1, 0, 0, 15]) + b"\0" * 32 + b"\0" if sealed else b""
        fields = bytes([2, 3]) + _number(len(extra)) if sealed else bytes([2, 2])
        fields += _number(len(data)) + _number(4) + _number(len(data)) + _number(0o644)
        fields += struct.pack("<I", zlib.crc32(data)) + _number(0) + _number(1) + _number(len(raw)) + raw + extra
        out += _block(fields) + data
    out += _block(bytes([5, 0, 0]))
    path.write_bytes(bytes(out))
    return path


def _needs_libarchive() -> None:
    try:
        libarchive.load()
    except ToolMissing:
        pytest.skip("libarchive13 is not installed: RAR and 7z are kept whole")


def _block(fields: bytes) -> bytes:
    sized = _number(len(fields)) + fields
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])
