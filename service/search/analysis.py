"""Text to tokens: the one definition that indexing, asking and marking (`marking`) share.

NFC, tone placement (hòa → hoà), runs of letters, marks and digits, lower case,
final y after certain consonants to i; `fold` without accents; `bigrams` of
neighbouring folded tokens, joined by `_`. Parity with the OpenSearch analysis
of the same data is tested on golden texts (`tests/golden/analysis.jsonl`).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import search_mappings
from service.search.folding import to_ascii

# Vietnamese has some 7,000 syllables, so almost every token of a text has been seen; more entries only cost memory.
MAX_REMEMBERED = 30_000


def _ranges_of_marks() -> str:
    """Every character of category M, as ranges for a character class: `re` has no \\p{M}."""
    # Planes 3 to 13 are empty of marks; looking there costs every start 70 ms (a test looks everywhere).
    codes = (*range(0x20000), *range(0xE0000, 0xE1000))
    marks = [code for code in codes if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


# \w is letters, digits and the underscore, which is replaced before; together [\p{L}\p{M}\p{N}]+.
TOKEN = re.compile(rf"[\w{_ranges_of_marks()}]+")

_DATA = search_mappings.load()
_TONES = dict(
    pair
    for written, becomes in _DATA.tone_placement
    for pair in ((written, becomes), (written.capitalize(), becomes.capitalize()), (written.upper(), becomes.upper()))
) | dict(_DATA.letters)
_TONE = re.compile("|".join(map(re.escape, _TONES)))
_FINAL = {start + y: start + i for start in _DATA.final_y_after for y, i in _DATA.final_y}
_remembered: dict[str, tuple[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text's tokens in the three analyses, in order."""

    dia: list[str]
    fold: list[str]
    bigrams: list[str]


def analyse(text: str) -> Analysis:
    """All three analyses in one pass."""
    made = [both(raw) for raw in _tokens(text)]
    folded = [token for _, token in made]
    return Analysis([token for token, _ in made], folded, pairs(folded))


def dia(text: str) -> list[str]:
    """Accented tokens."""
    return [both(raw)[0] for raw in _tokens(text)]


def fold(text: str) -> list[str]:
    """Tokens without accents, đ as d."""
    return [both(raw)[1] for raw in _tokens(text)]


def bigrams(text: str) -> list[str]:
    """Neighbouring folded tokens joined by `_`; none where there is only one token."""
    return pairs(fold(text))


def pairs(folded: Sequence[str]) -> list[str]:
    """Bigrams of tokens that are folded already."""
    return [f"{first}_{second}" for first, second in pairwise(folded)]


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(unicodedata.normalize("NFC", text).replace("_", " "))


def both(raw: str) -> tuple[str, str]:
    """The accented and the folded token of a run of letters, remembered."""
    known = _remembered.get(raw)
    if known is None:
        if raw.isascii() and raw.isdigit():
            # As it stands; and of numbers there are more than memory should hold.
            return raw, raw
        placed = _TONE.sub(lambda match: _TONES[match[0]], raw)
        # Letter by letter, as Java lowers: no final sigma, and İ has one letter.
        lowered = "".join(character.lower()[0] for character in placed)
        accented = _FINAL.get(lowered, lowered)
        known = (accented, to_ascii(accented))
        if len(_remembered) >= MAX_REMEMBERED:
            _remembered.clear()
        _remembered[raw] = known
    return known
