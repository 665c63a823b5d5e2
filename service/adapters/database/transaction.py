"""The open transaction that every part of a unit of work writes through.

Parts know statements, not engines: what portable SQL cannot say is handed in
here by the engine's module (`sqlite.py`, `postgresql.py`).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Insert, Row, Select, Table

# SQLite takes 32,766 variables a statement, PostgreSQL 65,535.
CHUNK = 10_000

T = TypeVar("T")


def _is_alone(_connection: Connection, _names: Sequence[str]) -> None:
    """Where one transaction writes at a time nobody else is there."""


Many = Callable[[Connection, Insert, Sequence[dict[str, Any]]], Sequence[Row[Any]]]
"""Runs an INSERT of many rows; gives what it returns."""


def _as_sqlalchemy(connection: Connection, statement: Insert, rows: Sequence[dict[str, Any]]) -> Sequence[Row[Any]]:
    """Where no engine's module says better."""
    result = connection.execute(statement, rows)
    return result.all() if result.returns_rows else []


def _counts_by_itself(_connection: Connection, _table: Table) -> None:
    """Where the next key follows from the rows that are there, whoever gave them theirs."""


@dataclass(slots=True)
class Transaction:
    """connection: inside a transaction. insert: the dialect's INSERT, which can say ON CONFLICT. turn: makes
    whoever says one of the names wait until this transaction has ended. many: runs an INSERT of many rows. count_on:
    after rows came with keys of their own, the next one that the database gives is above them. writes: it may change
    something."""

    connection: Connection
    insert: Callable[[Table], Any]
    turn: Callable[[Connection, Sequence[str]], None] = _is_alone
    many: Many = _as_sqlalchemy
    count_on: Callable[[Connection, Table], None] = _counts_by_itself
    writes: bool = False
    freed: bool = False
    """A part says so when its change gives workers something to do."""

    def alone(self, *names: str) -> None:
        """What is read under these names from here on stays until the commit, rows that are not there included.

        Several come in an order that everybody keeps, so that nobody waits in a circle.
        """
        self.turn(self.connection, names)

    def held(self, statement: Select[Any]) -> Select[Any]:
        """Rows that are read in order to be changed: no other transaction changes them before this one has ended."""
        # References to the rows may still be made. Nothing on SQLite, where one transaction writes at a time.
        return statement.with_for_update(key_share=True) if self.writes else statement

    def all(self, statement: Executable, values: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
        return self.connection.execute(statement, values).all()

    def one(self, statement: Executable, values: dict[str, Any] | None = None) -> Row[Any] | None:
        """The first row or None."""
        return self.connection.execute(statement, values).first()

    def scalar(self, statement: Executable) -> Any:
        return self.connection.execute(statement).scalar()

    def insert_all(self, statement: Insert, rows: Sequence[dict[str, Any]]) -> Sequence[Row[Any]]:
        """Insert rows that all name the same columns; none is nothing to do.

        Returns: what the statement returns of them, in any order.
        """
        return self.many(self.connection, statement, rows) if rows else []

    def run(self, statement: Executable, rows: Sequence[dict[str, Any]] | dict[str, Any] | None = None) -> int:
        """Execute a change, once for each of the rows. Returns: how many rows it touched."""
        return self.connection.execute(statement, rows).rowcount


def chunks(items: Collection[T]) -> Iterator[list[T]]:
    """Cut what goes into an IN list to what engines take in one statement."""
    listed = list(items)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]
