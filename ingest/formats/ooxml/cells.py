"""What a cell shows: shared and inline strings, cached results of formulas, dates by their number format.

Source: ECMA-376-1, 18.3.1.4 (cells), 18.8.30 (number formats), 18.17.4 (dates).
"""

import datetime
import re
from collections.abc import Sequence
from typing import Any, Literal

from ingest.formats.ooxml.names import S, integer

Kind = Literal["number", "date", "year-first", "time", "moment", "percent"]

_TEXT, _RUN, _VALUE, _INLINE = S + "t", S + "r", S + "v", S + "is"
# Formats without a code of their own in the file; 27–36 and 50–58 are dates of East Asian programs.
_BUILT_IN: dict[int, Kind] = {
    9: "percent", 10: "percent", 14: "date", 15: "date", 16: "date", 17: "date", 18: "time", 19: "time", 20: "time",
    21: "time", 22: "moment", 45: "time", 46: "time", 47: "time",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "date"),
}  # fmt: skip
# Literal text, colours and locales, escaped characters, padding: no part of what a format does.
_UNSAID = re.compile(r"\"[^\"]*\"|\[(?!h|m|s)[^\]]*\]|\\.|_.|\*.", re.IGNORECASE)
_COLUMN = re.compile(r"[A-Z]{1,3}")
# Programs count to the year 9999; here some years less, so that nothing added runs over.
_LAST_DAY = 2_900_000
_EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone
_EPOCH_1904 = datetime.datetime(1904, 1, 1)  # noqa: DTZ001
# Excel believes that 1900 was a leap year: days before its 29th of February are one off.
_LEAP_BUG = 60


class Formats:
    """The kinds of number that a workbook's cell styles ask for, by the style's place in the table."""

    def __init__(self, styles: Any | None, *, from_1904: bool = False) -> None:
        self._kinds: list[Kind] = []
        self._from_1904 = from_1904
        if styles is None:
            return
        codes = {row.get("numFmtId"): row.get("formatCode", "") for row in styles.iter(S + "numFmt")}
        for style in styles.iterfind(f"{S}cellXfs/{S}xf"):
            identifier = style.get("numFmtId", "0")
            code = codes.get(identifier)
            self._kinds.append(_BUILT_IN.get(integer(identifier), "number") if code is None else kind_of(code))

    def shown(self, value: str, style: str | None) -> str:
        """A number as text. value: as the file has it; style: the cell's `s`."""
        index = integer(style)
        kind = self._kinds[index] if index < len(self._kinds) else "number"
        try:
            number = float(value)
        except ValueError:
            return value
        if kind == "percent":
            return f"{number * 100:.10g}%"
        if kind == "number" or not 0 <= number <= _LAST_DAY:
            # Seventeen digits are how a program writes 4.3; fifteen are what it shows.
            return value if len(value) < 16 else f"{number:.15g}"
        return self._day(number, kind)

    def _day(self, number: float, kind: Kind) -> str:
        if self._from_1904:
            moment = _EPOCH_1904 + datetime.timedelta(days=number)
        else:
            moment = _EPOCH + datetime.timedelta(days=number + (number < _LEAP_BUG and kind != "time"))
        # Rounded: a time is a fraction that binary numbers only come near.
        moment += datetime.timedelta(milliseconds=500)
        if kind == "time":
            return f"{moment:%H:%M}"
        day = f"{moment:%Y-%m-%d}" if kind == "year-first" else f"{moment:%d/%m/%Y}"
        return f"{day} {moment:%H:%M}" if kind == "moment" else day


def kind_of(code: str) -> Kind:
    """What a number format makes of a number."""
    said = _UNSAID.sub("", code.split(";")[0]).lower().replace("general", "")
    day = "y" in said or "d" in said or ("m" in said and "h" not in said and "s" not in said)
    if day:
        return "moment" if "h" in said else "year-first" if said.startswith("y") else "date"
    if "h" in said or "s" in said:
        return "time"
    return "percent" if "%" in said else "number"


def column(reference: str | None) -> int | None:
    """The column of a cell's reference, A being 0; None where it has none."""
    match = _COLUMN.match(reference or "")
    if match is None:
        return None
    number = 0
    for letter in match.group():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def string(element: Any) -> str:
    """The text of a string item, runs joined; how it is pronounced is left out."""
    parts = [
        child.text if child.tag == _TEXT else child.findtext(_TEXT) for child in element if child.tag in (_TEXT, _RUN)
    ]
    return "".join(filter(None, parts))


def shown(cell: Any, strings: Sequence[str], formats: Formats) -> str:
    """What a cell shows; empty where it has no value."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(_INLINE)
        return "" if inline is None else string(inline)
    value = cell.findtext(_VALUE) or ""
    if kind == "s":
        place = integer(value, len(strings))
        return strings[place] if place < len(strings) else ""
    if kind == "n" and value:
        return formats.shown(value, cell.get("s"))
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return value
