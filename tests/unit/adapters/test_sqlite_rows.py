"""Many rows in few statements: the same rows as one by one, whatever their number, columns and conflicts."""

import datetime
from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, create_engine, event, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from service.adapters.database.columns import JsonText, UtcDateTime
from service.adapters.database.sqlite_rows import ROWS, many

THINGS = Table(
    "things",
    MetaData(),
    Column("key", Integer, primary_key=True),
    Column("name", Text, unique=True),
    Column("at", UtcDateTime),
    Column("told", JsonText),
    Column("state", Text, default="new"),
)
AT = datetime.datetime(2026, 3, 1, 7, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    THINGS.metadata.create_all(engine)
    with engine.begin() as made:
        yield made
    engine.dispose()


def rows(count: int, first: int = 0) -> list[dict[str, object]]:
    return [
        {"name": f"{number}", "at": AT, "told": {"ệ": [number]}, "state": None}
        for number in range(first, first + count)
    ]


@pytest.mark.parametrize("count", [1, ROWS - 1, ROWS, 2 * ROWS + 7])
def test_rows_are_as_they_were_and_come_back_with_their_keys(connection: Connection, count: int) -> None:
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *said: statements.append(said[2]))
    found = many(connection, insert(THINGS).returning(THINGS.c.key, THINGS.c.name), rows(count))
    assert len(statements) == -(-count // ROWS)
    assert {one.name for one in found} == {str(number) for number in range(count)}
    held = connection.execute(select(THINGS).order_by(THINGS.c.key)).all()
    assert [(one.name, one.at, one.told, one.state) for one in held] == [
        (str(number), AT.astimezone(datetime.UTC), {"ệ": [number]}, None) for number in range(count)
    ]
    assert {one.key: one.name for one in found} == {one.key: one.name for one in held}


def test_what_a_statement_says_of_conflicts_holds(connection: Connection) -> None:
    statement = sqlite.insert(THINGS)
    kept = statement.on_conflict_do_nothing(index_elements=["name"]).returning(THINGS.c.name)
    assert len(many(connection, kept, rows(150))) == 150
    assert {one.name for one in many(connection, kept, rows(150, first=100))} == {str(n) for n in range(150, 250)}
    newer = statement.on_conflict_do_update(index_elements=["name"], set_={"told": statement.excluded.told})
    changed = [{**row, "told": {"x": 1}} for row in rows(200)]
    assert many(connection, newer, changed) == []
    told = connection.execute(select(THINGS.c.told)).scalars().all()
    assert (told.count({"x": 1}), len(told)) == (200, 250)


def test_a_default_is_filled_in_by_whoever_knows_it_and_a_fault_stays_one(connection: Connection) -> None:
    named = [{"name": f"{number}"} for number in range(120)]
    assert many(connection, insert(THINGS), named) == []
    assert set(connection.execute(select(THINGS.c.state)).scalars()) == {"new"}
    with pytest.raises(IntegrityError):
        many(connection, insert(THINGS), rows(1))
    with pytest.raises(Exception, match="without a zone"):
        many(connection, insert(THINGS), [{**rows(1, 500)[0], "at": datetime.datetime(2026, 3, 1)}])  # noqa: DTZ001
