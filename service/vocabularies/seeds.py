"""Read the seeds beside this file into the vocabularies, and refuse what is wrong in them.

A seed is `<field>.csv` in UTF-8 with the columns code, parent, vi, en,
alternatives (separated by `|`); every further column becomes an `extra` of
the term, under its own name. Rows keep their order: it is the order people
see, and of two terms that a toneless text may mean, the first is taken.
`compose` loads the seeds once a process and hands the frozen value on.
"""

import csv
import unicodedata
from functools import cache
from pathlib import Path

from service.vocabularies import FIELDS, Term, Vocabularies, folded

FOLDER = Path(__file__).parent
COLUMNS = ("code", "parent", "vi", "en", "alternatives")


@cache
def load() -> Vocabularies:
    """The vocabularies that ship with this version; read once a process.

    Raises: ValueError naming file and row, see `read`.
    """
    return Vocabularies({field: read(FOLDER / f"{field}.csv") for field in FIELDS})


def read(path: Path) -> dict[str, Term]:
    """Terms of one seed by code, in the order of its rows.

    Raises: ValueError "file, row n: what": a missing column or label, a code twice, a parent
    that is not there, a cycle of parents, two terms that share a name. Rows count from 1, the head included.
    """
    terms: dict[str, Term] = {}
    rows: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{path.name}, row 1: no column {', '.join(missing)}")
        for row in reader:
            number = reader.line_num
            if None in row or None in row.values():
                raise ValueError(f"{path.name}, row {number}: not as many cells as the head has")
            term = _term(row)
            if not term.code or not term.labels["vi"] or not term.labels["en"]:
                raise ValueError(f"{path.name}, row {number}: code, vi and en must stand")
            if term.code in terms:
                raise ValueError(f"{path.name}, row {number}: {term.code} stands in row {rows[term.code]} too")
            terms[term.code], rows[term.code] = term, number
    for code, number in rows.items():
        _check_ancestry(path.name, number, code, terms)
    _check_names(path.name, rows, terms)
    return terms


def _term(row: dict[str, str]) -> Term:
    cells = {column: unicodedata.normalize("NFC", cell.strip()) for column, cell in row.items()}
    return Term(
        code=cells["code"],
        labels={"vi": cells["vi"], "en": cells["en"]},
        parent=cells["parent"] or None,
        alternatives=tuple(name.strip() for name in cells["alternatives"].split("|") if name.strip()),
        extra={column: cell for column, cell in cells.items() if column not in COLUMNS and cell},
    )


def _check_ancestry(file: str, number: int, code: str, terms: dict[str, Term]) -> None:
    above = [code]
    while (parent := terms[above[-1]].parent) is not None:
        if parent not in terms:
            raise ValueError(f"{file}, row {number}: no parent {parent}")
        if parent in above:
            raise ValueError(f"{file}, row {number}: {code} is above itself")
        above.append(parent)


def _check_names(file: str, rows: dict[str, int], terms: dict[str, Term]) -> None:
    """With its tones a name means one term; without them the order of the rows decides."""
    owners: dict[str, str] = {}
    for code, term in terms.items():
        for name in (code, *term.labels.values(), *term.alternatives):
            owner = owners.setdefault(folded(name, tones=True), code)
            if owner != code:
                raise ValueError(f"{file}, row {rows[code]}: {name} is a name of {owner} too")
