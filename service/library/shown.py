"""What of a file can be shown, by its media type and what reading it came to: pages, slides, an image, a recording."""

from ingest.document import Document, LocatorKind
from ingest.illustrate import CONVERTED, ILLUSTRATED, PAGED, SLIDES
from service.library import converting
from service.library.services import Services
from service.model import FileEntry, Reading

CAPTIONS = frozenset(("application/x-subrip", "text/vtt", "text/x-ssa", "application/ttml+xml"))


def is_recording(entry: FileEntry) -> bool:
    return entry.media_type.startswith(("video/", "audio/"))


def is_image(entry: FileEntry) -> bool:
    """An image that can be drawn."""
    return entry.media_type.startswith("image/") and entry.media_type in ILLUSTRATED


def is_captions(entry: FileEntry) -> bool:
    return entry.media_type in CAPTIONS


def captions_inside(document: Document) -> tuple[str, ...]:
    """Languages of the captions that a recording holds itself, one track each."""
    return tuple(value.value for value in document.metadata if value.field == "captions" and value.where == "track")


def turned(entry: FileEntry) -> LocatorKind | None:
    """What its pictures are turned by, one a place. None: it has none, or one."""
    if entry.media_type in PAGED:
        return "page"
    return "slide" if entry.media_type in SLIDES else None


def pictures_of(services: Services, entry: FileEntry, reading: Reading | None) -> int:
    """How many pictures of its places there can be: 0 where it cannot be drawn, or not by the workers there are."""
    if reading is None or reading.error is not None:
        return 0
    if is_image(entry):
        return 1
    if turned(entry) is None or lacks(services, entry) or converting.cannot(services, entry):
        return 0
    return reading.extent.pages or 0


def lacks(services: Services, entry: FileEntry) -> str:
    """The program that its pictures need and that no worker has; empty where none is missing."""
    needs = entry.media_type in CONVERTED
    return converting.TOOL if needs and converting.lacks(services, converting.TOOL) else ""
