"""Plain words out of what formats store: NFC, ligatures apart, no invisible characters, sane white space.

Extractors clean passages with it, the page layer its words, describe its
values, so that a word found by search is the word marked on the page.
"""

import re
import unicodedata

# Ligatures (FB00-FB06), soft hyphens, controls, zero-width and bidi marks, private use, the replacement character.
_ODD = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufb00-\ufb06\ufeff\ufff9-\ufffd]"
)
_INSTEAD = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "▪", "\uf0fc": "✓", "\uf02d": "-",  # Symbol and Wingdings bullets
    "\x85": " ",
}  # fmt: skip

BREAK = "\u2028"
"""A line break that somebody meant, where line feeds are blanks (HTML, OpenDocument)."""

_SOFT_BREAK = re.compile("\u00ad ?\n\\s*")

# A hyphen (plain, U+2010) between letters at the end of a line.
# Both patterns begin at the rare sign: begun at words, they would try every letter of the text.
_BREAK = re.compile(r"[-\u2010](?<=[^\W\d_].) ?\n\s*(?=[^\W\d_])")
_HYPHEN = re.compile(r"-(?<=[^\W\d_].)(?=[^\W\d_])")
_LETTERS_BEFORE = re.compile(r"[^\W\d_]+\Z")
_LETTERS_AFTER = re.compile(r"[^\W\d_]+")
_LONGEST_WORD = 40
# A line that begins an item of a list keeps its line break.
_ITEM = re.compile(r"\n\s*(?=(?:[-–—•▪●○✓*+\uf0b7\uf0a7\uf0d8]|\d{1,3}(?:\.\d{1,3})*[.)]|[^\W\d_][.)])\s)")
# No Vietnamese syllable has more than seven letters (nghiêng).
_LONGEST_SYLLABLE = 7


def visible(text: str) -> str:
    """The text in NFC with ligatures apart and without invisible and control characters; line breaks stay."""
    if _ODD.search(text):
        # A soft hyphen at the end of a line takes the line break with it.
        text = _SOFT_BREAK.sub("", text)
        text = _ODD.sub(lambda match: _INSTEAD.get(match.group(), ""), text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """`visible` on one line, white space collapsed."""
    return " ".join(visible(text).split())


def flowing(text: str) -> str:
    """`visible` and `collapsed`."""
    return collapsed(visible(text))


def collapsed(text: str) -> str:
    """White space collapsed; only line breaks that are meant (BREAK) stay, as line feeds."""
    if BREAK in text:
        return "\n".join(filter(None, (" ".join(line.split()) for line in text.split(BREAK))))
    # Splitting every clean paragraph would take as long as parsing it did.
    if "\n" in text or "  " in text or "\xa0" in text or "\t" in text or "\r" in text:
        return " ".join(text.split())
    return text.strip()


def paragraph(block: str) -> str:
    """Lines of one block of text flow together; an item of a list keeps its line."""
    if not _ITEM.search(block):
        return " ".join(block.split())
    return "\n".join(filter(None, (" ".join(item.split()) for item in _ITEM.split(block))))


def compounds(text: str) -> frozenset[str]:
    """Words with a hyphen inside a line, lower-cased: evidence of how a broken one is really written."""
    return frozenset("-".join(_around(match)).lower() for match in _HYPHEN.finditer(text))


def has_broken_words(text: str) -> bool:
    """Whether `unbroken` could change the text; cheap, most Vietnamese pages have none."""
    return any(sign in text for sign in ("-\n", "- \n", "\u2010\n", "\u2010 \n"))


def unbroken(text: str, *, vietnamese: bool, known: frozenset[str] = frozenset()) -> str:
    """Words that were hyphenated at line ends in one piece.

    Vietnamese is not hyphenated: there the hyphen stays (In-đô-nê-xi-a), unless the word is plain Latin and
    longer than any syllable. `known`: compounds of the document, whose hyphen stays too.
    """

    def join(match: re.Match[str]) -> str:
        left, right = _around(match)
        whole = left + right
        keep = right[0].isupper() or f"{left}-{right}".lower() in known
        if vietnamese and (len(whole) <= _LONGEST_SYLLABLE or not whole.isascii()):
            keep = True
        return "-" if keep else ""

    return _BREAK.sub(join, text)


def _around(match: re.Match[str]) -> tuple[str, str]:
    """The letters right before and right after a match that stands between letters."""
    text = match.string
    before = _LETTERS_BEFORE.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    after = _LETTERS_AFTER.match(text, match.end(), match.end() + _LONGEST_WORD)
    return before.group() if before else "", after.group() if after else " "
