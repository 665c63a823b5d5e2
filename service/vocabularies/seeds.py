"""The vocabularies that ship with this version: `<field>.csv` beside this file, read once a process.

Rows keep their order: it is the order people see, and of two terms that a
toneless text may mean, the first is taken. A library may have its own
instead of any of them (`service/library/living.py`).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from service.vocabularies import FIELDS, Vocabularies
from service.vocabularies.reading import Problem, decode, judge, read
from service.vocabularies.terms import Term

FOLDER = Path(__file__).parent


@cache
def load() -> Vocabularies:
    """Raises: ValueError naming file and row: a mistake in what ships."""
    tables = {field: read_file(FOLDER / f"{field}.csv") for field in FIELDS}
    for field in FIELDS:
        if wrong := next(judge(tables, field, {}), None):
            raise ValueError(f"{field}.csv: {wrong}")
    return Vocabularies(tables)


@cache
def content(field: str) -> str:
    """The text of a seed. Raises: KeyError: no such vocabulary."""
    if field not in FIELDS:
        raise KeyError(field)
    return (FOLDER / f"{field}.csv").read_bytes().decode("utf-8")


def read_file(path: Path) -> Mapping[str, Term]:
    """Terms of one seed by code, in the order of its rows. Raises: ValueError "file, row n: code (parameters)"."""
    text = decode(path.read_bytes())
    if isinstance(text, Problem):
        raise ValueError(f"{path.name}, {text}")  # noqa: TRY004 - what is wrong is the file
    table = read(text, path.stem)
    if table.problems:
        raise ValueError(f"{path.name}, {table.problems[0]}")
    return table.terms
