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

# A hyphen (plain, soft, U+2010) between letters at the end of a line.
_BROKEN_WORD = re.compile(r"([^\W\d_]+)([-\u00ad\u2010]) ?\n\s*([^\W\d_]+)")
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
# A line that begins an item of a list keeps its line break.
_ITEM = re.compile(r"\s*(?:[-–—•▪●○✓*+\uf0b7\uf0a7\uf0d8]\s|\d{1,3}(?:\.\d{1,3})*[.)]\s|[^\W\d_][.)]\s)")
# No Vietnamese syllable has more than seven letters (nghiêng).
_LONGEST_SYLLABLE = 7


def visible(text: str) -> str:
    """The text in NFC with ligatures apart and without invisible and control characters; line breaks stay."""
    if _ODD.search(text):
        text = _ODD.sub(lambda match: _INSTEAD.get(match.group(), ""), text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """`visible` on one line, white space collapsed."""
    return " ".join(visible(text).split())


def paragraph(block: str) -> str:
    """Lines of one block of text flow together; an item of a list keeps its line."""
    if "\n" not in block:
        return " ".join(block.split())
    lines: list[str] = []
    for line in block.split("\n"):
        if lines and not _ITEM.match(line):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def compounds(text: str) -> frozenset[str]:
    """Words with a hyphen inside a line, lower-cased: evidence of how a broken one is really written."""
    return frozenset(word.lower() for word in _COMPOUND.findall(text))


def has_broken_words(text: str) -> bool:
    """Whether `unbroken` could change the text; cheap, most Vietnamese pages have none."""
    return any(sign in text for sign in ("-\n", "- \n", "\u00ad\n", "\u00ad \n", "\u2010\n", "\u2010 \n"))


def unbroken(text: str, *, vietnamese: bool, known: frozenset[str] = frozenset()) -> str:
    """Words that were hyphenated at line ends in one piece.

    Vietnamese is not hyphenated: there the hyphen stays (In-đô-nê-xi-a), unless the word is plain Latin and
    longer than any syllable. `known`: compounds of the document, whose hyphen stays too.
    """

    def join(match: re.Match[str]) -> str:
        left, hyphen, right = match.groups()
        whole = left + right
        if hyphen == "\u00ad":
            return whole
        keep = right[0].isupper() or f"{left}-{right}".lower() in known
        if vietnamese and (len(whole) <= _LONGEST_SYLLABLE or not whole.isascii()):
            keep = True
        return f"{left}-{right}" if keep else whole

    return _BROKEN_WORD.sub(join, text)
