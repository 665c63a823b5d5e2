"""Every file of some paths, in an order that is the same each time: what a batch goes through."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath


def walk(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """(file, path in the report) of everything in these files and folders, in byte order of names.

    A path in the report is relative to the folder given, or to the parent of a file given.
    Links are not followed: a folder's links may lead anywhere.
    """
    for given in paths:
        if given.is_dir():
            for found in sorted(given.rglob("*"), key=lambda path: path.as_posix().encode("utf-8", "surrogateescape")):
                if found.is_file() and not found.is_symlink():
                    yield found, found.relative_to(given).as_posix()
        else:
            yield given, given.name


def place(path: Path, name: str) -> str:
    """The path in the report behind the name of the folder given, which says something too ("Giáo án lớp 4")."""
    whole = path.absolute().as_posix()
    above = PurePosixPath(whole.removesuffix(f"/{name}")).name if whole.endswith(f"/{name}") else ""
    return f"{above}/{name}" if above else name
