"""Which lessons and weeks a resource stands in, as texts that are the same for all that stand there.

The term table holds them, so that what stands beside a resource is one look
along its index, whatever engine searches.
"""

from collections.abc import Iterable

from service.library.placements import of_values
from service.model import Value

STANDS = "stands"
"""Field of the term table."""
WEEK = "week:"


def stands(values: Iterable[Value]) -> tuple[str, ...]:
    """By a revision's values; only where they say of which subject and grade."""
    found: dict[str, None] = {}
    for one in (placed.placement for placed in of_values(values)):
        if one.subject and one.grade and one.week:
            found[f"{WEEK}{one.programme}/{one.subject}/{one.grade}/{one.week}"] = None
        if one.subject and one.grade and one.series and one.lesson:
            found[f"{one.series}/{one.subject}/{one.grade}/{one.lesson}"] = None
    return tuple(found)


def is_week(stand: str) -> bool:
    """Of `stands`: a week, not a lesson."""
    return stand.startswith(WEEK)
