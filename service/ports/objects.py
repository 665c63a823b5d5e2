"""The store of files and of what is derived from them."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that is there. sha256: hex; size in bytes. known: it was there before, and nothing was written."""

    sha256: str
    size_bytes: int
    known: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Room:
    """On the disk where objects lie, in bytes. kept: what new files leave free."""

    free_bytes: int
    kept_bytes: int

    @property
    def low(self) -> bool:
        return self.free_bytes < self.kept_bytes


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
        """Before somebody spends time on what is to be stored. Raises: Unavailable: nobody answers, soon said;
        StorageLow: there is less room than is kept free.

        Next to nothing where there was an answer a moment ago.
        """
        ...

    def room(self) -> Room | None:
        """None: nobody can say how much there is (a bucket)."""
        ...

    def written_at(self, key: str) -> datetime.datetime | None:
        """When the object came, UTC, by the store's own clock. None: there is none."""
        ...

    def put_blob(self, source: BinaryIO) -> Stored:
        """Store under its own hash: temporary name, fsync, rename, folder fsync. The same bytes twice cost a look.

        Raises: StorageFull; StorageLow: new bytes would take what is kept free; nothing half-written stays visible.
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


BLOBS = "blobs"


PLACES = "exports and backups"
"""What a store is begun as where libraries are moved and kept: no library's own."""


PLACE_KEY = "format.json"
"""The object that says so."""


def blob_key(sha256: str) -> str:
    """Where a stored file's bytes are."""
    return f"{BLOBS}/{sha256}"
