"""Tell a Moodle course backup (.mbz) by the first files in its gzipped tar.

Moodle 2.6 and later write an index of the archive first; before, and in other
programs, `moodle_backup.xml` stands among the first files.
"""

import zlib
from pathlib import Path

_COMPRESSED_BYTES = 256 * 1024
_LOOKED_AT_BYTES = 1024 * 1024
_BLOCK_BYTES = 512
_NAME_BYTES = 100
_SIGNS = (b".ARCHIVE_INDEX", b"moodle_backup.xml")


def is_backup(path: Path) -> bool:
    """Whether the beginning of a gzip file is that of a Moodle backup. Raises: OSError."""
    with path.open("rb") as source:
        head = source.read(_COMPRESSED_BYTES)
    try:
        tar = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _LOOKED_AT_BYTES)
    except zlib.error:
        return False
    place = 0
    while tar[place + 257 : place + 262] == b"ustar":
        name = tar[place : place + _NAME_BYTES].rstrip(b"\0").removeprefix(b"./")
        if name in _SIGNS:
            return True
        try:
            size = int(tar[place + 124 : place + 135].rstrip(b"\0 ") or b"0", 8)
        except ValueError:
            return False
        place += _BLOCK_BYTES + -(-size // _BLOCK_BYTES) * _BLOCK_BYTES
    return False
