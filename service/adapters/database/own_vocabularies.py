"""Vocabularies that this library has put in the place of those that ship, as they were imported."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, insert, literal, select

from service.adapters.database.columns import now
from service.adapters.database.tables import OWN_VOCABULARIES as OWN
from service.adapters.database.transaction import Transaction
from service.errors import NotFound
from service.model import OwnVocabulary

# Asked once a second by every web process.
_NEWEST = select(func.max(OWN.c.key))


class OwnVocabularies:
    """The port `service.ports.OwnVocabularies`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def newest(self) -> int:
        return int(self.transaction.scalar(_NEWEST) or 0)

    def current(self) -> Mapping[str, str]:
        last = select(func.max(OWN.c.key)).group_by(OWN.c.name)
        rows = self.transaction.all(
            select(OWN.c.name, OWN.c.content).where(OWN.c.key.in_(last), OWN.c.content.is_not(None)).order_by(OWN.c.key)
        )
        return {row.name: row.content for row in rows}

    def all(self) -> Sequence[OwnVocabulary]:
        columns = [OWN.c.key, OWN.c.name, literal(None).label("content"), OWN.c.sha256, OWN.c.actor, OWN.c.imported_at]
        return [_own(row) for row in self.transaction.all(select(*columns).order_by(OWN.c.key))]

    def around(self, key: int) -> tuple[OwnVocabulary | None, OwnVocabulary | None]:
        here = self.transaction.one(select(OWN).where(OWN.c.key == key))
        if here is None:
            return None, None
        before = self.transaction.one(
            select(OWN).where(OWN.c.name == here.name, OWN.c.key < key).order_by(OWN.c.key.desc()).limit(1)
        )
        return None if before is None else _own(before), _own(here)

    def add(self, name: str, content: str | None, *, actor: str) -> OwnVocabulary:
        self.transaction.alone("own-vocabularies")
        sha256 = hashlib.sha256((content or "").encode()).hexdigest()
        row = self.transaction.one(
            insert(OWN)
            .values(name=name, content=content, sha256=sha256, actor=actor, imported_at=now())
            .returning(*OWN.c)
        )
        if row is None:
            raise NotFound(vocabulary=name)
        return _own(row)


def _own(row: Row[Any]) -> OwnVocabulary:
    return OwnVocabulary(row.key, row.name, row.content, row.sha256, row.actor, row.imported_at)
