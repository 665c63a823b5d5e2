"""Suggested values with their evidence, and where files lay when they were taken in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from service.adapters.database.columns import now
from service.adapters.database.tables import PATHS, PROPOSALS
from service.adapters.database.transaction import Transaction, chunks
from service.model import Evidence, Proposal, ResourceKey

# Built once: every file that is read runs them.
_LAY = insert(PATHS)
_OPEN = PROPOSALS.c.accepted_at.is_(None)
_FORGET_OPEN = delete(PROPOSALS).where(PROPOSALS.c.resource == bindparam("meant"), _OPEN)
_FORGET = delete(PROPOSALS).where(PROPOSALS.c.resource == bindparam("meant"))
_FORGET_PATH = delete(PATHS).where(PATHS.c.resource == bindparam("meant"))
_OF = (
    select(PROPOSALS)
    .where(PROPOSALS.c.resource.in_(bindparam("keys", expanding=True)))
    .order_by(PROPOSALS.c.resource, PROPOSALS.c.confidence.desc(), PROPOSALS.c.field, PROPOSALS.c.value)
)
_ACCEPT = update(PROPOSALS).where(
    PROPOSALS.c.resource == bindparam("meant"),
    PROPOSALS.c.field == bindparam("about"),
    PROPOSALS.c.value == bindparam("said"),
)


class Proposals:
    """The port `service.ports.Proposals`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def lay(self, paths: Mapping[ResourceKey, str]) -> None:
        self.transaction.insert_all(_LAY, [{"resource": key, "path": path} for key, path in paths.items()])

    def path(self, key: ResourceKey) -> str:
        return str(self.transaction.scalar(select(PATHS.c.path).where(PATHS.c.resource == key)) or "")

    def replace(self, key: ResourceKey, proposals: Sequence[Proposal]) -> None:
        self.transaction.run(_FORGET_OPEN, {"meant": key})
        rows = [
            {
                "resource": key,
                "field": one.field,
                "value": one.value,
                "confidence": one.confidence,
                "evidence": [asdict(seen) for seen in one.evidence],
                "accepted_by": "",
                "accepted_at": None,
            }
            for one in proposals
        ]
        if rows:
            # What was accepted holds its key.
            wanted = self.transaction.insert(PROPOSALS).on_conflict_do_nothing(
                index_elements=["resource", "field", "value"]
            )
            self.transaction.run(wanted, rows)

    def of(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Sequence[Proposal]]:
        found: dict[ResourceKey, list[Proposal]] = {}
        for chunk in chunks(keys):
            for row in self.transaction.all(_OF, {"keys": chunk}):
                found.setdefault(ResourceKey(row.resource), []).append(_proposal(row))
        return found

    def waiting(self, after: int, limit: int, *, least: float, field: str = "") -> Sequence[ResourceKey]:
        wanted = (
            select(PROPOSALS.c.resource)
            .where(PROPOSALS.c.resource > after, PROPOSALS.c.confidence >= least, _OPEN)
            .group_by(PROPOSALS.c.resource)
            .order_by(PROPOSALS.c.resource)
            .limit(limit)
        )
        if field:
            wanted = wanted.where(PROPOSALS.c.field == field)
        return [ResourceKey(row.resource) for row in self.transaction.all(wanted)]

    def accept(self, key: ResourceKey, accepted: Collection[tuple[str, str]], *, actor: str) -> None:
        rows = [{"meant": key, "about": field, "said": value} for field, value in accepted]
        if rows:
            self.transaction.run(_ACCEPT.values(accepted_by=actor, accepted_at=now()), rows)

    def forget(self, key: ResourceKey) -> None:
        self.transaction.run(_FORGET, {"meant": key})
        self.transaction.run(_FORGET_PATH, {"meant": key})


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        field=row.field,
        value=row.value,
        confidence=row.confidence,
        evidence=tuple(Evidence(**seen) for seen in row.evidence),
        accepted_by=row.accepted_by,
        accepted_at=row.accepted_at,
    )
