"""CRC-32 of stored files, which a zip says before their bytes: counted once, kept as a derived object.

A worker counts those of a resource with several files when it is published. Of
what an older version published nobody has; then whoever takes its zip waits
for the count, once. Without this a download of some gigabytes would be read
twice from the store, and its last part, which lists all files, only when all
of them had been read.
"""

import threading
import zlib
from collections import OrderedDict
from contextlib import suppress

from service.errors import ObjectMissing, Unavailable
from service.library.services import Services
from service.model import PRIORITY_BATCH, FileEntry, Resource, Revision
from service.ports import UnitOfWork, blob_key

RECIPE = "1"
# Of a hundred bytes each; whatever the library, a file's bytes have one checksum.
_REMEMBERED = 50_000
_known: OrderedDict[str, int] = OrderedDict()
_lock = threading.Lock()


def key_of(sha256: str) -> str:
    """Eight hexadecimal digits."""
    return f"derived/{sha256}/crc32-{RECIPE}"


def owe(work: UnitOfWork, resource: Resource, revision: Revision) -> None:
    """Queue the count, in the unit of work of whoever publishes; one file alone is never zipped."""
    if len(revision.files) > 1:
        subjects = [f"{resource.id}/{entry.number}/checksum" for entry in revision.files]
        work.jobs.add_all("illustrate", subjects, priority=PRIORITY_BATCH + 2)


def of(services: Services, entry: FileEntry) -> int:
    """Raises: ObjectMissing: the file is not there; Unavailable: the store is away."""
    with _lock:
        known = _known.get(entry.sha256)
    if known is None:
        try:
            known = int(services.objects.get(key_of(entry.sha256)), 16)
        except ObjectMissing:
            known = _counted(services, entry)
            _keep(services, entry, known)
        with _lock:
            _known[entry.sha256] = known
            while len(_known) > _REMEMBERED:
                _known.popitem(last=False)
    return known


def forget() -> None:
    """As a process that has just started."""
    with _lock:
        _known.clear()


def _counted(services: Services, entry: FileEntry) -> int:
    counted = 0
    for block in services.objects.open(blob_key(entry.sha256)):
        counted = zlib.crc32(block, counted)
    return counted


def _keep(services: Services, entry: FileEntry, counted: int) -> None:
    # Somebody waits for the zip, which needs nothing but the number.
    with suppress(Unavailable):
        services.objects.put(key_of(entry.sha256), f"{counted:08x}".encode())
        with services.catalogue.reading() as work:
            purged = work.blobs.refused([entry.sha256])
        if purged:
            # While it was counted: what came after the purge had looked goes too.
            services.objects.remove(key_of(entry.sha256))
