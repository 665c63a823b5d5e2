"""Records of other repositories: many at once, in a constant number of statements.

A harvested resource is born published: nothing of it can be open, so that a
page of records is a few inserts. What changes there is written in the place
of what the published revision holds; what somebody here has said stays.
The module is long because it is one port, a few lines a method.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update

from service.adapters.database.additions import ADD_TERMS, ADD_VALUES, add_described
from service.adapters.database.columns import now
from service.adapters.database.organisations import owner_of
from service.adapters.database.rows import term_rows, value_rows
from service.adapters.database.tables import (
    HARVEST_RECORDS,
    HARVEST_REFUSALS,
    HARVEST_SOURCES,
    RESOURCES,
    REVISIONS,
    TERMS,
    VALUES,
)
from service.adapters.database.transaction import Transaction, chunks
from service.model import FROM_SOURCE, Described, ResourceId, ResourceKey, Value
from service.ports import Brought, Kept, Origin, Source

SOURCE = "source"
"""The origin of values that the harvester writes."""

_KEYS: Any = bindparam("keys", expanding=True)
_OF = RESOURCES.c.key == HARVEST_RECORDS.c.resource
_KEPT = (
    select(RESOURCES.c.key, RESOURCES.c.id, RESOURCES.c.visibility, RESOURCES.c.row_version)
    .add_columns(
        HARVEST_RECORDS.c.identifier, HARVEST_RECORDS.c.datestamp, HARVEST_RECORDS.c.digest, HARVEST_RECORDS.c.gone
    )
    .join(HARVEST_RECORDS, _OF)
)
_KNOWN = _KEPT.where(
    HARVEST_RECORDS.c.source == bindparam("meant"),
    HARVEST_RECORDS.c.identifier.in_(bindparam("identifiers", expanding=True)),
)
_ELSEWHERE = (
    select(HARVEST_RECORDS.c.original)
    .join(RESOURCES, _OF)
    .where(
        HARVEST_RECORDS.c.original.in_(bindparam("originals", expanding=True)),
        HARVEST_RECORDS.c.source != bindparam("meant"),
        RESOURCES.c.visibility == "live",
    )
)
_PUBLISHED = (
    select(REVISIONS.c.key, REVISIONS.c.resource)
    .join(RESOURCES, RESOURCES.c.key == REVISIONS.c.resource)
    .where(RESOURCES.c.key.in_(_KEYS), REVISIONS.c.number == RESOURCES.c.published)
)
_LOCAL = (
    select(VALUES, REVISIONS.c.resource)
    .join(REVISIONS, REVISIONS.c.key == VALUES.c.revision)
    .join(RESOURCES, RESOURCES.c.key == REVISIONS.c.resource)
    .where(RESOURCES.c.key.in_(_KEYS), REVISIONS.c.number == RESOURCES.c.published, VALUES.c.origin != SOURCE)
    .order_by(VALUES.c.revision, VALUES.c.position)
)
_MOVED = (
    update(RESOURCES)
    .where(RESOURCES.c.key == bindparam("meant"))
    .values(
        row_version=RESOURCES.c.row_version + 1,
        modified_at=bindparam("moment"),
        access=bindparam("given"),
        owner=bindparam("whose"),
    )
)
_WRITTEN = (
    update(HARVEST_RECORDS)
    .where(HARVEST_RECORDS.c.resource == bindparam("meant"))
    .values(datestamp=bindparam("dated"), digest=bindparam("summed"), origins=bindparam("stood"))
)
_ADD_RECORDS = insert(HARVEST_RECORDS)
_DATED = (
    update(HARVEST_RECORDS)
    .where(HARVEST_RECORDS.c.source == bindparam("meant"), HARVEST_RECORDS.c.identifier == bindparam("named"))
    .values(datestamp=bindparam("dated"))
)


class Harvests:
    """The port `service.ports.Harvests`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def sources(self) -> Sequence[Source]:
        return [_source(row) for row in self.transaction.all(select(HARVEST_SOURCES).order_by(HARVEST_SOURCES.c.key))]

    def source(self, base_url: str, set: str) -> Source | None:
        meant = HARVEST_SOURCES.c.base_url == base_url, HARVEST_SOURCES.c.set == set
        row = self.transaction.one(select(HARVEST_SOURCES).where(*meant))
        return None if row is None else _source(row)

    def save_source(self, source: Source) -> Source:
        told = {name: value for name, value in asdict(source).items() if name != "key"}
        if source.key:
            meant = update(HARVEST_SOURCES).where(HARVEST_SOURCES.c.key == source.key)
            self.transaction.run(meant.values(**told))
            return source
        written = self.transaction.insert(HARVEST_SOURCES).values(**told)
        written = written.on_conflict_do_update(
            index_elements=["base_url", "set"],
            set_={name: told[name] for name in ("format", "organisation", "licence", "name", "left_at")},
        )
        row = self.transaction.one(written.returning(HARVEST_SOURCES))
        assert row is not None  # noqa: S101 - an upsert without a condition returns its row
        return _source(row)

    def kept(self, source: int, identifiers: Collection[str]) -> Mapping[str, Kept]:
        found: dict[str, Kept] = {}
        for chunk in chunks(identifiers):
            rows = self.transaction.all(self.transaction.held(_KNOWN), {"meant": source, "identifiers": chunk})
            found.update((row.identifier, _kept(row)) for row in rows)
        return found

    def elsewhere(self, source: int, originals: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        for chunk in chunks(originals):
            rows = self.transaction.all(_ELSEWHERE, {"meant": source, "originals": chunk})
            found.update(row.original for row in rows)
        return frozenset(found)

    def add(self, source: Source, brought: Sequence[Brought]) -> Mapping[ResourceKey, ResourceId]:
        owner = owner_of(self.transaction, source.organisation)
        described = [Described(one.values, one.terms, one.access) for one in brought]
        keys = add_described(self.transaction, described, owner=owner, origin=f"{FROM_SOURCE}{source.key}")
        self.transaction.insert_all(
            _ADD_RECORDS,
            [
                {
                    "resource": key,
                    "source": source.key,
                    "identifier": one.identifier,
                    "original": one.original,
                    "datestamp": one.datestamp,
                    "digest": one.digest,
                    "gone": False,
                    "seen": source.run,
                    "origins": _stood(one),
                }
                for (key, _), one in zip(keys, brought, strict=True)
            ],
        )
        return dict(keys)

    def local(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Sequence[Value]]:
        found: dict[ResourceKey, list[Value]] = {}
        for chunk in chunks(keys):
            for row in self.transaction.all(_LOCAL, {"keys": chunk}):
                value = Value(row.field, row.value, row.origin, language=row.language, where=row.place)
                found.setdefault(ResourceKey(row.resource), []).append(value)
        return found

    def rewrite(self, source: Source, changed: Sequence[tuple[Kept, Brought]]) -> None:
        if not changed:
            return
        moment = now()
        keys = [kept.key for kept, _ in changed]
        revisions = {row.resource: row.key for row in self.transaction.all(_PUBLISHED, {"keys": keys})}
        self.transaction.run(delete(VALUES).where(VALUES.c.revision.in_(list(revisions.values()))))
        self.transaction.insert_all(
            ADD_VALUES, [row for kept, one in changed for row in value_rows(revisions[kept.key], one.values)]
        )
        self.transaction.run(delete(TERMS).where(TERMS.c.resource.in_(keys)))
        self.transaction.insert_all(
            ADD_TERMS,
            [row for kept, one in changed if kept.visibility == "live" for row in term_rows(kept.key, one.terms)],
        )
        row = {"moment": moment, "whose": owner_of(self.transaction, source.organisation)}
        self.transaction.run(_MOVED, [{**row, "meant": kept.key, "given": one.access} for kept, one in changed])
        self.transaction.run(
            _WRITTEN,
            [
                {"meant": kept.key, "dated": one.datestamp, "summed": one.digest, "stood": _stood(one)}
                for kept, one in changed
            ],
        )

    def dated(self, source: int, datestamps: Mapping[str, str]) -> None:
        if datestamps:
            rows = [{"meant": source, "named": named, "dated": dated} for named, dated in sorted(datestamps.items())]
            self.transaction.run(_DATED, rows)

    def move(self, kept: Sequence[Kept], *, gone: bool, reason: str) -> None:
        keys = [one.key for one in kept]
        if not keys:
            return
        moved = update(RESOURCES).where(RESOURCES.c.key.in_(keys))
        self.transaction.run(
            moved.values(
                visibility="withdrawn" if gone else "live",
                withdrawn_reason=reason if gone else "",
                modified_at=now(),
                row_version=RESOURCES.c.row_version + 1,
            )
        )
        self.transaction.run(update(HARVEST_RECORDS).where(HARVEST_RECORDS.c.resource.in_(keys)).values(gone=gone))
        self.transaction.run(delete(TERMS).where(TERMS.c.resource.in_(keys)))

    def seen(self, source: int, identifiers: Collection[str], run: int) -> None:
        for chunk in chunks(identifiers):
            meant = HARVEST_RECORDS.c.source == source, HARVEST_RECORDS.c.identifier.in_(chunk)
            self.transaction.run(update(HARVEST_RECORDS).where(*meant).values(seen=run))

    def unseen(self, source: int, run: int, limit: int) -> Sequence[Kept]:
        refused = select(HARVEST_REFUSALS.c.identifier).where(HARVEST_REFUSALS.c.source == source)
        lost = _KEPT.where(
            HARVEST_RECORDS.c.source == source,
            HARVEST_RECORDS.c.seen < run,
            RESOURCES.c.visibility == "live",
            HARVEST_RECORDS.c.identifier.not_in(refused),
        )
        return [_kept(row) for row in self.transaction.all(lost.order_by(RESOURCES.c.key).limit(limit))]

    def refuse(self, source: int, reasons: Mapping[str, tuple[str, str]]) -> None:
        row = {"source": source, "refused_at": now()}
        self.transaction.insert_all(
            _refusing(self.transaction.insert),
            [
                {**row, "identifier": identifier, "code": code, "detail": detail}
                for identifier, (code, detail) in sorted(reasons.items())
            ],
        )

    def refused(self, source: int) -> Mapping[str, tuple[str, str]]:
        meant = select(HARVEST_REFUSALS).where(HARVEST_REFUSALS.c.source == source)
        rows = self.transaction.all(meant.order_by(HARVEST_REFUSALS.c.refused_at, HARVEST_REFUSALS.c.identifier))
        return {row.identifier: (row.code, row.detail) for row in rows}

    def settle(self, source: int, identifiers: Collection[str]) -> None:
        for chunk in chunks(identifiers):
            meant = HARVEST_REFUSALS.c.source == source, HARVEST_REFUSALS.c.identifier.in_(chunk)
            self.transaction.run(delete(HARVEST_REFUSALS).where(*meant))

    def origins(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Sequence[Origin]]:
        found: dict[ResourceKey, Sequence[Origin]] = {}
        for chunk in chunks(keys):
            meant = select(HARVEST_RECORDS.c.resource, HARVEST_RECORDS.c.origins)
            rows = self.transaction.all(meant.where(HARVEST_RECORDS.c.resource.in_(chunk)))
            found.update((ResourceKey(row.resource), [Origin(**one) for one in row.origins["stood"]]) for row in rows)
        return found


@cache
def _refusing(insert: Callable[[Table], Any]) -> Any:
    written = insert(HARVEST_REFUSALS)
    new = {name: written.excluded[name] for name in ("code", "detail", "refused_at")}
    return written.on_conflict_do_update(index_elements=["source", "identifier"], set_=new)


def _stood(one: Brought) -> dict[str, Any]:
    # A list in a list of rows would be an array of two dimensions to PostgreSQL.
    return {"stood": [{name: getattr(origin, name) for name in Origin.__slots__} for origin in one.origins]}


def _source(row: Any) -> Source:
    return Source(**row._mapping)


def _kept(row: Any) -> Kept:
    return Kept(
        key=ResourceKey(row.key),
        id=ResourceId(row.id),
        identifier=row.identifier,
        datestamp=row.datestamp,
        digest=row.digest,
        gone=row.gone,
        visibility=row.visibility,
        version=row.row_version,
    )
