"""Many rows in few statements on SQLite: `INSERT … VALUES (…), (…)`, a hundred rows each.

SQLAlchemy makes a dictionary of each row of an `executemany` into a tuple in
Python, column by column, and the driver gives the interpreter to another
thread after each row and waits until it comes back: where a worker is busy
beside, up to five milliseconds a row. Here the columns that need it are
converted, the others go as they are, and the interpreter is given away once a
statement. The text of a full statement is always the same, so that SQLite
reads it once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Insert, Row
from sqlalchemy.engine import Dialect

ROWS = 100
"""A statement: with the widest table 1,400 of the 32,766 variables that it may have."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement as SQLite reads it. before, one, after: its text around and of one row; columns: in its order.

    converted: places of columns whose values the driver does not take, each with what makes them so.
    """

    before: str
    one: str
    after: str
    columns: tuple[str, ...]
    converted: tuple[tuple[int, Callable[[Any], Any]], ...]

    def text(self, rows: int) -> str:
        return f"{self.before}{', '.join([self.one] * rows)}{self.after}"


def many(connection: Connection, statement: Insert, rows: Sequence[dict[str, Any]]) -> Sequence[Row[Any]]:
    """Insert rows that all name the same columns. Returns: what the statement returns of them."""
    said = _said(statement, tuple(rows[0]), connection.dialect)
    if said is None:
        result = connection.execute(statement, rows)
        return result.all() if result.returns_rows else []
    found: list[Row[Any]] = []
    made = _tuples(said, rows)
    for start in range(0, len(made), ROWS):
        part = made[start : start + ROWS]
        result = connection.exec_driver_sql(said.text(len(part)), tuple(chain.from_iterable(part)))
        if result.returns_rows:
            found += result.all()
    return found


def _tuples(said: _Said, rows: Sequence[dict[str, Any]]) -> Sequence[Sequence[Any]]:
    if len(said.columns) == 1:
        # With one name itemgetter gives the value by itself.
        made: list[Any] = [[row[said.columns[0]]] for row in rows]
    else:
        made = list(map(itemgetter(*said.columns), rows))
    if said.converted:
        made = [list(values) for values in made]
        for place, convert in said.converted:
            last, converted = made[0][place], convert(made[0][place])
            for values in made:
                # Rows that come together have their moment in common.
                if values[place] is not last:
                    last, converted = values[place], convert(values[place])
                values[place] = converted
    return made


@lru_cache(maxsize=256)
def _said(statement: Insert, names: tuple[str, ...], dialect: Dialect) -> _Said | None:
    """None: it says more than a row of these columns, such as a default that SQLAlchemy fills in."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = tuple(getattr(compiled, "positiontup", None) or ())
    one = f"({', '.join('?' * len(order))})"
    before, found, after = str(compiled).partition(f"VALUES {one}")
    if not found or sorted(order) != sorted(names) or "?" in after:
        return None
    columns = statement.table.c
    converts = (
        (place, columns[name].type.dialect_impl(dialect).bind_processor(dialect)) for place, name in enumerate(order)
    )
    converted = tuple((place, convert) for place, convert in converts if convert is not None)
    return _Said(f"{before}VALUES ", one, after, order, converted)
