"""The term table: (resource, field, value) of what is published, for browsing without the engine and for sets."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)

from service.adapters.database.beginnings import BEGINNING, VALUES_BEGINNING, between, public_on
from service.adapters.database.columns import now
from service.adapters.database.tables import RESOURCES, TERMS
from service.adapters.database.transaction import Transaction, chunks
from service.model import ResourceKey

_FORGET = delete(TERMS).where(TERMS.c.resource == bindparam("meant"))
_ADD = insert(TERMS)
_TODAY: BindParameter[datetime.date] = bindparam("today", type_=Date)
ANY_AT_ONCE = 6
"""Pairs are asked for in sixes: a statement of another length is compiled anew, 30 ms for somebody who types."""


@cache
def _any(count: int) -> CompoundSelect[Any]:
    """Which of so many (field, value) everybody finds something of. Built once, since each letter asks it."""
    return union_all(
        *(
            select(literal(place).label("place")).where(
                select(TERMS.c.resource)
                .join(RESOURCES, RESOURCES.c.key == TERMS.c.resource)
                .where(
                    TERMS.c.field == bindparam(f"field{place}"),
                    TERMS.c.value == bindparam(f"value{place}"),
                    *public_on(_TODAY),
                )
                .exists()
            )
            for place in range(count)
        )
    )


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

    def public_beginning(self, field: str, prefix: str, *, limit: int) -> Sequence[tuple[str, ResourceKey]]:
        rows = self.transaction.all(BEGINNING, {**between(field, prefix), "today": now().date(), "most": limit})
        return [(row.value, ResourceKey(row.resource)) for row in rows]

    def public_values(
        self, field: str, prefix: str, *, limit: int, counted: int
    ) -> Sequence[tuple[str, ResourceKey, int]]:
        rows = self.transaction.all(
            VALUES_BEGINNING,
            {**between(field, prefix), "today": now().date(), "most": limit, "counted": counted},
        )
        return [(row.value, ResourceKey(row.example), row.number) for row in rows if row.example is not None]

    def public_any(self, pairs: Sequence[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        if not pairs:
            return frozenset()
        # Nothing has the field that fills it up.
        filled = [*pairs, *[("", "")] * (-len(pairs) % ANY_AT_ONCE)]
        named = {f"field{place}": field for place, (field, _) in enumerate(filled)}
        named |= {f"value{place}": value for place, (_, value) in enumerate(filled)}
        rows = self.transaction.all(_any(len(filled)), {**named, "today": now().date()})
        return frozenset(pairs[row.place] for row in rows)

    def values(self, field: str, keys: Collection[ResourceKey]) -> Sequence[tuple[str, ResourceKey]]:
        found: list[tuple[str, ResourceKey]] = []
        for chunk in chunks(keys):
            rows = self.transaction.all(
                select(TERMS.c.value, TERMS.c.resource).where(TERMS.c.resource.in_(chunk), TERMS.c.field == field)
            )
            found += [(row.value, ResourceKey(row.resource)) for row in rows]
        return found

    def resources(self, field: str, value: str, *, after: int, limit: int) -> Sequence[ResourceKey]:
        """Keys greater than `after`, rising (keyset)."""
        rows = self.transaction.all(
            select(TERMS.c.resource)
            .where(TERMS.c.field == field, TERMS.c.value == value, TERMS.c.resource > after)
            .order_by(TERMS.c.resource)
            .limit(limit)
        )
        return [ResourceKey(row.resource) for row in rows]

    def public_counts(self, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        rows = self.transaction.all(
            select(TERMS.c.field, TERMS.c.value, func.count().label("number"))
            .join(RESOURCES, RESOURCES.c.key == TERMS.c.resource)
            .where(TERMS.c.field.in_(fields), *public_today())
            .group_by(TERMS.c.field, TERMS.c.value)
        )
        counts: dict[str, dict[str, int]] = {field: {} for field in fields}
        for row in rows:
            counts[row.field][row.value] = row.number
        return counts

    def public(
        self, filters: Mapping[str, Collection[str]], *, before: ResourceKey | None, limit: int
    ) -> Sequence[ResourceKey]:
        found = select(RESOURCES.c.key).where(*public_today(), *having(filters))
        if before is not None:
            found = found.where(RESOURCES.c.key < before)
        rows = self.transaction.all(found.order_by(RESOURCES.c.key.desc()).limit(limit))
        return [ResourceKey(row.key) for row in rows]

    def public_total(self, filters: Mapping[str, Collection[str]]) -> int:
        found = select(func.count()).select_from(RESOURCES).where(*public_today(), *having(filters))
        return int(self.transaction.scalar(found) or 0)


def public_today() -> tuple[ColumnElement[bool], ...]:
    return public_on(now().date())


def having(filters: Mapping[str, Collection[str]]) -> list[ColumnElement[Any]]:
    """One of the values of each field, each a term of the resource."""
    return [
        RESOURCES.c.key.in_(select(TERMS.c.resource).where(TERMS.c.field == field, TERMS.c.value.in_(values)))
        for field, values in filters.items()
        if values
    ]
