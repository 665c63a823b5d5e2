"""Read every stored file again and compare it with its hash: what a disk lost is found while backups have it.

A worker begins a run every HOCLIEU_FIXITY_DAYS. One job a slice reads some
objects, at a bounded rate and behind all other work, and writes down how far
it came together with the job's end; so a run goes on where it was, whichever
process died, and two workers never read the same slice. Documents and
pictures are not read over, since they are made again from these files; but
whether the texts of a slice are there is looked at, and what is lost is read again.

Nothing is mended here by itself. The bytes are nowhere else in the library,
so only a backup has them: `mend` takes them from there, checked.
"""

import datetime
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from service.errors import ObjectDamaged, ObjectMissing, Unavailable
from service.library import lost
from service.library.bundles import names_of
from service.library.permissions import require_role
from service.library.services import Services
from service.model import PRIORITY_REPAIR, Fault, FixityRun, Principal, ResourceId
from service.ports import ObjectStore, UnitOfWork, blob_key

log = logging.getLogger(__name__)

SUBJECT = "objects"
"""Of the one job: what waits is queued once, and what is leased has no twin."""

# So much is done again when a worker dies: a slice ends with the first of these.
SLICE_OBJECTS = 500
SLICE_SECONDS = 30.0
# What a pause is cut into, so that a worker which is told to stop stops.
PAUSE_SECONDS = 0.5

Record = Callable[[UnitOfWork, bool], None]


@dataclass(frozen=True, slots=True)
class Told:
    """What the library knows of its files. faults: kind -> how many are so now; done: the last whole reading."""

    done: FixityRun | None
    running: FixityRun | None
    damaged: int
    missing: int
    age_seconds: float | None
    """Since the end of the last whole reading; None: there was none."""


def begin_if_due(services: Services) -> bool:
    """Queue the next run where the last one began long enough ago, or go on with one whose job was lost.

    The first one comes when the first files have been here so long: what has just been stored was just read.
    """
    days = services.settings.fixity_days
    if not days:
        return False
    edge = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    with services.catalogue.reading() as work:
        newest = work.fixity.newest()
        if newest is None:
            oldest = work.blobs.oldest()
            due = oldest is not None and oldest <= edge
        else:
            due = newest.finished_at is None or newest.started_at <= edge
    return due and services.catalogue.write(start)


def start(work: UnitOfWork) -> bool:
    """Returns: False: there is nothing to read, or its job is there already."""
    waiting = work.jobs.waiting("fixity", [SUBJECT]).get(SUBJECT)
    if (waiting is not None and waiting.state != "failed") or not work.blobs.after("", 1):
        return False
    work.fixity.begin()
    work.jobs.add("fixity", SUBJECT, priority=PRIORITY_REPAIR)
    return True


def check(services: Services, stopping: threading.Event) -> Record | None:
    """Do one `fixity` job: a slice, at the rate of the settings. Returns: what to record with the job's end.

    Raises: Unavailable: the store is away, or the worker is told to stop.
    """
    with services.catalogue.reading() as work:
        run = work.fixity.newest()
    if run is None or run.finished_at is not None:
        return None
    pace = Pace(services.settings.fixity_megabytes_per_second, stopping.wait)
    sliced = read(services, run, pace)

    def record(work: UnitOfWork, held: bool) -> None:
        if held:
            _save(sliced, work)
            if sliced.run.finished_at is None:
                work.jobs.add("fixity", SUBJECT, priority=PRIORITY_REPAIR)

    return record


@dataclass(frozen=True, slots=True)
class Slice:
    """A run as far as it has come, and what was found on the last piece of the way.

    texts: resource -> key of a text of its that is not there.
    """

    run: FixityRun
    found: dict[str, Fault | None]
    texts: Mapping[ResourceId, str]


class Pace:
    """Bytes a second at most, over any stretch. wait: sleeps, and says whether to stop."""

    def __init__(
        self, megabytes_per_second: float, wait: Callable[[float], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = megabytes_per_second * 1_000_000
        self._wait = wait
        self._clock = clock
        self._free_at = clock()

    def took(self, size_bytes: int) -> None:
        """Wait until so many bytes were allowed. Raises: Unavailable: told to stop."""
        now = self._clock()
        # What was not used before is gone: a pause is no leave for a burst.
        self._free_at = max(self._free_at, now) + size_bytes / self._rate
        while (left := self._free_at - self._clock()) > 0:
            if self._wait(min(left, PAUSE_SECONDS)):
                raise Unavailable(part="worker")
        if self._wait(0):
            raise Unavailable(part="worker")


def read(
    services: Services, run: FixityRun, pace: Pace, *, objects: int = SLICE_OBJECTS, seconds: float = SLICE_SECONDS
) -> Slice:
    """The next objects of a run. Raises: Unavailable."""
    with services.catalogue.reading() as work:
        ahead = work.blobs.after(run.reached, objects)
    found: dict[str, Fault | None] = {}
    ends = time.monotonic() + seconds
    for sha256, size_bytes in ahead:
        found[sha256] = look(services.objects, sha256, pace)
        run = replace(
            run,
            reached=sha256,
            objects=run.objects + 1,
            size_bytes=run.size_bytes + size_bytes,
            faults=run.faults + (found[sha256] is not None),
        )
        if time.monotonic() >= ends:
            return Slice(run, found, _lost_texts(services, found))
    if len(ahead) < objects:
        run = replace(run, finished_at=datetime.datetime.now(datetime.UTC))
    return Slice(run, found, _lost_texts(services, found))


def _lost_texts(services: Services, hashes: Collection[str]) -> dict[ResourceId, str]:
    """Of the resources that have these as main files. Raises: Unavailable."""
    with services.catalogue.reading() as work:
        named = {id: key for _, key, id in work.sketches.holders(hashes)}
        shown = {key: names_of(revision) for key, (_, revision) in work.resources.published([*named.values()]).items()}
        readings = work.readings.newest({name for names in shown.values() for name in names})
    texts: dict[ResourceId, str] = {}
    for id, key in named.items():
        for reading in (readings[name] for name in shown.get(key, ()) if name in readings):
            if reading.document_key and not lost.is_there(services.objects, reading):
                texts[id] = reading.document_key
    return texts


def look(store: ObjectStore, sha256: str, pace: Pace) -> Fault | None:
    """Read one object. Raises: Unavailable: the store is away."""
    digest = hashlib.sha256()
    try:
        for block in store.open(blob_key(sha256)):
            digest.update(block)
            pace.took(len(block))
    except ObjectMissing:
        return "missing"
    except ObjectDamaged:
        return "damaged"
    return None if digest.hexdigest() == sha256 else "damaged"


def _save(sliced: Slice, work: UnitOfWork) -> None:
    for sha256 in work.fixity.note(sliced.found):
        log.error("fixity-fault", extra={"key": blob_key(sha256), "fault": str(sliced.found[sha256])})
    work.fixity.save(sliced.run)
    if sliced.texts:
        lost.read_again(work, sliced.texts)
    run = sliced.run
    if run.finished_at is not None:
        took = round((run.finished_at - run.started_at).total_seconds())
        counts = {"objects": run.objects, "megabytes": run.size_bytes // 1_000_000, "faults": run.faults}
        log.info("fixity-done", extra={**counts, "seconds": took})


def whole(services: Services, principal: Principal, wait: Callable[[float], bool]) -> Iterator[FixityRun]:
    """Read everything now, as fast as it goes. Yields: the run after each slice, its last one finished.

    A run that a worker has begun is gone on with; both may read the same objects. Raises: Unavailable.
    """
    require_role(principal, "deposit")
    run = services.catalogue.write(lambda work: work.fixity.begin())
    pace = Pace(1e6, wait)
    while run.finished_at is None:
        sliced = read(services, run, pace, seconds=2.0)
        services.catalogue.write(partial(_save, sliced))
        run = sliced.run
        yield run


def told(services: Services) -> Told:
    """For whoever looks after the library: `doctor`, measures, `hoclieu fixity`."""
    with services.catalogue.reading() as work:
        newest, done, numbers = work.fixity.newest(), work.fixity.finished(), work.fixity.numbers()
    now = datetime.datetime.now(datetime.UTC)
    age = None if done is None or done.finished_at is None else max(0.0, (now - done.finished_at).total_seconds())
    running = newest if newest is not None and newest.finished_at is None else None
    return Told(done, running, numbers.get("damaged", 0), numbers.get("missing", 0), age)


def mend(services: Services, principal: Principal, backup: ObjectStore) -> Iterator[tuple[str, bool]]:
    """Bring what is damaged or missing back from a place of backups. Yields: (hash, whether it is well again).

    A copy there counts only when its bytes have the hash. Raises: Unavailable: one of the stores is away.
    """
    require_role(principal, "deposit")
    pace = Pace(1e6, lambda _: False)
    with services.catalogue.reading() as work:
        faults = work.fixity.faults(sum(work.fixity.numbers().values()))
    for fault in faults:
        well = look(services.objects, fault.sha256, pace) is None or _brought_back(services, backup, fault.sha256)
        if well:
            services.catalogue.write(partial(_well, fault.sha256))
        yield fault.sha256, well


def _well(sha256: str, work: UnitOfWork) -> None:
    work.fixity.note({sha256: None})


def _brought_back(services: Services, backup: ObjectStore, sha256: str) -> bool:
    pace = Pace(1e6, lambda _: False)
    if look(backup, sha256, pace) is not None:
        return False
    with backup.local(blob_key(sha256)) as path, path.open("rb") as source:
        # A store takes bytes of the right length for the right bytes, and would leave them.
        services.objects.remove(blob_key(sha256))
        services.objects.put_blob(source)
    return look(services.objects, sha256, pace) is None
