"""Letters of the Symbol font, which office programs store by their place in that font.

Teachers of mathematics write α, ∈ and ≤ with it. Other picture fonts
(Wingdings) draw bullets; those few are known to `ingest.formats.words`.
Source: Adobe Symbol encoding, https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt
"""

import re
from typing import Any

from ingest.formats.ooxml.names import A, W

# From 0x20 to 0x7E and from 0xA0 to 0xFE, as the font has them.
_LOWER = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_UPPER = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\uf8ff〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_SYMBOL = {0x20 + number: letter for number, letter in enumerate(_LOWER)} | {
    0xA0 + number: letter for number, letter in enumerate(_UPPER)
}
# Office keeps such letters at U+F000 and the place in the font.
_PLACE = re.compile("[\uf020-\uf0fe]")


def may_have_letters(data: bytes) -> bool:
    """Whether a part's XML may hold such letters. Cheap: Vietnamese and English have no EF in their UTF-8."""
    return b"\xef" in data and b'"Symbol"' in data


def letter(font: str, code: str) -> str:
    """What `w:sym` shows. code: hexadecimal, with or without the F000. Rubbish is nothing."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if font.casefold() == "symbol":
        return _SYMBOL.get(number & 0xFF, "")
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE else ""


def settle(root: Any) -> None:
    """Letters that are kept by their place in Symbol become what they show; in other fonts they stay."""
    for run in root.iter(W + "r", A + "r"):
        texts = [text for text in run.iter(W + "t", A + "t") if text.text and _PLACE.search(text.text)]
        if texts and _is_symbol(run):
            for text in texts:
                text.text = _PLACE.sub(lambda match: _SYMBOL.get(ord(match.group()) & 0xFF, ""), text.text)


def _is_symbol(run: Any) -> bool:
    fonts = [element.get(W + "ascii") or element.get(W + "hAnsi") for element in run.iter(W + "rFonts")]
    fonts += [element.get("typeface") for element in run.iter(A + "sym", A + "latin")]
    return any(font and font.casefold() == "symbol" for font in fonts)
