"""What of a row counts as which kind of personal data.

Each kind says what must be spoken of before its data mean anything: 8,5 is a
mark only where marks are spoken of, twelve digits with a zero in front are an
identity number anywhere.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ingest.privacy.numbers import Datum
from ingest.privacy.rows import Row
from ingest.privacy.words import WORDS, Phrases, spoken

Cues = frozenset[str]

_CUES: Mapping[str, Phrases] = {cue: Phrases(phrases) for cue, phrases in WORDS["cues"].items()}
PEOPLE = frozenset({"columns", "lists", "births", "identities"})
"""Cues that the text is about pupils or staff, one a row."""

# Nobody in school was born before; the writers of a textbook were.
_OLDEST_YEAR = 1950
# A sentence "X sinh ngày …" tells of a writer; born after this year it is rather a row that ends with a remark.
_YOUNG_YEAR = 1980
# A single whole number beside a name may be anything.
_TELLING_SHARE = 1 / 3
_REMARK_CHARACTERS = 60
# Two-digit years up to this one are of this century.
_CENTURY = 30


def cues_of(text: str) -> Cues:
    """What headings and columns say a text is about; the names of `[cues]` in `words.toml`."""
    said = spoken(text)
    return frozenset(cue for cue, phrases in _CUES.items() if phrases.stand_in(said))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of personal data. needs: cues that must all be there; people: one of `PEOPLE` must be, too.

    pick: the data of this kind in one row.
    loose: kinds of data whose column may stand apart from the column of names.
    """

    name: str
    pick: Callable[[Row, Cues], list[Datum]]
    needs: Cues = frozenset()
    people: bool = False
    loose: tuple[str, ...] = ()

    def is_spoken_of(self, cues: Cues) -> bool:
        return self.needs <= cues and (not self.people or bool(cues & PEOPLE))


def year(day: str) -> int:
    """The year of a date as it is written; a bare year is one."""
    digits = re.findall(r"\d+", day)
    number = int(digits[0] if len(digits[0]) == 4 else digits[-1])
    return number if number >= 100 else number + (2000 if number <= _CENTURY else 1900)


def ordinal(day: str) -> int:
    """A date as a number that grows with time, precise enough to compare: 372 a year, 31 a month."""
    digits = [int(part) for part in re.findall(r"\d+", day)]
    if len(digits) < 3:
        return year(day) * 372
    days, months = (digits[2], digits[1]) if digits[0] > 31 else (digits[0], digits[1])
    return year(day) * 372 + months * 31 + days


def _of(row: Row, kinds: Collection[str]) -> list[Datum]:
    return [datum for datum in row.data if datum.kind in kinds]


def _births(row: Row, cues: Cues) -> list[Datum]:
    if "births" not in cues:
        # Any other date may be meant: the row must be hardly more than a name and a date, and not from – to.
        days = _of(row, ("born",))
        return days if len(days) == 1 and row.is_bare and year(days[0].said) >= _OLDEST_YEAR else []
    days = _of(row, ("born",)) or _of(row, ("year",))
    if not days or year(days[0].said) < _OLDEST_YEAR:
        return []
    is_row = row.is_tight or (row.is_headed and year(days[0].said) >= _YOUNG_YEAR)
    return days[:1] if is_row else []


def _marks(row: Row, _: Cues) -> list[Datum]:
    after: list[Datum] = []
    end = row.name.end
    for datum in row.data:
        if datum.at > row.name.start:
            # What follows a remark is no mark.
            if datum.at - end > _REMARK_CHARACTERS:
                break
            after.append(datum)
            end = datum.at
    if any(datum.kind in ("number", "money") for datum in after) or not (row.is_tight or row.is_headed):
        return []
    return [datum for datum in after if datum.kind in ("mark", "rank")]


def are_marks(rows: Sequence[Sequence[Datum]], cues: Cues) -> bool:
    """Whether the numbers of a list are marks: a heading says so, or enough rows hold a decimal, a rank, several."""
    telling = sum(
        len(marks) > 1 or any(datum.kind == "rank" or not datum.said.isdigit() for datum in marks) for marks in rows
    )
    return "lists" in cues or telling >= _TELLING_SHARE * len(rows)


def _identities(row: Row, cues: Cues) -> list[Datum]:
    if not row.is_tight:
        return []
    spoken = [datum for datum in _of(row, ("digits",)) if "identities" in cues and 9 <= len(datum.said) <= 12]
    return [*_of(row, ("identity",)), *spoken]


def _phones(row: Row, cues: Cues) -> list[Datum]:
    if not row.is_tight:
        return []
    # A spreadsheet drops the zero in front.
    bare = [
        datum
        for datum in _of(row, ("digits",))
        if "phones" in cues and len(datum.said) == 9 and datum.said[0] in "35789"
    ]
    return [*_of(row, ("phone",)), *bare]


def _accounts(row: Row, _: Cues) -> list[Datum]:
    numbers = [datum for datum in _of(row, ("digits", "identity", "phone")) if datum.said.isdigit()]
    return numbers if row.is_tight else []


def _health(row: Row, cues: Cues) -> list[Datum]:
    insured = _of(row, ("insured",))
    if "health" not in cues:
        return insured
    measured = _of(row, ("mark", "number"))
    return insured or _of(row, ("ill",)) or (measured if len(measured) >= 2 and row.is_tight else [])


def _salaries(row: Row, _: Cues) -> list[Datum]:
    paid = _of(row, ("money", "mark", "number", "digits"))
    return paid if len(paid) >= 2 and row.is_tight else []


def _addresses(row: Row, _: Cues) -> list[Datum]:
    return _of(row, ("place",))[:1] if row.is_tight else []


KINDS: tuple[Kind, ...] = (
    Kind("births", _births, loose=("born",)),
    Kind("marks", _marks, needs=frozenset({"marks"}), people=True, loose=("mark", "rank")),
    Kind("identities", _identities, loose=("identity",)),
    Kind("phones", _phones, loose=("phone",)),
    Kind("accounts", _accounts, needs=frozenset({"accounts"}), loose=("digits",)),
    Kind("health", _health, loose=("insured",)),
    Kind("salaries", _salaries, needs=frozenset({"salaries"}), people=True),
    Kind("addresses", _addresses, needs=frozenset({"addresses"}), people=True),
)
