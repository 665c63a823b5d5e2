"""Read a vocabulary as CSV, and say everything that is wrong with it, row by row.

Seeds and what a department imports go through the same door. The file is
UTF-8, with or without the mark that Excel puts first; cells are apart by
commas, semicolons (Excel in Vietnamese) or tabs. Cells that a spreadsheet
would compute are refused: with an apostrophe before them, which is taken off
here, they are text for every spreadsheet, and stay so on the way out.
"""

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from service.vocabularies.shapes import COLUMNS, ENDED, Shape, shape_of
from service.vocabularies.terms import Term, folded

MOST_ROWS = 50_000
"""Rows of one vocabulary; all requirements of a whole programme are some 15,000. Every web process holds all terms."""
MOST_BYTES = 32_000_000
MOST_CHARACTERS = 4_000
"""Of a cell."""
DELIMITERS = ",;\t"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,99}")
# What stands in no name: they break lines, tables and databases.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, counted from 1, the head included; 0: with the file. Its sentence is in messages."""

    code: str
    row: int = 0
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        said = ", ".join(f"{name} {value}" for name, value in self.parameters.items())
        return f"row {self.row}: {self.code} ({said})"


@dataclass(slots=True)
class Table:
    """What was read: terms by code in the order of their rows, where each stands, and what is wrong."""

    terms: dict[str, Term] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def decode(data: bytes) -> str | Problem:
    """The text of a file, its mark of UTF-8 included, so that it can be written again byte by byte."""
    if len(data) > MOST_BYTES:
        return Problem("vocabulary-too-large", 0, {"megabytes": MOST_BYTES // 1_000_000})
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return Problem("vocabulary-encoding")
    if _CONTROL.search(text):
        # UTF-16 of ASCII letters is valid UTF-8 with zeros between them.
        return Problem("vocabulary-encoding" if "\0" in text else "vocabulary-control")
    return text


def read(text: str, name: str) -> Table:
    """Terms of one vocabulary with everything that is wrong in it by itself; see `judge` for what it refers to."""
    shape = shape_of(name)
    table = Table()
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    head = lines.readline()
    lines.seek(0)
    reader = csv.reader(lines, delimiter=max(DELIMITERS, key=head.count), strict=True)
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        missing = [column for column in shape.columns if column not in columns]
        table.problems += (Problem("vocabulary-no-column", 1, {"column": column}) for column in missing)
        twice = sorted({column for column in columns if columns.count(column) > 1})
        table.problems += (Problem("vocabulary-column-twice", 1, {"column": column}) for column in twice)
        if table.problems:
            return table
        for cells in reader:
            if len(table.rows) == MOST_ROWS:
                table.problems.append(Problem("vocabulary-too-many", reader.line_num, {"limit": MOST_ROWS}))
                return table
            if cells:
                _row(table, shape, columns, cells, reader.line_num)
    except csv.Error as error:
        table.problems.append(Problem("vocabulary-csv", reader.line_num, {"reason": str(error)}))
        return table
    if not table.terms and not table.problems:
        table.problems.append(Problem("vocabulary-empty", 1))
    for code in table.terms:
        _check_ancestry(table, code)
    _check_names(table, shape)
    table.problems.sort(key=lambda problem: problem.row)
    return table


def judge(tables: Mapping[str, Mapping[str, Term]], name: str, rows: Mapping[str, int]) -> Iterator[Problem]:
    """Codes of other vocabularies that this one names and that are not there. tables: all, with this one in them."""
    for code, term in tables[name].items():
        for column, vocabulary in shape_of(name).names.items():
            for part in several(term.extra.get(column, "")):
                if part not in tables.get(vocabulary, {}):
                    said = {"column": column, "value": part, "vocabulary": vocabulary}
                    yield Problem("vocabulary-no-such", rows.get(code, 0), said)


def several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _row(table: Table, shape: Shape, columns: list[str], cells: list[str], row: int) -> None:
    def wrong(code: str, **parameters: str | int) -> None:
        table.problems.append(Problem(code, row, parameters))

    if len(cells) != len(columns):
        wrong("vocabulary-cells", cells=len(cells), columns=len(columns))
        return
    values = dict(zip(columns, map(_plain, cells), strict=True))
    for column, cell in zip(columns, cells, strict=True):
        if cell.startswith(FORMULA):
            wrong("vocabulary-formula", column=column)
        if len(cell) > MOST_CHARACTERS:
            wrong("vocabulary-long", column=column, limit=MOST_CHARACTERS)
    for column in ("code", *shape.labels, *shape.refers):
        if not values[column]:
            wrong("vocabulary-blank", column=column)
    for column in shape.numbers:
        if not re.fullmatch(r"[0-9]{1,6}", values[column]):
            wrong("vocabulary-number", column=column, value=values[column][:40])
    if (ended := values.get(ENDED, "")) and not _is_day(ended):
        wrong("vocabulary-ended", value=ended[:40])
    code = values["code"]
    if code and not _CODE.fullmatch(code):
        wrong("vocabulary-code", value=code[:60])
    elif code in table.rows:
        wrong("vocabulary-code-twice", value=code, other=table.rows[code])
    elif code:
        table.terms[code], table.rows[code] = _term(values), row


def _plain(cell: str) -> str:
    """NFC without spaces around; the apostrophe that makes a formula text is none of it."""
    text = unicodedata.normalize("NFC", cell.strip())
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2025-07-01")


def _term(values: Mapping[str, str]) -> Term:
    return Term(
        code=values["code"],
        labels={language: values[language] for language in ("vi", "en") if values[language]},
        parent=values["parent"] or None,
        alternatives=tuple(several(values["alternatives"])),
        extra={column: cell for column, cell in values.items() if column not in COLUMNS and cell},
    )


def _check_ancestry(table: Table, code: str) -> None:
    above = {code}
    here = table.terms[code]
    while here.parent is not None:
        if here.parent not in table.terms:
            if here.code == code:
                table.problems.append(Problem("vocabulary-no-parent", table.rows[code], {"value": here.parent[:60]}))
            return
        if here.parent in above:
            if here.parent == code:
                table.problems.append(Problem("vocabulary-cycle", table.rows[code], {"value": code}))
            return
        above.add(here.parent)
        here = table.terms[here.parent]


def _check_names(table: Table, shape: Shape) -> None:
    """With its tones a name means one term, of those that are in use; without them the order of the rows decides."""
    owners: dict[tuple[str, ...], str] = {}
    for code, term in table.terms.items():
        if ENDED in term.extra:
            continue
        beside = (term.parent or "", *(term.extra.get(column, "") for column in shape.refers)) if shape.nested else ()
        for name in names_of(term):
            owner = owners.setdefault((*beside, folded(name, tones=True)), code)
            if owner != code:
                said = {"value": name[:60], "other": owner}
                table.problems.append(Problem("vocabulary-name-twice", table.rows[code], said))


def names_of(term: Term) -> Iterable[str]:
    """What a term may be called: its code, labels and alternatives."""
    return (term.code, *term.labels.values(), *term.alternatives)
