"""What the library needs from the outside: catalogue, objects, index.

A port is a Protocol; its adapters live in `service/adapters/`, one file an
engine, and translate every vendor error into one of `service/errors.py`.
Each port has a contract test that every adapter passes (`tests/contract`).
The module is long because a port is its sentences; there is no code in it.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar, runtime_checkable

from service.model import (
    Access,
    Content,
    Count,
    Event,
    FileEntry,
    Generation,
    Harvested,
    IndexDocument,
    Job,
    JobKind,
    Organisation,
    OwnVocabulary,
    Reading,
    Rendered,
    Resource,
    ResourceId,
    ResourceKey,
    Revision,
    SearchPage,
    SearchQuery,
    Value,
    Window,
)

T = TypeVar("T")


class Resources(Protocol):
    """Identities, revisions, values and files."""

    def add(self, *, owner: str, access: Access = "public", origin: str = "local") -> Resource:
        """A new live resource with a fresh public id and no revision."""
        ...

    def add_all(
        self, contents: Sequence[Content], *, owner: str, access: Access = "public", origin: str = "local"
    ) -> Sequence[Resource]:
        """`add` and `add_revision` for each, in a constant number of statements. Returns: in the order of `contents`.

        Raises: NotFound: no such organisation. Invalid: a file whose bytes were never added as a blob.
        """
        ...

    def get(self, resource_id: str) -> Resource | None:
        """By public id, without regard to case, through retired ids (aliases) too."""
        ...

    def by_key(self, key: ResourceKey) -> Resource | None: ...

    def by_keys(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Resource]:
        """Those that there are, in one query."""
        ...

    def published(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, tuple[Resource, Revision]]:
        """Resources with their published revisions, in a constant number of queries; those without are left out."""
        ...

    def told(
        self, keys: Collection[ResourceKey], fields: Collection[str]
    ) -> Mapping[ResourceKey, tuple[Resource, Sequence[Value]]]:
        """Resources with the values of some fields of their published revisions, in one query, for short lists."""
        ...

    def save(self, resource: Resource) -> Resource:
        """Write every mutable column where `row_version` still is what was read; returns it with the next one.

        Raises: Conflict: somebody else changed it first.
        """
        ...

    def after(self, key: int, limit: int) -> Sequence[Resource]:
        """The next resources by key, for walks over everything (keyset)."""
        ...

    def add_alias(self, retired: str, key: ResourceKey) -> None: ...

    def add_revision(self, key: ResourceKey, *, values: Sequence[Value], files: Sequence[FileEntry]) -> Revision:
        """A new draft with the next number. Raises: Conflict: one is already open."""
        ...

    def revision(self, key: ResourceKey, number: int) -> Revision | None: ...

    def open_revision(self, key: ResourceKey) -> Revision | None:
        """The draft or submitted one, if any."""
        ...

    def revisions(self, key: ResourceKey) -> Sequence[Revision]:
        """All, oldest first."""
        ...

    def save_revision(self, revision: Revision) -> Revision:
        """Write state, published_at, values and media types of files, by compare-and-set on `row_version`.

        Raises: Conflict: changed meanwhile, or it is published and something other than `state` differs.
        """
        ...

    def sharing(self, hashes: Collection[str]) -> Sequence[Resource]:
        """All resources, withdrawn ones too, of which some revision has a file of any role with one of these bytes."""
        ...

    def strip(self, key: ResourceKey, kept: Collection[str]) -> None:
        """Of every revision drop the values of fields other than `kept`, and the files' names (a purge)."""
        ...

    def held(self, hashes: Collection[str]) -> frozenset[str]:
        """Of which of these bytes `holding` would find a resource."""
        ...

    def carrying(self, field: str, values: Collection[str]) -> Mapping[str, int]:
        """Value -> how many resources have it in their open or their published revision; 0 is left out."""
        ...

    def holding(self, sha256: str) -> Sequence[Resource]:
        """Resources (not withdrawn) of which some revision has a main file with these bytes."""
        ...


class Readings(Protocol):
    """What reading came to, by bundle and pipeline fingerprint."""

    def save(self, reading: Reading) -> None: ...

    def newest(self, bundles: Collection[str]) -> Mapping[str, Reading]:
        """The newest reading of each bundle that has one."""
        ...

    def stale(self, fingerprint: str, after: str, limit: int) -> Sequence[Reading]:
        """Newest readings by bundle (keyset) that another fingerprint made."""
        ...

    def forget(self, bundles: Collection[str]) -> None:
        """Drop what says something of the text: document, warnings, findings. That it was read stays."""
        ...

    def clear(self, bundle: str, kinds: Collection[str], *, actor: str, reason: str) -> None:
        """Findings of these kinds in this bundle are no personal data, whatever pipeline finds them again."""
        ...

    def cleared(self, bundles: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Kinds that were cleared, of each bundle that has some."""
        ...


class Blobs(Protocol):
    """Rows for stored objects, so that a sweep knows what nothing points to."""

    def add(self, sha256: str, size_bytes: int) -> None:
        """Idempotent. Raises: Purged: these bytes may not come back."""
        ...

    def add_all(self, sizes: Mapping[str, int]) -> frozenset[str]:
        """The same for many, hash -> bytes. Returns: those that may not come back, which are not added."""
        ...

    def refuse(self, sha256: str) -> None: ...

    def refused(self, hashes: Collection[str]) -> frozenset[str]:
        """Which of these may not come back."""
        ...

    def unreferenced(self, before: datetime.datetime, limit: int) -> Sequence[str]: ...

    def remove(self, sha256: str) -> None: ...

    def total(self) -> tuple[int, int]:
        """How many, and their bytes together. Walks over all rows: for measures, once a minute."""
        ...


class Organisations(Protocol):
    def add(self, code: str, name: str, kind: str = "organisation", parent: str | None = None) -> Organisation:
        """Raises: Conflict: the code is taken, or was."""
        ...

    def get(self, code: str) -> Organisation | None: ...

    def all(self) -> Sequence[Organisation]:
        """All, by code, each with the name valid now."""
        ...


class Events(Protocol):
    def add(self, kind: str, resource: ResourceKey | None, actor: str, details: Mapping[str, str | int]) -> None: ...

    def add_all(self, kind: str, details: Mapping[ResourceKey, Mapping[str, str | int]], actor: str) -> None:
        """One of the kind for each resource, in their order."""
        ...

    def of(self, key: ResourceKey) -> Sequence[Event]: ...

    def of_kind(self, kind: str) -> Sequence[Event]:
        """All of a rare kind, oldest first."""
        ...


class Jobs(Protocol):
    """The lease table. A queued job of the same (kind, subject) merges; a leased one is followed by a new one."""

    def add(self, kind: JobKind, subject: str, *, priority: int) -> None:
        """Merging keeps the smaller priority and the first cause (`service.telemetry.cause` of whoever adds)."""
        ...

    def add_all(self, kind: JobKind, subjects: Collection[str], *, priority: int) -> None:
        """The same for many subjects."""
        ...

    def lease(
        self, kinds: Collection[JobKind], *, worker: str, limit: int, seconds: float, priority: int | None = None
    ) -> Sequence[Job]:
        """Take up to `limit` queued jobs, soonest first; with `priority` only those of that number or a smaller one.

        Leases that ran out are given back first (losses + 1, failed with reason `lost-too-often` at 20).
        """
        ...

    def renew(self, ids: Collection[int], *, worker: str, seconds: float) -> None: ...

    def done(self, ids: Collection[int], *, worker: str) -> int:
        """Remove them, if the lease still is this worker's. Returns: of how many it was."""
        ...

    def fail(self, job_id: int, *, worker: str, reason: str, parameters: Mapping[str, str | int], final: bool) -> None:
        """Count a failure; queued again, or `failed` for good after 3 or when `final`."""
        ...

    def release(self, ids: Collection[int], *, worker: str) -> None:
        """Give back unfinished without counting anything (an orderly stop)."""
        ...

    def waiting(self, kind: JobKind, subjects: Collection[str]) -> Mapping[str, Job]:
        """Which of these are queued, leased or failed, by subject (a failed one only if nothing newer waits)."""
        ...

    def numbers(self) -> Mapping[tuple[str, str], int]:
        """(kind, state) -> how many."""
        ...

    def oldest(self) -> Mapping[str, datetime.datetime]:
        """Kind -> when the oldest job was made that is queued or leased."""
        ...

    def failed(self, limit: int) -> Sequence[Job]: ...

    def cancel(self, resource_id: str) -> None:
        """Remove what is queued or has failed for a resource and its parts; what is leased is its worker's."""
        ...

    def retry(self, job_id: int) -> None: ...


class Terms(Protocol):
    """(resource, field, value) of what is published: browsing when the engine is away, and sets."""

    def replace(self, key: ResourceKey, terms: Iterable[tuple[str, str]]) -> None: ...

    def counts(self, field: str) -> Mapping[str, int]: ...

    def public_beginning(self, field: str, prefix: str, *, limit: int) -> Sequence[tuple[str, ResourceKey]]:
        """(value, resource) of what everybody may see today and begins so, by value and key."""
        ...

    def public_values(
        self, field: str, prefix: str, *, limit: int, counted: int
    ) -> Sequence[tuple[str, ResourceKey, int]]:
        """Different values that begin so, rising, each with one public resource that has it and how many do.

        limit: of values that are looked at; counted: as far as resources are counted.
        """
        ...

    def public_any(self, pairs: Sequence[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Those of the (field, value) that something has which everybody may see today; one query."""
        ...

    def values(self, field: str, keys: Collection[ResourceKey]) -> Sequence[tuple[str, ResourceKey]]:
        """(value, resource) of a field of these resources, in any order."""
        ...

    def resources(self, field: str, value: str, *, after: int, limit: int) -> Sequence[ResourceKey]: ...

    def public_counts(self, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """Field -> value -> how many live published resources that everybody may see have it."""
        ...

    def public(
        self, filters: Mapping[str, Collection[str]], *, before: ResourceKey | None, limit: int
    ) -> Sequence[ResourceKey]:
        """Of those the ones with one of the values of each field, falling from below `before` (keyset)."""
        ...

    def public_total(self, filters: Mapping[str, Collection[str]]) -> int:
        """How many `public` walks over."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A resource in a list of what everybody may see, with the moment of its last change."""

    key: ResourceKey
    id: ResourceId
    modified_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Block:
    """A range of inner keys, numbered from 1. pages: of how many resources everybody may see the page.

    newest: the last change of any resource in the range, a withdrawal too.
    """

    number: int
    pages: int
    newest: datetime.datetime


class Changes(Protocol):
    """What everybody may see today, by its last change, and in blocks that keep their resources for ever."""

    def newest(self) -> datetime.datetime | None:
        """When any resource changed last, a withdrawn one too: nothing that is listed changed later."""
        ...

    def public(
        self,
        filters: Mapping[str, Collection[str]],
        *,
        before: Listed | None = None,
        after: Listed | None = None,
        limit: int,
    ) -> Sequence[Listed]:
        """With one of the terms of each field, the last change first.

        before, after: the next older or newer ones than this place, of which only key and moment count.
        """
        ...

    def walk(self, after: int, until: int, limit: int) -> Sequence[Listed]:
        """The next by key in (after, until] (keyset)."""
        ...

    def blocks(self, size: int, number: int | None = None) -> Sequence[Block]:
        """Blocks of `size` keys that hold something, all or the one; all: walks over every resource."""
        ...


class Generations(Protocol):
    def add(self, generation: Generation) -> None: ...

    def all(self, engine: str) -> Sequence[Generation]: ...

    def set_state(self, name: str, state: str) -> None:
        """At most one is live an engine: making one live makes the former live one old."""
        ...

    def add_words(self, name: str, file: str, *, instead_of: Collection[str] = ()) -> bool:
        """One more file of its lexicon, or one instead of others.

        Returns: False, and nothing has happened: one of the others is not among its files.
        Raises: NotFound: no such generation.
        """
        ...

    def remove(self, name: str) -> None: ...


class Counters(Protocol):
    def add(self, counts: Sequence[Count]) -> None:
        """Add to the rows of (day, kind, resource, organisation, door)."""
        ...

    def rows(self, first: datetime.date, last: datetime.date) -> Iterator[Count]: ...

    def used(self, ids: Collection[ResourceId]) -> Mapping[ResourceId, int]:
        """Openings, downloads and plays so far."""
        ...

    def most_used(self, limit: int) -> Sequence[tuple[ResourceKey, int]]:
        """Of what is live, published and for everybody the most used, most first, with these numbers."""
        ...


class OwnVocabularies(Protocol):
    """Vocabularies that this library has put in the place of those that ship; former ones are kept."""

    def newest(self) -> int:
        """The key of the row that came last, 0 where there is none; cheap, for seeing that something changed."""
        ...

    def current(self) -> Mapping[str, str]:
        """Name -> content of those that hold now."""
        ...

    def all(self) -> Sequence[OwnVocabulary]:
        """Every row ever, oldest first, without their contents (None)."""
        ...

    def around(self, key: int) -> tuple[OwnVocabulary | None, OwnVocabulary | None]:
        """The row before this one of the same vocabulary, and this one."""
        ...

    def add(self, name: str, content: str | None, *, actor: str) -> OwnVocabulary:
        """From now on this one holds; None: the one that ships."""
        ...


class OaiRecords(Protocol):
    """What harvesters get, as it was rendered last. Rows are never removed: what is gone is a tombstone."""

    def stamp(self, rendered: Sequence[Rendered]) -> int:
        """Take over what was rendered, last in its unit of work; at most 500 at once.

        Whose output, sets or visibility differ from what is there gets a new datestamp: now, or the last one issued
        if that is later. One at a time does so, until its commit: the order of datestamps is that of commits.
        Left out: what was rendered of an older version than is there, and what may not be listed and never was.
        Returns: how many datestamps moved.
        """
        ...

    def retract(self, key: ResourceKey, version: int) -> None:
        """Make it a tombstone, if it is listed, in the sets where it was; last in its unit of work.

        version: the resource's row_version from now on.
        """
        ...

    def page(self, window: Window, format: str, *, after: tuple[str, str] | None, limit: int) -> Sequence[Harvested]:
        """The next ones behind (datestamp, id), in this order (keyset). format: empty: headers alone."""
        ...

    def last(self, window: Window, format: str, upto: tuple[str, str]) -> Harvested | None:
        """The last one of a window that is not behind (datestamp, id)."""
        ...

    def total(self, window: Window) -> int:
        """How many a window holds."""
        ...

    def get(self, resource_id: str, format: str) -> Harvested | None: ...

    def issued(self) -> str:
        """The last datestamp of all; empty where there is none."""
        ...

    def begun(self) -> str:
        """Not later than any datestamp, and always the same."""
        ...

    def specs(self) -> Sequence[str]:
        """Of every set that a record is or was in, sorted."""
        ...

    def astray(self, today: datetime.date, *, after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        """Resources that should be listed and are not, or the other way round, by key (keyset)."""
        ...

    def made_with(self) -> Sequence[tuple[str, str]]:
        """Every (owner, fingerprint) of what is listed."""
        ...

    def made(self, owner: str, fingerprint: str, *, after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        """Listed ones of an owner that were made with it, by key (keyset)."""
        ...

    def secret(self) -> str:
        """What signs tokens, hex; empty where none was made yet."""
        ...

    def keep_secret(self, value: str) -> None:
        """The first one stays."""
        ...


Cell = str | int | float | bool | None | list[Any] | dict[str, Any]
"""A value as JSON says it."""
RowOfTable = Mapping[str, Cell]
"""Column -> value."""


class Tables(Protocol):
    """Every row of the library as JSON, table by table, for moving a whole one. Rows are those that travel."""

    @property
    def schema(self) -> str:
        """This version's revision of the schema; a later one sorts after an earlier one."""
        ...

    def names(self) -> Sequence[str]:
        """Tables that travel, each after those it refers to, owed work last."""
        ...

    def rows(self, name: str, page: int) -> Iterator[Sequence[RowOfTable]]:
        """All rows in the order of their key, `page` of them a statement (keyset)."""
        ...

    def count(self, name: str) -> int: ...

    def holds(self, name: str, row: RowOfTable) -> bool:
        """Whether a row with the key of this one is there."""
        ...

    def load(self, name: str, rows: Sequence[RowOfTable]) -> None:
        """Add rows with their keys; those whose key is there stay. A column that a row lacks gets its default.

        Raises: Conflict: a row refers to what is not there.
        """
        ...

    def untouched(self) -> bool:
        """Whether nothing is there but what a new library holds."""
        ...

    def clear_seeds(self) -> None:
        """Take away what a new library holds, before others' rows are loaded."""
        ...

    def settle(self) -> None:
        """After loading: keys that the database gives from now on are above every one that came."""
        ...


class UnitOfWork(Protocol):
    """Everything that commits together."""

    @property
    def resources(self) -> Resources: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def organisations(self) -> Organisations: ...
    @property
    def events(self) -> Events: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def generations(self) -> Generations: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def oai(self) -> OaiRecords: ...
    @property
    def tables(self) -> Tables: ...
    @property
    def vocabularies(self) -> OwnVocabularies: ...


class Catalogue(Protocol):
    """The database. No unit of work spans extraction, hashing, network or index work."""

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A consistent view; writing in it is an error, it never upgrades."""
        ...

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """Commits at the end of the block, rolls back on an exception. Durable when it returns.

        What is read of a resource here stays until the commit. A block cannot be run again: where others write
        at the same time, `write` is the way. Raises: Unavailable, Conflict: it met another's commit.
        """
        ...

    def write(self, act: Callable[[UnitOfWork], T]) -> T:
        """`writing()` around `act`, which is run again from the start when it met another's commit.

        So `act` does nothing but read and write in its unit of work. Returns: what the last run returned.
        Raises: Unavailable, Conflict: it still met others after a bounded number of tries.
        """
        ...

    def migrate(self) -> None:
        """Bring the schema to this version (embedded: a copy is taken first). Safe from many processes.

        Raises: SettingsError: which setting keeps the library from its database; LibraryFromTheFuture.
        """
        ...

    def check(self) -> None:
        """Raises: Unavailable: the database does not answer, or its schema is not this version's."""
        ...

    def changes(self) -> int:
        """A number that differs after a commit that gave workers something to do; cheap, for waking them."""
        ...

    def settled(self) -> bool:
        """Whether nobody is between giving datestamps and the commit that shows them. Never waits."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class Pooled(Protocol):
    """What a catalogue with a pool of connections says of it; asked after each request, so it only looks."""

    def connections(self) -> tuple[int, int]:
        """How many are in use, and how many are open and wait."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that was written. sha256: hex; size in bytes."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Staged:
    """An upload that is being received. size_bytes: what is durable; touched_at: when it last grew, UTC."""

    name: str
    size_bytes: int
    touched_at: datetime.datetime


class Staging(Protocol):
    """Uploads that arrive in pieces, kept until they are whole. What `append` returned survives whatever comes.

    Its names are key components; one process at a time appends to a name (whoever holds its upload's row sees to it).
    """

    def begin(self, name: str) -> None:
        """Raises: Conflict: there is one of this name."""
        ...

    def offset(self, name: str) -> int:
        """How many bytes are durable; after a crash perhaps more than were acknowledged, never fewer.

        Raises: NotFound.
        """
        ...

    def append(self, name: str, offset: int, data: bytes) -> int:
        """Add after the durable bytes; durable when it returns. Returns: the new offset.

        Raises: NotFound; Conflict: `offset` is not how many there are; StorageFull; Unavailable: ask for the offset.
        """
        ...

    def finish(self, name: str) -> Stored:
        """Make it a blob under its own hash. Asked again, it says the same until the name is removed.

        Raises: NotFound; StorageFull; ObjectDamaged: the pieces are not what was appended.
        """
        ...

    def staged(self) -> Iterator[Staged]:
        """All, finished ones with what is left of them, by name."""
        ...

    def remove(self, name: str) -> None:
        """Give up what is staged, or forget what was finished. Idempotent."""
        ...

    def expire(self, before: datetime.datetime) -> Sequence[str]:
        """Remove what has not grown since then. Returns: their names."""
        ...


class ObjectStore(Protocol):
    """Bytes by key. Keys are ASCII, `/` separates: `blobs/<sha256>`, `documents/…`, `derived/…`."""

    @property
    def staging(self) -> Staging: ...

    @property
    def redirects_to(self) -> str:
        """The origin that `address` leads to, for the pages' content security policy; empty: nowhere else."""
        ...

    def begin(self, library: str) -> None:
        """At the start of a process: the store is there, private, and this library's; an empty one becomes so.

        library: its HOCLIEU_REPOSITORY_ID, or `PLACES`. Raises: SettingsError: one of its kinds names the setting
        and the remedy; HoldsBackups is one of them.
        """
        ...

    def look(self) -> None:
        """Before somebody spends time on what is to be stored. Raises: Unavailable: nobody answers, soon said.

        Next to nothing where there was an answer a moment ago.
        """
        ...

    def put_blob(self, source: BinaryIO) -> Stored:
        """Store under its own hash: temporary name, fsync, rename, folder fsync. The same bytes twice cost a look.

        Raises: StorageFull; nothing half-written stays visible.
        """
        ...

    def put(self, key: str, data: bytes) -> None:
        """Atomic replace. Raises: StorageFull."""
        ...

    def get(self, key: str) -> bytes:
        """Raises: ObjectMissing."""
        ...

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Bytes [start, start + length) in blocks. Raises: ObjectMissing, before the first block.

        A remote store raises ObjectDamaged at the end of a whole object that is not what was stored, and Unavailable
        where the connection breaks.
        """
        ...

    def exists(self, key: str) -> bool: ...

    def address(self, key: str, *, media_type: str, disposition: str) -> str | None:
        """Where a reader fetches the object without us, for five minutes, under this type and Content-Disposition.

        None: only through the library.
        """
        ...

    def local(self, key: str) -> AbstractContextManager[Path]:
        """A readable path with these bytes, for a child process; a copy where the store is remote."""
        ...

    def remove(self, key: str) -> None:
        """Idempotent."""
        ...

    def keys(self, prefix: str) -> Iterator[str]: ...

    def check(self) -> None:
        """Raises: Unavailable with a part and a sentence's parameters."""
        ...


class SearchIndex(Protocol):
    """A projection of what is published; the catalogue names its generations, the index keeps no state of its own."""

    engine: str

    def fingerprint(self) -> str:
        """Of schema and analysis; a generation with another one has to be rebuilt."""
        ...

    def begin(self) -> None:
        """At the start of a process: the engine is there and usable. Nothing to do for files.

        Raises: SettingsError: one of its kinds names the setting and the remedy.
        """
        ...

    def create(self, generation: str) -> None: ...

    def exists(self, generation: str) -> bool: ...

    def write(
        self, generation: str, documents: Sequence[IndexDocument], removed: Collection[ResourceKey]
    ) -> Mapping[ResourceKey, str]:
        """Replace and remove, committed when it returns. Safe from many processes: one writes, the others queue.

        Returns: resources that the engine will never take, with its reason; all others are in.
        Raises: IndexUnavailable.
        """
        ...

    def search(self, generation: str, query: SearchQuery) -> SearchPage:
        """A query whose `limit` is 0 gets totals and facets alone."""
        ...

    def versions(self, generation: str) -> Iterator[tuple[ResourceKey, int]]:
        """Every resource with the version that is indexed, by key."""
        ...

    def promote(self, generation: str) -> None:
        """It is the live one from now on, in one action for whoever looks from outside."""
        ...

    def drop(self, generation: str) -> None: ...

    def check(self, generation: str) -> None:
        """Of the live one. Raises: IndexUnavailable: it cannot answer a search."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


BLOBS = "blobs"
PLACES = "exports and backups"
"""What a store is begun as where libraries are moved and kept: no library's own."""
PLACE_KEY = "format.json"
"""The object that says so."""


def blob_key(sha256: str) -> str:
    """Where a stored file's bytes are."""
    return f"{BLOBS}/{sha256}"
