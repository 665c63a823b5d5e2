"""What came from other repositories: sources, how far each was followed, and which resource is which record."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.model import Access, ResourceId, ResourceKey, Value, Visibility


@dataclass(frozen=True, slots=True)
class Source:
    """A repository that is followed, or a set of it (empty: all of it).

    name: what it calls itself. format: empty where it has not said yet what it has. licence: of records that name none,
    empty where there is no such. watermark: the date from which it is asked the next time, empty: from the beginning.
    run: of its harvests so far. left_at: since when it is followed no more.
    """

    key: int
    base_url: str
    set: str
    format: str
    organisation: str
    licence: str
    name: str
    watermark: str = ""
    run: int = 0
    harvested_at: datetime.datetime | None = None
    left_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stood before: one `originDescription` of OAI-PMH's provenance.

    harvested, datestamp: as they were said there. namespace: of its metadata. altered: whether it was changed after.
    """

    base_url: str
    identifier: str
    datestamp: str
    namespace: str
    harvested: str
    altered: bool = True


@dataclass(frozen=True, slots=True)
class Brought:
    """A record as it comes in. original: the identifier that its first repository gave it.

    values: all of origin `source`. terms: what the term table holds of it. digest: of values and access.
    origins: where it stood, the source first.
    """

    identifier: str
    datestamp: str
    original: str
    digest: str
    values: tuple[Value, ...]
    terms: tuple[tuple[str, str], ...]
    access: Access
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is here of a record. gone: its source has withdrawn it, and nobody here."""

    key: ResourceKey
    id: ResourceId
    identifier: str
    datestamp: str
    digest: str
    gone: bool
    visibility: Visibility
    version: int


class Harvests(Protocol):
    """Records of other repositories. Their resources have one revision, which only the harvester writes."""

    def sources(self) -> Sequence[Source]:
        """All that ever were followed, in the order in which they came."""
        ...

    def source(self, base_url: str, set: str) -> Source | None: ...

    def save_source(self, source: Source) -> Source:
        """Add it (key 0), or write what it is now."""
        ...

    def kept(self, source: int, identifiers: Collection[str]) -> Mapping[str, Kept]:
        """Those of a source that are here, by its identifier."""
        ...

    def elsewhere(self, source: int, originals: Collection[str]) -> frozenset[str]:
        """Of these original identifiers those that are here, live, from another source."""
        ...

    def add(self, source: Source, brought: Sequence[Brought]) -> Mapping[ResourceKey, ResourceId]:
        """New published resources, in a constant number of statements. Of a merged organisation: its successor's.

        Raises: NotFound: no such organisation.
        """
        ...

    def local(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Sequence[Value]]:
        """Values that somebody here has said of them: they lie over what comes."""
        ...

    def rewrite(self, source: Source, changed: Sequence[tuple[Kept, Brought]]) -> None:
        """In the place of what the published revisions hold; owned as what is added is."""
        ...

    def dated(self, source: int, datestamps: Mapping[str, str]) -> None:
        """identifier -> datestamp, of records of which nothing else has changed."""
        ...

    def move(self, kept: Sequence[Kept], *, gone: bool, reason: str) -> None:
        """Withdraw what its source has withdrawn, or show it again. Terms are the caller's."""
        ...

    def seen(self, source: int, identifiers: Collection[str], run: int) -> None:
        """They were there in this run."""
        ...

    def unseen(self, source: int, run: int, limit: int) -> Sequence[Kept]:
        """Live ones that were not there in this run, nor refused."""
        ...

    def refuse(self, source: int, reasons: Mapping[str, tuple[str, str]]) -> None:
        """identifier -> (code, detail) of records that could not be taken; they are asked for again."""
        ...

    def refused(self, source: int) -> Mapping[str, tuple[str, str]]:
        """Those that were asked for longest ago first."""
        ...

    def settle(self, source: int, identifiers: Collection[str]) -> None:
        """They could be taken, or are no more."""
        ...

    def origins(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Sequence[Origin]]:
        """Where records stood before, the source first."""
        ...
