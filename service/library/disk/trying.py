"""Read files of a disk as the library would, and remember nothing but numbers.

All of a million files would take days, so some of each kind are read, drawn
so that each had the same chance, and the others are taken to be like them.
"""

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ingest.document import Bundle, Document
from ingest.errors import EncryptedFile, IngestError, NoReader, ToolMissing
from service.library.disk.kinds import Kind


class Reader(Protocol):
    """What extracts: `ingest.sandbox.Sandbox`."""

    def read(self, bundle: Bundle) -> Document: ...


@dataclass(slots=True)
class Tried:
    """What reading so many files of a kind came to. held: lists of pupils or staff stand in them."""

    files: int = 0
    readable: int = 0
    encrypted: int = 0
    broken: int = 0
    unread: int = 0
    held: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Drawn:
    """Up to `most` files of each kind, each with the same chance (algorithm R, Vitter 1985)."""

    most: int
    paths: dict[Kind, list[Path]] = field(default_factory=dict)
    # The same disk is to give the same report.
    _chance: random.Random = field(default_factory=lambda: random.Random(2018))  # noqa: S311 - a sample
    _counted: dict[Kind, int] = field(default_factory=dict)

    def offer(self, kind: Kind, path: Path) -> None:
        if not self.most:
            return
        drawn = self.paths.setdefault(kind, [])
        counted = self._counted[kind] = self._counted.get(kind, 0) + 1
        if len(drawn) < self.most:
            drawn.append(path)
        elif (place := self._chance.randrange(counted)) < self.most:
            drawn[place] = path

    def each(self) -> Iterator[tuple[Kind, Path]]:
        for kind, paths in self.paths.items():
            for path in paths:
                yield kind, path

    def __len__(self) -> int:
        return sum(len(paths) for paths in self.paths.values())


def attempt(reader: Reader, path: Path, into: Tried) -> None:
    """Read one file. Whatever it is, it is counted."""
    began = time.monotonic()
    into.files += 1
    try:
        document = reader.read(Bundle(main=path, name=path.name))
    except EncryptedFile:
        into.encrypted += 1
    except (NoReader, ToolMissing):
        into.unread += 1
    except (IngestError, OSError):
        into.broken += 1
    else:
        into.readable += 1
        into.held += bool(document.findings)
    into.seconds += time.monotonic() - began


def together(tried: Mapping[Kind, Tried]) -> Tried:
    whole = Tried()
    for one in tried.values():
        for name in ("files", "readable", "encrypted", "broken", "unread", "held", "seconds"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return whole
