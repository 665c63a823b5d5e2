"""A mapping file: what a foreign sheet calls its columns and values, in words of ours.

TOML, with a table of columns and one of values a column:

    separator = ","                 # between several values of a cell, where it is not ";"
    [columns]
    "Tên tài nguyên" = "title"      # a column, by its code or one of its names; "" leaves it alone
    [values.subject]
    "KHTN" = "Khoa học tự nhiên"    # what it means; "" leaves it out

or a sheet (CSV, XLSX) with the columns `column`, `value`, `means`: without a
value the row says what a column means, with one what the value means in it.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.errors import MappingWrong
from service.library.sheet import table
from service.library.sheet.cells import SEPARATOR, clean
from service.library.sheet.columns import COLUMNS, PATH, TOLD, found
from service.vocabularies import Vocabularies, folded
from service.vocabularies.shapes import shape_of

MOST_BYTES = 4_000_000
_HEAD = ("column", "value", "means")

Entry = tuple[str, str, str, str]
"""Where it stands, and the cells of `_HEAD`."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """columns: foreign name, folded with its tones -> code, "" for one that is left alone.

    values: column -> foreign value, folded with its tones -> what it means.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    separator: str = SEPARATOR

    def meant(self, column: str, text: str) -> str:
        """A value in words of ours."""
        return self.values.get(column, {}).get(folded(text, tones=True), text)


def read(path: Path, vocabularies: Vocabularies, sandbox: table.Tabular) -> Foreign:
    """Raises: MappingWrong {where, value}: no such column or term, or no mapping file; as `table.rows`."""
    separator = SEPARATOR
    if path.suffix.lower() == ".toml":
        told = _toml(path)
        separator = told.pop("separator", SEPARATOR)
        if not (isinstance(separator, str) and separator.strip()):
            raise MappingWrong(where="separator", value=str(separator)[:60])
        entries = list(_entries(told, path))
    else:
        entries = list(_rows(path, sandbox))
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for where, heading, value, means in entries:
        if not value:
            columns[folded(heading, tones=True)] = _column(means, where) if means else ""
    for where, heading, value, means in entries:
        if value:
            code = columns.get(folded(heading, tones=True)) or _column(heading, where)
            values.setdefault(code, {})[folded(value, tones=True)] = _term(code, means, vocabularies, where)
    return Foreign(columns, values, separator.strip())


def _column(name: str, where: str) -> str:
    # A row of names is one that has files in it.
    known = found([PATH, name], {}) or {}
    code = PATH if folded(name) == PATH else known.get(1, "")
    if code not in COLUMNS or code in TOLD:
        raise MappingWrong(where=where, value=name[:60])
    return code


def _term(code: str, means: str, vocabularies: Vocabularies, where: str) -> str:
    """Raises: MappingWrong: a row of the sheet would be refused for it, with the next one, and the next."""
    vocabulary = COLUMNS[code].vocabulary
    if means and vocabulary and not shape_of(vocabulary).nested and vocabularies.resolve(vocabulary, means) is None:
        raise MappingWrong(where=where, value=means[:60])
    return means


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise MappingWrong(where=path.name, value="TOML")
        return tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise MappingWrong(where=path.name, value=str(error)[:200]) from error


def _entries(told: Mapping[str, Any], path: Path) -> Iterator[Entry]:
    columns, values = told.get("columns", {}), told.get("values", {})
    if not (isinstance(columns, dict) and isinstance(values, dict) and {*told} <= {"columns", "values"}):
        raise MappingWrong(where=path.name, value=", ".join(told)[:60])
    for name, means in columns.items():
        yield f"[columns] {name}", clean(name), "", _text(means, f"[columns] {name}")
    for column, table_ in values.items():
        where = f"[values.{column}]"
        if not isinstance(table_, dict):
            raise MappingWrong(where=where, value=str(table_)[:60])
        for value, means in table_.items():
            yield f"{where} {value}", clean(column), clean(value), _text(means, f"{where} {value}")


def _text(means: object, where: str) -> str:
    if not isinstance(means, str):
        raise MappingWrong(where=where, value=str(means)[:60])
    return clean(means)


def _rows(path: Path, sandbox: table.Tabular) -> Iterator[Entry]:
    places: list[int] = []
    for row in table.rows(path, sandbox, lambda cells: {*_HEAD} <= {cell.strip() for cell in cells}):
        if not isinstance(row, table.Row):
            continue
        cells = [clean(cell) for cell in row.cells]
        if not places:
            if not {*_HEAD} <= {*cells}:
                raise MappingWrong(where=path.name, value=", ".join(_HEAD))
            places = [cells.index(name) for name in _HEAD]
            continue
        heading, value, means = (cells[place] if place < len(cells) else "" for place in places)
        yield f"{path.name}:{row.number}", heading, value, means
