"""Take files in: bytes to the object store, then resource, draft, event and job in one commit.

First room on the way of a file. What is acknowledged here is durable and will
be read and, if asked, published, whichever process lives to do it. A batch
hands in many at once: those that are new come into one commit, in a constant
number of statements; what the library has already takes the way of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest.sniff import sniff
from service.errors import LibraryError, NotFound, Purged, StorageFull, Unavailable
from service.library.correct import correct
from service.library.permissions import require_role
from service.library.services import Services
from service.library.values import corrected, merge
from service.model import PRIORITY_BATCH, Content, FileEntry, FileRole, Principal, Resource, Value
from service.ports import Stored, UnitOfWork, blob_key


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that somebody offers: where it is now, what it was called, its role."""

    path: Path
    name: str
    role: FileRole = "main"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A main file and its companions, with what is said about them.

    corrects: id of the resource that it is said of; if that holds the main file's bytes, it is said anew.
    path: where the main file lay, from the folder that was handed in on, `/` between its parts; empty where nobody
    knows.
    """

    files: Sequence[Offered]
    values: Sequence[Value] = ()
    corrects: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Deposited:
    """fresh: a new resource. resumed: a draft with the same bytes that this deposit moves on, or a published one that
    gets a revision with corrected values. extended: a published one gets a revision with the companions that it
    lacked. duplicate: it was there, and nothing changed.

    left: names of companions that are not stored, because what is there may not change now.
    """

    resource: Resource
    outcome: Literal["fresh", "resumed", "extended", "duplicate"]
    added: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


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

    Raises: NotAllowed; NotFound: no such organisation; Purged: these bytes may not come back; StorageFull;
    Unavailable: a part is away, which is found out before the first byte is hashed.
    """
    require_role(principal, "deposit")
    _look(services, owner)
    return _record(
        services, principal, _entries(services, files), owner=owner, values=values, publish=publish, priority=priority
    )


def deposit_all(
    services: Services,
    principal: Principal,
    bundles: Sequence[Bundle],
    *,
    owner: str,
    publish: bool = False,
    priority: int = PRIORITY_BATCH,
) -> Sequence[Deposited | LibraryError | OSError]:
    """`deposit` of each, in their order; what came of it stands at its place, be it an error of this one alone.

    OSError: the file cannot be read. Where the store is full or away the list ends with that error; those before it
    are durable. Raises: NotAllowed; Unavailable: a part is away, and nothing of these is in the catalogue.
    """
    require_role(principal, "deposit")
    try:
        _look(services, owner)
    except NotFound as error:
        return [error] * len(bundles)
    outcomes: dict[int, Deposited | LibraryError | OSError] = {}
    stored: dict[int, list[FileEntry]] = {}
    for place, bundle in enumerate(bundles):
        try:
            stored[place] = _entries(services, bundle.files)
        except OSError as error:
            outcomes[place] = error
        except (StorageFull, Unavailable) as error:
            outcomes[place] = error
            break
    new = [(bundles[place].values, entries) for place, entries in stored.items()]

    def add(work: UnitOfWork) -> Sequence[Resource | None]:
        made = add_new(work, new, principal, owner=owner, publish=publish, priority=priority)
        paths = [bundles[place].path for place in stored]
        work.proposals.lay({one.key: path for one, path in zip(made, paths, strict=True) if one and path})
        return made

    try:
        added = services.catalogue.write(add)
    except NotFound as error:
        return [outcomes.get(place, error) for place in sorted({*outcomes, *stored})]
    for (place, entries), resource in zip(stored.items(), added, strict=True):
        if resource is not None:
            outcomes[place] = Deposited(resource, "fresh", added=frozenset(entry.name for entry in entries[1:]))
            continue
        said = bundles[place]
        try:
            outcomes[place] = _record(
                services,
                principal,
                entries,
                owner=owner,
                values=said.values,
                publish=publish,
                priority=priority,
                corrects=said.corrects,
            )
        except LibraryError as error:
            outcomes[place] = error
    return [outcomes[place] for place in sorted(outcomes)]


def add_new(
    work: UnitOfWork,
    bundles: Sequence[tuple[Sequence[Value], Sequence[FileEntry]]],
    principal: Principal,
    *,
    owner: str,
    publish: bool,
    priority: int,
) -> Sequence[Resource | None]:
    """Resources of those whose bytes are new here; None: the library has them, or had them and may not again.

    Of several with the same main file the first counts as new. Raises: NotFound: no such organisation.
    """
    # Whoever offers the same bytes at the same moment waits here, and then finds them held.
    refused = work.blobs.add_all({entry.sha256: entry.size_bytes for _, entries in bundles for entry in entries})
    known = set(work.resources.held({entries[0].sha256 for _, entries in bundles}))
    chosen: list[int] = []
    for place, (_, entries) in enumerate(bundles):
        if entries[0].sha256 not in known and refused.isdisjoint(entry.sha256 for entry in entries):
            chosen.append(place)
            known.add(entries[0].sha256)
    contents = [Content(merge(bundles[place][0]), tuple(bundles[place][1])) for place in chosen]
    resources = work.resources.add_all(contents, owner=owner)
    files = [{"files": len(content.files)} for content in contents]
    keys = [resource.key for resource in resources]
    work.events.add_all("deposited", dict(zip(keys, files, strict=True)), principal.role)
    work.jobs.add_all(_job(publish=publish), [resource.id for resource in resources], priority=priority)
    made = dict(zip(chosen, resources, strict=True))
    return [made.get(place) for place in range(len(bundles))]


def _job(*, publish: bool) -> Literal["publish", "read"]:
    return "publish" if publish else "read"


def _entries(services: Services, files: Sequence[Offered]) -> list[FileEntry]:
    """The files as they lie in the store now, the first one's number 1."""
    return [
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


def _record(
    services: Services,
    principal: Principal,
    entries: Sequence[FileEntry],
    *,
    owner: str,
    values: Sequence[Value],
    publish: bool,
    priority: int,
    corrects: str = "",
) -> Deposited:
    def act(work: UnitOfWork) -> Deposited:
        if work.organisations.get(owner) is None:
            raise NotFound
        # Whoever offers the same bytes at the same moment waits here, and then finds them held.
        for entry in sorted(entries, key=lambda entry: entry.sha256):
            work.blobs.add(entry.sha256, entry.size_bytes)
        held = work.resources.holding(entries[0].sha256)
        if held:
            meant = next((one for one in held if one.id == corrects), None)
            if meant is not None and correct(work, principal, meant, values, publish=publish, priority=priority):
                return Deposited(meant, "resumed")
            again = _again(work, meant or held[0], values, publish=publish, priority=priority)
            return _with_companions(work, again, entries[1:], owner=owner, publish=publish, priority=priority)
        resource = work.resources.add(owner=owner)
        work.resources.add_revision(resource.key, values=merge(values), files=entries)
        work.events.add("deposited", resource.key, principal.role, {"files": len(entries)})
        work.jobs.add(_job(publish=publish), resource.id, priority=priority)
        return Deposited(resource, "fresh", added=frozenset(entry.name for entry in entries[1:]))

    try:
        return services.catalogue.write(act)
    except Purged as error:
        # They were stored before anybody could look at their hash; what was purged does not lie here again.
        services.objects.remove(blob_key(str(error.parameters["sha256"])))
        raise


def _look(services: Services, owner: str) -> None:
    """Nobody waits for the hashing and sending of what cannot be recorded. Raises: NotFound; Unavailable."""
    with services.catalogue.reading() as work:
        if work.organisations.get(owner) is None:
            raise NotFound
    services.objects.look()


def _store(services: Services, offered: Offered) -> Stored:
    with offered.path.open("rb") as source:
        return services.objects.put_blob(source)


def _again(work: UnitOfWork, resource: Resource, values: Sequence[Value], *, publish: bool, priority: int) -> Deposited:
    """The same bytes: a published one stays as it is; a draft that is now to be published goes on."""
    draft = work.resources.open_revision(resource.key)
    if not publish or resource.published or draft is None:
        return Deposited(resource, "duplicate")
    merged = corrected(draft.values, values)
    if set(merged) != set(draft.values):
        work.resources.save_revision(replace(draft, values=merged))
    work.jobs.add("publish", resource.id, priority=priority)
    return Deposited(resource, "resumed")


def _with_companions(
    work: UnitOfWork, again: Deposited, companions: Sequence[FileEntry], *, owner: str, publish: bool, priority: int
) -> Deposited:
    """Captions that came later join a published resource of the same owner as its next revision.

    A draft keeps its files as they are, and so does what is published while this batch may only draft.
    """
    resource = again.resource
    files = [file for revision in work.resources.revisions(resource.key) for file in revision.files]
    held = {file.sha256 for file in files}
    fresh = [entry for entry in companions if entry.sha256 not in held]
    if not fresh:
        return again
    current = work.resources.revision(resource.key, resource.published) if resource.published else None
    free = current is not None and publish and resource.owner == owner
    if current is None or not free or work.resources.open_revision(resource.key) is not None:
        return replace(again, left=frozenset(entry.name for entry in fresh))
    number = max(file.number for file in files)
    numbered = [replace(entry, number=number + place) for place, entry in enumerate(fresh, start=1)]
    work.resources.add_revision(resource.key, values=current.values, files=(*current.files, *numbered))
    work.events.add("captions-added", resource.key, "operator", {"files": len(numbered)})
    work.jobs.add("publish", resource.id, priority=priority)
    return Deposited(resource, "extended", added=frozenset(entry.name for entry in numbered))
