"""Pictures and word boxes of pages, thumbnails, captions for players: derived, rebuildable, without rows.

A derived object's key is (source hash, recipe, parameters). Readers ask; if
it is not there yet a job makes it in the sandbox, and they wait a little.
What has no picture gets a drawn card, whose key is what stands on it.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from ingest import illustrate as drawing
from ingest.errors import BrokenFile, IngestError, ToolMissing
from service.errors import Unavailable
from service.library import chapters, checksums, converting, printing
from service.library.lost import LOST
from service.library.services import Services
from service.model import PRIORITY_PEOPLE, FileEntry, Job, Resource, Revision
from service.ports import blob_key
from service.vocabularies import Vocabularies

log = logging.getLogger(__name__)

PICTURE_WIDTHS = (720, 1440)
THUMBNAIL_WIDTH = 320
# Part of every key: a better recipe makes new objects and leaves the old ones to the sweep.
RECIPE = "1"
WIDE_FAMILIES = ("video/", "image/")
NOTHING = b""
"""What is stored where a picture cannot be made, so that nobody asks again."""


class Illustrator(converting.Converter, chapters.Setter, Protocol):
    """What draws: `ingest.sandbox.Sandbox`."""

    def picture(self, path: Path, *, media_type: str, page: int, width: int) -> bytes: ...

    def layer(self, path: Path, *, media_type: str, page: int) -> dict[str, Any]: ...

    def card(self, letters: str, *, icon: str, width: int) -> bytes: ...

    def captions(self, path: Path, *, language: str = "") -> bytes: ...

    def printed(self, path: Path, *, media_type: str, sheet: int) -> bytes: ...


def picture_key(sha256: str, page: int, width: int) -> str:
    return f"derived/{sha256}/page-{page}-{width}-{RECIPE}.webp"


def layer_key(sha256: str, page: int) -> str:
    return f"derived/{sha256}/words-{page}-{RECIPE}.json"


def captions_key(sha256: str, language: str = "") -> str:
    """language: of a track inside a recording; empty for a captions file."""
    return f"derived/{sha256}/captions{language and f'-{language}'}-{RECIPE}.vtt"


def card_key(letters: str, icon: str) -> str:
    words = hashlib.sha256(f"{letters}\n{icon}".encode()).hexdigest()
    return f"derived/cards/{words[:32]}-{RECIPE}.webp"


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Where it is; wide: a slide, a frame or a picture, not a page."""

    key: str
    wide: bool = False


def thumbnail(
    services: Services, revision: Revision, *, there: Callable[[str], bool] | None = None
) -> Thumbnail | None:
    """The picture of its first file that has one, else its card. None: not made (yet). there: instead of a look."""
    there = there or services.objects.exists
    entry = first_illustrated(revision)
    if entry and there(key := picture_key(entry.sha256, 1, THUMBNAIL_WIDTH)):
        return Thumbnail(key, entry.media_type in drawing.SLIDES or entry.media_type.startswith(WIDE_FAMILIES))
    key = card_key(*card_of(services.vocabularies, revision))
    return Thumbnail(key) if there(key) else None


def thumbnail_if_known(services: Services, revision: Revision) -> Thumbnail | None:
    """For pages that go on without their pictures while the store is away. None: that, or not made (yet)."""
    try:
        return thumbnail(services, revision, there=partial(services.pictures.there, services.objects))
    except Unavailable:
        return None


def card_of(vocabularies: Vocabularies, revision: Revision) -> tuple[str, str]:
    """(letters, icon) of a revision's card."""
    term = vocabularies.get("type", revision.first("type") or "other")
    icon = term.extra.get("icon", "page") if term else "page"
    name = next((file.name for file in revision.main_files), "")
    return drawing.initials(revision.first("title") or name), icon


def first_illustrated(revision: Revision) -> FileEntry | None:
    return next((file for file in revision.main_files if file.media_type in drawing.ILLUSTRATED), None)


def wait_for(services: Services, key: str, subject: str, *, seconds: float) -> bytes | None:
    """The derived object; asks for it if it is not there. None: not ready in time, or it cannot be made."""
    if not services.objects.exists(key):
        services.catalogue.write(lambda work: work.jobs.add("illustrate", subject, priority=PRIORITY_PEOPLE))
        deadline = time.monotonic() + seconds
        while not services.objects.exists(key):
            if time.monotonic() >= deadline:
                return None
            time.sleep(0.03)
    return services.objects.get(key) or None


def prepare(services: Services, illustrator: Illustrator, jobs: Sequence[Job]) -> None:
    """Convert what several `illustrate` jobs need in one batch; each of them then finds its PDF made."""
    if len(jobs) > 1:
        drawn = [job for job in jobs if not job.subject.endswith("/checksum")]
        entries = [entry for job in drawn if (entry := _entry_of(services, job)) is not None]
        try:
            converting.convert(services, illustrator, entries)
        except ToolMissing as error:
            _note(services, error)
        except LOST as error:
            # Whose it is comes out when each is drawn alone.
            log.warning("batch-failed", extra={"jobs": len(jobs), "error": type(error).__name__})


def illustrate(services: Services, illustrator: Illustrator, job: Job) -> None:
    """Do one `illustrate` job.

    Its subject: `<resource>/thumbnail`, `<resource>/<file>/<page>/<width>`, `<resource>/<file>/captions` of a captions
    file, `<resource>/<file>/captions/<language>` of a track inside a recording, `<resource>/<file>/pdf/<sheet>`,
    `<resource>/<file>/section/<section>`, `<resource>/<file>/section/<section>/<picture>/<width>`, or
    `<resource>/<file>/checksum` for a zip of several files.
    """
    entry = _entry_of(services, job)
    match job.subject.split("/"):
        case [resource_id, "thumbnail"]:
            _, revision = _published(services, resource_id)
            if revision is not None:
                _thumbnail(services, illustrator, revision, entry)
        case [_, _, "checksum"] if entry is not None:
            checksums.of(services, entry)
        case [_, _, "captions", *language] if entry is not None:
            _captions(services, illustrator, entry, "".join(language))
        case [_, _, "pdf", sheet] if entry is not None and entry.media_type in drawing.PAGED | drawing.CONVERTED:
            _printed(services, illustrator, entry, int(sheet))
        case [_, _, "section", section] if entry is not None and chapters.has(entry):
            chapters.make(services, illustrator, entry, int(section))
        case [_, _, "section", section, picture, width] if entry is not None and chapters.has(entry):
            chapters.draw(services, illustrator, entry, int(section), int(picture), int(width))
        case [_, _, page, width] if entry is not None and entry.media_type in drawing.ILLUSTRATED:
            _page(services, illustrator, entry, int(page), int(width))
    if entry is not None and _purged(services, entry):
        # While it was drawn: what was made after the purge had looked goes too.
        for key in list(services.objects.keys(f"derived/{entry.sha256}/")):
            services.objects.remove(key)


def _purged(services: Services, entry: FileEntry) -> bool:
    with services.catalogue.reading() as work:
        return bool(work.blobs.refused([entry.sha256]))


def _entry_of(services: Services, job: Job) -> FileEntry | None:
    """The file that a job is about."""
    resource_id, which, *_ = job.subject.split("/")
    if which == "thumbnail":
        _, revision = _published(services, resource_id)
        return first_illustrated(revision) if revision else None
    with services.catalogue.reading() as work:
        resource = work.resources.get(resource_id)
        revisions = work.resources.revisions(resource.key) if resource else ()
        found = next((file for one in reversed(revisions) for file in one.files if file.number == int(which)), None)
        return None if found is None or work.blobs.refused([found.sha256]) else found


def _published(services: Services, resource_id: str) -> tuple[Resource | None, Revision | None]:
    with services.catalogue.reading() as work:
        resource = work.resources.get(resource_id)
        # Hidden meanwhile: it has nothing to show.
        if resource is None or not resource.published or resource.visibility != "live":
            return resource, None
        return resource, work.resources.revision(resource.key, resource.published)


def _thumbnail(services: Services, illustrator: Illustrator, revision: Revision, entry: FileEntry | None) -> None:
    """The picture, or the card where there is none: another program, or a better one, may draw it another day."""
    if entry is not None:
        key = picture_key(entry.sha256, 1, THUMBNAIL_WIDTH)
        if not services.objects.exists(key):
            with _forgiven(services), _drawn_from(services, illustrator, entry) as (path, kind):
                services.objects.put(key, illustrator.picture(path, media_type=kind, page=1, width=THUMBNAIL_WIDTH))
        if services.objects.exists(key):
            return
    letters, icon = card_of(services.vocabularies, revision)
    if not services.objects.exists(card_key(letters, icon)):
        services.objects.put(card_key(letters, icon), illustrator.card(letters, icon=icon, width=THUMBNAIL_WIDTH))


def _page(services: Services, illustrator: Illustrator, entry: FileEntry, page: int, width: int) -> None:
    key, words = picture_key(entry.sha256, page, width), layer_key(entry.sha256, page)
    has_words = entry.media_type in drawing.PAGED | drawing.SLIDES

    def nothing() -> None:
        for missing in (key, words) if has_words else (key,):
            if not services.objects.exists(missing):
                services.objects.put(missing, NOTHING)

    with _forgiven(services, nothing), _drawn_from(services, illustrator, entry) as (path, kind):
        if has_words and not services.objects.exists(words):
            layer = illustrator.layer(path, media_type=kind, page=page)
            services.objects.put(words, json.dumps(layer, ensure_ascii=False).encode())
        if not services.objects.exists(key):
            services.objects.put(key, illustrator.picture(path, media_type=kind, page=page, width=width))


def _captions(services: Services, illustrator: Illustrator, entry: FileEntry, language: str) -> None:
    key = captions_key(entry.sha256, language)
    if services.objects.exists(key):
        return
    with (
        _forgiven(services, lambda: services.objects.put(key, NOTHING)),
        services.objects.local(blob_key(entry.sha256)) as path,
    ):
        services.objects.put(key, illustrator.captions(path, language=language))


def _printed(services: Services, illustrator: Illustrator, entry: FileEntry, sheet: int) -> None:
    key = printing.key_of(entry, sheet)
    with _forgiven(services, lambda: services.objects.put(key, NOTHING)):
        if entry.media_type in drawing.PAGED | drawing.SLIDES:
            with _drawn_from(services, illustrator, entry) as (path, kind):
                if not services.objects.exists(key):
                    services.objects.put(key, illustrator.printed(path, media_type=kind, sheet=sheet))
        elif not services.objects.exists(key):
            with services.objects.local(blob_key(entry.sha256)) as path:
                services.objects.put(key, illustrator.printed(path, media_type=entry.media_type, sheet=sheet))


@contextmanager
def _drawn_from(services: Services, illustrator: Illustrator, entry: FileEntry) -> Iterator[tuple[Path, str]]:
    """What is drawn, and its media type: the file, or the PDF that is made of it first.

    Raises: BrokenFile: none can be made; ToolMissing.
    """
    if entry.media_type not in drawing.CONVERTED:
        with services.objects.local(blob_key(entry.sha256)) as path:
            yield path, entry.media_type
        return
    converting.convert(services, illustrator, [entry])
    with services.objects.local(converting.pdf_key(entry.sha256)) as path:
        if not path.stat().st_size:
            raise BrokenFile
        yield path, "application/pdf"


@contextmanager
def _forgiven(services: Services, otherwise: Callable[[], None] = lambda: None) -> Iterator[None]:
    """The file's own fault was already said where it was read; `otherwise` keeps others from asking again.

    A missing program is nobody's fault, and may be there tomorrow.
    """
    try:
        yield
    except ToolMissing as error:
        _note(services, error)
    except IngestError:
        otherwise()


def _note(services: Services, error: ToolMissing) -> None:
    with suppress(KeyError):
        converting.note_missing(services, str(error.parameters["tool"]))
