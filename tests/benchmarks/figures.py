"""A figure of a benchmark: one JSON line, with its limit and whether it was met."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value; `baseline` is what the same run measured beside it, `ratio` is value / baseline.

    limit: of the ratio where there is a baseline, of the value otherwise; None: only told.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    limit: float | None = None
    met: bool = True


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    baseline: float | None = None,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Figure:
    """A figure judged by the one limit that is given."""
    ratio = value / baseline if baseline else None
    judged = value if ratio is None else ratio
    met = (at_most is None or judged <= at_most) and (at_least is None or judged >= at_least)
    limit = at_least if at_most is None else at_most
    rounded = None if ratio is None else round(ratio, 3)
    return Figure(name, round(value, 3), unit, None if baseline is None else round(baseline, 3), rounded, limit, met)


def report(figures: list[Figure]) -> int:
    """Print them; the exit code: 1 where a limit was missed."""
    for each in figures:
        print(json.dumps(asdict(each), ensure_ascii=False), flush=True)
    return 0 if all(each.met for each in figures) else 1
