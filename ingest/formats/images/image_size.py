"""Width and height of a picture from its first bytes, without decoding it.

Readers count the pictures in a document with it. PNG, JPEG, GIF and BMP;
vector formats have no pixels.
"""

import struct

HEAD_BYTES = 65_536
"""Enough for the headers of most files; a JPEG that hides its size behind more is not counted."""

LARGEST_SIDE = 2**31 - 1
"""Pixels: what PNG allows and libraries count with. A header that says more, or nothing, is of no picture."""

# Start-of-frame markers of JPEG; C4, C8 and CC are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def is_possible(width: int, height: int) -> bool:
    """Whether a picture may have these sides at all; whether its bytes can hold them is asked where it is drawn."""
    return 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE


def size(head: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels, or None where the head does not say, or says what cannot be."""
    said = _said(head)
    return said if said and is_possible(*said) else None


def _said(head: bytes) -> tuple[int, int] | None:
    try:
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack_from(">II", head, 16)
        if head.startswith((b"GIF87a", b"GIF89a")):
            return struct.unpack_from("<HH", head, 6)
        if head.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", head, 18)
            return width, abs(height)
        if head.startswith(b"\xff\xd8"):
            return _jpeg(head)
    except struct.error:
        return None
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(head) and head[place] == 0xFF:
        marker = head[place + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", head, place + 5)
            return width, height
        # Fill bytes stand alone; anything else carries its length, at least the two bytes of it.
        place += 1 if marker == 0xFF else 2 + max(2, struct.unpack_from(">H", head, place + 2)[0])
    return None
