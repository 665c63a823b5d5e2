"""What is a key, the same in every store: ASCII components between slashes, none of them hidden."""

import re

from service.errors import Invalid

PART = "objects"
"""What errors call this port."""

_COMPONENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.=,+@~-]{0,200}")


def parts_of(key: str) -> list[str]:
    """Its components. Raises: Invalid: not a key: absolute, `..`, a hidden name, other than ASCII."""
    parts = key.split("/")
    valid(parts, key)
    return parts


def valid(parts: list[str], key: str) -> None:
    """Raises: Invalid: one of the components cannot stand in a key."""
    if not all(_COMPONENT.fullmatch(part) for part in parts):
        raise Invalid(field="key", value=key)


def valid_range(start: int, length: int | None) -> None:
    """Raises: Invalid: a range before the beginning."""
    if start < 0 or (length is not None and length < 0):
        raise Invalid(field="range", value=f"{start}+{length}")
