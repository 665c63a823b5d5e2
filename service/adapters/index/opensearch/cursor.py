"""The order of results, and the cursor behind the last one shown: what it was sorted by. Input of whoever sends it."""

import json
import math
from collections.abc import Sequence
from typing import Any

from service.errors import Invalid
from service.model import SearchQuery

ORDERS: dict[str, list[dict[str, str]]] = {
    "fit": [{"_score": "desc"}, {"key": "desc"}],
    "newest": [{"published_day": "desc"}, {"key": "desc"}],
    "used": [{"used": "desc"}, {"published_day": "desc"}, {"key": "desc"}],
}
"""The key last, so that pages never overlap."""
_LONGEST = 120
_LARGEST = 2**63


def order_of(query: SearchQuery) -> str:
    """Where nothing is asked for, nothing fits better than another: the newest first."""
    return "newest" if query.sort == "fit" and not query.known else query.sort


def write(order: str, values: Sequence[Any]) -> str:
    return json.dumps([order, *values], separators=(",", ":"))


def read(cursor: str, order: str) -> list[float | int]:
    """The values to go on after. Raises: Invalid: no cursor of ours, or one of another order."""
    try:
        found = json.loads(cursor) if len(cursor) <= _LONGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not found or found[0] != order or len(found) != len(ORDERS[order]) + 1:
        raise Invalid(field="cursor", value=cursor[:40])
    for name, value in zip((next(iter(one)) for one in ORDERS[order]), found[1:], strict=True):
        number = isinstance(value, int) and not isinstance(value, bool) and -_LARGEST <= value < _LARGEST
        score = name == "_score" and isinstance(value, float) and math.isfinite(value)
        if not (number or score):
            raise Invalid(field="cursor", value=cursor[:40])
    return found[1:]
