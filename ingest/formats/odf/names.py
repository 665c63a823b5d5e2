"""Short names of OpenDocument elements (`text:p`): three generations of namespaces mean the same."""

import re
from functools import lru_cache
from typing import Any

# Where the last word of a namespace is not the prefix that everybody writes.
_PREFIXES = {
    "elements": "dc", "MathML": "math", "svg-compatible": "svg", "drawing": "draw", "datastyle": "number",
    "animation": "anim",
}  # fmt: skip
_VERSION = re.compile(r"[\d.]*")

ROW_PARENTS = frozenset({"table:table-header-rows", "table:table-rows", "table:table-row-group", "table:table-columns"})
"""What may stand between a table and its rows."""


@lru_cache(maxsize=4096)
def short(tag: object) -> str:
    """`text:p` for {urn:oasis:names:tc:opendocument:xmlns:text:1.0}p; "" for comments."""
    if not isinstance(tag, str):
        return ""
    space, _, local = tag.rpartition("}")
    words = [word for word in re.split(r"[:/]", space[1:]) if not _VERSION.fullmatch(word)]
    prefix = words[-1] if words else ""
    return f"{_PREFIXES.get(prefix, prefix)}:{local}"


def attribute(element: Any, name: str) -> str:
    """The value of an attribute by its short name; "" without it."""
    return next((value for key, value in element.attrib.items() if short(key) == name), "")
