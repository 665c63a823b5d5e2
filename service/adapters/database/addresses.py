"""Which resource without files describes which address: what a sheet that is handed in again finds."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, select

from service.adapters.database.resources import resource_of
from service.adapters.database.tables import ADDRESSES, RESOURCES
from service.adapters.database.transaction import Transaction, chunks
from service.model import Resource, ResourceKey

_KNOWN = (
    select(ADDRESSES.c.digest, RESOURCES)
    .join(RESOURCES, RESOURCES.c.key == ADDRESSES.c.resource)
    .where(
        ADDRESSES.c.digest.in_(bindparam("digests", expanding=True)),
        RESOURCES.c.owner == bindparam("whose"),
        RESOURCES.c.visibility != "withdrawn",
    )
    .order_by(RESOURCES.c.key.desc())
)


class Addresses:
    """The port `service.ports.Addresses`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def known(self, owner: str, digests: Collection[str]) -> Mapping[str, Resource]:
        if self.transaction.writes:
            # Whoever describes the same for the same owner waits, and then finds it.
            self.transaction.alone(f"addresses {owner}")
        found: dict[str, Resource] = {}
        for chunk in chunks(digests):
            rows = self.transaction.all(_KNOWN, {"digests": chunk, "whose": owner})
            # Of several, which only a merge of organisations leaves, the oldest.
            found.update((row.digest, resource_of(row)) for row in rows)
        return found

    def keep(self, digests: Mapping[ResourceKey, str]) -> None:
        rows = [{"resource": key, "digest": digest} for key, digest in digests.items()]
        self.transaction.insert_all(_keeping(self.transaction.insert), rows)


@cache
def _keeping(insert: Callable[[Table], Any]) -> Any:
    statement = insert(ADDRESSES)
    return statement.on_conflict_do_update(index_elements=["resource"], set_={"digest": statement.excluded.digest})
