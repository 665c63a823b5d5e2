"""What was handed over to other repositories: packages, and what each has of a resource by now."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update

from service.adapters.database.columns import now
from service.adapters.database.tables import HANDOVER_ITEMS, HANDOVERS
from service.adapters.database.transaction import Transaction, chunks
from service.errors import Conflict
from service.model import Handed, Package, ResourceKey


class Handovers:
    """The port `service.ports.Handovers`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def items(self, profile: str, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Handed]:
        found: dict[ResourceKey, Handed] = {}
        for chunk in chunks(keys):
            asked = select(HANDOVER_ITEMS).where(
                HANDOVER_ITEMS.c.profile == profile, HANDOVER_ITEMS.c.resource.in_(chunk)
            )
            for row in self.transaction.all(asked):
                key = ResourceKey(row.resource)
                found[key] = Handed(key, row.state, row.seen, row.digest, row.package, row.reason)
        return found

    def record(self, profile: str, items: Sequence[Handed]) -> None:
        if not items:
            return
        told = ("state", "seen", "digest", "package", "reason")
        put = self.transaction.insert(HANDOVER_ITEMS)
        put = put.on_conflict_do_update(
            index_elements=["profile", "resource"], set_={name: put.excluded[name] for name in told}
        )
        self.transaction.run(
            put,
            [
                {"profile": profile, "resource": one.resource, **{name: getattr(one, name) for name in told}}
                for one in items
            ],
        )

    def add(self, name: str, profile: str, *, records: int, withdrawn: int) -> Package:
        row = self.transaction.one(
            self.transaction.insert(HANDOVERS)
            .values(name=name, profile=profile, made_at=now(), records=records, withdrawn=withdrawn)
            .on_conflict_do_nothing(index_elements=["name"])
            .returning(HANDOVERS)
        )
        if row is None:
            raise Conflict(package=name)
        return _package(row)

    def packages(self, profile: str) -> Sequence[Package]:
        asked = select(HANDOVERS).where(HANDOVERS.c.profile == profile).order_by(HANDOVERS.c.key)
        return [_package(row) for row in self.transaction.all(asked)]

    def get(self, name: str) -> Package | None:
        row = self.transaction.one(select(HANDOVERS).where(HANDOVERS.c.name == name))
        return None if row is None else _package(row)

    def received(self, key: int) -> None:
        self.transaction.run(update(HANDOVERS).where(HANDOVERS.c.key == key).values(receipt_at=now()))


def _package(row: Row[Any]) -> Package:
    return Package(row.key, row.name, row.profile, row.made_at, row.records, row.withdrawn, row.receipt_at)
