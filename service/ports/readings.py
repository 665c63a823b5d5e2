"""What was read of the files: readings, sketches of their texts, proposals of what they are."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from service.model import Proposal, Reading, ResourceId, ResourceKey, Sketch


class Readings(Protocol):
    """What reading came to, by bundle and pipeline fingerprint."""

    def save(self, reading: Reading) -> None: ...

    def newest(self, bundles: Collection[str]) -> Mapping[str, Reading]:
        """The newest reading of each bundle that has one."""
        ...

    def stale(self, fingerprint: str, after: str, limit: int) -> Sequence[Reading]:
        """Newest readings by bundle (keyset) that another fingerprint made."""
        ...

    def outdated(self, before: datetime.datetime, limit: int, *, after: str = "") -> Sequence[str]:
        """Keys above `after` of documents of readings made before then that a newer one of their bundle replaces."""
        ...

    def drop_documents(self, keys: Collection[str]) -> None:
        """Of readings that a newer one has replaced: forget that they have these documents."""
        ...

    def named(self, keys: Collection[str]) -> frozenset[str]:
        """Which of these keys of documents some reading has."""
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


class Sketches(Protocol):
    """Of the texts of main files, by the hash of the file, with an index for finding those that are alike."""

    def save(self, sha256: str, sketch: Sketch) -> None:
        """In the place of the one that is there. Until the commit nobody else saves one: of two that are alike and
        come at the same time the later sees the earlier."""
        ...

    def of(self, hashes: Collection[str]) -> Mapping[str, Sketch]:
        """Those of these files that there are."""
        ...

    def sharing(self, sketch: Sketch, most: int) -> Mapping[str, Sketch]:
        """Hash -> sketch of those that share bands with it, the most first, at most `most`; itself is among them.

        A band that very many share is looked at only so far, so that a look takes no longer for it.
        """
        ...

    def holders(self, hashes: Collection[str]) -> Sequence[tuple[str, ResourceKey, ResourceId]]:
        """(hash, resource) of what is not withdrawn and has it as a main file of its open or published revision."""
        ...

    def astray(self, recipe: str, *, after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        """Resources with a main file that was read and has no sketch of this recipe, by key (keyset).

        Of what is read together with captions it is not looked whether it was read.
        """
        ...

    def forget(self, hashes: Collection[str]) -> None:
        """Their sketches and bands go."""
        ...


class Proposals(Protocol):
    """Suggested values with their evidence, and where files lay when they were taken in, which is evidence too."""

    def lay(self, paths: Mapping[ResourceKey, str]) -> None:
        """Where the main files of new resources lay: path from what was handed in on, `/` between its parts."""
        ...

    def path(self, key: ResourceKey) -> str:
        """Empty where nobody knows."""
        ...

    def replace(self, key: ResourceKey, proposals: Sequence[Proposal]) -> None:
        """From now on these are the open ones; those that were accepted stay."""
        ...

    def of(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Sequence[Proposal]]:
        """Open and accepted ones of each resource that has some, the surest first."""
        ...

    def waiting(self, after: int, limit: int, *, least: float, field: str = "") -> Sequence[ResourceKey]:
        """The next resources by key that have an open one of at least this confidence (keyset)."""
        ...

    def accept(self, key: ResourceKey, accepted: Collection[tuple[str, str]], *, actor: str) -> None:
        """Mark (field, value) pairs as accepted now."""
        ...

    def forget(self, key: ResourceKey) -> None:
        """Drop everything here that is about a resource (a purge)."""
        ...
