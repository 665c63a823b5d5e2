"""A folder that people drop files into: which of them have arrived, and where each goes when it was taken.

    FOLDER/bai1.pdf               dropped; taken when it has stopped growing
    FOLDER/done/bai1.pdf          the library has it
    FOLDER/refused/bai2.pdf       it does not, and bai2.pdf.txt says why
    FOLDER/.hoclieu/4f…/bai1.pdf  on its way, for a moment

A poll is enough, so any drive will do. What a file is now is compared with
what this process saw of it before, on its own clock: a drive's clock may be
wrong, and programs that copy set a file's time as they like. A file moves in
two renames: the first takes it out of everybody else's reach, and only what
still is the file that was taken goes on. So of several that watch one folder
one moves it, a file that was replaced meanwhile is looked at again, and
whoever dies in between leaves a file that the next one finds.
"""

import errno
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ingest.sniff import is_litter

DONE, REFUSED, MOVING = "done", "refused", ".hoclieu"
NOTE = ".txt"
# What most file systems take in a name, less what a number and the name of a note need.
NAME_BYTES = 255 - 24
# Errors of drives that have no second names for a file.
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV, errno.EACCES, errno.EINVAL)

State = tuple[int, int]
"""What changes when a file does: size, and time of change in nanoseconds. Inodes do not stay on every drive."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file to be taken. name: its path in the folder. regular: no link, device, pipe or socket."""

    path: Path
    name: str
    state: State
    regular: bool = True


@dataclass(slots=True)
class _Seen:
    state: State
    since: float
    given: bool = False


def _link(path: Path, second: Path) -> None:
    os.link(path, second, follow_symlinks=False)


@dataclass(slots=True)
class Inbox:
    """settle_seconds: how long a file has to stay as it is. `arrived` is asked again and again.

    link: gives a file a second name; not every drive can.
    """

    folder: Path
    settle_seconds: float
    clock: Callable[[], float] = time.monotonic
    link: Callable[[Path, Path], None] = _link
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _left: dict[str, _Seen] = field(default_factory=dict)

    def begin(self) -> None:
        """Raises: OSError: the folder is not there, or files cannot be moved in it."""
        for name in (DONE, REFUSED, MOVING):
            (self.folder / name).mkdir(exist_ok=True)
        probe = self.folder / MOVING / secrets.token_hex(8)
        probe.touch()
        probe.rename(probe.with_suffix(".moved"))
        probe.with_suffix(".moved").unlink()

    def arrived(self, limit: int) -> list[Arrived]:
        """Files that have stopped growing, and that were not given out since they changed last; in byte order.

        A file waits for those of its folder whose names begin like its own: captions come with their recording.
        Raises: OSError: the folder is away.
        """
        now = self.clock()
        self._put_back(now)
        found: dict[str, Arrived] = {}
        growing: set[tuple[str, str]] = set()
        for one in _files(self.folder):
            found[one.name] = one
            seen = self._seen.get(one.name)
            if seen is None or seen.state != one.state:
                seen = self._seen[one.name] = _Seen(one.state, now)
            if now - seen.since < self.settle_seconds:
                growing.add(_beginning(one.name))
        for name in self._seen.keys() - found.keys():
            del self._seen[name]
        ready = [one for name, one in found.items() if not self._seen[name].given and _beginning(name) not in growing]
        ready.sort(key=lambda one: os.fsencode(one.name))
        chosen = ready[:limit]
        if chosen and len(ready) > limit:
            # Those that belong to the last one come with it.
            last = _beginning(chosen[-1].name)
            chosen += [one for one in ready[limit:] if _beginning(one.name) == last]
        for one in chosen:
            self._seen[one.name].given = True
        return chosen

    def again(self, name: str) -> None:
        """It was given out and not taken: it is given out again after a while."""
        if name in self._seen:
            self._seen[name] = _Seen(self._seen[name].state, self.clock())

    def move(self, one: Arrived, where: str, note: str = "") -> Path | None:
        """To `done` or `refused`, under its own path there or one with a number, with a note beside it.

        Returns: where it is; None: it is not there any more, or not the file that was taken, and stays.
        Raises: OSError: it cannot be moved.
        """
        aside = self.folder / MOVING / secrets.token_hex(8) / PurePosixPath(one.name)
        aside.parent.mkdir(parents=True)
        try:
            one.path.rename(aside)
        except OSError as error:
            self._tidy(aside)
            if isinstance(error, FileNotFoundError):
                return None
            raise
        if _state(aside.lstat()) != one.state:
            self._return(aside)
            return None
        place = self._settled(aside, _folder_for(self.folder / where, PurePosixPath(one.name)), note)
        self._seen.pop(one.name, None)
        self._tidy(aside)
        return place

    def _put_back(self, now: float) -> None:
        """What somebody who died had on its way; whoever lives needs a moment for it, and no more."""
        left = {}
        for one in _files(self.folder / MOVING, hidden=True):
            seen = self._left.get(one.name)
            left[one.name] = seen if seen is not None and seen.state == one.state else _Seen(one.state, now)
            if now - left[one.name].since >= max(self.settle_seconds, 1.0):
                with suppress(FileNotFoundError):
                    if "/" not in one.name or self._stands(one.path):
                        one.path.unlink()
                    else:
                        self._return(one.path)
                self._tidy(one.path)
        self._left = left

    def _stands(self, aside: Path) -> bool:
        """Whether its second name is already where it was going."""
        said = aside.lstat()
        if said.st_nlink == 1:
            return False
        name = PurePosixPath(*aside.relative_to(self.folder / MOVING).parts[1:])
        for place in (_folder_for(self.folder / where, name) for where in (DONE, REFUSED)):
            number = 1
            while os.path.lexists(candidate := _numbered(place, number)):
                if os.path.samestat(candidate.lstat(), said):
                    return True
                number += 1
        return False

    def _return(self, aside: Path) -> None:
        """Back to where it was dropped; beside what stands there by now."""
        name = PurePosixPath(*aside.relative_to(self.folder / MOVING).parts[1:])
        self._settled(aside, _folder_for(self.folder, name), "")
        self._tidy(aside)

    def _settled(self, aside: Path, wanted: Path, note: str) -> Path:
        """Move without overwriting anything. The note comes first: a refused file never stands without its reason."""
        number = 1
        while True:
            place = _numbered(wanted, number)
            number += 1
            beside = place.with_name(place.name + NOTE)
            if os.path.lexists(place) or (note and not _written(beside, note)):
                continue
            if self._moved(aside, place):
                return place
            if note:
                beside.unlink(missing_ok=True)

    def _moved(self, aside: Path, place: Path) -> bool:
        """False: somebody else has taken the name. Where drives have second names, nobody can come in between."""
        try:
            self.link(aside, place)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            aside.rename(place)
            return True
        aside.unlink()
        return True

    def _tidy(self, aside: Path) -> None:
        """Remove the folders that led to what was on its way."""
        folder = aside.parent
        while folder not in (self.folder / MOVING, self.folder):
            with suppress(OSError):
                folder.rmdir()
            folder = folder.parent


def _files(folder: Path, *, hidden: bool = False) -> Iterator[Arrived]:
    """Everything below a folder but folders, litter and what is hidden; in the folder itself not what we move to."""
    stack = [(folder, "")]
    while stack:
        place, above = stack.pop()
        try:
            entries = list(os.scandir(place))
        except FileNotFoundError:
            # Moved or removed since its own folder was read; the first one is the caller's.
            if not above and not hidden:
                raise
            continue
        except PermissionError:
            if not above:
                raise
            continue
        for entry in entries:
            name = above + entry.name
            ours = not above and not hidden and entry.name in (DONE, REFUSED)
            if ours or (not hidden and (entry.name.startswith(".") or is_litter(entry.name))):
                continue
            try:
                said = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISDIR(said.st_mode):
                stack.append((Path(entry.path), f"{name}/"))
            else:
                yield Arrived(Path(entry.path), name, _state(said), regular=stat.S_ISREG(said.st_mode))


def _state(said: os.stat_result) -> State:
    return said.st_size, said.st_mtime_ns


def _beginning(name: str) -> tuple[str, str]:
    """Folder and beginning of a name: bai1.mp4, bai1.vi.srt and bai1.mp4.srt share them."""
    folder, _, base = name.rpartition("/")
    return folder, base.split(".")[0].casefold()


def _folder_for(root: Path, name: PurePosixPath) -> Path:
    """Where a file of this path is to stand, with that name; the root where a file stands in a folder's way."""
    place = root / name.parent
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        place = root
        place.mkdir(exist_ok=True)
    return place / name.name


def _written(path: Path, text: str) -> bool:
    """Whether the note was written, as old editors of Windows read it; not where something of its name stands."""
    try:
        with path.open("x", encoding="utf-8-sig", newline="\r\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return False
    return True


def _numbered(path: Path, number: int) -> Path:
    """`bai.pdf`, `bai (2).pdf` …, cut to what a file system takes, its note's name too."""
    ending = path.suffix if len(os.fsencode(path.suffix)) <= 16 else ""
    mark = f" ({number})" if number > 1 else ""
    whole = path.name.removesuffix(ending)
    stem = os.fsencode(whole)[: NAME_BYTES - len(os.fsencode(ending))].decode("utf-8", "ignore")
    # A name that fits stays as it is, bytes that are no UTF-8 included.
    kept = whole if len(os.fsencode(path.name)) <= NAME_BYTES else stem
    return path.with_name(f"{kept}{mark}{ending}")
