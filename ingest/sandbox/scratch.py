"""Folders among the temporary files that do not outlive the process that made them.

What comes out of archives, and what children write, may hold lists of pupils
and fill a disk. A process that ends removes its folders; those of one that was
killed go when the next one needs one of their kind. A folder is somebody's for
as long as he holds the lock on it: no number of a process that another may have
by now.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path


class Scratch:
    """A new folder, `path`, and the end of those of its kind that nobody holds any more. Close it.

    Raises: OSError: there is no room, or no place for temporary files.
    """

    def __init__(self, kind: str) -> None:
        sweep(kind)
        self.path, self._held = _made(_beginning(kind))

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        # Last: what could not be removed is nobody's from here on.
        os.close(self._held)


def sweep(kind: str) -> None:
    """Remove the folders of this kind and this user that dead processes have left."""
    for path in Path(tempfile.gettempdir()).glob(f"{_beginning(kind)}*"):
        with contextlib.suppress(OSError):
            held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(held).st_uid == os.geteuid():
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(held)


def _beginning(kind: str) -> str:
    return f"hoclieu-scratch-{kind}-"


def _made(beginning: str) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=beginning))
        try:
            held = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        # On a drive without locks nobody else gets one either, and everybody's folders stay.
        with contextlib.suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        if path.exists():
            return path, held
        # Somebody swept between its making and the lock.
        os.close(held)
