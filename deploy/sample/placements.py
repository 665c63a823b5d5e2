"""Where a resource stands in the curriculum, as its source's head says it.

`placements: series=kntt,lesson=16,week=19; section=2,subject=toan,week=3` holds
one placement or more, separated by `;`. `programme` is ct2018 where it is not said;
subject and grade are those of the resource. It goes into the manifest as it
stands: a sheet reader that knows placements takes it, others leave the column alone.
"""

from collections.abc import Mapping

NUMBERS = {"week": 35, "lesson": 200, "section": 200, "term": 2}
"""Keys with a number from 1, and the last one: a school year has 35 weeks and two terms."""
CODES = ("programme", "series", "subject", "grade")


def read(text: str) -> list[Mapping[str, str]]:
    """The placements of a cell. Raises: ValueError: a key that nobody knows, a number out of its bounds."""
    found = []
    for part in filter(None, map(str.strip, text.split(";"))):
        one = {"programme": "ct2018"}
        for pair in part.split(","):
            key, _, value = pair.strip().partition("=")
            if key in NUMBERS and not (value.isdigit() and 1 <= int(value) <= NUMBERS[key]):
                raise ValueError(f"no such {key}: {pair}")
            if key not in NUMBERS and (key not in CODES or not value):
                raise ValueError(f"nothing known of a placement: {pair}")
            one[key] = value
        found.append(one)
    return found
