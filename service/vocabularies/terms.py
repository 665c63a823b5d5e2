"""A term, and how names are compared."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """A code with its labels. `parent` is another code of the same field, or None."""

    code: str
    labels: Mapping[str, str]
    parent: str | None = None
    alternatives: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


def folded(text: str, *, tones: bool = False) -> str:
    """A name as names are compared: lower case, spaces and hyphens as one space, without tones and marks
    unless `tones`. (The analysis of `service/search` stands above this room, and splits words; names stay whole.)
    """
    plain = re.sub(r"[\s\-‐‑–_]+", " ", unicodedata.normalize("NFC", text)).strip().casefold().replace("ð", "đ")
    if tones:
        return plain
    marks_apart = unicodedata.normalize("NFD", plain.replace("đ", "d"))
    return "".join(char for char in marks_apart if not unicodedata.combining(char))
