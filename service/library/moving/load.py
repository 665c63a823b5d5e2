"""Bring a generation of a place into an empty library: objects, rows, purges, index.

Objects first, so that no row ever names what is not there; every object's
bytes and every part are checked against the hashes that were written. A
marker in the object store says what is arriving until it has arrived: run
again after a kill, it goes on; beside anything else it refuses.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from service.errors import Damaged, LibraryFromTheFuture, NotALibrary, NotEmpty, ObjectMissing
from service.library import lighter, purge, reindexing
from service.library.moving import ledger, parts
from service.library.moving.copying import copy
from service.library.moving.dump import AT_ONCE, COPIERS, Progress
from service.library.moving.format import Manifest, generations, open_place, read_manifest
from service.library.moving.listed import Entry, entries
from service.library.permissions import require_role
from service.library.services import Services
from service.model import PRIORITY_REPAIR, Principal
from service.ports import ObjectStore

MARKER = "moving/arriving"


def choose(place: ObjectStore, name: str, generation: str = "") -> Manifest:
    """The generation that is meant, by default the newest. name: of the place.

    Raises: NotALibrary: no place of ours, or not this generation in it; FormatFromTheFuture; Damaged.
    """
    open_place(place, name)
    names = generations(place)
    wanted = generation or (names[-1] if names else "")
    if wanted not in names:
        raise NotALibrary(place=f"{name} {generation}".strip())
    return read_manifest(place, wanted)


def load(
    services: Services,
    principal: Principal,
    place: ObjectStore,
    manifest: Manifest,
    *,
    purges: Sequence[purge.Record] = (),
    progress: Progress = lambda _table, _rows: None,
) -> None:
    """purges: to be applied beside those that the place knows. The index answers when it returns.

    Raises: NotAllowed; NotEmpty; LibraryFromTheFuture; Damaged: a part or an object is not what was written;
    StorageFull; Unavailable.
    """
    require_role(principal, "move")
    records = [*ledger.of_place(place), *purges]
    _begin(services, manifest)
    _objects(services, place, manifest, ledger.Gone(records), progress)
    _tables(services, place, manifest, progress)
    for record in records:
        purge.again(services, principal, record)
    _owe_pictures(services)
    reindexing.reindex(services, progress=lambda step: progress("index", step.done))
    # What was live here until now never held anything of this library's.
    reindexing.drop_old(services)
    services.objects.remove(MARKER)


def _begin(services: Services, manifest: Manifest) -> None:
    """Say what arrives, where nothing is or where the same was arriving. Raises: NotEmpty; LibraryFromTheFuture."""
    with services.catalogue.reading() as work:
        if manifest.schema > work.tables.schema or not manifest.tables.keys() <= set(work.tables.names()):
            raise LibraryFromTheFuture(found=manifest.schema)
        untouched = work.tables.untouched()
    said = f"{manifest.name} {manifest.content}".encode()
    try:
        resumed = services.objects.get(MARKER) == said
    except ObjectMissing:
        resumed = False
    if not untouched and not resumed:
        raise NotEmpty
    if not resumed:
        services.objects.put(MARKER, said)
    if untouched:
        with services.catalogue.writing() as work:
            work.tables.clear_seeds()


def _objects(services: Services, place: ObjectStore, manifest: Manifest, gone: ledger.Gone, progress: Progress) -> None:
    def bring(entry: Entry) -> None:
        try:
            copy(place, services.objects, entry)
        except ObjectMissing as error:
            raise Damaged(name=entry.key) from error

    wanted = (entry for entry in entries(place, manifest) if not gone.has(entry.key))
    done = 0
    with ThreadPoolExecutor(COPIERS) as pool:
        for chunk in _chunks(wanted):
            done += len(list(pool.map(bring, chunk)))
            progress("objects", done)


def _chunks(wanted: Iterator[Entry]) -> Iterator[list[Entry]]:
    while chunk := list(islice(wanted, AT_ONCE)):
        yield chunk


def _tables(services: Services, place: ObjectStore, manifest: Manifest, progress: Progress) -> None:
    """A part a transaction; one whose last row is there was loaded whole before."""
    with services.catalogue.reading() as work:
        names = [name for name in work.tables.names() if name in manifest.tables]
    for name in names:
        done = 0
        for part in manifest.tables[name].parts:
            rows = parts.read(place, part)
            with services.catalogue.writing() as work:
                if not work.tables.holds(name, rows[-1]):
                    work.tables.load(name, rows)
            done += len(rows)
            progress(name, done)
    with services.catalogue.writing() as work:
        work.tables.settle()


def _owe_pictures(services: Services) -> None:
    """Thumbnails do not travel: workers make them here, behind everything else."""
    after = 0
    while True:
        with services.catalogue.writing() as work:
            page = work.resources.after(after, 500)
            for resource in page:
                if resource.published and resource.visibility == "live":
                    revision = work.resources.revision(resource.key, resource.published)
                    if revision and revision.files:
                        work.jobs.add("illustrate", f"{resource.id}/thumbnail", priority=PRIORITY_REPAIR)
                        lighter.owe(work, resource, revision)
        if not page:
            return
        after = page[-1].key
