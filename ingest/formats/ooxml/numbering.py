"""Numbers that a program counts before paragraphs: "Câu 1.", "1.2", "a)".

They are no text in the file and yet what people say to one another. Source:
ECMA-376-1, 17.9.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.numerals import of_kind
from ingest.formats.ooxml.names import W, integer

_VAL = W + "val"
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(slots=True)
class _Level:
    """restart: begins anew after a level above this depth (from 1), None: after any that is higher, 0: never."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None

    def begins_after(self, depth: int) -> bool:
        return self.restart is None or depth < self.restart


@dataclass(slots=True)
class _List:
    """levels by depth; counts: how far each has come. Lists of one definition count on together."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Number:
    """What a paragraph's numId stands for. restarts: where its own levels begin to count, used once."""

    counted: _List
    levels: dict[int, _Level]
    restarts: dict[int, int]


class Numbering:
    """The lists of a text. `label` is asked paragraph by paragraph, in order, because it counts."""

    def __init__(self, root: Any | None) -> None:
        self._numbers: dict[str, _Number] = {}
        if root is None:
            return
        lists = {
            element.get(W + "abstractNumId", ""): _List(dict(map(_level, element.iterfind(W + "lvl"))))
            for element in root.iterfind(W + "abstractNum")
        }
        for element in root.iterfind(W + "num"):
            named = element.find(W + "abstractNumId")
            counted = lists.get("" if named is None else named.get(_VAL, ""))
            if counted is not None:
                self._numbers[element.get(W + "numId", "")] = _number(element, counted)

    def label(self, identifier: str | None, depth: int) -> str:
        """The label of the next paragraph of a list; empty where there is none to see."""
        number = self._numbers.get(identifier or "")
        if number is None or not 0 <= depth < _LEVELS:
            return ""
        counts = number.counted.counts
        for place in [place for place in number.restarts if place <= depth]:
            counts[place] = number.restarts.pop(place) - 1
        level = number.levels.get(depth, _Level())
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            if number.levels.get(deeper, _Level()).begins_after(depth):
                del counts[deeper]
        if level.kind == "none":
            return ""
        if level.kind == "bullet":
            return level.text or "•"
        return _PLACE.sub(lambda match: _shown(number, int(match[1]) - 1, legal=level.legal), level.text)


def _shown(number: _Number, depth: int, *, legal: bool) -> str:
    level = number.levels.get(depth, _Level())
    count = number.counted.counts.setdefault(depth, level.start)
    if level.kind == "decimalZero" and not legal:
        return f"{count:02}"
    return of_kind(count, "decimal" if legal else level.kind)


def _number(element: Any, counted: _List) -> _Number:
    levels, restarts = dict(counted.levels), {}
    for override in element.iterfind(W + "lvlOverride"):
        depth = integer(override.get(W + "ilvl"), 0)
        if (level := override.find(W + "lvl")) is not None:
            levels[depth] = _level(level)[1]
        if (start := override.find(W + "startOverride")) is not None:
            restarts[depth] = integer(start.get(_VAL), 1)
    return _Number(counted, levels, restarts)


def _level(element: Any) -> tuple[int, _Level]:
    def value(name: str, otherwise: str) -> str:
        found = element.find(W + name)
        return otherwise if found is None else str(found.get(_VAL, otherwise))

    restart = value("lvlRestart", "")
    level = _Level(
        start=integer(value("start", "0"), 0),
        kind=value("numFmt", "decimal"),
        text=value("lvlText", ""),
        legal=element.find(W + "isLgl") is not None,
        restart=integer(restart, 0) if restart else None,
    )
    return integer(element.get(W + "ilvl"), 0), level
