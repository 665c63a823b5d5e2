"""TTML (also called DFXP): captions as XML, with nested times and texts.

Source: Timed Text Markup Language 2, W3C, sections 8.3 and 12.3.1 (time expressions).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.formats import xml
from ingest.formats.media.cues import Cue

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CLOCK = re.compile(r"(\d{1,4}):(\d{1,2}):(\d{1,2})(?:\.(\d+)|:(\d{1,3})(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_FOR_EVER = 1e9
# A cue that nothing ends is on the screen for about this long.
_OPEN_END_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class TimedText:
    cues: tuple[Cue, ...]
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class _Rates:
    frames: float
    ticks: float


def read(data: bytes) -> TimedText:
    """The cues of every paragraph that has a time. Raises: BrokenFile: no sound XML, or one with entities."""
    root = xml.parse(data)
    rates = _Rates(_rate(root, "frameRate", 30.0), _rate(root, "tickRate", 1.0))
    title = next((_text(found) for found in root.iter("{*}title")), "")
    bodies = root.iter("{*}body")
    cues = tuple(cue for body in bodies for cue in _cues(body, 0.0, _FOR_EVER, rates))
    return TimedText(cues, " ".join(title.split()), root.get(_LANG, ""))


def _cues(element: Any, begin: float, end: float, rates: _Rates) -> Iterator[Cue]:
    """Cues under an element, depth first without recursion; times count from those of the element around it."""
    waiting = [(element, begin, end)]
    while waiting:
        current, from_, until = waiting.pop()
        start, stop, timed = _times(current, from_, until, rates)
        inner = [child for child in current if isinstance(child.tag, str)]
        if _name(current) in ("p", "span") and (timed or not any(_has_times(child) for child in inner)):
            # A body without any time shows its text all along, which is no caption.
            if stop < _FOR_EVER or timed:
                yield Cue(
                    start, min(stop, start + 60.0) if stop >= _FOR_EVER else stop, tuple(_text(current).split("\n"))
                )
            continue
        waiting += [(child, start, stop) for child in reversed(inner) if _name(child) != "metadata"]


def _times(element: Any, begin: float, end: float, rates: _Rates) -> tuple[float, float, bool]:
    own = _seconds(element.get("begin", ""), rates)
    start = begin + (own or 0.0)
    stop, lasting = _seconds(element.get("end", ""), rates), _seconds(element.get("dur", ""), rates)
    if stop is not None:
        return start, min(end, begin + stop), True
    if lasting is not None:
        return start, min(end, start + lasting), True
    return start, end, own is not None


def _has_times(element: Any) -> bool:
    return any(element.get(name) for name in ("begin", "end", "dur"))


def _seconds(text: str, rates: _Rates) -> float | None:
    if match := _CLOCK.fullmatch(text.strip()):
        hours, minutes, seconds, fraction, frames = match.groups()
        whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
        return whole + float(f"0.{fraction or 0}") + int(frames or 0) / rates.frames
    if match := _OFFSET.fullmatch(text.strip()):
        number = float(match[1])
        return (
            number * _UNITS[match[2]]
            if match[2] in _UNITS
            else number / (rates.frames if match[2] == "f" else rates.ticks)
        )
    return None


def _rate(root: Any, name: str, default: float) -> float:
    found = next((value for key, value in root.attrib.items() if key.endswith("}" + name)), "")
    return float(found) if re.fullmatch(r"[1-9]\d{0,9}", found) else default


def _text(element: Any) -> str:
    """The text inside, line breaks of <br/> kept, those of the source not."""
    parts = [element.text or ""]
    for inner in element.iterdescendants():
        if isinstance(inner.tag, str):
            parts += ["\n" if _name(inner) == "br" else "", "" if _name(inner) == "metadata" else _flat(inner.text)]
        parts.append(_flat(inner.tail))
    return "".join([_flat(parts[0]), *parts[1:]])


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
