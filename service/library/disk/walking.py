"""Every file below a folder, one after the other: a million files need no more memory than one folder's names."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Sort = Literal["file", "special", "unreadable"]


@dataclass(frozen=True, slots=True)
class Seen:
    """sort: `special` is no file (a link, a device, a pipe), `unreadable` a folder or name that the disk refuses."""

    path: Path
    size_bytes: int
    sort: Sort = "file"


def files(root: Path) -> Iterator[Seen]:
    """In no promised order. Links are not followed: they may lead anywhere, or in circles."""
    stack = [root]
    while stack:
        folder = stack.pop()
        try:
            entries = os.scandir(folder)
        except OSError:
            yield Seen(folder, 0, "unreadable")
            continue
        with entries:
            while True:
                try:
                    entry = next(entries, None)
                except OSError:
                    yield Seen(folder, 0, "unreadable")
                    break
                if entry is None:
                    break
                path = Path(entry.path)
                try:
                    said = entry.stat(follow_symlinks=False)
                except OSError:
                    yield Seen(path, 0, "unreadable")
                    continue
                if stat.S_ISDIR(said.st_mode):
                    stack.append(path)
                else:
                    yield Seen(path, said.st_size, "file" if stat.S_ISREG(said.st_mode) else "special")
