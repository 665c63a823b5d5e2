"""Numbers that are right within bounds, as people write them."""

import re

_RANGE = re.compile(r"\s*([^\s.:][^:]*?)\s*\.\.\s*([^\s.:][^:]*?)\s*")
_NOTHING = re.compile(r"[+-]?0*[.,]?0*")


def within(answer: str) -> str:
    """`3.14:0.01` as 3.14 ± 0.01, `1..5` as 1 – 5 (GIFT)."""
    if len(answer) > 100:
        return answer.strip()
    if found := _RANGE.fullmatch(answer):
        return f"{found[1]} – {found[2]}"
    number, _, tolerance = answer.partition(":")
    return around(number, tolerance)


def around(number: str, tolerance: str) -> str:
    """A number and how far an answer may be away from it."""
    number, tolerance = number.strip(), tolerance.strip()
    return number if _NOTHING.fullmatch(tolerance) else f"{number} ± {tolerance}"
