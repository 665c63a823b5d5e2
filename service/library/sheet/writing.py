"""Write a sheet: XLSX with drop-down lists and a page that explains it, or CSV; no cell is ever computed.

Rows are written as they come, so that a report of 100,000 files costs no memory.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from service.errors import Invalid
from service.library.sheet.cells import defused
from service.library.sheet.columns import COLUMNS, label
from service.library.sheet.table import MOST_ROWS
from service.messages import sentence

WORKBOOK, TEXT = ".xlsx", ".csv"
ENDINGS = (WORKBOOK, TEXT)
# What a cell may hold. Source: Excel specifications and limits
_LONGEST_CELL = 32_767
_WIDTHS = {"path": 40, "title": 40, "description": 40, "reason": 60, "placements": 30}
_WIDTH = 18


def write(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    lists: Mapping[str, Sequence[str]],
    language: str,
) -> None:
    """Write rows below the names of their columns. lists: column -> what is offered in it.

    Raises: Invalid {field: FILE}: it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == WORKBOOK:
            _workbook(path, columns, rows, lists, language)
        else:
            _text(path, columns, rows, language)
    except OSError as error:
        raise Invalid(field="FILE", value=f"{path}: {error.strerror or error}") from error


def _safe(cells: Iterable[str]) -> list[str]:
    return [defused(cell[: _LONGEST_CELL - 1]) for cell in cells]


def _text(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], language: str) -> None:
    # The mark tells Excel that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(label(code, language) for code in columns)
        writer.writerows(map(_safe, rows))


def _workbook(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    lists: Mapping[str, Sequence[str]],
    language: str,
) -> None:
    # Here, because only commands that write workbooks load it.
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#E3EDE6", "bottom": 1})
    # Of the kind "text": what is typed into a cell later stays text, too.
    text = book.add_format({"num_format": "@"})
    data, offered, guide = (
        book.add_worksheet(sentence(f"sheet-page-{name}", language)) for name in ("data", "lists", "guide")
    )
    for place, code in enumerate(columns):
        data.set_column(place, place, _WIDTHS.get(code, _WIDTH), text)
    data.freeze_panes(1, 1)
    data.write_row(0, 0, [label(code, language) for code in columns], head)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(_safe(row)):
            if cell:
                data.write_string(number, place, cell, text)
    listed = [code for code in columns if lists.get(code)]
    offered.set_column(0, max(0, len(listed) - 1), 2 * _WIDTH)
    offered.write_row(0, 0, [label(code, language) for code in listed], head)
    for number, terms in enumerate(zip_longest(*(lists[code] for code in listed), fillvalue=""), start=1):
        for place, term in enumerate(terms):
            if term:
                offered.write_string(number, place, defused(term))
    for place, code in enumerate(listed):
        several = COLUMNS[code].several
        data.data_validation(1, columns.index(code), MOST_ROWS, columns.index(code), {
            "validate": "list",
            "source": f"='{offered.get_name()}'!{_absolute(place, len(lists[code]))}",
            # A code, or several terms side by side, may be typed as well.
            "error_type": "information",
            "show_error": not several,
            "error_title": label(code, language)[:32],
            "error_message": sentence("sheet-not-listed", language)[:255],
        })  # fmt: skip
    guide.set_column(0, 0, 30)
    guide.set_column(1, 1, 110)
    for number, code in enumerate(code for code in columns if code in COLUMNS):
        guide.write_string(number, 0, label(code, language), head)
        guide.write_string(number, 1, sentence(f"column-{code}-hint", language))
    try:
        book.close()
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def _absolute(place: int, count: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    cells: str = xl_range_abs(1, place, count, place)
    return cells
