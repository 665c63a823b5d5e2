"""Remove a resource for good: what a court or a parent demands, not what an editor changes.

Bytes, texts, pictures, descriptions and index entries go, the hashes are
refused from then on, the tombstone stays and says the reason. Done again it
finishes what a killed purge left; a restore does it again from the ledger
(`moving/ledger.py`).
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.errors import Invalid, NotFound, SharedBytes
from service.library.bundles import names_of
from service.library.permissions import require
from service.library.services import Services
from service.model import PRIORITY_PEOPLE, Principal, Resource, Revision
from service.ports import UnitOfWork, blob_key

KEPT_FIELDS = ("language", "type", "licence", "subject", "grade")
"""Codes, which say what kind of thing it was; every other value may repeat what had to go."""
IDS_NAMED = 10
EVENT = "purged"


@dataclass(frozen=True, slots=True)
class Removed:
    """What went: public ids (the one that was asked for first), how many stored files."""

    resources: tuple[str, ...]
    files: int


@dataclass(frozen=True, slots=True)
class Record:
    """One purged resource: its public id, the hashes of its files, its bundles (as documents are keyed)."""

    resource: str
    hashes: tuple[str, ...]
    bundles: tuple[str, ...]
    reason: str
    at: str


def purge(
    services: Services, principal: Principal, resource_id: str, *, reason: str, everywhere: bool = False
) -> Removed:
    """Idempotent. everywhere: other resources that hold some of the same bytes go too, whole.

    Raises: NotFound; NotAllowed; Invalid: no reason; SharedBytes {resources}: others hold these bytes.
    """
    if not reason.strip():
        raise Invalid(field="reason", value=reason)

    def act(work: UnitOfWork) -> list[tuple[Resource, Sequence[Revision]]]:
        found = work.resources.get(resource_id)
        if found is None:
            raise NotFound
        meant = _sharing(work, found)
        for resource, revisions in meant:
            require(principal, resource, revisions[-1] if revisions else None, "purge")
        done = {one.id for one, revisions in meant if _is_done(work, revisions) and one.visibility == "withdrawn"}
        others = [one.id for one, _ in meant[1:] if one.id not in done]
        if others and not everywhere:
            raise SharedBytes(resources=", ".join(others[:IDS_NAMED]) + ("…" if len(others) > IDS_NAMED else ""))
        for resource, revisions in meant:
            if resource.id not in done:
                _strip(work, principal, resource, revisions, reason.strip())
        return meant

    meant = services.catalogue.write(act)
    hashes = _hashes(revision for _, revisions in meant for revision in revisions)
    bundles = sorted({name for _, revisions in meant for revision in revisions for name in names_of(revision)})
    remove_objects(services, hashes, bundles)
    return Removed(tuple(one.id for one, _ in meant), len(hashes))


def again(services: Services, principal: Principal, record: Record) -> None:
    """After a restore: what the ledger says is refused and, where it came back, removed."""

    def act(work: UnitOfWork) -> None:
        for sha256 in record.hashes:
            work.blobs.refuse(sha256)
        work.readings.forget(record.bundles)
        work.sketches.forget(record.hashes)
        found = work.resources.get(record.resource)
        if found is not None:
            require(principal, found, None, "purge")
            revisions = work.resources.revisions(found.key)
            if not any(event.kind == EVENT for event in work.events.of(found.key)):
                _strip(work, principal, found, revisions, record.reason)

    services.catalogue.write(act)
    remove_objects(services, record.hashes, record.bundles)


def remove_objects(services: Services, hashes: Sequence[str], bundles: Sequence[str]) -> None:
    """Bytes, what was drawn from them, what was read out of them."""
    for sha256 in hashes:
        services.objects.remove(blob_key(sha256))
    prefixes = [f"derived/{sha256}/" for sha256 in hashes] + [f"documents/{bundle}/" for bundle in bundles]
    for prefix in prefixes:
        for key in list(services.objects.keys(prefix)):
            services.objects.remove(key)


def records(services: Services) -> list[Record]:
    """Of all purges that the library knows, oldest first."""
    found: dict[str, Record] = {}
    with services.catalogue.reading() as work:
        for event in work.events.of_kind(EVENT):
            resource = work.resources.by_key(event.resource) if event.resource else None
            if resource is None:
                continue
            revisions = work.resources.revisions(resource.key)
            found[resource.id] = Record(
                resource=resource.id,
                hashes=tuple(_hashes(revisions)),
                bundles=tuple(sorted({name for revision in revisions for name in names_of(revision)})),
                reason=str(event.details["reason"]),
                at=event.at.isoformat(timespec="seconds"),
            )
    return list(found.values())


def _sharing(work: UnitOfWork, first: Resource) -> list[tuple[Resource, Sequence[Revision]]]:
    """It and all that hold bytes of it, and of those, until nobody is left to be named."""
    meant = {first.key: (first, work.resources.revisions(first.key))}
    hashes = _hashes(meant[first.key][1])
    while True:
        new = [one for one in work.resources.sharing(hashes) if one.key not in meant]
        if not new:
            return list(meant.values())
        for one in new:
            meant[one.key] = (one, work.resources.revisions(one.key))
        hashes = _hashes(revision for one in new for revision in meant[one.key][1])


def _hashes(revisions: Iterable[Revision]) -> list[str]:
    return sorted({file.sha256 for revision in revisions for file in revision.files})


def _is_done(work: UnitOfWork, revisions: Sequence[Revision]) -> bool:
    hashes = _hashes(revisions)
    return bool(hashes) and len(work.blobs.refused(hashes)) == len(hashes)


def _strip(
    work: UnitOfWork, principal: Principal, resource: Resource, revisions: Sequence[Revision], reason: str
) -> None:
    for sha256 in _hashes(revisions):
        work.blobs.refuse(sha256)
    work.readings.forget([name for revision in revisions for name in names_of(revision)])
    work.sketches.forget(_hashes(revisions))
    work.resources.strip(resource.key, KEPT_FIELDS)
    work.proposals.forget(resource.key)
    work.terms.replace(resource.key, [])
    work.jobs.cancel(resource.id)
    now = datetime.datetime.now(datetime.UTC)
    saved = work.resources.save(replace(resource, visibility="withdrawn", withdrawn_reason=reason, modified_at=now))
    work.events.add(EVENT, resource.key, principal.role, {"reason": reason, "files": len(_hashes(revisions))})
    work.jobs.add("index", resource.id, priority=PRIORITY_PEOPLE)
    work.oai.retract(saved.key, saved.row_version)
