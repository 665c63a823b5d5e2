"""Build a fresh index beside the live one, prove it equal to the catalogue, switch; and go back.

    building ──equal──> live ──another is switched to──> old ──dropped──> (gone)
        ^                                                 │
        └───────────────────── back: caught up again ─────┘

Reading and writing go on: from the moment a generation is announced every index
job writes to it too. It is compared id by id and version by version, and
nothing is switched while they differ, but for documents that the engine will
never take, which are told, and what a job still owes. The engine's alias moves
first, then the row; a death between the two leaves an alias that nobody asks,
and the next look at the live generation puts it right.

Interrupted, what was being built goes with the command or, where that was
killed, with the next; it begins anew. An old generation gets removals only, so
that no text outlives its resource, and is caught up before it answers again.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from service.errors import IndexDiffers, IndexUnavailable, LibraryError, NoOldIndex, ReindexOvertaken
from service.library import lexicons, lost, project, rewriters
from service.library.project import Differences
from service.library.services import Services
from service.model import Generation, ResourceId, ResourceKey

log = logging.getLogger(__name__)

# Rounds of writing what differs; what a round writes is compared by the next.
ROUNDS = 6
IDS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is. done, total: resources; seconds: since it began."""

    done: int
    total: int
    seconds: float

    @property
    def rate(self) -> float:
        """Resources a second."""
        return self.done / max(self.seconds, 0.001)

    @property
    def seconds_left(self) -> float:
        return max(0, self.total - self.done) / max(self.rate, 0.001)


@dataclass(frozen=True, slots=True)
class Switched:
    """What answers now. resources: how many it holds; refused: public id -> why the engine will never take it.

    textless: public id -> key of a text of its that the store has lost; it is in without, and is read again.
    """

    generation: str
    resources: int
    refused: Mapping[str, str]
    textless: Mapping[ResourceId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """A generation. resources: how many it holds, None where it does not answer; fits: made by this version."""

    generation: Generation
    resources: int | None
    fits: bool


Progress = Callable[[Step], None]


def reindex(services: Services, *, progress: Progress = lambda _: None) -> Switched:
    """A fresh generation answers when it returns; the former one is old and stays until it is dropped.

    Raises: IndexDiffers: it is not equal to the catalogue, and nothing was switched; ReindexOvertaken: another
    command began after this one; Unavailable.
    """
    for left in _rows(services):
        if left.state == "building" and left.built:
            # On its way back, when somebody killed it.
            _set_state(services, left, "old")
        elif left.state == "building":
            _drop(services, left)
    fresh = project.new(services, "building")
    services.catalogue.write(lambda work: work.generations.add(fresh))
    with _attended(services, fresh, partial(_drop, services, fresh)):
        services.index.create(fresh.name)
        aside = _walk(services, fresh, progress)
        return _switch(services, fresh, aside)


def back(services: Services) -> Switched:
    """The newest generation that is not live, caught up, answers when it returns; the live one becomes old.

    Raises: NoOldIndex: none that this version can read; IndexDiffers; ReindexOvertaken; Unavailable.
    """
    fingerprint = services.index.fingerprint()
    kept = [one for one in _rows(services) if _is_kept(one) and one.fingerprint == fingerprint]
    if not kept:
        raise NoOldIndex
    meant = kept[-1]
    if not services.index.exists(meant.name):
        raise NoOldIndex(generation=meant.name)
    # From here on jobs write to it; what changed before is found by comparing.
    _set_state(services, meant, "building")
    with _attended(services, meant, partial(_set_state, services, meant, "old")):
        return _switch(services, meant, _Aside())


def drop_old(services: Services) -> list[str]:
    """Names of those that went. Idempotent."""
    kept = [one for one in _rows(services) if _is_kept(one)]
    for one in kept:
        _drop(services, one)
    return [one.name for one in kept]


def listing(services: Services) -> list[Listed]:
    """All generations of the engine in use, oldest first."""

    def held(generation: Generation) -> int | None:
        try:
            return sum(1 for _ in services.index.versions(generation.name))
        except IndexUnavailable:
            return None

    fingerprint = services.index.fingerprint()
    return [Listed(one, held(one), one.fingerprint == fingerprint) for one in _rows(services)]


def _is_kept(generation: Generation) -> bool:
    return generation.state == "old" or (generation.state == "building" and generation.built is not None)


def _rows(services: Services) -> Sequence[Generation]:
    with services.catalogue.reading() as work:
        return work.generations.all(services.index.engine)


def _set_state(services: Services, generation: Generation, state: str) -> None:
    services.catalogue.write(lambda work: work.generations.set_state(generation.name, state))


def _drop(services: Services, generation: Generation) -> None:
    # Its row last: what has no row is found by nobody.
    services.index.drop(generation.name)
    lexicons.drop(services, generation.name)
    rewriters.drop(services, generation.name)
    services.catalogue.write(lambda work: work.generations.remove(generation.name))


@contextmanager
def _attended(services: Services, generation: Generation, give_up: Callable[[], None]) -> Iterator[None]:
    """What does not come to its end leaves nothing that jobs would write to for ever."""
    try:
        yield
    except BaseException as error:
        there = True
        with suppress(LibraryError):
            there = any(row.name == generation.name for row in _rows(services))
            if there:
                give_up()
        if isinstance(error, LibraryError) and not there:
            raise ReindexOvertaken(generation=generation.name) from error
        raise


@dataclass(slots=True)
class _Aside:
    """What did not go in whole. refused: what the engine will never take, and why; textless: as `Switched` says."""

    refused: dict[ResourceKey, str] = field(default_factory=dict)
    textless: dict[ResourceId, str] = field(default_factory=dict)


def _walk(services: Services, fresh: Generation, progress: Progress) -> _Aside:
    """Write everything that is published."""
    began = time.monotonic()
    aside = _Aside()
    after, done = 0, 0
    with services.catalogue.reading() as work:
        total = work.tables.count("resources")
    while True:
        with services.catalogue.reading() as work:
            page = work.resources.after(after, project.BATCH_RESOURCES)
        if not page:
            return aside
        _write(services, fresh, [one.key for one in page if one.published], aside, everything=True)
        done += len(page)
        after = page[-1].key
        progress(Step(done, max(total, done), time.monotonic() - began))


def _write(
    services: Services, generation: Generation, keys: Sequence[ResourceKey], aside: _Aside, *, everything: bool = False
) -> None:
    for batch in project.batches(services, keys):
        lexicons.learn(services, generation, batch.made.values(), everything=everything)
        gone = [] if everything else batch.gone
        aside.refused |= services.index.write(generation.name, list(batch.made.values()), gone)
        rewriters.learn(services, generation, batch.made.values(), everything=everything)
        if batch.lost:
            aside.textless |= batch.texts
            services.catalogue.write(partial(lost.read_again, texts=batch.texts))


def _switch(services: Services, fresh: Generation, aside: _Aside) -> Switched:
    """Make it equal, then live. Raises: IndexDiffers."""
    held = _settle(services, fresh, aside)
    lexicons.fold(services, fresh, everything=True)
    rewriters.save(services, fresh)
    services.index.promote(fresh.name)
    _set_state(services, fresh, "live")
    with services.catalogue.reading() as work:
        rows = {key: work.resources.by_key(key) for key in aside.refused}
    told = {str(row.id): aside.refused[key] for key, row in rows.items() if row is not None}
    counts = {"resources": held, "refused": len(told), "textless": len(aside.textless)}
    log.info("reindexed", extra={"generation": fresh.name, **counts})
    return Switched(fresh.name, held, told, aside.textless)


def _settle(services: Services, fresh: Generation, aside: _Aside) -> int:
    """Write what changed meanwhile until nothing differs. Returns: resources in it."""
    for _ in range(ROUNDS):
        differences = project.compare(services, fresh)
        keys = [key for key in differences.keys if key not in aside.refused]
        if not keys:
            return differences.indexed
        _write(services, fresh, keys, aside)
    differences = project.compare(services, fresh)
    kept = _owed(services, differences, aside.refused)
    if kept:
        raise IndexDiffers(
            generation=fresh.name,
            indexed=differences.indexed,
            published=differences.published,
            missing=sum(key in kept for key in differences.missing),
            stale=sum(key in kept for key in differences.stale),
            extra=sum(key in kept for key in differences.extra),
            resources=", ".join([*kept.values()][:IDS_NAMED]),
        )
    return differences.indexed


def _owed(services: Services, differences: Differences, refused: Collection[ResourceKey]) -> dict[ResourceKey, str]:
    """Differences that no job will mend: key -> public id."""
    with services.catalogue.reading() as work:
        rows = {key: work.resources.by_key(key) for key in differences.keys if key not in refused}
        named = {key: row.id if row else str(key) for key, row in rows.items()}
        jobs = work.jobs.waiting("index", list(named.values()))
    owed = {subject for subject, job in jobs.items() if job.state != "failed"}
    return {key: name for key, name in named.items() if name not in owed}
