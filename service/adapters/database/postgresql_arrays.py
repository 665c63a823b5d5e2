"""Many things in one statement on PostgreSQL: names to lock, rows to insert, as one array a column.

The driver sends each row of an `executemany` as a statement of its own, and
reads through a text of thousands of placeholders for each `VALUES (…), (…)`.
An array is one placeholder, and the statement stays the same however many.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Row, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name")
_FREE = text("SELECT pg_try_advisory_xact_lock_shared(hashtextextended(CAST(:name AS text), 0))")


def alone(connection: Connection, names: Sequence[str]) -> None:
    """In their order: whoever takes several keeps the same one."""
    connection.execute(_ALONE, {"names": list(names)})


def is_free(connection: Connection, name: str) -> bool:
    """Whether nobody is alone under a name; never waits."""
    return bool(connection.execute(_FREE, {"name": name}).scalar())


def many(connection: Connection, statement: Insert, rows: Sequence[dict[str, Any]]) -> Sequence[Row[Any]]:
    """INSERT … SELECT FROM unnest(…), with what the statement says of conflicts and of what it returns."""
    names = list(rows[0])
    arrays = [bindparam(name, type_=ARRAY(statement.table.c[name].type)) for name in names]
    given = func.unnest(*arrays).table_valued(*names, name="given").render_derived()
    selected = select(*(given.c[name] for name in names))
    result = connection.execute(
        statement.from_select(names, selected), {name: [row[name] for row in rows] for name in names}
    )
    return result.all() if result.returns_rows else []
