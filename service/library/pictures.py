"""Pictures and word boxes of pages, and thumbnails: derived, rebuildable, without rows.

A derived object's key is (source hash, recipe, parameters). Readers ask; if
it is not there yet a job makes it in the sandbox, and they wait a little.
"""

import json
import time
from pathlib import Path
from typing import Any, Protocol

from ingest import illustrate as drawing
from ingest.errors import IngestError
from service.library.services import Services
from service.model import PRIORITY_PEOPLE, FileEntry, Job, Revision
from service.ports import blob_key

PICTURE_WIDTHS = (720, 1440)
THUMBNAIL_WIDTH = 320
# Part of every key: a better recipe makes new objects and leaves the old ones to the sweep.
RECIPE = "1"
NOTHING = b""
"""What is stored where a picture cannot be made, so that nobody asks again."""


class Illustrator(Protocol):
    """What draws: `ingest.sandbox.Sandbox`."""

    def picture(self, path: Path, *, media_type: str, page: int, width: int) -> bytes: ...

    def layer(self, path: Path, *, media_type: str, page: int) -> dict[str, Any]: ...


def picture_key(sha256: str, page: int, width: int) -> str:
    return f"derived/{sha256}/page-{page}-{width}-{RECIPE}.webp"


def layer_key(sha256: str, page: int) -> str:
    return f"derived/{sha256}/words-{page}-{RECIPE}.json"


def wait_for(services: Services, key: str, subject: str, *, seconds: float) -> bytes | None:
    """The derived object; asks for it if it is not there. None: not ready in time, or it cannot be made."""
    if not services.objects.exists(key):
        with services.catalogue.writing() as work:
            work.jobs.add("illustrate", subject, priority=PRIORITY_PEOPLE)
        deadline = time.monotonic() + seconds
        while not services.objects.exists(key):
            if time.monotonic() >= deadline:
                return None
            time.sleep(0.03)
    return services.objects.get(key) or None


def illustrate(services: Services, illustrator: Illustrator, job: Job) -> None:
    """Do one `illustrate` job: `<resource>/thumbnail` or `<resource>/<file>/<page>/<width>`."""
    resource_id, *rest = job.subject.split("/")
    with services.catalogue.reading() as work:
        resource = work.resources.get(resource_id)
        revisions = work.resources.revisions(resource.key) if resource else ()
    if rest == ["thumbnail"]:
        current = next((r for r in revisions if resource and r.number == resource.published), None)
        entry = first_illustrated(current) if current else None
        wanted = (1, THUMBNAIL_WIDTH, False)
    else:
        number, page, width = (int(part) for part in rest)
        entry = next((file for r in reversed(revisions) for file in r.files if file.number == number), None)
        wanted = (page, width, True)
    if entry is not None and entry.media_type in drawing.ILLUSTRATED:
        _make(services, illustrator, entry, *wanted)


def first_illustrated(revision: Revision) -> FileEntry | None:
    return next((file for file in revision.main_files if file.media_type in drawing.ILLUSTRATED), None)


def _make(
    services: Services, illustrator: Illustrator, entry: FileEntry, page: int, width: int, with_words: bool
) -> None:
    key, words = picture_key(entry.sha256, page, width), layer_key(entry.sha256, page)
    with services.objects.local(blob_key(entry.sha256)) as path:
        try:
            if with_words and not services.objects.exists(words):
                layer = illustrator.layer(path, media_type=entry.media_type, page=page)
                services.objects.put(words, json.dumps(layer, ensure_ascii=False).encode())
            if not services.objects.exists(key):
                services.objects.put(
                    key, illustrator.picture(path, media_type=entry.media_type, page=page, width=width)
                )
        except IngestError:
            # The file's own fault, already said where it was read: the reader shows text.
            for missing in (key, words) if with_words else (key,):
                if not services.objects.exists(missing):
                    services.objects.put(missing, NOTHING)
