"""Daily counters: how often, per day, resource, organisation and door, and nothing about who."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import func, select, tuple_

from service.adapters.database.tables import COUNTS, RESOURCES
from service.adapters.database.transaction import CHUNK, Transaction, chunks
from service.model import Count, ResourceId, ResourceKey

USES = ("opening", "download", "play")
KEY = ("day", "kind", "resource", "organisation", "door")


class Counters:
    """The port `service.ports.Counters`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def add(self, counts: Sequence[Count]) -> None:
        summed: Counter[tuple[datetime.date, str, str, str, str]] = Counter()
        for count in counts:
            summed[count.day, count.kind, count.resource or "", count.organisation, count.door] += count.number
        if not summed:
            return
        statement = self.transaction.insert(COUNTS)
        # Sorted, so that two writers take row locks in one order (PostgreSQL).
        rows = [{**dict(zip(KEY, key, strict=True)), "number": number} for key, number in sorted(summed.items())]
        self.transaction.run(
            statement.on_conflict_do_update(
                index_elements=list(KEY), set_={"number": COUNTS.c.number + statement.excluded.number}
            ),
            rows,
        )

    def rows(self, first: datetime.date, last: datetime.date) -> Iterator[Count]:
        """Both days included, in the order of the key; read as they are asked for, inside the unit of work."""
        key = tuple_(*(COUNTS.c[name] for name in KEY))
        statement = select(COUNTS).where(COUNTS.c.day.between(first, last)).order_by(*key.clauses).limit(CHUNK)
        page = self.transaction.all(statement)
        while page:
            for row in page:
                resource = ResourceId(row.resource) if row.resource else None
                yield Count(row.day, row.kind, resource, row.organisation, row.door, row.number)
            # From the last key on: drivers would fetch all rows of one statement at once.
            last_key = tuple(getattr(page[-1], name) for name in KEY)
            page = self.transaction.all(statement.where(key > last_key)) if len(page) == CHUNK else ()

    def used(self, ids: Collection[ResourceId]) -> Mapping[ResourceId, int]:
        """Those never used are left out."""
        found: dict[ResourceId, int] = {}
        for chunk in chunks(ids):
            rows = self.transaction.all(
                select(COUNTS.c.resource, func.sum(COUNTS.c.number).label("number"))
                .where(COUNTS.c.resource.in_(chunk), COUNTS.c.kind.in_(USES))
                .group_by(COUNTS.c.resource)
            )
            found.update({ResourceId(row.resource): int(row.number) for row in rows})
        return found

    def most_used(self, limit: int) -> Sequence[tuple[ResourceKey, int]]:
        """Among as many the older resource first."""
        number = func.sum(COUNTS.c.number).label("number")
        rows = self.transaction.all(
            select(RESOURCES.c.key, number)
            .join(COUNTS, COUNTS.c.resource == RESOURCES.c.id)
            .where(
                COUNTS.c.kind.in_(USES),
                RESOURCES.c.visibility == "live",
                RESOURCES.c.access == "public",
                RESOURCES.c.published.is_not(None),
            )
            .group_by(RESOURCES.c.key)
            .order_by(number.desc(), RESOURCES.c.key)
            .limit(limit)
        )
        return [(ResourceKey(row.key), int(row.number)) for row in rows]
