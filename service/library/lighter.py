"""Smaller forms of recordings, for slow links and dear megabytes: made once, behind everything else.

A worker has one lane for them. Each is a child of a sandbox of its own, whose
limits follow from the recording's length; when the worker is told to stop,
the child ends and the job goes back. What is not clearly smaller than the
recording itself is not kept.
"""

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from ingest.errors import IngestError, ToolMissing
from ingest.sandbox import Limits, Sandbox
from service.errors import Unavailable
from service.library import shown
from service.library.services import Services
from service.model import PRIORITY_REPAIR, FileEntry, Job, Resource, Revision
from service.ports import UnitOfWork, blob_key

log = logging.getLogger(__name__)

Form = Literal["film", "sound"]
TYPES: Mapping[Form, str] = {"film": "video/mp4", "sound": "audio/webm"}
NAMES: Mapping[str, Form] = {"film.mp4": "film", "sound.webm": "sound"}
"""As addresses have them."""

RECIPE = "1"
WORTH = 0.8
"""Of the recording's size; what is larger saves nobody anything."""

# Of the whole recording: with fewer bits there is nothing to save.
_LEAST_KBITS: Mapping[Form, float] = {"film": 160.0, "sound": 30.0}
# Some 0.16 processor seconds a second of film, on a machine that may be ten times as busy.
_SECONDS, _SECONDS_A_SECOND, _MOST_SECONDS = 300.0, 2.0, 6 * 3600.0
_UNKNOWN_SECONDS = 3600.0
_OUTPUT_BYTES = 128 * 1024**2


@dataclass(frozen=True, slots=True)
class Made:
    """A smaller form that is there. tag: of its bytes."""

    form: Form
    key: str
    size_bytes: int
    tag: str


def key_of(sha256: str, form: Form) -> str:
    return f"derived/{sha256}/{form}-{RECIPE}.{'mp4' if form == 'film' else 'webm'}"


def table_key(sha256: str) -> str:
    """Which forms were made, and how large they are; there once it was tried."""
    return f"derived/{sha256}/lighter-{RECIPE}.json"


def owe(work: UnitOfWork, resource: Resource, revision: Revision) -> None:
    """Queue what makes them, in the unit of work of whoever publishes."""
    if any(shown.is_recording(entry) for entry in revision.main_files):
        work.jobs.add("lighten", resource.id, priority=PRIORITY_REPAIR)


def made(services: Services, entry: FileEntry) -> Mapping[Form, Made]:
    """The smaller forms of a recording; none where they are not made, or not smaller. Raises: Unavailable."""
    if not services.objects.exists(table_key(entry.sha256)):
        return {}
    table = json.loads(services.objects.get(table_key(entry.sha256)))
    return {
        form: Made(form, key_of(entry.sha256, form), row["size_bytes"], row["tag"])
        for form in TYPES
        if (row := table.get(form))
    }


Lengths = Callable[[UnitOfWork, Revision], Mapping[int, float]]
"""Seconds of a revision's recordings by the number of the file, as far as they are known."""


def lighten(services: Services, job: Job, stopping: threading.Event, lengths: Lengths) -> None:
    """Do one `lighten` job; its subject is a resource. Raises: Unavailable: told to stop in the middle."""
    with services.catalogue.reading() as work:
        resource = work.resources.get(job.subject)
        if resource is None or not resource.published or resource.visibility != "live":
            return
        revision = work.resources.revision(resource.key, resource.published)
        seconds = lengths(work, revision) if revision else {}
    for entry in revision.main_files if revision else ():
        if shown.is_recording(entry) and not services.objects.exists(table_key(entry.sha256)):
            _lighten(services, entry, seconds.get(entry.number), stopping)


def worth_trying(entry: FileEntry, seconds: float | None) -> tuple[Form, ...]:
    """Which forms can be clearly smaller. seconds: of the recording, or None where nobody knows."""
    kbits = entry.size_bytes * 8 / seconds / 1000 if seconds else float("inf")
    able: tuple[Form, ...] = ("film", "sound") if entry.media_type.startswith("video/") else ("sound",)
    return tuple(form for form in able if kbits > _LEAST_KBITS[form])


def _lighten(services: Services, entry: FileEntry, seconds: float | None, stopping: threading.Event) -> None:
    table = {}
    forms = worth_trying(entry, seconds)
    if forms:
        with services.objects.local(blob_key(entry.sha256)) as path, _patient(seconds, stopping) as sandbox:
            for form in forms:
                try:
                    data = sandbox.lighter(path, form=form)
                except ToolMissing:
                    # Nobody's fault, and the program may be there tomorrow: nothing says that it was tried.
                    return
                except IngestError as error:
                    if stopping.is_set():
                        raise Unavailable(part="worker") from error
                    # A film without sound has no such form; what is broken was told where it was read.
                    log.info("not-lighter", extra={"form": form, "code": error.code})
                    continue
                if len(data) <= WORTH * entry.size_bytes:
                    services.objects.put(key_of(entry.sha256, form), data)
                    table[form] = {"size_bytes": len(data), "tag": hashlib.sha256(data).hexdigest()[:32]}
    services.objects.put(table_key(entry.sha256), json.dumps(table).encode())
    _forget_if_purged(services, entry)


@contextmanager
def _patient(length_seconds: float | None, stopping: threading.Event) -> Iterator[Sandbox]:
    """A sandbox whose child may take as long as such a recording does, and ends when the worker stops."""
    seconds = min(_MOST_SECONDS, _SECONDS + _SECONDS_A_SECOND * (length_seconds or _UNKNOWN_SECONDS))
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            if stopping.is_set():
                sandbox.close()
                return

    with Sandbox(limits=Limits(wall_seconds=seconds, cpu_seconds=int(seconds)), output_bytes=_OUTPUT_BYTES) as sandbox:
        watcher = threading.Thread(target=watch, name="lighten-watch", daemon=True)
        watcher.start()
        try:
            yield sandbox
        finally:
            done.set()
            watcher.join()


def _forget_if_purged(services: Services, entry: FileEntry) -> None:
    """While it was made: what came after the purge had looked goes too."""
    with services.catalogue.reading() as work:
        purged = bool(work.blobs.refused([entry.sha256]))
    if purged:
        for key in list(services.objects.keys(f"derived/{entry.sha256}/")):
            services.objects.remove(key)
