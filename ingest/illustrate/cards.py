"""A drawn card for what has no picture: an icon of its kind over the initials of its title.

Made of our own words only, never of a file's bytes. The same words give the
same bytes on every machine: icons are paths, letters come from the typeface
that MuPDF carries. Icons and colours are those of the pages (`sprite.svg` and
`tokens.css` of the web door; a test compares them).
"""

import unicodedata
from typing import Any

from ingest.illustrate.webp import encoded

HEIGHT = 452
WIDTH = 320
"""Pixels; the shape of the covers beside which it stands."""

ICONS = {
    "page": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "book": "M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2 2-1.5 5-2 8-2V4c-3 0-6 .5-8 2zM12 6v14",
    "slides": "M3 4h18v12H3zM12 16v4M8 20h8",
    "film": "M3 5h18v14H3zM10 9l5 3-5 3z",
    "play": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM10 8l6 4-6 4z",
    "check": "M5 3h14v18H5zM8.5 12l2.5 2.5 4.5-5",
    "sound": "M4 9v6h4l5 4V5L8 9zM16.5 9a4.2 4.2 0 0 1 0 6M19 6.5a7.700 7.700 0 0 1 0 11",
    "image": "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M15.5 9.5h.01",
}
GROUND, SOFT, LINE, ACCENT = "#f4f8f7", "#e1f1ee", "#d7e1e0", "#0a6a66"
"""`--raised`, `--accent-soft`, `--line` and `--accent` of the light look."""

_ICON_SIDE = 120
_LETTERS = 3
_LETTER_SIZE = 68
_BASE_LINE = 384
_LATIN = 1
"""The number of the script in MuPDF's table: its typeface (Noto Serif) has all Vietnamese letters."""


def initials(title: str) -> str:
    """First letters of the first words, in capitals: `Hàm số bậc hai` is `HSB`."""
    words = unicodedata.normalize("NFC", title).split()
    letters = [next((sign for sign in word if sign.isalnum()), "") for word in words]
    return "".join(letters)[:_LETTERS].upper()[:_LETTERS]


def card(letters: str, *, icon: str, width: int = WIDTH) -> bytes:
    """The card as WebP, `width` pixels wide. icon: a key of ICONS, others are drawn as a page."""
    import pymupdf
    from PIL import Image

    library: Any = pymupdf
    with library.open(stream=_drawing(ICONS.get(icon, ICONS["page"])).encode(), filetype="svg") as drawn:
        base = drawn.convert_to_pdf()
    with library.open("pdf", base) as document:
        page = document[0]
        font = library.Font(script=_LATIN)
        known = "".join(letter for letter in letters if font.has_glyph(ord(letter)))
        if known:
            writer = library.TextWriter(page.rect)
            left = (WIDTH - font.text_length(known, _LETTER_SIZE)) / 2
            writer.append((left, _BASE_LINE), known, font=font, fontsize=_LETTER_SIZE)
            writer.write_text(page, color=[int(ACCENT[at : at + 2], 16) / 255 for at in (1, 3, 5)])
        factor = width / WIDTH
        pixels = page.get_pixmap(matrix=(factor, 0, 0, factor, 0, 0), colorspace=pymupdf.csRGB, alpha=False)
        size = (pixels.width, pixels.height)
        return encoded(Image.frombuffer("RGB", size, pixels.samples_mv, "raw", "RGB", pixels.stride, 1))


def _drawing(path: str) -> str:
    scale = _ICON_SIDE / 24
    left = (WIDTH - _ICON_SIDE) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>'
        f'<rect width="{WIDTH}" height="284" fill="{SOFT}"/><rect y="284" width="{WIDTH}" height="2" fill="{LINE}"/>'
        f'<rect width="10" height="{HEIGHT}" fill="{ACCENT}"/>'
        f'<g transform="translate({left} 82) scale({scale})" fill="none" stroke="{ACCENT}" stroke-width="1.25" '
        f'stroke-linecap="round" stroke-linejoin="round"><path d="{path}"/></g></svg>'
    )
