"""When rows are a list of pupils or staff, and what each page of it holds.

A list is more than five persons: a textbook may show three or five made-up
pupils. It may run over several pages, in rows or in columns that stand one
after another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.privacy.kinds import KINDS, PEOPLE, Cues, Kind, are_marks, ordinal, year
from ingest.privacy.names import Name
from ingest.privacy.numbers import Datum, numbers, words
from ingest.privacy.rows import Row, prose, with_words

LIST_PERSONS = 6
"""From this many persons on it is a list."""

# Cues of kinds whose data may be words.
_WORDY = frozenset({"marks", "health", "addresses"})
# Birthdays are scattered; days of a plan follow one another, the day of an exam returns.
_SCATTERED_SHARE = 0.6
_SCATTERED_DAYS = 30
# Half the people of a list of writers or heroes were born before.
_OLD_YEAR = 1975
# Columns of one table are about equally long, and hold little else.
_EQUAL_SHARE = 0.6
_PROSE_A_NAME = 3
_PROSE_A_PAGE = 30
# Where no heading says what they are, nothing else may stand there but a letterhead.
_PROSE_ALONE = 8
# Names of a list without data stand close together.
_GAP_CHARACTERS = 60
_GAP_PROSE = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A passage with names and their rows."""

    index: int
    text: str
    names: Sequence[Name]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Kept:
    """What one page of a list holds of one kind. places: of each piece in the page's text."""

    kind: str
    page: Page
    places: tuple[int, ...]


Picked = list[tuple[str, list[Datum]]]
"""(person, data) of each row that has some."""


def kept(pages: Sequence[Page], cues: Cues) -> Iterator[Kept]:
    """What a list over these pages holds. cues: of all of them, of the page before, of the file's name."""
    if cues & _WORDY:
        pages = [replace(page, rows=[with_words(page.text, row) for row in page.rows]) for page in pages]
    found = False
    for kind in KINDS:
        if not kind.is_spoken_of(cues):
            continue
        picked = {page.index: _pick(kind, page, cues) for page in pages}
        rows = [row for page in pages for row in picked[page.index]]
        if len({person for person, _ in rows}) < LIST_PERSONS:
            continue
        if kind.name == "births" and not _are_births([piece.said for _, pieces in rows for piece in pieces], cues):
            continue
        if kind.name == "marks" and not are_marks([pieces for _, pieces in rows], cues):
            continue
        found = True
        for page in pages:
            if places := tuple(piece.at for _, pieces in picked[page.index] for piece in pieces):
                yield Kept(kind.name, page, places)
    if not found and "lists" in cues and "authors" not in cues:
        for page in pages:
            if are_close(page) and len({row.person for row in page.rows}) >= LIST_PERSONS:
                yield Kept("names", page, tuple(name.start for name in page.names))


def is_worth_judging(pages: Sequence[Page]) -> bool:
    """Whether there is anything that headings could make a list of: as many data as a list has, or close names."""
    # Years stand beside names in every book of history.
    told = sum(
        datum.kind != "year"
        for page in pages
        for row in page.rows
        if row.is_tight or row.is_headed
        for datum in row.data
    )
    return told >= LIST_PERSONS or any(map(are_close, pages))


def are_close(page: Page) -> bool:
    """Whether names stand as in a list without data, hardly anything between them."""
    close = [
        after.start - before.end <= _GAP_CHARACTERS and prose(page.text[before.end : after.start]) <= _GAP_PROSE
        for before, after in pairwise(page.names)
    ]
    return len(close) >= LIST_PERSONS - 1 and 3 * sum(close) >= 2 * len(close)


def _pick(kind: Kind, page: Page, cues: Cues) -> Picked:
    picked = [(row.person, pieces) for row in page.rows if (pieces := kind.pick(row, cues))]
    if len(picked) < LIST_PERSONS <= len(page.names) and kind.loose:
        return _columns(kind, page, cues) or picked
    return picked


def _columns(kind: Kind, page: Page, cues: Cues) -> Picked:
    """Columns one after another: as many data as names, and few words besides; none where no heading explains them."""
    if prose(page.text) > (_PROSE_A_PAGE + _PROSE_A_NAME * len(page.names) if cues & PEOPLE else _PROSE_ALONE):
        return []
    # Whole numbers may be anything where no row holds them together.
    pieces = [*numbers(page.text, 0, len(page.text)), *words(page.text, 0, len(page.text))]
    loose = [
        piece for piece in pieces if piece.kind in kind.loose and not (piece.kind == "mark" and piece.said.isdigit())
    ]
    if min(len(loose), len(page.names)) < _EQUAL_SHARE * len(page.names):
        return []
    if kind.name != "marks" and len(page.names) < _EQUAL_SHARE * len(loose):
        return []
    persons = list(dict.fromkeys(row.person for row in page.rows))
    share = -(-len(loose) // len(persons))
    return [(person, loose[at * share : (at + 1) * share]) for at, person in enumerate(persons)]


def _are_births(days: Sequence[str], cues: Cues) -> bool:
    if "works" in cues and "lists" not in cues and sorted(map(year, days))[len(days) // 2] < _OLD_YEAR:
        return False
    if "births" in cues:
        return True
    moments = [ordinal(day) for day in days]
    return (
        "schedule" not in cues
        and moments != sorted(moments)
        and len(set(moments)) >= _SCATTERED_SHARE * len(moments)
        and max(moments) - min(moments) >= _SCATTERED_DAYS
    )
