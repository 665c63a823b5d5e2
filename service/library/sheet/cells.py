"""One cell on its way in and on its way out: text in, and never a formula out.

Spreadsheets compute a cell that begins with =, +, -, @ or a tab, also one of a
CSV file, and so a title that somebody typed could run a program on the machine
of whoever opens a report. On the way out such a cell gets an apostrophe before
it; on the way in it is taken off again, so that both ways together change nothing.
Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

import re
import unicodedata

# The last four are what programs in East Asian settings take for the first four.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_CHARACTERS = 10_000
"""Of a cell: a description of four pages."""
SEPARATOR = ";"
"""Between several in one cell."""
_MARK = "'"
# What stands in no text that people write; tab and line breaks are theirs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# A letter that an encoding has no place for is saved as a question mark or comes back as the replacement character.
_LOST = re.compile(r"\w\?\w")


def clean(text: str) -> str:
    """A cell as text: NFC, without spaces around it, control characters, and the mark of `defused`."""
    if not text.isprintable():
        text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
    text = unicodedata.normalize("NFC", text).strip()
    if text.startswith(_MARK) and text.lstrip(_MARK).startswith(FORMULA):
        return text[1:].strip()
    return text


def defused(text: str) -> str:
    """A cell that no spreadsheet computes; `clean` gives the text back."""
    return _MARK + text if text.lstrip(_MARK).startswith(FORMULA) else text


def lost_letters(text: str, *, single_byte: bool) -> bool:
    """Whether letters were lost when it was saved. single_byte: in an encoding that has not all of them."""
    return "\ufffd" in text or (single_byte and _LOST.search(text) is not None)


def parts(text: str, separator: str = SEPARATOR) -> list[str]:
    """What stands in one cell beside each other: apart by the separator or on lines of their own."""
    return [part for part in map(str.strip, text.replace("\n", separator).split(separator)) if part]
