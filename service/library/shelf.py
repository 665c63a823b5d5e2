"""What stands on a shelf: the ISBN of a book, the shelf mark of whatever a school library holds.

A description without a file and without an address is of use where somebody
can go and fetch what it describes; these two say where. They are also by what
an organisation's description is known again when its catalogue is handed in
once more.
"""

import re

from service.model import Revision

ISBN, SHELF = "isbn", "shelf"
"""Fields of a value."""
LONGEST = 100
"""Characters of a shelf mark; the longest of real catalogues have some 40."""
_APART = re.compile(r"[\s\u2010-\u2015-]+")
_PREFIX = re.compile(r"(?i)isbn(?:-?1[03])?\s*:?\s*")
_TEN, _THIRTEEN = re.compile(r"[0-9]{9}[0-9X]"), re.compile(r"97[89][0-9]{10}")


def isbn(text: str) -> str | None:
    """The thirteen digits of an ISBN, of the older one with ten, too; None: it is none, or one that was mistyped.

    Source: ISO 2108, https://www.isbn-international.org/content/isbn-users-manual
    """
    digits = _APART.sub("", _PREFIX.sub("", text.strip(), count=1)).upper()
    if _TEN.fullmatch(digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        if sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11:
            return None
        return (body := f"978{digits[:9]}") + _check(body)
    return digits if _THIRTEEN.fullmatch(digits) and _check(digits[:12]) == digits[12] else None


def _check(body: str) -> str:
    """The thirteenth digit."""
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def known_by(isbn: str, shelf: str) -> str:
    """By what a description is known again, as an address is: no address begins so. Empty: nobody could fetch it."""
    if isbn:
        return f"urn:isbn:{isbn}"
    return f"shelf:{' '.join(shelf.casefold().split())}" if shelf else ""


def stands(revision: Revision) -> bool:
    """Whether it is of something that has no file and no address, and stands on a shelf."""
    there = revision.main_files or revision.first("link")
    return not there and bool(revision.first(ISBN) or revision.first(SHELF))
