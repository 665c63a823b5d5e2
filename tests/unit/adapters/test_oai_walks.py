"""Lists of harvesters are walked in the order of an index, and counted without a look at the rows."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Select, text

from service import compose
from service.adapters.database.oai_walks import back, count, walk
from service.settings import Settings

VALUES = {
    "set": "subject:toan",
    "since": "2026-01-01T00:00:00Z",
    "until": "2026-12-31T23:59:59Z",
    "format": "lom",
    "datestamp": "2026-06-01T00:00:00Z",
    "id": "0123456789ab",
    "most": 501,
}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    catalogue = compose.services(Settings(home=tmp_path_factory.mktemp("walks"))).catalogue
    catalogue.migrate()
    with catalogue.reading() as work:
        yield work.oai.transaction.connection
    catalogue.close()


def plan(connection: Connection, statement: Select[Any]) -> list[str]:
    """What SQLite says it would do. Source: https://www.sqlite.org/eqp.html"""
    named = {name: VALUES[name] for name in statement.compile().params if name in VALUES}
    said = statement.params(named).compile(connection, compile_kwargs={"literal_binds": True})
    return [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {said}".replace(":", r"\:")))]


@pytest.mark.parametrize(("of_set", "since", "until", "last"), list(itertools.product((False, True), repeat=4)))
def test_a_page_is_read_in_order_from_its_place_on(
    connection: Connection, of_set: bool, since: bool, until: bool, last: bool
) -> None:
    walked = back(of_set, since, until, True) if last else walk(of_set, since, until, True, True)
    said = plan(connection, walked)
    index = "SEARCH oai_members USING COVERING INDEX" if of_set else "SEARCH oai_records USING INDEX ix_oai_records"
    assert said[0].startswith(index), said
    # Neither the rest of the list nor another one is looked at, and nothing is put in order.
    assert not [one for one in said if one.startswith(("SCAN oai_", "USE TEMP"))], said


@pytest.mark.parametrize(("of_set", "since", "until"), list(itertools.product((False, True), repeat=3)))
def test_a_list_is_counted_in_an_index(connection: Connection, of_set: bool, since: bool, until: bool) -> None:
    said = [
        one for one in plan(connection, count(of_set, since, until)) if " oai_records" in one or " oai_members" in one
    ]
    assert said
    assert all("USING COVERING INDEX" in one for one in said), said
