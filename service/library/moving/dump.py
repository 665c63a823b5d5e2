"""Write a library into a place: the tables in one view of the database, then the objects that they name.

The library goes on meanwhile. Database first, objects after: what a row names
was stored before the row was, so it is there to be copied, unless a purge or
a sweep has taken it since; then the library's own rows say so and it is left
out. What the newest generation lists is in the place and is not looked at again.
"""

import datetime
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from service.errors import Damaged, ObjectMissing
from service.library import purge
from service.library.moving import ledger
from service.library.moving.copying import copy
from service.library.moving.format import (
    Listing,
    Manifest,
    begun_key,
    generations,
    make_place,
    new_name,
    read_manifest,
    secrets_key,
    to_bytes,
    write_manifest,
)
from service.library.moving.listed import Entry, Known, entries, named
from service.library.moving.parts import PART_ROWS, Writer
from service.library.moving.secrets import Sealed
from service.library.permissions import require_role
from service.library.services import Services
from service.model import Principal
from service.ports import ObjectStore

Progress = Callable[[str, int], None]
"""(table or "objects", how many so far)."""

# Small objects wait for the disk or the network, not for the processor.
COPIERS = 4
AT_ONCE = 64


def dump(
    services: Services,
    principal: Principal,
    place: ObjectStore,
    name: str,
    *,
    sealed: Sealed | None = None,
    progress: Progress = lambda _table, _rows: None,
) -> Manifest:
    """Write one generation. name: of the place, as the operator wrote it.

    Objects that the library lacks do not stop it: they stand in the manifest (`missing`).
    Raises: NotAllowed; PlaceTaken; PlaceForeign; FormatFromTheFuture; StorageFull; Unavailable.
    """
    require_role(principal, "move")
    make_place(place, name, services.settings.repository_id)
    former = newest(place)
    generation = new_name()
    place.put(begun_key(generation), to_bytes({"name": generation}))
    schema, made_at, tables = _tables(services, place, former, progress)
    purged = purge.records(services)
    objects, size, missing = _objects(services, place, tables, former, ledger.Gone(purged), progress)
    if sealed is not None:
        place.put(secrets_key(generation), sealed.data)
    manifest = Manifest(
        name=generation,
        made_at=made_at,
        schema=schema,
        repository_id=services.settings.repository_id,
        tables=tables,
        objects=objects,
        objects_bytes=size,
        missing=tuple(missing),
        secrets=sealed.sha256 if sealed else "",
    )
    # After the objects: a purge while they were copied is in the list that is read now.
    for record in purge.records(services):
        ledger.apply_to_place(place, record)
    write_manifest(place, manifest)
    return manifest


def newest(place: ObjectStore) -> Manifest | None:
    """The newest generation that can be read."""
    for name in reversed(generations(place)):
        try:
            return read_manifest(place, name)
        except Damaged:
            continue
    return None


def _tables(
    services: Services, place: ObjectStore, former: Manifest | None, progress: Progress
) -> tuple[str, str, dict[str, Listing]]:
    """Everything in one view of the database, which ends before the first object is touched."""
    known = frozenset(part.sha256 for one in former.tables.values() for part in one.parts) if former else frozenset()
    tables = {}
    with services.catalogue.reading() as work:
        made_at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        for name in work.tables.names():
            writer, done = Writer(place, known), 0
            for page in work.tables.rows(name, PART_ROWS):
                writer.add(page)
                done += len(page)
                progress(name, done)
            tables[name] = writer.finish()
        return work.tables.schema, made_at, tables


def _objects(
    services: Services,
    place: ObjectStore,
    tables: dict[str, Listing],
    former: Manifest | None,
    gone: ledger.Gone,
    progress: Progress,
) -> tuple[Listing, int, list[str]]:
    """Copy what is new and list everything. Returns: the list, its bytes, keys of what the library lacks."""
    writer = Writer(place)
    size, done = 0, 0
    missing: list[str] = []
    known = Known(entries(place, former) if former else iter(()))
    wanted = (entry for entry in named(place, tables) if not gone.has(entry.key))

    def bring(pair: tuple[Entry, Entry | None]) -> Entry | None:
        entry, there = pair
        if there is not None:
            return there
        try:
            return copy(services.objects, place, entry)
        except (ObjectMissing, Damaged):
            if _is_named(services, entry):
                missing.append(entry.key)
            return None

    with ThreadPoolExecutor(COPIERS) as pool:
        for chunk in _chunks((entry, known.find(entry)) for entry in wanted):
            brought = [entry for entry in pool.map(bring, chunk) if entry is not None]
            writer.add(entry.as_row() for entry in brought)
            size += sum(entry.size_bytes for entry in brought)
            done += len(brought)
            progress("objects", done)
    return writer.finish(), size, sorted(missing)


def _chunks(pairs: Iterator[tuple[Entry, Entry | None]]) -> Iterator[list[tuple[Entry, Entry | None]]]:
    while chunk := list(islice(pairs, AT_ONCE)):
        yield chunk


def _is_named(services: Services, entry: Entry) -> bool:
    """Whether the library still says that it has this object: nobody purged or swept it since the view was taken."""
    with services.catalogue.reading() as work:
        if entry.is_blob:
            row = {"sha256": entry.sha256}
            return work.tables.holds("blobs", row) and not work.blobs.refused([entry.sha256])
        bundle = entry.key.split("/")[1]
        reading = work.readings.newest([bundle]).get(bundle)
        # What an older pipeline read goes with a sweep.
        return reading is not None and reading.document_key == entry.key
