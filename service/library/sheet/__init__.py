"""Sheets that describe resources: one row each, columns by name, codes or labels, in Vietnamese or English.

    read        a file -> table.rows -> cells.clean -> Rows          rows.told when its files come -> values
    written     a template (template.py), or a report that is corrected and read again (report.py)

A row names files, or where else it is what it describes (`library/address.py`).
A row that cannot be used is refused by itself, with its number and column, and
so are the files that it names.
"""

import bisect
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from service.errors import (
    AddressWrong,
    CellTooLong,
    ColumnTwice,
    FileTwice,
    FormulaCell,
    Invalid,
    LettersLost,
    MergedCells,
    NoPathColumn,
    ResourceTwice,
    RowTooWide,
    SheetTooLarge,
)
from service.library.sheet import table
from service.library.sheet.cells import MOST_CHARACTERS, SEPARATOR, clean, lost_letters, parts
from service.library.sheet.columns import ADDRESS, COLUMNS, HEADER_WITHIN, PATH, RESOURCE, found
from service.library.sheet.foreign import Foreign
from service.library.sheet.meaning import Meaning, coded_value
from service.library.sheet.rows import NOTHING, Rows, Told, key
from service.model import Organisation
from service.vocabularies import Vocabularies

__all__ = ["NOTHING", "Foreign", "Rows", "Told", "coded_value", "key", "read"]

_MOST_CHARACTERS = 100_000_000
"""Of all cells that are kept: 200,000 rows of five hundred."""


def read(
    path: Path,
    vocabularies: Vocabularies,
    organisations: Sequence[Organisation],
    sandbox: table.Tabular,
    *,
    foreign: Foreign | None = None,
    language: str = "vi",
) -> Rows:
    """The rows of a sheet, XLSX or CSV. organisations: all that there are; language: in which places are told.

    Raises: NoPathColumn {sheet}: no row near the top names a column of files; ColumnTwice {value, where};
    SheetTooLarge; as `table.rows`.
    """
    words = foreign or Foreign()
    lines = table.rows(path, sandbox, lambda cells: found([clean(cell) for cell in cells], words.columns) is not None)
    rows: Rows | None = None
    places: dict[int, str] = {}
    left, width = _MOST_CHARACTERS, 0
    ids: dict[str, int] = {}
    merged: list[table.Merged] = []
    for count, line in enumerate(lines, start=1):
        if isinstance(line, table.Merged):
            merged.append(line)
            continue
        if rows is None:
            cells = [clean(cell) for cell in line.cells]
            codes = found(cells, words.columns)
            if codes is not None:
                places = _named(codes, cells, line.number)
                headings = {code: cells[place] for place, code in places.items()}
                unknown = tuple(cells[place] for place, code in codes.items() if not code)
                meaning = Meaning(vocabularies, organisations)
                rows = Rows(meaning, words, language, path.name, tuple(headings), headings, unknown)
                width = len(cells)
            elif count >= HEADER_WITHIN:
                break
            continue
        kept = {code: clean(line.cells[place]) for place, code in places.items() if place < len(line.cells)}
        if not any(kept.values()) and not line.formulas:
            continue
        left -= sum(map(len, kept.values()))
        if len(rows) >= table.MOST_ROWS or left < 0:
            raise SheetTooLarge(sheet=path.name, rows=table.MOST_ROWS, megabytes=_MOST_CHARACTERS // 1_000_000)
        _add(rows, line, kept, places, ids, width=width)
    if rows is None:
        raise NoPathColumn(sheet=path.name)
    _refuse_merged(rows, merged)
    return rows


def _named(codes: Mapping[int, str], cells: Sequence[str], number: int) -> dict[int, str]:
    """Place -> code of the columns that are read. Raises: ColumnTwice."""
    places: dict[int, str] = {}
    for place, code in codes.items():
        if code not in COLUMNS:
            continue
        if code in places.values():
            raise ColumnTwice(value=cells[place][:60], where=number)
        places[place] = code
    return places


def _add(
    rows: Rows, line: table.Row, kept: dict[str, str], places: Mapping[int, str], ids: dict[str, int], *, width: int
) -> None:
    """One row; what is wrong with it by itself, or beside those before it, is written down with it."""
    faults: list[tuple[type[Invalid], str, str]] = []
    if line.apart and len(line.cells) > width:
        faults.append((RowTooWide, "", str(len(line.cells))))
    faults += ((FormulaCell, places[place], "") for place in line.formulas if place in places)
    # `clean` has taken such signs out by now, and what is left would lead somewhere else.
    hidden = (place for place, code in places.items() if code == ADDRESS and place < len(line.cells))
    faults += ((AddressWrong, ADDRESS, kept[ADDRESS]) for at in hidden if not line.cells[at].strip().isprintable())
    for code, text in kept.items():
        if len(text) > MOST_CHARACTERS:
            kept[code] = text[:MOST_CHARACTERS]
            faults.append((CellTooLong, code, str(MOST_CHARACTERS)))
        elif lost_letters(text, single_byte=line.single_byte and code != ADDRESS):
            faults.append((LettersLost, code, text))
        else:
            kept[code] = _in_our_words(rows, code, text)
    place = rows.add(line.number, kept)
    for kind, column, value in faults:
        rows.refuse(place, kind, column, value)
    if (id := kept.get(RESOURCE, "").lower()) and ids.setdefault(id, place) != place:
        rows.refuse(place, ResourceTwice, RESOURCE, id)
    cell = kept.get(PATH, "")
    for name in dict.fromkeys((*parts(cell), cell)) if cell else ():
        if rows.claim(place, name) is not None:
            rows.refuse(place, FileTwice, PATH, name)


def _in_our_words(rows: Rows, code: str, text: str) -> str:
    """A cell as it would stand in a sheet of ours, so that a report needs no mapping any more."""
    words, column = rows.foreign, COLUMNS[code]
    # Paths and placements have commas of their own.
    separator = words.separator if column.field else SEPARATOR
    if not text or (separator == SEPARATOR and not words.values.get(code)):
        return text
    if not column.several or rows.meaning is None:
        return words.meant(code, text)
    said = rows.meaning.parts(text, separator, column.vocabulary)
    return f"{SEPARATOR} ".join(filter(None, (words.meant(code, part) for part in said)))


def _refuse_merged(rows: Rows, merged: Sequence[table.Merged]) -> None:
    """Every row that merged cells lie in: whose value it is, and whether of one row or of all, nobody can tell.

    Ranges of the row of names and above it touch no row that is kept.
    """
    spans: list[tuple[int, int]] = []
    for first, last in sorted((one.first, one.last) for one in merged):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    for place in range(len(rows)) if spans else ():
        number = rows.number(place)
        at = bisect.bisect_right(spans, (number, sys.maxsize)) - 1
        if at >= 0 and number <= spans[at][1]:
            rows.refuse(place, MergedCells, "")
