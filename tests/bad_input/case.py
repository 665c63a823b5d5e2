"""What a row of the table of bad input says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence by its code, with what it names: a reason, a warning."""

    code: str
    parameters: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A file that somebody hands in, and what becomes of it.

    family: of readers, a heading of the table. name: its file name. what: is wrong with it, in words for the table.
    make: writes it, and what lies beside it. outcome: of the report. says: its reason, then its warnings.
    finds: words that a search must find in it all the same. line: of the report, where it is not the file itself.
    """

    family: str
    name: str
    what: str
    make: Callable[[Path], object]
    outcome: str
    says: tuple[Said, ...] = ()
    finds: str = ""
    line: str = ""


def said(code: str, **parameters: str | int) -> Said:
    return Said(code, parameters)
