"""Letters to ASCII, as Lucene's ASCIIFoldingFilter does it: every Latin letter to its base, digits to digits.

Used by `analysis` for the toneless clauses. Only the blocks that Lucene folds
are folded, so that both engines hold the same tokens: ₂ becomes 2 and œ
becomes oe, but ½, ℝ, Greek and Cyrillic stay what they are.
"""

import re
import unicodedata

_BLOCKS = (
    (0x00B2, 0x00B3), (0x00B9, 0x00B9), (0x00C0, 0x02AF), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF), (0x2070, 0x209C),
    (0x2460, 0x24FF), (0x2776, 0x2793), (0x2C60, 0x2C7F), (0xA720, 0xA7FF), (0xFB00, 0xFB06), (0xFF01, 0xFF5E),
)  # fmt: skip
_NAMED = re.compile(r"LATIN (SMALL|CAPITAL) (?:LETTER|LIGATURE) ([A-Z]{1,2})( WITH .*)?$")
# Letters whose base is in neither their decomposition nor their name.
_OTHERS = dict(zip("ßẞþÞðÐŋŊəƏıĸ", ("ss", "SS", "th", "TH", "d", "D", "n", "N", "a", "A", "i", "q"), strict=True))


def _base(character: str) -> str:
    if character in _OTHERS:
        return _OTHERS[character]
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    if plain.isascii():
        return plain
    # đ, ø, ł, æ: no decomposition, but a name that says the base.
    if named := _NAMED.match(unicodedata.name(plain[0], "")):
        return named[2].lower() if named[1] == "SMALL" else named[2]
    return character


_TABLE = {
    code: base
    for first, last in _BLOCKS
    for code in range(first, last + 1)
    if unicodedata.category(chr(code))[0] in "LN" and (base := _base(chr(code))) != chr(code)
}


def to_ascii(token: str) -> str:
    """A token with every foldable letter folded; others unchanged."""
    return token if token.isascii() else token.translate(_TABLE)
