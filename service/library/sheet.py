"""Read a sheet that describes files: one row a file, columns by name, codes or labels.

Columns: path, title, description, type, language, subject, grade, licence,
creator, keywords; several codes stand in one cell, separated by `;`.
"""

import csv
from pathlib import Path

from service.errors import Invalid, UnknownTerm
from service.model import Value
from service.vocabularies import Vocabularies

# Column -> field, and whether its values are codes of a vocabulary, and whether a cell holds several.
COLUMNS: dict[str, tuple[str, bool, bool]] = {
    "title": ("title", False, False),
    "description": ("description", False, False),
    "type": ("type", True, False),
    "language": ("language", True, False),
    "subject": ("subject", True, True),
    "grade": ("grade", True, True),
    "licence": ("licence", True, False),
    "creator": ("creator", False, True),
    "keywords": ("keyword", False, True),
}


def read(path: Path, vocabularies: Vocabularies) -> dict[str, tuple[Value, ...]]:
    """Values by the path column.

    Raises: Invalid {field: sheet}: not a CSV file in UTF-8 with a `path` column; UnknownTerm, with row and column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            if reader.fieldnames is None or "path" not in reader.fieldnames:
                raise Invalid(field="sheet", value=str(path))
            return {row["path"]: _values(row, number, vocabularies) for number, row in enumerate(reader, start=2)}
    except (OSError, UnicodeError, csv.Error) as error:
        raise Invalid(field="sheet", value=str(path)) from error


def _values(row: dict[str, str | None], number: int, vocabularies: Vocabularies) -> tuple[Value, ...]:
    values = []
    for column, (name, coded, several) in COLUMNS.items():
        cell = (row.get(column) or "").strip()
        parts = [part.strip() for part in cell.split(";")] if several else [cell]
        for part in filter(None, parts):
            text = coded_value(vocabularies, name, part, where=f"{column}, row {number}") if coded else part
            values.append(Value(name, text, "sheet", where=f"row {number}"))
    return tuple(values)


def coded_value(vocabularies: Vocabularies, name: str, text: str, *, where: str) -> str:
    """The code that a text means. Raises: UnknownTerm."""
    code = vocabularies.resolve(name, text)
    if code is None:
        raise UnknownTerm(field=where, value=text)
    return code
