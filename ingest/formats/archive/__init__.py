"""Read archives that are only containers: ZIP, RAR and 7z, a member after the other, within bounds.

The sandbox unpacks batches with it, the archive's own reader lists names with
it. A ZIP passes the checks of `Members` first; RAR and 7z, and ZIPs packed by
rarer methods, are read by libarchive. Nothing is written here, and an archive
inside an archive is a member like any other.
"""

import posixpath
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from ingest.errors import EncryptedFile, HostileArchive, TooExpensive
from ingest.formats.archive import libarchive, signs
from ingest.formats.zip import Members
from ingest.formats.zip.directory import MAX_ENTRIES
from ingest.formats.zip.names import leads_out

MEDIA_TYPES = ("application/zip", "application/vnd.rar", "application/x-7z-compressed")

_MOST_TOTAL_BYTES = 32 * 1024**3
"""A school's recordings of a year; what the disk cannot hold is said before that."""
_MOST_RATIO = 400
"""As in `zip`: honest members reach 130. Solid archives of near copies reach more, but not beyond the next bound."""
_RATIO_FROM_BYTES = 256 * 1024**2
_CHUNK_BYTES = 256 * 1024
_TOPS = frozenset({"imsmanifest.xml", "index.html", "index.htm", "h5p.json", "story.html"})


def media_type(path: Path) -> str:
    """Which of the three a file is."""
    if signs.is_zip(path):
        return MEDIA_TYPES[0]
    with path.open("rb") as source:
        return MEDIA_TYPES[1] if source.read(4) == b"Rar!" else MEDIA_TYPES[2]


def names(path: Path, name: str) -> list[str]:
    """The members' names; `name`: what people called the archive.

    Raises: BrokenFile, EncryptedFile, HostileArchive, SplitArchive, ToolMissing(tool="libarchive").
    """
    return [member for member, _ in _checked(path, name, data=False)]


def pieces(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """Every member in the archive's order: (name, b"") where one begins, then ("", bytes) of it.

    Raises: as `names`, at any time; TooExpensive(limit="size"): more than an honest archive unpacks to.
    """
    most = min(_MOST_TOTAL_BYTES, max(_RATIO_FROM_BYTES, _MOST_RATIO * path.stat().st_size))
    for member, data in _checked(path, name, data=True):
        most -= len(data)
        if most < 0:
            raise TooExpensive(limit="size")
        yield member, data


def is_package(members: list[str]) -> bool:
    """Whether the members are one course or site, packed by the wrong program: its files mean nothing alone."""
    return any(name.count("/") <= 1 and posixpath.basename(name).lower() in _TOPS for name in members)


def _checked(path: Path, name: str, *, data: bool) -> Iterator[tuple[str, bytes]]:
    signs.check(path, name)
    seen: set[str] = set()
    for member, block in _read(path, data=data):
        if not block:
            if len(seen) >= MAX_ENTRIES:
                raise HostileArchive(sign="entries")
            if not member or leads_out(member):
                raise HostileArchive(sign="name")
            twin = unicodedata.normalize("NFC", member).casefold()
            if twin in seen:
                raise HostileArchive(sign="twins")
            seen.add(twin)
        yield member, block


def _read(path: Path, *, data: bool) -> Iterator[tuple[str, bytes]]:
    if not signs.is_zip(path):
        yield from libarchive.read(path, data=data)
        return
    with Members(path) as members:
        if any(map(members.is_encrypted, members.names)):
            raise EncryptedFile
        if not all(map(members.is_common, members.names)):
            yield from libarchive.read(path, data=data)
            return
        for member in members.names:
            yield member, b""
            if data:
                with members.stream(member) as source:
                    yield from (("", block) for block in iter(lambda: source.read(_CHUNK_BYTES), b""))
