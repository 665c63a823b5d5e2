"""Names that files have inside a zip: kept by every file system that the zip is opened on.

Source: "Naming Files, Paths, and Namespaces", Microsoft Learn (reserved characters and device names); a name on
Linux has at most 255 bytes.
"""

import re
from collections.abc import Sequence

from service.http.disposition import clean

LONGEST_BYTES = 240
"""With room for a number that keeps two names apart."""
# Control characters and separators are gone already.
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_LONGEST_ENDING = 20


def names_of(names: Sequence[str]) -> list[bytes]:
    """UTF-8, without folders, in the same order, no two alike to a file system that knows no capitals."""
    taken: set[str] = set()
    # Where a name goes on counting: thousands of one name are not tried from the beginning each time.
    following: dict[str, int] = {}
    made = []
    for name in names:
        stem, ending = _parts(_safe(name))
        free = wanted = _joined(stem, ending)
        number = following.get(wanted.casefold(), 2)
        while free.casefold() in taken:
            free, number = _joined(stem, f" ({number}){ending}"), number + 1
        following[wanted.casefold()] = number
        taken.add(free.casefold())
        made.append(free.encode())
    return made


def _safe(name: str) -> str:
    name = _RESERVED.sub("_", clean(name))
    return f"_{name}" if _DEVICE.match(name) else name


def _parts(name: str) -> tuple[str, str]:
    """Stem and ending, the dot with the ending."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and len(ending.encode()) <= _LONGEST_ENDING else (name, "")


def _joined(stem: str, ending: str) -> str:
    """As much of the stem as fits, whole characters; nothing that Windows drops stands at its end."""
    room = LONGEST_BYTES - len(ending.encode())
    shortened = stem.encode()[:room].decode(errors="ignore") if len(stem.encode()) > room else stem
    # Before an ending a blank may stand; at the very end of a name Windows drops blanks and dots.
    return (shortened if ending else shortened.rstrip(" .")) + ending
