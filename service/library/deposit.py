"""Take files in: bytes to the object store, then resource, draft, event and job in one commit.

First room on the way of a file. What is acknowledged here is durable and will
be read and, if asked, published, whichever process lives to do it. A batch
hands in many at once: those that are new come into one commit, in a constant
number of statements; what the library has already takes the way of one.
The module is long because both ways keep the same promises, and are read side
by side.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

from ingest.sniff import sniff
from service.errors import LibraryError, NotFound, Purged, QuotaExceeded, StorageFull, Unavailable
from service.library.correct import correct
from service.library.owners import answering
from service.library.permissions import require_role
from service.library.quotas import Admission
from service.library.services import Services
from service.library.values import corrected, merge
from service.model import PRIORITY_BATCH, Content, FileEntry, FileRole, Principal, Resource, ResourceKey, Value
from service.ports import Stored, UnitOfWork, blob_key

T = TypeVar("T")


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

    left: names of companions that are not stored: what is there may not change now, or they are resources already.
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
    QuotaExceeded: the owner may not store so much; Unavailable: a part is away, which is found out before the first
    byte is hashed.
    """
    require_role(principal, "deposit")
    _look(services, owner)
    brought = _entries(services, files)
    return _record(services, principal, brought, owner=owner, values=values, publish=publish, priority=priority)


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
    stored: dict[int, Brought] = {}
    for place, bundle in enumerate(bundles):
        try:
            stored[place] = _entries(services, bundle.files)
        except OSError as error:
            outcomes[place] = error
        except (StorageFull, Unavailable) as error:
            outcomes[place] = error
            break
    left = _own(services, stored)
    new = [(bundles[place].values, brought.entries) for place, brought in stored.items()]

    def act(work: UnitOfWork) -> Sequence[Resource | QuotaExceeded | None]:
        added = add_new(work, new, principal, owner=owner, publish=publish, priority=priority)
        paths: dict[ResourceKey, str] = {}
        for (place, brought), resource in zip(stored.items(), added, strict=True):
            if isinstance(resource, Resource):
                brought.require(services)
                if bundles[place].path:
                    paths[resource.key] = bundles[place].path
        work.proposals.lay(paths)
        return added

    try:
        added = _with_their_bytes(services, act, stored.values())
    except NotFound as error:
        return [outcomes.get(place, error) for place in sorted({*outcomes, *stored})]
    except OSError:
        # A file has gone that was to be stored again; which one, each says by itself.
        added = [None] * len(stored)
    for (place, brought), resource in zip(stored.items(), added, strict=True):
        if isinstance(resource, Resource):
            names = frozenset(entry.name for entry in brought.entries[1:])
            outcomes[place] = Deposited(resource, "fresh", added=names, left=left[place])
            continue
        if resource is not None:
            outcomes[place] = resource
            continue
        said = bundles[place]
        try:
            done = _record(
                services,
                principal,
                brought,
                owner=owner,
                values=said.values,
                publish=publish,
                priority=priority,
                corrects=said.corrects,
            )
            outcomes[place] = replace(done, left=done.left | left[place])
        except (LibraryError, OSError) as error:
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
) -> Sequence[Resource | QuotaExceeded | None]:
    """Resources of those whose bytes are new here; None: the library has them, or had them and may not again;
    QuotaExceeded: with them the owner would store more than it may.

    Of several with the same main file the first counts as new. Raises: NotFound: no such organisation.
    """
    owner = answering(work, owner)
    admission = Admission.begin(work, owner, [entry for _, entries in bundles for entry in entries])
    # Whoever offers the same bytes at the same moment waits here, and then finds them held.
    refused = work.blobs.add_all({entry.sha256: entry.size_bytes for _, entries in bundles for entry in entries})
    known = set(work.resources.held({entries[0].sha256 for _, entries in bundles}))
    chosen: list[int] = []
    made: dict[int, Resource | QuotaExceeded] = {}
    for place, (_, entries) in enumerate(bundles):
        if entries[0].sha256 not in known and refused.isdisjoint(entry.sha256 for entry in entries):
            if (exceeded := admission.take(entries)) is not None:
                made[place] = exceeded
                continue
            chosen.append(place)
            known.add(entries[0].sha256)
    contents = [Content(merge(bundles[place][0]), tuple(bundles[place][1])) for place in chosen]
    resources = work.resources.add_all(contents, owner=owner)
    files = [{"files": len(content.files)} for content in contents]
    keys = [resource.key for resource in resources]
    work.events.add_all("deposited", dict(zip(keys, files, strict=True)), principal.role)
    work.jobs.add_all(_job(publish=publish), [resource.id for resource in resources], priority=priority)
    made.update(zip(chosen, resources, strict=True))
    return [made.get(place) for place in range(len(bundles))]


def _job(*, publish: bool) -> Literal["publish", "read"]:
    return "publish" if publish else "read"


@dataclass(frozen=True, slots=True)
class Brought:
    """A bundle whose files lie in the store. known: where those are whose bytes were there before, by their hash."""

    entries: Sequence[FileEntry]
    known: Mapping[str, Path]

    def require(self, services: Services) -> None:
        """Nobody who sweeps takes away what a row names by now; what went before that is stored again.

        Asked in the unit of work that names it, and only of bytes that nobody named before. Raises: _Swept.
        """
        if not all(services.objects.exists(blob_key(sha256)) for sha256 in self.known):
            raise _Swept


class _Swept(Exception):
    """Between the look that found the bytes and the commit that names them, a sweep has taken them."""


def _with_their_bytes(
    services: Services, act: Callable[[UnitOfWork], T], brought: Iterable[Brought], tries: int = 3
) -> T:
    """Commit what names these bytes, with the bytes there. Raises: OSError: a file that has them is gone."""
    for last in range(tries - 1, -1, -1):
        try:
            return services.catalogue.write(act)
        except _Swept:
            if not last:
                raise Unavailable(part="objects") from None
            for path in {path for one in brought for path in one.known.values()}:
                with path.open("rb") as source:
                    services.objects.put_blob(source)
    raise AssertionError


def _own(services: Services, stored: dict[int, Brought]) -> dict[int, frozenset[str]]:
    """Take out attachments that are resources of their own here: their bytes do not come twice.

    Returns: their names, by place.
    """
    beside = {entry.sha256 for one in stored.values() for entry in one.entries if entry.role == "attachment"}
    held: frozenset[str] = frozenset()
    if beside:
        with services.catalogue.reading() as work:
            held = work.resources.held(beside)
    left: dict[int, frozenset[str]] = {}
    for place, brought in stored.items():
        out = [entry for entry in brought.entries[1:] if entry.role == "attachment" and entry.sha256 in held]
        left[place] = frozenset(entry.name for entry in out)
        stored[place] = replace(brought, entries=[entry for entry in brought.entries if entry not in out])
    return left


def _entries(services: Services, files: Sequence[Offered]) -> Brought:
    """The files as they lie in the store now, the first one's number 1."""
    stored = [(offered, _store(services, offered)) for offered in files]
    entries = [
        FileEntry(number, one.sha256, one.size_bytes, sniff(file.path, file.name).media_type, file.name, file.role)
        for number, (file, one) in enumerate(stored, start=1)
    ]
    return Brought(entries, {one.sha256: file.path for file, one in stored if one.known})


def _record(
    services: Services,
    principal: Principal,
    brought: Brought,
    *,
    owner: str,
    values: Sequence[Value],
    publish: bool,
    priority: int,
    corrects: str = "",
) -> Deposited:
    entries = brought.entries

    def act(work: UnitOfWork) -> Deposited:
        now = answering(work, owner)
        if work.organisations.get(now) is None:
            raise NotFound
        admission = Admission.begin(work, now, entries)
        # Whoever offers the same bytes at the same moment waits here, and then finds them held.
        for entry in sorted(entries, key=lambda entry: entry.sha256):
            work.blobs.add(entry.sha256, entry.size_bytes)
        held = work.resources.holding(entries[0].sha256)
        if held:
            meant = next((one for one in held if one.id == corrects), None)
            if meant is not None and correct(work, principal, meant, values, publish=publish, priority=priority):
                return Deposited(meant, "resumed")
            again = _again(work, meant or held[0], values, publish=publish, priority=priority)
            # Whose they were before a merge moves in a job: until then its rows have the former code.
            free = publish and answering(work, again.resource.owner) == now
            done = _with_companions(work, again, entries[1:], admission, free=free, priority=priority)
            if done.added:
                brought.require(services)
            return done
        admission.require(entries)
        brought.require(services)
        resource = work.resources.add(owner=now)
        work.resources.add_revision(resource.key, values=merge(values), files=entries)
        work.events.add("deposited", resource.key, principal.role, {"files": len(entries)})
        work.jobs.add(_job(publish=publish), resource.id, priority=priority)
        return Deposited(resource, "fresh", added=frozenset(entry.name for entry in entries[1:]))

    try:
        return _with_their_bytes(services, act, [brought])
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
    work: UnitOfWork,
    again: Deposited,
    companions: Sequence[FileEntry],
    admission: Admission,
    *,
    free: bool,
    priority: int,
) -> Deposited:
    """Companions that came later join a published resource of the same owner as its next revision.

    free: it is the same owner, and the batch may publish. A draft keeps its files as they are. Those for which there
    is no room are left, and say so by themselves: their film is where it was.
    """
    resource = again.resource
    files = [file for revision in work.resources.revisions(resource.key) for file in revision.files]
    held = {file.sha256 for file in files}
    fresh = [entry for entry in companions if entry.sha256 not in held]
    if not fresh:
        return again
    current = work.resources.revision(resource.key, resource.published) if resource.published else None
    busy = not free or work.resources.open_revision(resource.key) is not None
    if current is None or busy or admission.take(fresh) is not None:
        return replace(again, left=frozenset(entry.name for entry in fresh))
    number = max(file.number for file in files)
    numbered = [replace(entry, number=number + place) for place, entry in enumerate(fresh, start=1)]
    work.resources.add_revision(resource.key, values=current.values, files=(*current.files, *numbered))
    kind = "captions-added" if all(entry.role == "captions" for entry in numbered) else "companions-added"
    work.events.add(kind, resource.key, "operator", {"files": len(numbered)})
    work.jobs.add("publish", resource.id, priority=priority)
    return Deposited(resource, "extended", added=frozenset(entry.name for entry in numbered))
