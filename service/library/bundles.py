"""Which files of a revision are read together, and the name that what was read of them goes by."""

from collections.abc import Sequence

from service.library.documents import bundle_hash
from service.model import FileEntry, Revision


def bundles(files: Sequence[FileEntry]) -> dict[int, tuple[FileEntry, ...]]:
    """Main file number -> the files that are read together with it."""
    mains = [file for file in files if file.role == "main"]
    companions = tuple(file for file in files if file.role == "captions") if len(mains) == 1 else ()
    return {main.number: (main, *companions) for main in mains}


def bundle_of(files: Sequence[FileEntry]) -> str:
    return bundle_hash([file.sha256 for file in files])


def names_of(revision: Revision) -> list[str]:
    """The bundles of a revision, as readings know them."""
    return [bundle_of(group) for group in bundles(revision.files).values()]
