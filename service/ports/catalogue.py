"""The catalogue: all its parts in one transaction, and whole tables for those that move."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar, runtime_checkable

from service.ports.harvesting import Harvests
from service.ports.lists import Changes, Handovers, OaiRecords, Terms
from service.ports.readings import Proposals, Readings, Sketches
from service.ports.records import Addresses, Blobs, Organisations, OwnVocabularies, Resources
from service.ports.running import Counters, Events, Fixity, Generations, Jobs

T = TypeVar("T")


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
    def sketches(self) -> Sketches: ...
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
    def fixity(self) -> Fixity: ...
    @property
    def handovers(self) -> Handovers: ...
    @property
    def harvests(self) -> Harvests: ...
    @property
    def addresses(self) -> Addresses: ...
    @property
    def tables(self) -> Tables: ...
    @property
    def vocabularies(self) -> OwnVocabularies: ...
    @property
    def proposals(self) -> Proposals: ...


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
