"""Chapters, sections of pages and questions as HTML, and the pictures in them: derived, made when one is opened.

What is kept is nobody's address yet: links inside the book and pictures are
numbers, which the page makes into addresses of its own. A picture can be asked
for by its place in a section that was made, and in no other way.
"""

import hashlib
import json
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from ingest.document import Locator
from ingest.errors import IngestError
from ingest.illustrate import CHAPTERED, QUESTIONS
from ingest.illustrate.chapters.shape import Chapter, Inside
from service.library.services import Services
from service.model import FileEntry
from service.ports import blob_key

WIDTHS = (640, 1280)
"""Pixels: a telephone held upright, and twice the measure of a line of text."""

# Part of every key: other rules make new objects and leave the old ones to the sweep.
RECIPE = "1"
NOTHING = b""
"""What is stored where a section or picture cannot be made, so that nobody asks again."""


class Setter(Protocol):
    """What sets chapters: `ingest.sandbox.Sandbox`."""

    def chapter(self, path: Path, *, media_type: str, section: int) -> Chapter: ...

    def inside(self, path: Path, *, media_type: str, source: str, width: int) -> bytes: ...


def has(entry: FileEntry) -> bool:
    """Whether its sections can be shown as HTML."""
    return entry.media_type in CHAPTERED


def is_one(entry: FileEntry, place: Locator) -> bool:
    """Whether a place of a file is shown as HTML: a section of a book or page, a question of a set."""
    return has(entry) and place.kind == ("question" if entry.media_type in QUESTIONS else "section")


def chapter_key(sha256: str, section: int) -> str:
    return f"derived/{sha256}/section-{section}-{RECIPE}.z"


def picture_key(sha256: str, source: str, width: int) -> str:
    """The same for every section that shows it."""
    return f"derived/{sha256}/inside-{hashlib.sha256(source.encode()).hexdigest()[:24]}-{width}-{RECIPE}.webp"


def encode(chapter: Chapter) -> bytes:
    """The object's bytes."""
    pictures = [[one.source, one.width_pixels, one.height_pixels] for one in chapter.pictures]
    data = {**{name: getattr(chapter, name) for name in ("parts", "language", "anchors")}, "pictures": pictures}
    return zlib.compress(json.dumps(data, ensure_ascii=False).encode(), 6)


def decode(data: bytes) -> Chapter:
    """The inverse of `encode`."""
    read = json.loads(zlib.decompress(data))
    pictures = tuple(Inside(*row) for row in read["pictures"])
    return Chapter(tuple(read["parts"]), read["language"], pictures, read["anchors"])


def make(services: Services, setter: Setter, entry: FileEntry, section: int) -> None:
    """Make a section's HTML, if it is not there."""
    key = chapter_key(entry.sha256, section)
    if services.objects.exists(key):
        return
    made = NOTHING
    # The file's own fault was said where it was read; its text is shown.
    with suppress(IngestError), services.objects.local(blob_key(entry.sha256)) as path:
        made = encode(setter.chapter(path, media_type=entry.media_type, section=section))
    services.objects.put(key, made)


def draw(services: Services, setter: Setter, entry: FileEntry, section: int, picture: int, width: int) -> None:
    """Draw picture `picture` (from 1) of a section, if it is not there."""
    source = source_of(services, entry, section, picture)
    if source is None or services.objects.exists(key := picture_key(entry.sha256, source, width)):
        return
    made = NOTHING
    with suppress(IngestError), services.objects.local(blob_key(entry.sha256)) as path:
        made = setter.inside(path, media_type=entry.media_type, source=source, width=width)
    services.objects.put(key, made)


def source_of(services: Services, entry: FileEntry, section: int, picture: int) -> str | None:
    """Where a section has its picture from; None: there is no such section (yet), or it has fewer."""
    key = chapter_key(entry.sha256, section)
    data = services.objects.get(key) if services.objects.exists(key) else NOTHING
    pictures = decode(data).pictures if data else ()
    return pictures[picture - 1].source if 1 <= picture <= len(pictures) else None
