"""Numbers as lists show them: digits, letters, Roman numerals.

Every family has its own names for them; what they spell is the same. After z
comes aa, then bb (ECMA-376-1, 17.18.59; OpenDocument 1.3, 19.500).
"""

SIGNS = frozenset("1aAiI")

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
# zz… of thirty letters; a list that long is a mistake, and a long word in an index.
_LARGEST_LETTERS = 780


def letters(number: int) -> str:
    """a … z, aa … zz, as word processors count; digits outside of that."""
    if not 0 < number <= _LARGEST_LETTERS:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def roman(number: int) -> str:
    """i … mmmcmxcix; digits outside of that."""
    if not 0 < number <= _LARGEST_ROMAN:
        return str(number)
    spelt = ""
    for value, sign in _ROMAN:
        spelt += sign * (number // value)
        number %= value
    return spelt


def of_sign(number: int, sign: str) -> str:
    """By one of the SIGNS that OpenDocument and HTML name a form with."""
    if sign == "1":
        return str(number)
    text = letters(number) if sign in "aA" else roman(number)
    return text if sign.islower() else text.upper()


def of_kind(number: int, kind: str) -> str:
    """By the names of office files: lowerLetter and alphaLcPeriod, upperRoman and romanUcParenR, ordinal, decimal."""
    lower = kind.lower()
    if "alpha" in lower or "letter" in lower:
        text = letters(number)
    elif "roman" in lower:
        text = roman(number)
    elif kind == "ordinal":
        return f"{number}{'th' if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, 'th')}"
    else:
        return str(number)
    return text.upper() if "Uc" in kind or kind.startswith("upper") else text
