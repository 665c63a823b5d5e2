"""Archives in a batch: their members become items, as if they had lain in a folder.

A child reads the archive and sends its members; here they are written under
names of our own into a folder that goes when the batch has taken them, or, of a
batch that was killed, with the next one. What cannot be opened (locked, one
volume of several, broken) stays one file, whose reader says why. What is made
to harm is refused. An archive inside an archive is not opened: depth ends at 1.
"""

import errno
import os
import posixpath
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ingest.errors import HostileArchive, IngestError, TooExpensive
from ingest.sandbox import Limits, Sandbox
from ingest.sandbox.scratch import Scratch, sweep
from ingest.sniff import ARCHIVES, sniff
from ingest.vietnamese import tcvn3

_KIND = "archive"
_SIGNS = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf")
# As the child counts; whoever sends more was taken over.
_MOST_MEMBERS = 20_000
LONGEST_NAME = 255
"""Characters of a file's name, as file systems have them."""
# The library's own database and index must be able to go on.
_FREE_BYTES = 1024**3
_LOOK_EVERY_BYTES = 64 * 1024**2
# Up to here an archive has to end like any other file; recordings of a year get the time that disks need.
_ORDINARY_BYTES = 256 * 1024**2
_BYTES_PER_SECOND = 2 * 1024**2


def printable(path: str) -> str:
    """A path as text: bytes that are not UTF-8 become the replacement character."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a batch. path: where it is; name: its path in the report; refusal: why nothing of it is taken."""

    path: Path
    name: str
    refusal: IngestError | None = None

    @property
    def printable(self) -> str:
        """Its path as text: bytes that are not UTF-8 become the replacement character."""
        return printable(self.name)

    @property
    def base(self) -> str:
        """What it is called, without its folders: with its ending at most LONGEST_NAME characters, which archives do
        not keep to. Bytes that are no UTF-8 are read as TCVN3 where they show that they are.
        """
        base = posixpath.basename(self.name)
        if not base.isprintable():
            signs = os.fsencode(base).decode("latin-1")
            base = decoded if (decoded := tcvn3.decoded(signs)) != signs else printable(base)
        if len(base) <= LONGEST_NAME:
            return base
        stem, ending = posixpath.splitext(base)
        return stem[: LONGEST_NAME - len(ending)] + ending if len(ending) < LONGEST_NAME else base[:LONGEST_NAME]


class Archives:
    """Opens the archives among the files of one batch. Use as a context: children and folders go at its end."""

    def __init__(self) -> None:
        self._sandbox: Sandbox | None = None

    def __enter__(self) -> Self:
        # What one that was killed has unpacked may be gigabytes, and lists of pupils.
        sweep(_KIND)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sandbox is not None:
            self._sandbox.close()

    def opened(self, files: Iterable[tuple[Path, str]]) -> Iterator[list[Found]]:
        """Groups of files that lie together: first what is no archive, in its order, then the members of each archive,
        named `a.zip!/folder/b.pdf`, in byte order of names. Members exist until the next group is asked for.
        """
        archives: list[tuple[Path, str]] = []
        plain: list[Found] = []
        for path, name in files:
            if _is_archive(path):
                archives.append((path, name))
            else:
                plain.append(Found(path, name))
        yield plain
        for path, name in archives:
            try:
                scratch = Scratch(_KIND)
            except OSError as error:
                yield [Found(path, name, _full(error))]
                continue
            with closing(scratch):
                yield self._members(path, name, scratch.path)

    def _members(self, path: Path, name: str, folder: Path) -> list[Found]:
        try:
            with _Staging(folder) as staging:
                self._unpack(path, name, staging)
        except (HostileArchive, TooExpensive) as error:
            return [Found(path, name, error)]
        except IngestError:
            return [Found(path, name)]
        except OSError as error:
            # Gone meanwhile, or on a drive that fails: whoever admits it says so.
            return [Found(path, name, _full(error))]
        members = sorted(staging.members.items(), key=lambda member: member[0].encode("utf-8", "replace"))
        return [Found(place, f"{name}!/{member}") for member, place in members] or [Found(path, name)]

    def _unpack(self, path: Path, name: str, staging: "_Staging") -> None:
        size = path.stat().st_size
        if size > _ORDINARY_BYTES:
            seconds = Limits().wall_seconds + size / _BYTES_PER_SECOND
            with Sandbox(limits=Limits(wall_seconds=seconds, cpu_seconds=int(seconds))) as patient:
                patient.unpack(path, name=name, receiver=staging)
            return
        if self._sandbox is None:
            self._sandbox = Sandbox()
        self._sandbox.unpack(path, name=name, receiver=staging)


class _Staging:
    """Writes what a child sends: members by number, never by the names it says."""

    def __init__(self, folder: Path) -> None:
        self.members: dict[str, Path] = {}
        self._folder = folder
        self._file: BinaryIO | None = None
        self._written = 0
        self._looked = -_LOOK_EVERY_BYTES

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def begin(self, name: str) -> None:
        self._close()
        if len(self.members) >= _MOST_MEMBERS or name in self.members:
            raise HostileArchive(sign="entries")
        place = self._folder / str(len(self.members) + 1)
        self.members[name] = place
        self._file = place.open("xb")

    def write(self, data: bytes) -> None:
        if self._file is None:
            raise HostileArchive(sign="entries")
        self._written += len(data)
        if self._written - self._looked >= _LOOK_EVERY_BYTES:
            self._looked = self._written
            if shutil.disk_usage(self._folder).free < _FREE_BYTES:
                raise TooExpensive(limit="disk")
        self._file.write(data)

    def _close(self) -> None:
        if self._file is not None:
            try:
                self._file.close()
            finally:
                self._file = None


def _full(error: OSError) -> TooExpensive | None:
    return TooExpensive(limit="disk") if error.errno in (errno.ENOSPC, errno.EDQUOT) else None


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as source:
            if source.read(4) not in _SIGNS:
                return False
        return sniff(path).media_type in ARCHIVES
    except OSError:
        # Whoever deposits it will meet the same, and says so.
        return False
