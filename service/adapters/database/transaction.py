"""The open transaction that every part of a unit of work writes through.

Parts know statements, not engines: the two things that portable SQL cannot
say are handed in here by the engine's module (`sqlite.py`).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Row, Table

# SQLite takes 32,766 variables a statement, PostgreSQL 65,535.
CHUNK = 10_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Transaction:
    """connection: inside a transaction. insert: the dialect's INSERT, which can say ON CONFLICT."""

    connection: Connection
    insert: Callable[[Table], Any]

    def all(self, statement: Executable, values: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
        return self.connection.execute(statement, values).all()

    def one(self, statement: Executable, values: dict[str, Any] | None = None) -> Row[Any] | None:
        """The first row or None."""
        return self.connection.execute(statement, values).first()

    def scalar(self, statement: Executable) -> Any:
        return self.connection.execute(statement).scalar()

    def run(self, statement: Executable, rows: Sequence[dict[str, Any]] | None = None) -> int:
        """Execute a change. Returns: how many rows it touched."""
        return self.connection.execute(statement, rows).rowcount


def chunks(items: Collection[T]) -> Iterator[list[T]]:
    """Cut what goes into an IN list to what engines take in one statement."""
    listed = list(items)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]
