"""Which derived objects an older recipe made: nobody asks for them any more, and what is asked for is made anew.

Every derived key ends with the number of its recipe. A name that no family
here knows stays: it may be a later version's.
"""

import re
from collections.abc import Sequence
from re import Pattern

from service.library import chapters, checksums, converting, lighter, pictures, printing

FAMILIES: Sequence[tuple[Pattern[str], str]] = tuple(
    (re.compile(pattern), recipe)
    for pattern, recipe in (
        (r"page-\d+-\d+-(\d+)\.webp", pictures.RECIPE),
        (r"words-\d+-(\d+)\.json", pictures.RECIPE),
        (r"captions(?:-.+)?-(\d+)\.vtt", pictures.RECIPE),
        (r"[0-9a-f]{32}-(\d+)\.webp", pictures.RECIPE),
        (r"office-(\d+)\.pdf", converting.RECIPE),
        (r"section-\d+-(\d+)\.z", chapters.RECIPE),
        (r"inside-[0-9a-f]{24}-\d+-(\d+)\.webp", chapters.RECIPE),
        (r"printed-\d+-(\d+)\.pdf", printing.RECIPE),
        (r"film-(\d+)\.mp4", lighter.RECIPE),
        (r"sound-(\d+)\.webm", lighter.RECIPE),
        (r"lighter-(\d+)\.json", lighter.RECIPE),
        (r"crc32-(\d+)", checksums.RECIPE),
    )
)
"""Last component of a key, with the number of its recipe -> the recipe of this version."""


def is_old(key: str) -> bool:
    """Whether an earlier version made this derived object. A later version's, in a rolling upgrade, is none."""
    name = key.rpartition("/")[2]
    for pattern, recipe in FAMILIES:
        if found := pattern.fullmatch(name):
            return int(found[1]) < int(recipe)
    return False
