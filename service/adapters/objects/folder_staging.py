"""Uploads in pieces in a folder: bytes are synced before the number that counts them.

.staging/NAME/bytes      what arrived; may be longer than what counts
.staging/NAME/offset     how many of them count, replaced as a whole
.staging/NAME/finished   hash and size, once it is a blob
"""

import datetime
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from service.adapters.objects.disk import make_folder, sync_folder, translated, write
from service.adapters.objects.keys import parts_of
from service.errors import Conflict, Invalid, NotFound
from service.ports import Staged, Stored

ROOT = ".staging"
BYTES, OFFSET, FINISHED = "bytes", "offset", "finished"


class FolderStaging:
    """The port `service.ports.Staging` beside a `FolderStore`, on its file system."""

    def __init__(
        self, root: Path, adopt: Callable[[Path], Stored], admit: Callable[[int], None] = lambda _: None
    ) -> None:
        """adopt: makes a file a blob without copying it. admit: raises StorageLow where so many bytes are too many."""
        self._root = root / ROOT
        self._adopt = adopt
        self._admit = admit

    def begin(self, name: str) -> None:
        folder = self._folder(name)
        if (folder / OFFSET).exists():
            raise Conflict
        with translated():
            make_folder(folder)
            (folder / BYTES).touch()
        self._count(folder, 0)

    def offset(self, name: str) -> int:
        folder = self._known(name)
        return int((folder / OFFSET).read_text())

    def append(self, name: str, offset: int, data: bytes) -> int:
        folder = self._known(name)
        if (folder / FINISHED).exists() or offset != int((folder / OFFSET).read_text()):
            raise Conflict
        if not data:
            return offset
        self._admit(len(data))
        with translated():
            descriptor = os.open(folder / BYTES, os.O_WRONLY | os.O_CLOEXEC)
            try:
                # A finish that died had linked the bytes to their blob, which never changes: only finish goes on.
                if os.fstat(descriptor).st_nlink > 1:
                    raise Conflict
                # What a process that died had written beyond the number counts for nothing.
                os.ftruncate(descriptor, offset)
                os.lseek(descriptor, offset, os.SEEK_SET)
                write(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self._count(folder, offset + len(data))
        return offset + len(data)

    def finish(self, name: str) -> Stored:
        folder = self._known(name)
        if not (folder / FINISHED).exists():
            with translated():
                os.truncate(folder / BYTES, int((folder / OFFSET).read_text()))
            stored = self._adopt(folder / BYTES)
            self._replace(folder / FINISHED, json.dumps({"sha256": stored.sha256, "size": stored.size_bytes}))
            with translated():
                (folder / BYTES).unlink(missing_ok=True)
        said = json.loads((folder / FINISHED).read_text())
        return Stored(said["sha256"], said["size"])

    def staged(self) -> Iterator[Staged]:
        with translated():
            names = sorted(each.name for each in self._root.iterdir()) if self._root.is_dir() else []
        for name in names:
            counted = self._root / name / OFFSET
            try:
                size, at = int(counted.read_text()), counted.stat().st_mtime
            except FileNotFoundError:
                # Begun or removed by a process that died meanwhile: it holds nothing, and goes by its age.
                size, at = 0, self._age(self._root / name)
            if (self._root / name / FINISHED).exists():
                size = 0
            yield Staged(name, size, datetime.datetime.fromtimestamp(at, datetime.UTC))

    def remove(self, name: str) -> None:
        """The number goes first, so that what a crash leaves counts for nothing, and the next expiry takes it."""
        folder = self._folder(name)
        with translated():
            for each in (OFFSET, FINISHED, BYTES):
                (folder / each).unlink(missing_ok=True)
            if folder.is_dir():
                for left in folder.iterdir():
                    left.unlink(missing_ok=True)
                folder.rmdir()
                sync_folder(self._root)

    def expire(self, before: datetime.datetime) -> Sequence[str]:
        names = [each.name for each in self.staged() if each.touched_at < before]
        for name in names:
            self.remove(name)
        return names

    def _folder(self, name: str) -> Path:
        if len(parts_of(name)) != 1:
            raise Invalid(field="upload", value=name)
        return self._root / name

    def _known(self, name: str) -> Path:
        folder = self._folder(name)
        if not (folder / OFFSET).exists():
            raise NotFound
        return folder

    def _age(self, folder: Path) -> float:
        try:
            return folder.stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _count(self, folder: Path, offset: int) -> None:
        self._replace(folder / OFFSET, str(offset))

    def _replace(self, path: Path, text: str) -> None:
        """Whole and durable, or as it was."""
        fresh = path.with_suffix(".new")
        with translated():
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
            try:
                write(descriptor, text.encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            fresh.replace(path)
            sync_folder(path.parent)
