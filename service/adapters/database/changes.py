"""What everybody may see in the order of its changes, and block by block of the inner key: feeds and sitemaps.

Walks go by keyset, so that the last page costs what the first one does, and
nothing is repeated or skipped while others come and go.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from service.adapters.database.tables import RESOURCES
from service.adapters.database.terms import having, public_today
from service.adapters.database.transaction import Transaction
from service.model import LOCAL, ResourceId, ResourceKey
from service.ports import Block, Listed

_ROW = (RESOURCES.c.key, RESOURCES.c.id, RESOURCES.c.modified_at)


class Changes:
    """The port `service.ports.Changes`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def newest(self) -> datetime.datetime | None:
        row = self.transaction.one(
            select(RESOURCES.c.modified_at).order_by(RESOURCES.c.modified_at.desc(), RESOURCES.c.key.desc()).limit(1)
        )
        return row.modified_at if row else None

    def public(
        self,
        filters: Mapping[str, Collection[str]],
        *,
        before: Listed | None = None,
        after: Listed | None = None,
        limit: int,
    ) -> Sequence[Listed]:
        # News of other repositories are told by them.
        found = select(*_ROW).where(RESOURCES.c.origin == LOCAL, *public_today(), *having(filters))
        moment, key = RESOURCES.c.modified_at, RESOURCES.c.key
        if after is not None:
            # From the place upwards, then turned round: the nearest newer ones.
            later = and_(moment >= after.modified_at, or_(moment > after.modified_at, key > after.key))
            rows = self.transaction.all(found.where(later).order_by(moment, key).limit(limit))[::-1]
        else:
            if before is not None:
                found = found.where(moment <= before.modified_at, or_(moment < before.modified_at, key < before.key))
            rows = self.transaction.all(found.order_by(moment.desc(), key.desc()).limit(limit))
        return _listed(rows)

    def walk(self, after: int, until: int, limit: int) -> Sequence[Listed]:
        key = RESOURCES.c.key
        found = select(*_ROW).where(key > after, key <= until, *public_today())
        return _listed(self.transaction.all(found.order_by(key).limit(limit)))

    def blocks(self, size: int, number: int | None = None) -> Sequence[Block]:
        # Counted from 1: keys are.
        block = ((RESOURCES.c.key - 1) // size + 1).label("block")
        counted = select(
            block,
            func.sum(case((and_(*public_today()), 1), else_=0)).label("pages"),
            func.max(RESOURCES.c.modified_at).label("newest"),
        )
        if number is not None:
            counted = counted.where(RESOURCES.c.key > (number - 1) * size, RESOURCES.c.key <= number * size)
        rows = self.transaction.all(counted.group_by(block).order_by(block))
        return [Block(row.block, int(row.pages), row.newest) for row in rows if row.pages]


def _listed(rows: Sequence[Any]) -> list[Listed]:
    return [Listed(ResourceKey(row.key), ResourceId(row.id), row.modified_at) for row in rows]
