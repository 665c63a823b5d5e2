"""What a store has lost of what rows name: the fault of one item, and nothing that others wait for.

A text is derived: whoever misses it has its file read again, and goes on with
what the rows say. A stored file is nowhere else, so what needs it fails, and
says so. A store that holds no file and no text at all has lost nothing: its
disk is not mounted, and everything waits for it.
"""

import logging
from collections.abc import Collection, Mapping
from itertools import chain

from service.errors import ObjectDamaged, ObjectMissing, Unavailable
from service.library.documents import DOCUMENTS, open_document
from service.model import PRIORITY_REPAIR, Reading, ResourceId
from service.ports import BLOBS, ObjectStore, UnitOfWork
from service.telemetry import metrics

log = logging.getLogger(__name__)

LOST = (ObjectMissing, ObjectDamaged)
"""Errors of one object, although a store that is away raises their kin."""


def one_of_many(objects: ObjectStore) -> None:
    """After one of LOST, before it is held against an item. Raises: Unavailable: the store holds none at all."""
    # What workers write of themselves (pictures, words, which programs are missing) may lie where the disk should be.
    if next(chain(objects.keys(f"{BLOBS}/"), objects.keys(f"{DOCUMENTS}/")), None) is None:
        raise Unavailable(part="objects")


def is_whole(objects: ObjectStore, reading: Reading) -> bool:
    """Whether its text can be read, or there is none to be read. Raises: Unavailable: the store is away."""
    if reading.document_key is None:
        return True
    try:
        for _ in open_document(objects, reading.document_key).passages():
            pass
    except LOST:
        one_of_many(objects)
        return False
    return True


def is_there(objects: ObjectStore, reading: Reading) -> bool:
    """The same in one look, for walks over a whole library. Raises: Unavailable: the store is away."""
    if reading.document_key is None or objects.exists(reading.document_key):
        return True
    one_of_many(objects)
    return False


def read_again(work: UnitOfWork, texts: Mapping[ResourceId, str]) -> None:
    """Queue it. texts: resource -> key of a text of its that is lost."""
    tell(texts.values())
    work.jobs.add_all("read", texts.keys(), priority=PRIORITY_REPAIR)


def tell(keys: Collection[str]) -> None:
    for key in keys:
        metrics.object_missing()
        log.error("text-lost", extra={"key": key})
