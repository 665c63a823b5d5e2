"""Take files in: bytes to the object store, then resource, draft, event and job in one commit.

First room on the way of a file. What is acknowledged here is durable and will
be read and, if asked, published, whichever process lives to do it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest.sniff import sniff
from service.errors import NotFound
from service.library.permissions import require_role
from service.library.services import Services
from service.library.values import merge
from service.model import PRIORITY_BATCH, FileEntry, FileRole, Principal, Resource, Value
from service.ports import Stored, UnitOfWork


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that somebody offers: where it is now, what it was called, its role."""

    path: Path
    name: str
    role: FileRole = "main"


@dataclass(frozen=True, slots=True)
class Deposited:
    """fresh: a new resource. resumed: a draft with the same bytes that this deposit moves on.
    duplicate: it was there, and nothing changed."""

    resource: Resource
    outcome: Literal["fresh", "resumed", "duplicate"]


def deposit(
    services: Services,
    principal: Principal,
    files: Sequence[Offered],
    *,
    owner: str,
    values: Sequence[Value] = (),
    publish: bool = False,
    priority: int = PRIORITY_BATCH,
) -> Deposited:
    """Store a bundle as a draft, to be read (and published, if asked and possible).

    Raises: NotAllowed; NotFound: no such organisation; Purged: these bytes may not come back; StorageFull.
    """
    require_role(principal, "deposit")
    entries = [
        FileEntry(
            number,
            stored.sha256,
            stored.size_bytes,
            sniff(offered.path, offered.name).media_type,
            offered.name,
            offered.role,
        )
        for number, (offered, stored) in enumerate([(file, _store(services, file)) for file in files], start=1)
    ]
    with services.catalogue.writing() as work:
        if work.organisations.get(owner) is None:
            raise NotFound
        for entry in entries:
            work.blobs.add(entry.sha256, entry.size_bytes)
        kind: Literal["publish", "read"] = "publish" if publish else "read"
        held = work.resources.holding(entries[0].sha256)
        if held:
            return _again(work, held[0], values, publish=publish, priority=priority)
        resource = work.resources.add(owner=owner)
        work.resources.add_revision(resource.key, values=merge(values), files=entries)
        work.events.add("deposited", resource.key, principal.role, {"files": len(entries)})
        work.jobs.add(kind, resource.id, priority=priority)
    return Deposited(resource, "fresh")


def _store(services: Services, offered: Offered) -> Stored:
    with offered.path.open("rb") as source:
        return services.objects.put_blob(source)


def _again(work: UnitOfWork, resource: Resource, values: Sequence[Value], *, publish: bool, priority: int) -> Deposited:
    """The same bytes: a published one stays as it is; a draft that is now to be published goes on."""
    draft = work.resources.open_revision(resource.key)
    if not publish or resource.published or draft is None:
        return Deposited(resource, "duplicate")
    merged = merge(draft.values, values)
    if set(merged) != set(draft.values):
        work.resources.save_revision(replace(draft, values=merged))
    work.jobs.add("publish", resource.id, priority=priority)
    return Deposited(resource, "resumed")
