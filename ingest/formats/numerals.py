"""Numbers as lists show them: digits, letters, Roman numerals."""

from collections.abc import Callable, Mapping

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999


def letters(number: int) -> str:
    """a … z, aa … zz, as word processors count."""
    return chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 10) if number > 0 else ""


def roman(number: int) -> str:
    """i … mmmcmxcix; digits outside of that."""
    if not 0 < number <= _LARGEST_ROMAN:
        return str(number)
    spelt = ""
    for value, sign in _ROMAN:
        spelt += sign * (number // value)
        number %= value
    return spelt


FORMATS: Mapping[str, Callable[[int], str]] = {
    "1": str,
    "a": letters,
    "A": lambda number: letters(number).upper(),
    "i": roman,
    "I": lambda number: roman(number).upper(),
}
"""By the sign that OpenDocument and HTML name them with."""
