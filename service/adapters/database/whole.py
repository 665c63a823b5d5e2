"""Every row of the library, table by table, as JSON: what export, backup, import and restore move.

Driven by the list of tables: a new one travels without a line here, unless it
is named below with the reason why it does not. Rows come by keyset, a page a
statement, so that memory stays flat and no statement runs long; columns that
JSON cannot say (times, days) go as ISO 8601, times in UTC.
"""

import datetime
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, Select, Table, and_, delete, func, literal, or_, select

from service.adapters.database.columns import UtcDateTime
from service.adapters.database.tables import (
    HEAD,
    JOBS,
    ORGANISATIONS,
    Row,
)
from service.adapters.database.transaction import Transaction
from service.ports import Cell, RowOfTable

LEFT_OUT: Mapping[str, str] = {
    "index_generations": "names the builds of one index on one machine; where the library arrives it is built anew",
    "blob_faults": "tells of the files on one disk; where the library arrives each is compared with its hash",
    "fixity_runs": "tells when the files on one disk were read; where the library arrives they are read anew",
    "sketches": "derived from texts; where the library arrives a sweep makes them anew",
    "sketch_bands": "derived from sketches",
}
"""Tables that do not travel, each with its reason (`docs/export-format.md` says the same)."""

PROJECTIONS = ("index", "render", "illustrate", "lighten", "fixity", "sketch")
"""Kinds of jobs that follow from the state of a resource: the library that arrives owes them anyway."""

# Worked off as soon as it stands there: everything else must be there before.
LAST = ("jobs",)
SEEDED = ("organisations", "organisation_names", "organisation_kinds", "oai_secrets")
"""What a new library already holds: one organisation, code `default`, and perhaps the key of its own tokens."""


@functools.cache
def travelling() -> dict[str, Table]:
    """Tables by name, each after those that it refers to."""
    ordered = [one for one in Row.metadata.sorted_tables if one.name not in LEFT_OUT]
    return {one.name: one for one in sorted(ordered, key=lambda one: one.name in LAST)}


class Tables:
    """The port `service.ports.Tables`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self._tables = travelling()

    @property
    def schema(self) -> str:
        return HEAD

    def names(self) -> Sequence[str]:
        return list(self._tables)

    def rows(self, name: str, page: int) -> Iterator[Sequence[RowOfTable]]:
        """Pages of rows in the order of the key; only the last one is shorter."""
        wanted = self._tables[name]
        key = list(wanted.primary_key.columns)
        statement = _wanted(wanted).order_by(*key).limit(page)
        columns = [(column.name, _writer(column)) for column in wanted.columns]
        after: list[Any] | None = None
        while True:
            rows = self.transaction.all(statement if after is None else statement.where(_beyond(key, after)))
            if rows:
                yield [
                    _as_travelling(
                        name, {column: write(value) for (column, write), value in zip(columns, row, strict=True)}
                    )
                    for row in rows
                ]
                after = [rows[-1]._mapping[column] for column in key]
            if len(rows) < page:
                return

    def count(self, name: str) -> int:
        wanted = self._tables[name]
        return int(self.transaction.scalar(_wanted(wanted).with_only_columns(func.count()).select_from(wanted)))

    def holds(self, name: str, row: RowOfTable) -> bool:
        """Whether a row with its key is there."""
        wanted = self._tables[name]
        same = [column == _read(column, row[column.name]) for column in wanted.primary_key.columns]
        return self.transaction.one(select(literal(1)).select_from(wanted).where(*same)) is not None

    def load(self, name: str, rows: Sequence[RowOfTable]) -> None:
        """Add rows; those whose key is there stay as they are. A column that a row lacks gets its default.

        Raises: Conflict: a row refers to what is not there.
        """
        wanted = self._tables[name]
        readers = [(column, _default(column)) for column in wanted.columns]
        values = [
            {
                column.name: _read(column, row[column.name]) if column.name in row else default
                for column, default in readers
            }
            for row in rows
        ]
        if values:
            key = [column.name for column in wanted.primary_key.columns]
            self.transaction.run(self.transaction.insert(wanted).on_conflict_do_nothing(index_elements=key), values)

    def untouched(self) -> bool:
        """Nothing but what a new library holds."""
        for name, one in self._tables.items():
            if name not in SEEDED and self.transaction.one(select(literal(1)).select_from(one).limit(1)) is not None:
                return False
        codes = self.transaction.all(select(ORGANISATIONS.c.code).limit(2))
        return [row.code for row in codes] in ([], ["default"])

    def clear_seeds(self) -> None:
        """Make room for organisations that come with their own keys. Only where `untouched`."""
        for name in reversed(SEEDED):
            self.transaction.run(delete(self._tables[name]))

    def settle(self) -> None:
        """After loading: the next key that the database gives is above every one that came."""
        for one in self._tables.values():
            key = one.autoincrement_column
            if key is not None and not key.foreign_keys:
                self.transaction.count_on(self.transaction.connection, one)


def _wanted(one: Table) -> Select[Any]:
    """The rows of a table that travel."""
    statement = select(one)
    if one is not JOBS:
        return statement
    twin = JOBS.alias("twin")
    queued = select(twin.c.id).where(
        twin.c.state == "queued", twin.c.kind == JOBS.c.kind, twin.c.subject == JOBS.c.subject
    )
    # A lease ends with the machine; what waits behind it already says the same work.
    return statement.where(JOBS.c.kind.not_in(PROJECTIONS), or_(JOBS.c.state != "leased", ~queued.exists()))


def _as_travelling(name: str, row: dict[str, Cell]) -> RowOfTable:
    """A leased job is a queued one for whoever takes the library over."""
    if name == JOBS.name and row["state"] == "leased":
        return {**row, "state": "queued", "worker": None, "leased_until": None}
    return row


def _beyond(key: Sequence[Column[Any]], after: Sequence[Any]) -> ColumnElement[bool]:
    """Rows after this key, spelt out so that every engine walks the index of the key."""
    steps = []
    for place, column in enumerate(key):
        equal = [one == literal(value, one.type) for one, value in zip(key[:place], after[:place], strict=True)]
        steps.append(and_(*equal, column > literal(after[place], column.type)))
    # The first column alone bounds the walk; planners do not find that in the alternatives.
    return and_(key[0] >= literal(after[0], key[0].type), or_(*steps))


def _same(value: Any) -> Cell:
    cell: Cell = value
    return cell


def _moment(value: datetime.datetime | None) -> Cell:
    return None if value is None else value.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _day(value: datetime.date | None) -> Cell:
    return None if value is None else value.isoformat()


def _writer(column: Column[Any]) -> Any:
    if isinstance(column.type, UtcDateTime):
        return _moment
    return _day if isinstance(column.type, Date) else _same


def _read(column: Column[Any], cell: Cell) -> Any:
    if cell is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.datetime.fromisoformat(str(cell))
    return datetime.date.fromisoformat(str(cell)) if isinstance(column.type, Date) else cell


def _default(column: Column[Any]) -> Any:
    """What a row of an older schema gets in a column that it does not know."""
    default = column.default
    return default.arg if default is not None and default.is_scalar else None  # type: ignore[attr-defined]
