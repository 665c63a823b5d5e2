"""What reading a bundle came to, by bundle and pipeline fingerprint. The text itself is an object."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from ingest import document
from service.adapters.database.columns import now
from service.adapters.database.tables import (
    CLEARANCES,
    FINDINGS,
    READINGS,
)
from service.adapters.database.transaction import Transaction, chunks
from service.model import Reading

_READ = select(READINGS, FINDINGS.c.findings).join_from(
    READINGS, FINDINGS, FINDINGS.c.reading == READINGS.c.key, isouter=True
)

# Built once: every page of results runs it.
_NEWEST = _READ.where(
    READINGS.c.key.in_(
        select(func.max(READINGS.c.key))
        .where(READINGS.c.bundle.in_(bindparam("bundles", expanding=True)))
        .group_by(READINGS.c.bundle)
    )
)

_NEWER = READINGS.alias("newer")
_REPLACED = select(_NEWER.c.key).where(_NEWER.c.bundle == READINGS.c.bundle, _NEWER.c.key > READINGS.c.key).exists()

_SAME = READINGS.c.bundle == bindparam("same"), READINGS.c.fingerprint == bindparam("way")
_FORGET_FINDINGS = delete(FINDINGS).where(FINDINGS.c.reading.in_(select(READINGS.c.key).where(*_SAME)))
_FORGET = delete(READINGS).where(*_SAME)
_ADD = insert(READINGS)


def _reading_of(row: Row[Any]) -> Reading:
    return Reading(
        bundle=row.bundle,
        fingerprint=row.fingerprint,
        media_type=row.media_type,
        passages=row.passages,
        language=row.language,
        extent=document.Extent(row.pages, row.duration_seconds, row.width_pixels, row.height_pixels),
        warnings=tuple(document.Warning(**warning) for warning in row.warnings),
        error=row.error,
        error_parameters=row.error_parameters,
        document_key=row.document_key,
        seconds=row.seconds,
        findings=tuple(document.finding_from_json(value) for value in row.findings or ()),
    )


class Readings:
    """The port `service.ports.Readings`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def save(self, reading: Reading) -> None:
        """Becomes the newest of its bundle; one of the same fingerprint is replaced."""
        # Two that read the same bundle at once would both find nothing to replace.
        self.transaction.alone(f"reading {reading.bundle}")
        same = {"same": reading.bundle, "way": reading.fingerprint}
        self.transaction.run(_FORGET_FINDINGS, same)
        self.transaction.run(_FORGET, same)
        self.transaction.run(
            _ADD,
            [
                {
                    "bundle": reading.bundle,
                    "fingerprint": reading.fingerprint,
                    "media_type": reading.media_type,
                    "passages": reading.passages,
                    "language": reading.language,
                    "pages": reading.extent.pages,
                    "duration_seconds": reading.extent.seconds,
                    "width_pixels": reading.extent.width_pixels,
                    "height_pixels": reading.extent.height_pixels,
                    "warnings": [asdict(warning) for warning in reading.warnings],
                    "error": reading.error,
                    "error_parameters": dict(reading.error_parameters),
                    "document_key": reading.document_key,
                    "seconds": reading.seconds,
                    "read_at": now(),
                }
            ],
        )
        if reading.findings:
            key = select(READINGS.c.key).where(*_SAME).scalar_subquery()
            found = [asdict(finding) for finding in reading.findings]
            self.transaction.run(insert(FINDINGS).values(reading=key, findings=found), same)

    def newest(self, bundles: Collection[str]) -> Mapping[str, Reading]:
        found: dict[str, Reading] = {}
        for chunk in chunks(bundles):
            for row in self.transaction.all(_NEWEST, {"bundles": chunk}):
                found[row.bundle] = _reading_of(row)
        return found

    def stale(self, fingerprint: str, after: str, limit: int) -> Sequence[Reading]:
        rows = self.transaction.all(
            _READ.where(
                READINGS.c.bundle > after,
                READINGS.c.fingerprint != fingerprint,
                ~_REPLACED,
            )
            .order_by(READINGS.c.bundle)
            .limit(limit)
        )
        return [_reading_of(row) for row in rows]

    def outdated(self, before: datetime.datetime, limit: int, *, after: str = "") -> Sequence[str]:
        rows = self.transaction.all(
            select(READINGS.c.document_key)
            .where(READINGS.c.document_key > after, READINGS.c.read_at < before, _REPLACED)
            .order_by(READINGS.c.document_key)
            .limit(limit)
        )
        return [row.document_key for row in rows]

    def drop_documents(self, keys: Collection[str]) -> None:
        for chunk in chunks(keys):
            self.transaction.run(
                update(READINGS).where(READINGS.c.document_key.in_(chunk), _REPLACED).values(document_key=None)
            )

    def named(self, keys: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        for chunk in chunks({key.split("/")[1]: key for key in keys if key.count("/") > 0}):
            # By bundle, which has an index.
            rows = self.transaction.all(select(READINGS.c.document_key).where(READINGS.c.bundle.in_(chunk)))
            found.update(row.document_key for row in rows if row.document_key)
        return frozenset(found.intersection(keys))

    def forget(self, bundles: Collection[str]) -> None:
        for chunk in chunks(bundles):
            keys = select(READINGS.c.key).where(READINGS.c.bundle.in_(chunk))
            self.transaction.run(delete(FINDINGS).where(FINDINGS.c.reading.in_(keys)))
            self.transaction.run(
                update(READINGS)
                .where(READINGS.c.bundle.in_(chunk))
                .values(document_key=None, passages=0, warnings=[], error_parameters={})
            )

    def clear(self, bundle: str, kinds: Collection[str], *, actor: str, reason: str) -> None:
        for kind in sorted(kinds):
            said = {"actor": actor, "reason": reason, "cleared_at": now()}
            self.transaction.run(
                self.transaction.insert(CLEARANCES)
                .values(bundle=bundle, kind=kind, **said)
                .on_conflict_do_update(index_elements=["bundle", "kind"], set_=said)
            )

    def cleared(self, bundles: Collection[str]) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for chunk in chunks(bundles):
            for row in self.transaction.all(select(CLEARANCES).where(CLEARANCES.c.bundle.in_(chunk))):
                found[row.bundle] = found.get(row.bundle, frozenset()) | {row.kind}
        return found
