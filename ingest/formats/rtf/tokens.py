"""RTF as tokens: control words, escaped bytes, plain bytes, groups.

The grammar is regular but for `\\binN`, whose N bytes are jumped over. Text
stays bytes: which encoding it has depends on the font that stands before it.
Source: RTF Specification 1.9.1 (Microsoft, 2008), "RTF Syntax".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})?[ ]?"
    rb"|\\'([0-9A-Fa-f]{2})"
    rb"|\\([^A-Za-z'])"
    rb"|([{}])"
    rb"|([^\\{}\r\n\x00]+)"
    rb"|[\r\n\x00]+|\\'?",
    re.DOTALL,
)

WORD, BYTES, SYMBOL, OPEN, CLOSE = range(5)


class Token(NamedTuple):
    """kind: one of the five. text: the word, the bytes, the sign. number: the word's parameter, None without one."""

    kind: int
    text: bytes
    number: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """The tokens of a file; nothing is raised, what is no token is left out."""
    place = 0
    while place < len(data):
        for match in _TOKEN.finditer(data, place):
            kind = match.lastindex
            if kind == 6:
                yield Token(BYTES, match[6])
            elif kind in (1, 2):
                number = int(match[2]) if match[2] else None
                if match[1] == b"bin":
                    place = match.end() + max(0, number or 0)
                    break
                yield Token(WORD, match[1], number)
            elif kind == 3:
                yield Token(BYTES, bytes((int(match[3], 16),)))
            elif kind == 4:
                yield Token(SYMBOL, match[4])
            elif kind == 5:
                yield Token(OPEN if match[5] == b"{" else CLOSE, b"")
        else:
            return
