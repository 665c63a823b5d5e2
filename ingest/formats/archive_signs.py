"""What an archive's first bytes say against opening it: one volume of several, or locked with its names.

Source: https://www.rarlab.com/technote.htm (RAR 5), the RAR 4 technote, 7zFormat.txt of the LZMA SDK
"""

import re
import struct
from pathlib import Path

from ingest.errors import BrokenFile, EncryptedFile, SplitArchive

_HEAD_BYTES = 64
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_RAR4 = b"Rar!\x1a\x07\x00"
_RAR5 = b"Rar!\x1a\x07\x01\x00"
_SEVEN = b"7z\xbc\xaf\x27\x1c"
_SEVEN_HEADER_BYTES = 32
# a.part2.rar, a.r00, a.z01, a.7z.001
_VOLUME = re.compile(r"\.(?:part\d+\.(?:rar|exe)|[rz]\d\d|\d{3})$", re.IGNORECASE)
_ZIP_SPANNED = b"PK\x07\x08"


def is_zip(path: Path) -> bool:
    """Whether the file begins as a ZIP."""
    with path.open("rb") as source:
        return source.read(4) in _ZIP


def check(path: Path, name: str) -> None:
    """Raises: SplitArchive: a volume; EncryptedFile: names and all are locked; BrokenFile: cut short."""
    with path.open("rb") as source:
        head = source.read(_HEAD_BYTES)
        size = source.seek(0, 2)
    if head.startswith(_ZIP_SPANNED):
        raise SplitArchive
    if head.startswith(_RAR4):
        _check_rar4(head)
    elif head.startswith(_RAR5):
        _check_rar5(head)
    elif head.startswith(_SEVEN) and len(head) >= _SEVEN_HEADER_BYTES:
        offset, length = struct.unpack_from("<2Q", head, 12)
        if _SEVEN_HEADER_BYTES + offset + length > size:
            # The directory stands at the end, which another volume holds, or nobody.
            raise SplitArchive if _VOLUME.search(name) else BrokenFile(part="archive")


def _check_rar4(head: bytes) -> None:
    if len(head) < 12:
        raise BrokenFile(part="archive")
    flags: int = struct.unpack_from("<H", head, 10)[0]
    if flags & 0x1:
        raise SplitArchive
    if flags & 0x80:
        raise EncryptedFile


def _check_rar5(head: bytes) -> None:
    """Signature, CRC-32, then numbers of variable length: size, type, flags, sizes of what the flags announce."""
    place = len(_RAR5) + 4
    numbers = []
    for _ in range(6):
        number, shift = 0, 0
        while place < len(head):
            byte = head[place]
            place += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        numbers.append(number)
    _, kind, flags, *rest = numbers
    if kind == 4:
        raise EncryptedFile
    if kind == 1 and rest[bool(flags & 0x1) + bool(flags & 0x2)] & 0x1:
        raise SplitArchive
