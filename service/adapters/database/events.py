"""What happened, for ever: adding and reading; there is no way to change one."""

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select

from service.adapters.database.columns import now
from service.adapters.database.tables import EVENTS
from service.adapters.database.transaction import Transaction
from service.model import Event, ResourceKey

# Built once: every file that goes in adds three.
_ADD = insert(EVENTS)


class Events:
    """The port `service.ports.Events`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def add(self, kind: str, resource: ResourceKey | None, actor: str, details: Mapping[str, str | int]) -> None:
        event = {"kind": kind, "resource": resource, "actor": actor, "details": dict(details), "at": now()}
        self.transaction.run(_ADD, [event])

    def add_all(self, kind: str, details: Mapping[ResourceKey, Mapping[str, str | int]], actor: str) -> None:
        moment = now()
        rows = [
            {"kind": kind, "resource": key, "actor": actor, "details": dict(one), "at": moment}
            for key, one in details.items()
        ]
        self.transaction.insert_all(_ADD, rows)

    def of(self, key: ResourceKey) -> Sequence[Event]:
        """Oldest first."""
        rows = self.transaction.all(select(EVENTS).where(EVENTS.c.resource == key).order_by(EVENTS.c.key))
        return [Event(row.kind, row.resource, row.actor, row.details, row.at) for row in rows]

    def of_kind(self, kind: str) -> Sequence[Event]:
        rows = self.transaction.all(select(EVENTS).where(EVENTS.c.kind == kind).order_by(EVENTS.c.key))
        return [Event(row.kind, row.resource, row.actor, row.details, row.at) for row in rows]
