"""The term table: (resource, field, value) of what is published, for browsing without the engine and for sets."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, delete, func, insert, select

from service.adapters.database.tables import TERMS
from service.adapters.database.transaction import Transaction
from service.model import ResourceKey

_FORGET = delete(TERMS).where(TERMS.c.resource == bindparam("meant"))
_ADD = insert(TERMS)


class Terms:
    """The port `service.ports.Terms`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def replace(self, key: ResourceKey, terms: Iterable[tuple[str, str]]) -> None:
        self.transaction.run(_FORGET, {"meant": key})
        rows = [{"resource": key, "field": field, "value": value} for field, value in sorted(set(terms))]
        if rows:
            self.transaction.run(_ADD, rows)

    def counts(self, field: str) -> Mapping[str, int]:
        rows = self.transaction.all(
            select(TERMS.c.value, func.count().label("number"))
            .where(TERMS.c.field == field)
            .group_by(TERMS.c.value)
            .order_by(TERMS.c.value)
        )
        return {row.value: row.number for row in rows}

    def beginning(self, field: str, prefix: str, *, limit: int) -> Sequence[ResourceKey]:
        rows = self.transaction.all(
            select(TERMS.c.resource)
            # A range of the index on every engine, which LIKE is not. No value holds the last character there is.
            .where(TERMS.c.field == field, TERMS.c.value >= prefix, TERMS.c.value < f"{prefix}\U0010ffff")
            .order_by(TERMS.c.value, TERMS.c.resource)
            .limit(limit)
        )
        return list(dict.fromkeys(ResourceKey(row.resource) for row in rows))

    def resources(self, field: str, value: str, *, after: int, limit: int) -> Sequence[ResourceKey]:
        """Keys greater than `after`, rising (keyset)."""
        rows = self.transaction.all(
            select(TERMS.c.resource)
            .where(TERMS.c.field == field, TERMS.c.value == value, TERMS.c.resource > after)
            .order_by(TERMS.c.resource)
            .limit(limit)
        )
        return [ResourceKey(row.resource) for row in rows]
