"""Who owns resources: a code that is never reused, and names, kinds and parents with dates."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from service.adapters.database.columns import now
from service.adapters.database.tables import (
    CODES,
    FILES,
    KINDS,
    NAMES,
    ORGANISATIONS,
    PARENTS,
    REFUSED,
    RESOURCES,
    REVISIONS,
    SUCCESSIONS,
)
from service.adapters.database.transaction import Transaction, chunks
from service.errors import AlreadyMerged, Conflict, Invalid, NotFound
from service.model import Organisation, Quota

FORMER = "library"
"""Scheme under which an organisation's own earlier codes are kept."""
ADMINISTRATIVE = "administrative"


_NOW = ORGANISATIONS.alias("now_answering")
_TODAY: BindParameter[datetime.date] = bindparam("today")


def _newest(dated: Table, column: ColumnElement[Any]) -> Select[Any]:
    """What is valid today; of two that are, the one that began later."""
    return (
        select(column)
        .where(
            dated.c.organisation == ORGANISATIONS.c.key,
            or_(dated.c.valid_from.is_(None), dated.c.valid_from <= _TODAY),
            or_(dated.c.valid_until.is_(None), dated.c.valid_until > _TODAY),
        )
        .order_by(dated.c.valid_from.is_(None), dated.c.valid_from.desc(), dated.c.key.desc())
        .limit(1)
        .correlate(ORGANISATIONS)
    )


def _answering() -> Select[Any]:
    """Code of each that was merged (`code`), and of the one that answers for it (`now`)."""
    meant = and_(CODES.c.scheme == FORMER, _NOW.c.key == CODES.c.organisation)
    return select(CODES.c.code, _NOW.c.code.label("now")).join_from(CODES, _NOW, meant)


def owner_of(transaction: Transaction, code: str) -> str:
    """Who owns what is handed in for this code: itself, or the one that it was merged into.

    Raises: NotFound: no such organisation.
    """
    owner = code
    while True:
        # Whoever merges this one waits for this transaction, and this one for whoever is merging it: nothing that is
        # added stays behind.
        known = select(ORGANISATIONS.c.key).where(ORGANISATIONS.c.code == owner)
        if transaction.one(known.with_for_update(read=True, key_share=True)) is None:
            raise NotFound(organisation=code)
        row = transaction.one(_answering().where(CODES.c.code == code))
        answers = code if row is None else str(row.now)
        if answers == owner:
            return owner
        owner = answers


def _current() -> Select[Any]:
    above = ORGANISATIONS.alias("above")
    successor = _answering().with_only_columns(_NOW.c.code).where(CODES.c.code == ORGANISATIONS.c.code)
    parent = _newest(PARENTS, above.c.code).join_from(PARENTS, above, above.c.key == PARENTS.c.parent)
    return select(
        ORGANISATIONS.c.code,
        _newest(NAMES, NAMES.c.name).scalar_subquery().label("name"),
        _newest(KINDS, KINDS.c.kind).scalar_subquery().label("kind"),
        parent.where(PARENTS.c.relation == ADMINISTRATIVE).scalar_subquery().label("parent"),
        successor.correlate(ORGANISATIONS).scalar_subquery().label("successor"),
    )


# Built once: every page of results runs the second of them.
_ONE = _current().where(ORGANISATIONS.c.code == bindparam("code"))
_SOME = _current().where(ORGANISATIONS.c.code.in_(bindparam("codes", expanding=True)))
_ALL = _current().order_by(ORGANISATIONS.c.code)


def _organisation_of(row: Row[Any]) -> Organisation:
    return Organisation(
        code=row.code,
        name=row.name or row.code,
        kind=row.kind or "organisation",
        parent=row.parent,
        successor=row.successor,
    )


def _stored_by(code: str) -> Select[Any]:
    """(hash, bytes) of every file of every revision of its resources, each once; what was purged is not stored."""
    purged = select(REFUSED.c.sha256).where(REFUSED.c.sha256 == FILES.c.sha256).exists()
    return (
        select(FILES.c.sha256, FILES.c.size_bytes)
        .distinct()
        .join_from(RESOURCES, REVISIONS, REVISIONS.c.resource == RESOURCES.c.key)
        .join(FILES, FILES.c.revision == REVISIONS.c.key)
        .where(RESOURCES.c.owner == code, ~purged)
    )


class Organisations:
    """The port `service.ports.Organisations`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def add(self, code: str, name: str, kind: str = "organisation", parent: str | None = None) -> Organisation:
        """Raises: Conflict: the code is taken, or was. NotFound: no such parent."""
        former = select(CODES.c.code).where(CODES.c.scheme == FORMER, CODES.c.code == code)
        if self.transaction.one(former) is not None:
            raise Conflict(organisation=code)
        above = self._key(parent) if parent is not None else None
        row = self.transaction.one(
            self.transaction.insert(ORGANISATIONS)
            .values(code=code, created_at=now(), row_version=1)
            .on_conflict_do_nothing(index_elements=["code"])
            .returning(ORGANISATIONS.c.key)
        )
        if row is None:
            raise Conflict(organisation=code)
        self.transaction.run(insert(NAMES).values(organisation=row.key, name=name))
        self.transaction.run(insert(KINDS).values(organisation=row.key, kind=kind))
        if above is not None:
            self.transaction.run(insert(PARENTS).values(organisation=row.key, parent=above, relation=ADMINISTRATIVE))
        return Organisation(code, name, kind, parent)

    def get(self, code: str) -> Organisation | None:
        row = self.transaction.one(_ONE, {"code": code, "today": now().date()})
        return None if row is None else _organisation_of(row)

    def some(self, codes: Collection[str]) -> Mapping[str, Organisation]:
        today = now().date()
        return {
            row.code: _organisation_of(row)
            for chunk in chunks(codes)
            for row in self.transaction.all(_SOME, {"codes": chunk, "today": today})
        }

    def all(self) -> Sequence[Organisation]:
        return [_organisation_of(row) for row in self.transaction.all(_ALL, {"today": now().date()})]

    def set_quota(self, code: str, allowed_bytes: int | None) -> None:
        said = update(ORGANISATIONS).where(ORGANISATIONS.c.code == code).values(quota_bytes=allowed_bytes)
        if self.transaction.run(said) == 0:
            raise NotFound(organisation=code)

    def quota(self, code: str, hashes: Collection[str] = ()) -> Quota | None:
        """The bytes are counted from the rows of files each time, so that no purge, move or merge leaves a number
        wrong; whoever has no bound pays one look for it."""
        row = self.transaction.one(select(ORGANISATIONS.c.quota_bytes).where(ORGANISATIONS.c.code == code))
        if row is None:
            raise NotFound(organisation=code)
        if row.quota_bytes is None:
            return None
        # Before the bytes are counted: who comes second counts what the first has committed.
        self.transaction.alone(f"quota {code}")
        held: set[str] = set()
        for chunk in chunks(hashes):
            found = self.transaction.all(_stored_by(code).where(FILES.c.sha256.in_(chunk)))
            held.update(file.sha256 for file in found)
        return Quota(self.used(code), int(row.quota_bytes), frozenset(held))

    def used(self, code: str) -> int:
        stored = _stored_by(code).subquery()
        return int(self.transaction.scalar(select(func.sum(stored.c.size_bytes))) or 0)

    def bounds(self) -> Mapping[str, int]:
        asked = select(ORGANISATIONS.c.code, ORGANISATIONS.c.quota_bytes)
        rows = self.transaction.all(asked.where(ORGANISATIONS.c.quota_bytes.is_not(None)))
        return {row.code: int(row.quota_bytes) for row in rows}

    def successors(self) -> Mapping[str, str]:
        return {row.code: row.now for row in self.transaction.all(_answering())}

    def owing(self) -> Sequence[tuple[str, str]]:
        owned = exists().where(RESOURCES.c.owner == CODES.c.code)
        return [(row.code, row.now) for row in self.transaction.all(_answering().where(owned).order_by(CODES.c.code))]

    def merge(self, code: str, into: str) -> None:
        if code == into:
            raise Invalid(field="organisation", value=into)
        keys = self._locked(code, into)
        answering = self.successors()
        for one in (code, into):
            if one in answering:
                raise AlreadyMerged(organisation=one, successor=answering[one])
        gone, stays = keys[code], keys[into]
        today = now().date()
        # All that were merged into it before lead on, so that one look answers.
        moved = update(CODES).where(CODES.c.scheme == FORMER, CODES.c.organisation == gone)
        self.transaction.run(moved.values(organisation=stays))
        self.transaction.run(
            insert(CODES).values(scheme=FORMER, code=code, organisation=stays, valid_from=None, valid_until=None)
        )
        self.transaction.run(insert(SUCCESSIONS).values(predecessor=gone, successor=stays, happened_on=today))
        self._hand_on_children(gone, stays, today)
        changed = update(ORGANISATIONS).where(ORGANISATIONS.c.key.in_([gone, stays]))
        self.transaction.run(changed.values(row_version=ORGANISATIONS.c.row_version + 1))

    def _locked(self, *codes: str) -> Mapping[str, int]:
        """Keys, their rows held until the commit: whoever adds resources to one of them has come before or waits."""
        wanted = select(ORGANISATIONS.c.code, ORGANISATIONS.c.key).where(ORGANISATIONS.c.code.in_(codes))
        rows = self.transaction.all(wanted.order_by(ORGANISATIONS.c.key).with_for_update())
        keys = {row.code: int(row.key) for row in rows}
        for code in codes:
            if code not in keys:
                raise NotFound(organisation=code)
        return keys

    def _hand_on_children(self, gone: int, stays: int, today: datetime.date) -> None:
        """What stands under the one stands under the other from today on; that one itself under what was above."""
        holds = (
            or_(PARENTS.c.valid_from.is_(None), PARENTS.c.valid_from <= today),
            or_(PARENTS.c.valid_until.is_(None), PARENTS.c.valid_until > today),
        )
        below = self.transaction.all(select(PARENTS).where(PARENTS.c.parent == gone, *holds))
        over = self.transaction.all(select(PARENTS).where(PARENTS.c.organisation == gone, *holds))
        above = {row.relation: row.parent for row in over}
        for row in below:
            self.transaction.run(update(PARENTS).where(PARENTS.c.key == row.key).values(valid_until=today))
            parent = above.get(row.relation) if row.organisation == stays else stays
            if parent is not None and parent != row.organisation:
                standing = {"organisation": row.organisation, "parent": parent, "relation": row.relation}
                self.transaction.run(insert(PARENTS).values(**standing, valid_from=today, valid_until=row.valid_until))

    def _key(self, code: str) -> int:
        row = self.transaction.one(select(ORGANISATIONS.c.key).where(ORGANISATIONS.c.code == code))
        if row is None:
            raise NotFound(organisation=code)
        key: int = row.key
        return key
