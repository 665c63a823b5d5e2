"""Column types that mean the same on every engine.

Used by `tables.py` only. Times that carry no zone are refused here, at the
last door before the database, because a naive time is wrong by seven hours
in Vietnam and nobody sees it.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

CODE = Text().with_variant(Text(collation="C"), "postgresql")
"""Ids, codes and hashes: compared and sorted as bytes. SQLite's own collation, BINARY, already is that."""


class UtcDateTime(TypeDecorator[datetime.datetime]):
    """A moment. Takes aware times of any zone, gives back UTC.

    Raises: ValueError: the time is naive.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, _dialect: Dialect) -> datetime.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(f"a time without a zone: {value.isoformat()}")
        return value.astimezone(datetime.UTC)

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime.datetime | None:
        if value is None:
            return None
        moment: datetime.datetime = value
        # SQLite gives back what was written, without the zone; PostgreSQL in the session's zone.
        return moment.replace(tzinfo=datetime.UTC) if moment.tzinfo is None else moment.astimezone(datetime.UTC)


class JsonText(TypeDecorator[Any]):
    """Small structures that nothing queries into, as JSON text that people can read in a database shell."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | Sequence[Any] | None, _dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def now() -> datetime.datetime:
    """The present moment, UTC."""
    return datetime.datetime.now(datetime.UTC)
