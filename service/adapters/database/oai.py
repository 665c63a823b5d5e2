"""What harvesters get: rendered records, their datestamps, sets and tombstones.

A datestamp is given under one lock that is held until the commit (an advisory
lock on PostgreSQL, the single writer on SQLite) and is never smaller than the
last one: whoever has seen a datestamp has seen everything before it. It is
text in the one form that OAI-PMH knows, so that what from and until are
compared with is what the header says, whatever the server's zone.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)

from service.adapters.database.columns import now
from service.adapters.database.oai_standing import DELETED, LIVE, StandingOfRecords
from service.adapters.database.oai_walks import back, columns, count, walk
from service.adapters.database.tables import (
    OAI_FORMS,
    OAI_MEMBERS,
    OAI_RECORDS,
    OAI_SECRETS,
    OAI_SETS,
    ORGANISATIONS,
    RESOURCES,
)
from service.adapters.database.transaction import Transaction
from service.model import FROM_SOURCE, Harvested, Rendered, ResourceId, ResourceKey, Window

STAMPING = "oai-datestamps"
"""The name of the lock under which datestamps are given."""

_NOTHING = "1970-01-01T00:00:00Z"
_TOKENS = "resumption-tokens"

_KEYS: Any = bindparam("keys", expanding=True)
_IDS: Any = bindparam("ids", expanding=True)
_THERE = select(OAI_RECORDS).where(OAI_RECORDS.c.resource.in_(_KEYS))
_ADD_FORMS, _ADD_MEMBERS, _ADD_RECORDS = insert(OAI_FORMS), insert(OAI_MEMBERS), insert(OAI_RECORDS)
_FORGET_FORMS = delete(OAI_FORMS).where(OAI_FORMS.c.resource.in_(_KEYS))
_FORGET_RECORDS = delete(OAI_RECORDS).where(OAI_RECORDS.c.resource.in_(_KEYS))
_FORGET_MEMBERS = delete(OAI_MEMBERS).where(OAI_MEMBERS.c.id.in_(_IDS))
_REFRESH = (
    OAI_RECORDS.update()
    .where(OAI_RECORDS.c.resource == bindparam("meant"))
    .values(version=bindparam("versioned"), fingerprint=bindparam("made"))
)
_ISSUED = select(func.max(OAI_RECORDS.c.datestamp))


class OaiRecords(StandingOfRecords):
    """The port `service.ports.OaiRecords`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def stamp(self, rendered: Sequence[Rendered]) -> int:
        self.transaction.alone(STAMPING)
        there = {row.resource: row for row in self.transaction.all(_THERE, {"keys": [one.key for one in rendered]})}
        moved: list[dict[str, Any]] = []
        refreshed: list[dict[str, Any]] = []
        forms: list[dict[str, Any]] = []
        judged: list[Rendered] = []
        for one in rendered:
            row = there.get(one.key)
            if row is not None and row.version > one.version:
                continue
            judged.append(one)
            if one.forms is None:
                if row is not None and row.status == LIVE:
                    moved.append(_tombstone(row, one.version))
            elif row is not None and row.status == LIVE and row.digest == one.digest:
                if row.fingerprint != one.fingerprint or row.version != one.version:
                    refreshed.append({"meant": one.key, "versioned": one.version, "made": one.fingerprint})
            else:
                moved.append(_listed(one))
                forms += ({"resource": one.key, "format": name, "xml": xml} for name, xml in one.forms.items())
        if refreshed:
            self.transaction.run(_REFRESH, refreshed)
        self.judge(judged)
        self._move(moved, forms)
        return len(moved)

    def retract(self, key: ResourceKey, version: int) -> None:
        self.transaction.alone(STAMPING)
        row = self.transaction.one(_THERE, {"keys": [key]})
        if row is not None and row.status == LIVE:
            self.judge([Rendered(key, row.id, version)])
            self._move([_tombstone(row, version)], [])

    def _move(self, rows: Sequence[dict[str, Any]], forms: Sequence[dict[str, Any]]) -> None:
        """Write records anew with the next datestamp; under the lock."""
        if not rows:
            return
        keys = self._sets({spec for row in rows for spec in _with_those_above(row["sets"])})
        about = {"keys": [row["resource"] for row in rows]}
        self.transaction.run(_FORGET_FORMS, about)
        self.transaction.insert_all(_ADD_FORMS, forms)
        self.transaction.run(_FORGET_MEMBERS, {"ids": [row["id"] for row in rows]})
        self.transaction.run(_FORGET_RECORDS, about)
        # As late as can be: whoever asks from this second on comes after the commit.
        datestamp = max(f"{now():%Y-%m-%dT%H:%M:%SZ}", self.issued())
        stamped = [{**row, "datestamp": datestamp} for row in rows]
        self.transaction.insert_all(
            _ADD_MEMBERS,
            [
                {"set": keys[spec], "datestamp": datestamp, "id": row["id"]}
                for row in rows
                for spec in sorted(_with_those_above(row["sets"]))
            ],
        )
        self.transaction.insert_all(_ADD_RECORDS, stamped)

    def _sets(self, specs: set[str]) -> Mapping[str, int]:
        """Keys of sets, those that are new declared."""
        if not specs:
            return {}
        known = select(OAI_SETS.c.spec, OAI_SETS.c.key).where(OAI_SETS.c.spec.in_(specs))
        keys: dict[str, int] = {row.spec: row.key for row in self.transaction.all(known)}
        if new := sorted(specs - set(keys)):
            self.transaction.insert_all(insert(OAI_SETS), [{"spec": spec} for spec in new])
            keys = {row.spec: row.key for row in self.transaction.all(known)}
        return keys

    def page(self, window: Window, format: str, *, after: tuple[str, str] | None, limit: int) -> Sequence[Harvested]:
        values = _values(window, format, limit)
        # A place in the walk is never before the window's beginning.
        since = bool(window.since) and after is None
        if after is not None:
            values["datestamp"], values["id"] = after
        walked = walk(bool(window.set), since, bool(window.until), after is not None, bool(format))
        return _harvested(self.transaction.all(walked, values))

    def last(self, window: Window, format: str, upto: tuple[str, str]) -> Harvested | None:
        values = {**_values(window, format, 1), "datestamp": upto[0], "id": upto[1]}
        walked = back(bool(window.set), bool(window.since), bool(window.until), bool(format))
        return next(iter(_harvested(self.transaction.all(walked, values))), None)

    def total(self, window: Window) -> int:
        counted = count(bool(window.set), bool(window.since), bool(window.until))
        return int(self.transaction.connection.execute(counted, _values(window, "", 1)).scalar() or 0)

    def get(self, resource_id: str, format: str) -> Harvested | None:
        rows = self.transaction.all(
            columns(bool(format)).where(OAI_RECORDS.c.id == resource_id), {"format": format} if format else None
        )
        return next(iter(_harvested(rows)), None)

    def issued(self) -> str:
        return self.transaction.scalar(_ISSUED) or ""

    def begun(self) -> str:
        """When the library got its first organisation, which is never removed and travels with it."""
        born: datetime.datetime | None = self.transaction.scalar(select(func.min(ORGANISATIONS.c.created_at)))
        first = self.transaction.scalar(select(func.min(OAI_RECORDS.c.datestamp)))
        # Earlier than the library's birth only if a clock was set back.
        return min(f"{born:%Y-%m-%dT%H:%M:%SZ}" if born else _NOTHING, first or "9")

    def specs(self) -> Sequence[str]:
        return [row.spec for row in self.transaction.all(select(OAI_SETS.c.spec).order_by(OAI_SETS.c.spec))]

    def astray(self, today: datetime.date, *, after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        listed = exists().where(OAI_RECORDS.c.resource == RESOURCES.c.key, OAI_RECORDS.c.status == LIVE)
        may = and_(
            RESOURCES.c.published.is_not(None),
            RESOURCES.c.visibility == "live",
            RESOURCES.c.access != "organisation",
            or_(RESOURCES.c.origin == "local", RESOURCES.c.origin.startswith(FROM_SOURCE)),
            or_(RESOURCES.c.embargo_until.is_(None), RESOURCES.c.embargo_until <= today),
        )
        return self._named(select(RESOURCES).where(or_(and_(may, ~listed), and_(~may, listed))), after, limit)

    def made_with(self) -> Sequence[tuple[str, str]]:
        rows = self.transaction.all(
            select(RESOURCES.c.owner, OAI_RECORDS.c.fingerprint)
            .join(RESOURCES, RESOURCES.c.key == OAI_RECORDS.c.resource)
            .where(OAI_RECORDS.c.status == LIVE)
            .distinct()
        )
        return [(row.owner, row.fingerprint) for row in rows]

    def made(self, owner: str, fingerprint: str, *, after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        listed = exists().where(
            OAI_RECORDS.c.resource == RESOURCES.c.key,
            OAI_RECORDS.c.status == LIVE,
            OAI_RECORDS.c.fingerprint == fingerprint,
        )
        return self._named(select(RESOURCES).where(RESOURCES.c.owner == owner, listed), after, limit)

    def _named(self, found: Select[Any], after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        page = found.with_only_columns(RESOURCES.c.key, RESOURCES.c.id).where(RESOURCES.c.key > after)
        rows = self.transaction.all(page.order_by(RESOURCES.c.key).limit(limit))
        return [(ResourceKey(row.key), ResourceId(row.id)) for row in rows]

    def secret(self) -> str:
        return self.transaction.scalar(select(OAI_SECRETS.c.value).where(OAI_SECRETS.c.name == _TOKENS)) or ""

    def keep_secret(self, value: str) -> None:
        kept = self.transaction.insert(OAI_SECRETS).on_conflict_do_nothing(index_elements=["name"])
        self.transaction.run(kept, {"name": _TOKENS, "value": value})


def _listed(one: Rendered) -> dict[str, Any]:
    return {
        "resource": one.key,
        "id": one.id,
        "status": LIVE,
        "sets": " ".join(one.sets),
        "version": one.version,
        "fingerprint": one.fingerprint,
        "digest": one.digest,
    }


def _tombstone(row: Any, version: int) -> dict[str, Any]:
    """In the sets where it was: whoever harvests one of them learns that it is gone."""
    kept = {"resource": row.resource, "id": row.id, "sets": row.sets}
    return {**kept, "status": DELETED, "version": version, "fingerprint": "", "digest": ""}


def _with_those_above(sets: str) -> set[str]:
    """Specs and all that are above one of them: `a:b:c` brings `a:b` and `a`."""
    found: set[str] = set()
    for spec in sets.split():
        parts = spec.split(":")
        found.update(":".join(parts[:length]) for length in range(1, len(parts) + 1))
    return found


def _values(window: Window, format: str, limit: int) -> dict[str, Any]:
    return {
        "set": window.set,
        "since": window.since,
        "until": window.until,
        "format": format,
        "most": limit,
    }


def _harvested(rows: Sequence[Any]) -> list[Harvested]:
    """In one go: a call a row would cost a tenth of what reading the rows costs."""
    return [
        Harvested(id, datestamp, status == DELETED, sets, xml.encode() if isinstance(xml, str) else xml)
        for id, datestamp, status, sets, xml in rows
    ]
