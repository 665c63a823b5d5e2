"""What an attack is, and what it is aimed at: the rows of the table of threats that reading must withstand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PARSERS = "parser hang, memory, crash"
IMAGE_BOMBS = "image bombs"
ZIP_BOMBS = "zip bombs"
ZIP_NAMES = "zip-slip, links, odd names"
XML = "XXE, entity bombs"
PLAYLISTS = "ffmpeg playlists"
REMOTE = "office files that fetch remote pictures"
SCRIPTS = "stored XSS"
FOREIGN = "files that others made"

THREATS = (PARSERS, IMAGE_BOMBS, ZIP_BOMBS, ZIP_NAMES, XML, PLAYLISTS, REMOTE, SCRIPTS, FOREIGN)


@dataclass(frozen=True, slots=True)
class Canary:
    """What an attack tries to reach, so that it can be seen whether it did.

    url: answers nobody, and knows who knocked. secret: a file whose content must never come out. token: part of
    the name of whatever is written where nothing may be.
    """

    url: str
    secret: Path
    token: str


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile file.

    name: its file name. reader: the extractor that it is made for, and no other may take it: elsewhere it never
    reaches what it attacks, and proves nothing. Empty: no reader may take it. None: whoever does.
    absent: words that must not stand in what was read. heavy: too slow to make or to read for every test run.
    """

    name: str
    threat: str
    reader: str | None
    make: Callable[[Canary], bytes]
    absent: tuple[str, ...] = field(default=())
    heavy: bool = False
