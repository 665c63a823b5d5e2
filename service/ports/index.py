"""The search index."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from service.model import (
    IndexDocument,
    ResourceKey,
    SearchPage,
    SearchQuery,
)


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
