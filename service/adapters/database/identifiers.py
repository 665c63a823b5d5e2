"""Public ids: twelve characters that a person can read out over the telephone.

Eleven random characters of lower-case Crockford base32 (55 bits) and a check
character over GF(32), so that every single wrong character and every swap of
two characters is noticed before the database is asked. Source of the
alphabet and its aliases (o, i, l): https://www.crockford.com/base32.html
"""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MISREAD = str.maketrans("oil", "011")
# x^5 + x^2 + 1 is primitive, so the twelve weights (powers of x) all differ: what makes swaps visible.
_POLYNOMIAL = 0b100101


def _weighted(characters: str) -> int:
    """Sum of value × x^(distance from the end + 1) in GF(32)."""
    total = 0
    for character in characters:
        total ^= _VALUES[character]
        total <<= 1
        if total & 0b100000:
            total ^= _POLYNOMIAL
    return total


def new_identifier() -> str:
    """A fresh random id; that nobody has it yet is for the table to say."""
    # 256 is a multiple of 32: five bits of each byte are as even as the bytes are.
    body = "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(LENGTH - 1))
    return body + ALPHABET[_weighted(body)]


def normalised(text: str) -> str | None:
    """The id that somebody typed, without regard to case and misread letters; None where it can be none."""
    identifier = text.lower().translate(_MISREAD)
    if len(identifier) != LENGTH or any(character not in _VALUES for character in identifier):
        return None
    return identifier if _weighted(identifier[:-1]) == _VALUES[identifier[-1]] else None
