"""Read a sheet that describes files: one row a file, columns by name, codes or labels.

Columns: path, title, description, type, language, subject, grade, topic,
licence, creator, keywords, placements, organisation; several codes stand in
one cell, separated by `;`. A row that cannot be used is refused by itself, with
its number and column, and so is the file that it describes.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from service.errors import Invalid, LibraryError, UnknownOrganisation, UnknownTerm
from service.library import placements
from service.model import Organisation, Value
from service.vocabularies import Vocabularies, folded

# Column -> field, and whether its values are codes of a vocabulary, and whether a cell holds several.
COLUMNS: dict[str, tuple[str, bool, bool]] = {
    "title": ("title", False, False),
    "description": ("description", False, False),
    "type": ("type", True, False),
    "language": ("language", True, False),
    "subject": ("subject", True, True),
    "grade": ("grade", True, True),
    "topic": ("topic", True, True),
    "licence": ("licence", True, False),
    "creator": ("creator", False, True),
    "keywords": ("keyword", False, True),
}
PLACEMENTS, ORGANISATION = "placements", "organisation"


BESIDE = ("subject", "grade")


@dataclass(frozen=True, slots=True)
class Rows:
    """What a sheet says, each by the path column.

    owners: organisations, of the rows that name one. refused: rows that cannot be used, with what is wrong in them.
    """

    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, LibraryError] = field(default_factory=dict)


def read(path: Path, vocabularies: Vocabularies, organisations: Sequence[Organisation]) -> Rows:
    """The rows of a sheet. organisations: all that there are.

    Raises: Invalid {field: sheet}: not a CSV file in UTF-8 with a `path` column.
    """
    values: dict[str, tuple[Value, ...]] = {}
    owners: dict[str, str] = {}
    refused: dict[str, LibraryError] = {}
    known = _called(organisations)
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            if reader.fieldnames is None or "path" not in reader.fieldnames:
                raise Invalid(field="sheet", value=str(path))
            for number, row in enumerate(reader, start=2):
                name = row["path"] or ""
                try:
                    values[name] = _values(row, number, vocabularies)
                    if owner := _owner(row, number, known):
                        owners[name] = owner
                except Invalid as error:
                    refused[name] = error
    except (OSError, UnicodeError, csv.Error) as error:
        raise Invalid(field="sheet", value=str(path)) from error
    return Rows(values, owners, refused)


def _called(organisations: Sequence[Organisation]) -> Mapping[str, str]:
    """Code, or a name that only one has -> code."""
    names = [folded(one.name, tones=True) for one in organisations]
    called = {
        name: one.code for name, one in zip(names, organisations, strict=True) if names.count(name) == 1 and one.name
    }
    return called | {folded(one.code): one.code for one in organisations}


def _owner(row: dict[str, str | None], number: int, known: Mapping[str, str]) -> str:
    cell = (row.get(ORGANISATION) or "").strip()
    if not cell:
        return ""
    code = known.get(folded(cell, tones=True))
    if code is None:
        raise UnknownOrganisation(value=cell[:60], where=f"{ORGANISATION}, row {number}")
    return code


def _values(row: dict[str, str | None], number: int, vocabularies: Vocabularies) -> tuple[Value, ...]:
    values: list[Value] = []
    for column, (name, coded, several) in COLUMNS.items():
        cell = (row.get(column) or "").strip()
        parts = [part.strip() for part in cell.split(";")] if several else [cell]
        for part in filter(None, parts):
            text = part
            if coded:
                # Topics are called alike in several grades: the row's own subjects and grades say which is meant.
                beside = {one: [value.value for value in values if value.field == one] for one in BESIDE}
                text = coded_value(vocabularies, name, part, where=f"{column}, row {number}", beside=beside)
            values.append(Value(name, text, "sheet", where=f"row {number}"))
    said = placements.parse(row.get(PLACEMENTS) or "", vocabularies, where=f"{PLACEMENTS}, row {number}")
    subjects, grades = ([one.value for one in values if one.field == name] for name in ("subject", "grade"))
    placed = placements.completed(said, vocabularies, subjects=subjects, grades=grades)
    told = (Value(placements.FIELD, placements.text(one), "sheet", where=f"row {number}") for one in placed)
    return (*values, *told)


def coded_value(
    vocabularies: Vocabularies,
    name: str,
    text: str,
    *,
    where: str,
    beside: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The code that a text means; beside: what else is said, see `Vocabularies.resolve`. Raises: UnknownTerm."""
    code = vocabularies.resolve(name, text, beside)
    if code is None:
        raise UnknownTerm(field=where, value=text)
    return code
