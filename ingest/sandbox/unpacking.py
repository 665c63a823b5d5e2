"""The child's side of unpacking: an archive's members go through the pipe, nothing is written by whoever reads them.

What arrives is written by the caller, under names of its own.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ingest.errors import BrokenFile
from ingest.formats import archive
from ingest.sandbox.wire import DATA, MEMBER


class Receiver(Protocol):
    """The caller's side. Neither name nor amount is to be believed: a child that was taken over sends what it likes."""

    def begin(self, name: str) -> None:
        """A member begins; `name` is its path in the archive."""
        ...

    def write(self, data: bytes) -> None:
        """More bytes of the member that began last."""
        ...


def send(path: Path, name: str, write: Callable[[bytes], None]) -> None:
    """Send the members of an archive, a message a name and a message a block.

    Raises: as `archive.pieces`; BrokenFile(part="package"): a course or a site, which is one thing.
    """
    if archive.is_package(archive.names(path, name)):
        raise BrokenFile(part="package")
    for member, data in archive.pieces(path, name):
        write(MEMBER + member.encode("utf-8", "replace") if member else DATA + data)
