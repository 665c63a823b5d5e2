"""The Range header (RFC 9110, 14): which bytes of a file somebody wants.

One range is served as 206. Several are answered with the whole file, which
the RFC allows: players and download managers ask for one.
"""

import re
from dataclasses import dataclass

_ONE = re.compile(r"(\d{0,19})-(\d{0,19})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes first..last, both included, counted from 0."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class UnsatisfiableRange(Exception):
    """No byte of the file is in it: 416 with `Content-Range: bytes */size`."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(size_bytes)
        self.size_bytes = size_bytes


def parse(header: str, size_bytes: int) -> Span | None:
    """The one span of a header. None: absent, malformed, another unit or several; the whole file answers.

    Raises: UnsatisfiableRange.
    """
    unit, _, wanted = header.strip().partition("=")
    match = _ONE.fullmatch(wanted.strip())
    if unit.strip().lower() != "bytes" or match is None or match[0] == "-":
        return None
    if not match[1]:
        length = int(match[2])
        if length == 0 or size_bytes == 0:
            raise UnsatisfiableRange(size_bytes)
        return Span(max(size_bytes - length, 0), size_bytes - 1)
    first = int(match[1])
    last = int(match[2]) if match[2] else size_bytes - 1
    if match[2] and last < first:
        return None
    if first >= size_bytes:
        raise UnsatisfiableRange(size_bytes)
    return Span(first, min(last, size_bytes - 1))
