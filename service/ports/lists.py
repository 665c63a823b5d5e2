"""What is listed: by terms, by the last change, and to harvesters."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.model import (
    Handed,
    Harvested,
    Inventoried,
    Package,
    Rendered,
    ResourceId,
    ResourceKey,
    Standing,
    Window,
)


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

    def by_id(self, after: str, limit: int, *, forms: bool = False, own: bool = False) -> Sequence[Inventoried]:
        """Everything that was ever listed, by id (keyset). forms: with what is sent of each.

        own: only what lists without a set hold, so without what came from other repositories.
        """
        ...

    def standing(self) -> Sequence[Standing]:
        """By owner; those that have published something."""
        ...

    def lacking(self) -> Sequence[tuple[str, str, str, int]]:
        """(owner, field, lack) of listed resources, with how many lack it; most first."""
        ...

    def lacks_of(self, owner: str, after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId, str, str]]:
        """(key, id, field, lack) of up to `limit` listed resources of an owner, by key (keyset)."""
        ...

    def on_trial(self, keys: Collection[ResourceKey]) -> frozenset[ResourceKey]:
        """Those of the resources that are in the set for trials."""
        ...

    def trial(self) -> tuple[int, Mapping[str, int]]:
        """How many listed resources are in it, and of each type."""
        ...

    def trial_candidates(self, type: str, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        """Listed ones of a type that are not in it, by key."""
        ...

    def try_out(self, keys: Sequence[ResourceKey]) -> None:
        """From their next rendering on they are in it; those that are stay."""
        ...

    def secret(self) -> str:
        """What signs tokens, hex; empty where none was made yet."""
        ...

    def keep_secret(self, value: str) -> None:
        """The first one stays."""
        ...


class Handovers(Protocol):
    """What was handed over to other repositories, by the name of the profile that it was made with."""

    def items(self, profile: str, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Handed]:
        """What is known of these resources; those never looked at are left out."""
        ...

    def record(self, profile: str, items: Sequence[Handed]) -> None:
        """Write what is known of them from now on."""
        ...

    def add(self, name: str, profile: str, *, records: int, withdrawn: int) -> Package:
        """Raises: Conflict: the name is taken."""
        ...

    def packages(self, profile: str) -> Sequence[Package]:
        """Oldest first."""
        ...

    def get(self, name: str) -> Package | None: ...

    def received(self, key: int) -> None:
        """A receipt for it was read."""
        ...
