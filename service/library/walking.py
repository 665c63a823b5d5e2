"""Every file of some paths, in an order that is the same each time: what a batch goes through.

Links are not followed, since a folder's may lead anywhere; they, devices, pipes
and sockets come like files, for whoever takes them in to say why he does not.
So does a folder that cannot be looked into: what lies in it must not be
missed in silence.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath


def walk(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """(file, path in the report) of everything in these files and folders, in byte order of names.

    A path in the report is relative to the folder given, or to the parent of a file given.
    """
    for given in paths:
        if os.path.isdir(given):  # noqa: PTH112 - False, too, where nobody can tell
            yield from _inside(given, "")
        else:
            # Whoever names a link means the file that it leads to.
            link = os.path.islink(given)  # noqa: PTH114
            yield given.resolve() if link else given, given.name


def _inside(folder: Path, before: str) -> Iterator[tuple[Path, str]]:
    try:
        with os.scandir(folder) as found:
            entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
    except OSError:
        yield folder, before.removesuffix("/")
        return
    # As whole paths would be ordered: what a folder holds stands behind the slash.
    for name, is_folder in sorted(entries, key=lambda one: os.fsencode(f"{one[0]}/" if one[1] else one[0])):
        if is_folder:
            yield from _inside(folder / name, f"{before}{name}/")
        else:
            yield folder / name, before + name


def is_regular(path: Path) -> bool:
    """Whether it is a file and nothing that leads elsewhere, or never ends. Raises: OSError: nobody can tell."""
    return stat.S_ISREG(path.lstat().st_mode)


def place(path: Path, name: str) -> str:
    """The path in the report behind the name of the folder given, which says something too ("Giáo án lớp 4")."""
    whole = path.absolute().as_posix()
    above = PurePosixPath(whole.removesuffix(f"/{name}")).name if whole.endswith(f"/{name}") else ""
    return f"{above}/{name}" if above else name
