"""Beside the lists of harvesters: what records lack for a profile, the set for trials, everything by id."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, select

from service.adapters.database.tables import OAI_FORMS, OAI_LACKS, OAI_RECORDS, OAI_TRIAL, RESOURCES, TERMS
from service.adapters.database.transaction import Transaction, chunks
from service.model import HARVESTED, LOCAL, Inventoried, Rendered, ResourceId, ResourceKey, Standing

LIVE, DELETED = "live", "deleted"

_ADD_LACKS = insert(OAI_LACKS)
_FORGET_LACKS = delete(OAI_LACKS).where(OAI_LACKS.c.resource.in_(bindparam("keys", expanding=True)))
# What came from elsewhere is nobody's to hand on.
_LISTED = and_(OAI_RECORDS.c.resource == RESOURCES.c.key, OAI_RECORDS.c.status == LIVE, RESOURCES.c.origin == LOCAL)
_LACKS = exists().where(OAI_LACKS.c.resource == RESOURCES.c.key)


class StandingOfRecords:
    """A part of the port `service.ports.OaiRecords`."""

    transaction: Transaction

    def judge(self, rendered: Sequence[Rendered]) -> None:
        """Write down what these lack; nothing of what is not listed any more."""
        if not rendered:
            return
        self.transaction.run(_FORGET_LACKS, {"keys": [one.key for one in rendered]})
        rows = [
            {"resource": one.key, "field": field, "lack": lack}
            for one in rendered
            if one.forms is not None
            for field, lack in one.lacks
        ]
        self.transaction.insert_all(_ADD_LACKS, rows)

    def by_id(self, after: str, limit: int, *, forms: bool = False, own: bool = False) -> Sequence[Inventoried]:
        found = select(OAI_RECORDS).where(OAI_RECORDS.c.id > after).order_by(OAI_RECORDS.c.id)
        if own:
            found = found.where(OAI_RECORDS.c.sets != HARVESTED)
        rows = self.transaction.all(found.limit(limit))
        sent: dict[int, dict[str, str]] = {}
        if forms and rows:
            keys = [row.resource for row in rows]
            for form in self.transaction.all(select(OAI_FORMS).where(OAI_FORMS.c.resource.in_(keys))):
                sent.setdefault(form.resource, {})[form.format] = form.xml
        return [
            Inventoried(
                ResourceKey(row.resource),
                ResourceId(row.id),
                row.datestamp,
                row.status == DELETED,
                f"{row.datestamp} {row.version} {row.digest}",
                sent.get(row.resource, {}),
            )
            for row in rows
        ]

    def standing(self) -> Sequence[Standing]:
        owners: dict[str, dict[str, int]] = {}
        counted = select(RESOURCES.c.owner, func.count().label("number")).group_by(RESOURCES.c.owner)
        listed = counted.join(OAI_RECORDS, _LISTED)
        published = (
            RESOURCES.c.published.is_not(None),
            RESOURCES.c.visibility == "live",
            RESOURCES.c.origin == LOCAL,
        )
        for name, asked in (
            ("ready", listed.where(~_LACKS)),
            ("listed", listed),
            ("inside", counted.where(*published, ~exists().where(_LISTED))),
        ):
            for row in self.transaction.all(asked):
                owners.setdefault(row.owner, {})[name] = row.number
        return [Standing(owner, **owners[owner]) for owner in sorted(owners)]

    def lacking(self) -> Sequence[tuple[str, str, str, int]]:
        number = func.count().label("number")
        asked = (
            select(RESOURCES.c.owner, OAI_LACKS.c.field, OAI_LACKS.c.lack, number)
            .join(RESOURCES, RESOURCES.c.key == OAI_LACKS.c.resource)
            .group_by(RESOURCES.c.owner, OAI_LACKS.c.field, OAI_LACKS.c.lack)
            .order_by(number.desc(), RESOURCES.c.owner, OAI_LACKS.c.field, OAI_LACKS.c.lack)
        )
        return [(row.owner, row.field, row.lack, row.number) for row in self.transaction.all(asked)]

    def lacks_of(self, owner: str, after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId, str, str]]:
        page = (
            select(RESOURCES.c.key, RESOURCES.c.id)
            .where(RESOURCES.c.owner == owner, RESOURCES.c.key > after, _LACKS)
            .order_by(RESOURCES.c.key)
            .limit(limit)
            .subquery()
        )
        asked = (
            select(page.c.key, page.c.id, OAI_LACKS.c.field, OAI_LACKS.c.lack)
            .join(OAI_LACKS, OAI_LACKS.c.resource == page.c.key)
            .order_by(page.c.key, OAI_LACKS.c.field, OAI_LACKS.c.lack)
        )
        return [(ResourceKey(row.key), ResourceId(row.id), row.field, row.lack) for row in self.transaction.all(asked)]

    def on_trial(self, keys: Collection[ResourceKey]) -> frozenset[ResourceKey]:
        found: set[ResourceKey] = set()
        for chunk in chunks(keys):
            rows = self.transaction.all(select(OAI_TRIAL.c.resource).where(OAI_TRIAL.c.resource.in_(chunk)))
            found |= {ResourceKey(row.resource) for row in rows}
        return frozenset(found)

    def trial(self) -> tuple[int, Mapping[str, int]]:
        listed = and_(OAI_RECORDS.c.resource == OAI_TRIAL.c.resource, OAI_RECORDS.c.status == LIVE)
        whole = select(func.count()).select_from(OAI_TRIAL).join(OAI_RECORDS, listed)
        of_type = and_(TERMS.c.resource == OAI_TRIAL.c.resource, TERMS.c.field == "type")
        typed: Any = (
            select(TERMS.c.value, func.count().label("number"))
            .select_from(OAI_TRIAL)
            .join(OAI_RECORDS, listed)
            .join(TERMS, of_type)
            .group_by(TERMS.c.value)
        )
        return int(self.transaction.scalar(whole) or 0), {row.value: row.number for row in self.transaction.all(typed)}

    def trial_candidates(self, type: str, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        listed = and_(OAI_RECORDS.c.resource == TERMS.c.resource, OAI_RECORDS.c.status == LIVE)
        asked = (
            select(OAI_RECORDS.c.resource, OAI_RECORDS.c.id)
            .select_from(TERMS)
            .join(OAI_RECORDS, listed)
            .join(RESOURCES, RESOURCES.c.key == TERMS.c.resource)
            .where(
                RESOURCES.c.origin == LOCAL,
                TERMS.c.field == "type",
                TERMS.c.value == type,
                ~exists().where(OAI_TRIAL.c.resource == TERMS.c.resource),
            )
            .order_by(TERMS.c.resource)
            .limit(limit)
        )
        return [(ResourceKey(row.resource), ResourceId(row.id)) for row in self.transaction.all(asked)]

    def try_out(self, keys: Sequence[ResourceKey]) -> None:
        if keys:
            put = self.transaction.insert(OAI_TRIAL).on_conflict_do_nothing(index_elements=["resource"])
            self.transaction.run(put, [{"resource": key} for key in keys])
