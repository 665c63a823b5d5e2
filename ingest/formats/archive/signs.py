"""What an archive's first bytes say against opening it: one volume of several, or locked with its names.

Source: the RAR 4 technote, 7zFormat.txt of the LZMA SDK
"""

import re
import struct
from pathlib import Path

from ingest.errors import BrokenFile, EncryptedFile, SplitArchive
from ingest.formats.archive import rar5

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
        if head.startswith(_RAR5):
            rar5.check(source)
    if head.startswith(_ZIP_SPANNED):
        raise SplitArchive
    if head.startswith(_RAR4):
        _check_rar4(head)
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
