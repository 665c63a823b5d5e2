"""What the library holds: resources with their revisions, blobs, organisations, own vocabularies."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from service.model import (
    Access,
    Content,
    Described,
    FileEntry,
    Organisation,
    OwnVocabulary,
    Quota,
    Resource,
    ResourceId,
    ResourceKey,
    Revision,
    Value,
)


class Resources(Protocol):
    """Identities, revisions, values and files."""

    def add(self, *, owner: str, access: Access = "public", origin: str = "local") -> Resource:
        """A new live resource with a fresh public id and no revision. An owner that was merged: of its successor."""
        ...

    def owned(self, owner: str, limit: int) -> Sequence[Resource]:
        """The first ones of an owner by key, drafts and withdrawn ones too; nobody else changes them before the
        commit."""
        ...

    def add_all(
        self, contents: Sequence[Content], *, owner: str, access: Access = "public", origin: str = "local"
    ) -> Sequence[Resource]:
        """`add` and `add_revision` for each, in a constant number of statements. Returns: in the order of `contents`.

        Raises: NotFound: no such organisation. Invalid: a file whose bytes were never added as a blob.
        """
        ...

    def add_described(
        self, described: Sequence[Described], *, owner: str, origin: str = "local"
    ) -> Sequence[tuple[ResourceKey, ResourceId]]:
        """Resources without files, each with one revision, in a constant number of statements, in their order.

        An owner that was merged: of its successor. Raises: NotFound: no such organisation.
        """
        ...

    def get(self, resource_id: str) -> Resource | None:
        """By public id, without regard to case, through retired ids (aliases) too."""
        ...

    def some(self, resource_ids: Collection[str]) -> Mapping[str, Resource]:
        """`get` of each, in one query for those that are no retired ids; unknown ones are left out."""
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
        """Of every revision drop the values of fields other than `kept`, the files' names and the address (a purge)."""
        ...

    def held(self, hashes: Collection[str]) -> frozenset[str]:
        """Of which of these bytes `holding` would find a resource."""
        ...

    def carrying(self, field: str, values: Collection[str]) -> Mapping[str, int]:
        """Value -> how many resources have it in their open or their published revision; 0 is left out."""
        ...

    def placed(self) -> Sequence[tuple[ResourceKey, str]]:
        """Each stored placement of open and published revisions with its resource, each pair once."""
        ...

    def holding(self, sha256: str) -> Sequence[Resource]:
        """Resources (not withdrawn) of which some revision has a main file with these bytes."""
        ...


class Addresses(Protocol):
    """What resources without files describe: an address, told by its hash (`service/library/address.py`)."""

    def known(self, owner: str, digests: Collection[str]) -> Mapping[str, Resource]:
        """Those of an owner's resources, withdrawn ones left out, that describe one of these, by its digest.

        Where it is written, nobody else describes something for this owner before the commit.
        """
        ...

    def keep(self, digests: Mapping[ResourceKey, str]) -> None:
        """From now on these resources describe these addresses."""
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

    def unreferenced(self, before: datetime.datetime, limit: int, *, after: str = "") -> Sequence[str]:
        """Hashes above `after` that were last offered before then and to which no file of any revision points."""
        ...

    def remove(self, sha256: str) -> None:
        """Idempotent; nobody offers the same bytes before the commit. Raises: Conflict: a file points to it."""
        ...

    def known(self, hashes: Collection[str]) -> frozenset[str]:
        """Which of these have a row."""
        ...

    def after(self, sha256: str, limit: int) -> Sequence[tuple[str, int]]:
        """The next (hash, bytes) that files point to and nobody has purged, by hash (keyset)."""
        ...

    def oldest(self) -> datetime.datetime | None:
        """When the one was offered last that nobody has offered for longest. Walks over all rows."""
        ...

    def total(self) -> tuple[int, int]:
        """How many, and their bytes together. Walks over all rows: for measures, once a minute."""
        ...


class Organisations(Protocol):
    def add(self, code: str, name: str, kind: str = "organisation", parent: str | None = None) -> Organisation:
        """Raises: Conflict: the code is taken, or was."""
        ...

    def get(self, code: str) -> Organisation | None: ...

    def some(self, codes: Collection[str]) -> Mapping[str, Organisation]:
        """Those of these codes that there are: a page of results names a few of a province's thousands."""
        ...

    def all(self) -> Sequence[Organisation]:
        """All, by code, each with the name valid now; those that were merged too."""
        ...

    def merge(self, code: str, into: str) -> None:
        """From now on `into` answers for `code` and for all that were merged into that one before.

        What stood under it stands under `into`; what is added for it belongs to `into`, and whoever is just adding
        something is waited for. What it owns stays where it is: `Resources.owned` finds it.
        Raises: NotFound; Invalid: the same twice; AlreadyMerged {organisation, successor}: one of them.
        """
        ...

    def successors(self) -> Mapping[str, str]:
        """Code of each that was merged -> code of the one that answers for it."""
        ...

    def owing(self) -> Sequence[tuple[str, str]]:
        """The same of those that still own something."""
        ...

    def set_quota(self, code: str, allowed_bytes: int | None) -> None:
        """How much it may store; None: no bound. Raises: NotFound."""
        ...

    def quota(self, code: str, hashes: Collection[str] = ()) -> Quota | None:
        """What it stores and may store, and which of these it stores already; None: it has no bound.

        Where it is written, nobody else asks the same before the commit, so that two who deposit at once do not both
        find the last room. Raises: NotFound.
        """
        ...

    def used(self, code: str) -> int:
        """Bytes of all files of its resources, withdrawn ones too, each stored file once; what was purged is none."""
        ...

    def bounds(self) -> Mapping[str, int]:
        """Code -> bytes of those that have a bound."""
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
