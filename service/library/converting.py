"""Office files as PDF, kept as derived objects: one conversion a file, whatever is drawn of it later.

Runs in workers, before pictures are drawn. Several files share one start of
LibreOffice, inside a child of the sandbox. Where a batch does not give all of
its PDFs, the rest is halved and tried again: who is alone and still gives
none is the culprit, and nobody asks for it again.
"""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Protocol

from ingest.errors import IngestError, ToolMissing
from ingest.illustrate import CONVERTED
from ingest.tools import soffice
from service.library.services import Services
from service.model import PRIORITY_REPAIR, FileEntry
from service.ports import UnitOfWork, blob_key

BATCH = 8
"""Files a start: with 8 the 1.2 s of a start are 0.15 s a file, and a failing batch is not long in being halved."""

# Part of the key: another export makes new objects and leaves the old ones to the sweep.
RECIPE = "1"
TOOL = "soffice"


class Converter(Protocol):
    """What converts: `ingest.sandbox.Sandbox`."""

    def convert(self, files: Sequence[tuple[Path, str]]) -> list[bytes | None]: ...


def pdf_key(sha256: str) -> str:
    return f"derived/{sha256}/office-{RECIPE}.pdf"


def missing_key(tool: str) -> str:
    """Stands where a worker found that it lacks a program, so that nobody waits for what it would make."""
    return f"derived/tools/{tool}-missing"


def convert(services: Services, converter: Converter, entries: Iterable[FileEntry]) -> None:
    """Make the PDFs that are not there yet. Raises: ToolMissing; nothing is stored then."""
    wanted = {
        entry.sha256: entry
        for entry in entries
        if entry.media_type in CONVERTED
        and services.objects.exists(blob_key(entry.sha256))
        and not services.objects.exists(pdf_key(entry.sha256))
    }
    waiting = list(wanted.values())
    for start in range(0, len(waiting), BATCH):
        _batch(services, converter, waiting[start : start + BATCH], again=False)


def _batch(services: Services, converter: Converter, entries: Sequence[FileEntry], *, again: bool) -> None:
    rest = []
    for entry, data in zip(entries, _made(services, converter, entries), strict=True):
        if data is not None:
            services.objects.put(pdf_key(entry.sha256), data)
        else:
            rest.append(entry)
    if len(rest) == len(entries) == 1 and again:
        services.objects.put(pdf_key(rest[0].sha256), b"")
        return
    # One that was alone from the start has its second try too: its child may have been killed from outside.
    half = (len(rest) + 1) // 2
    for part in filter(None, (rest[:half], rest[half:])):
        _batch(services, converter, part, again=True)


def _made(services: Services, converter: Converter, entries: Sequence[FileEntry]) -> Sequence[bytes | None]:
    with ExitStack() as stack:
        files = [
            (stack.enter_context(services.objects.local(blob_key(entry.sha256))), entry.media_type) for entry in entries
        ]
        try:
            return converter.convert(files)
        except ToolMissing:
            raise
        except IngestError:
            # The child was ended, with everything that it had made.
            return [None] * len(files)


def cannot(services: Services, entry: FileEntry) -> bool:
    """Whether it was tried in vain."""
    key = pdf_key(entry.sha256)
    # Asked for every page that is shown: of a store far away, only where there can be an answer.
    tried = entry.media_type in CONVERTED and services.objects.exists(key)
    return tried and not next(services.objects.open(key, length=1), b"")


def lacks(services: Services, tool: str) -> bool:
    """Whether the workers of this library are without a program."""
    return services.objects.exists(missing_key(tool))


def note_missing(services: Services, tool: str) -> None:
    services.objects.put(missing_key(tool), b"")


def look_around(services: Services) -> None:
    """At a worker's start: LibreOffice may have come since the last time, and then covers can be drawn after all."""
    if not soffice.is_there():
        note_missing(services, TOOL)
    elif lacks(services, TOOL):
        services.objects.remove(missing_key(TOOL))
        _queue_thumbnails(services)


def _queue_thumbnails(services: Services) -> None:
    def queue(work: UnitOfWork, after: int) -> int | None:
        """The next page. Returns: its last key; None at the end."""
        page = work.resources.after(after, 500)
        for resource, revision in work.resources.published([one.key for one in page]).values():
            if any(file.media_type in CONVERTED for file in revision.main_files):
                work.jobs.add("illustrate", f"{resource.id}/thumbnail", priority=PRIORITY_REPAIR)
        return page[-1].key if page else None

    after: int | None = 0
    while after is not None:
        after = services.catalogue.write(partial(queue, after=after))
