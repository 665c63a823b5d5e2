"""Namespaces of office XML, and what has to be settled before an element's name means anything.

Strict files (ISO/IEC 29500-1) use other namespaces for the same elements;
`transitional` turns them into the usual ones. Newer markup stands beside an
alternative for older programs; `choose` leaves one of the two.
"""

import re
from typing import Any

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
CX = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741 - the prefix that every file gives it
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
P14 = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

_LONGEST_NUMBER = 10
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
# The root declares the namespaces; Word declares thirty and needs 3 KB for it.
_HEAD_BYTES = 8192
_EXTENDED = b"http://schemas.openxmlformats.org/officeDocument/2006/extendedProperties"


def integer(text: str | None, otherwise: int = 0) -> int:
    """A count, id or level out of an attribute; `otherwise` where it is missing, negative, huge or no number."""
    return int(text) if text and text.isdecimal() and len(text) < _LONGEST_NUMBER else otherwise


def transitional(data: bytes) -> bytes:
    """XML whose strict namespaces are the transitional ones. Source: ISO/IEC 29500-4, annex A."""
    if b"http://purl.oclc.org/ooxml/" not in data[:_HEAD_BYTES]:
        return data
    data = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)
    return data.replace(_EXTENDED, b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties")


def choose(root: Any) -> None:
    """Of alternatives the first one stays, which is the richest: the same text must not be read twice."""
    for alternate in list(root.iter(MC + "AlternateContent")):
        for other in [child for child in alternate if child.tag in (MC + "Choice", MC + "Fallback")][1:]:
            alternate.remove(other)
