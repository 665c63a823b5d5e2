"""Keep the search index equal to the catalogue: it is a projection that can always be made again.

Last room on the way of a file, run by workers for `index` jobs. A job says
only which resource; the state is read after leasing and written to every
generation that is live or being built, then the job is acknowledged.
What an entry holds is made by `entries`.
"""

import datetime
import logging
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from service.errors import IndexMissing, IndexOutdated, IndexUnavailable
from service.library import lexicons, lost, rewriters
from service.library.entries import Entry, each
from service.library.services import Services
from service.model import PRIORITY_REPAIR, Generation, IndexDocument, ResourceId, ResourceKey
from service.ports import UnitOfWork

log = logging.getLogger(__name__)

# A batch's texts stand in memory at once; 500 textbooks would not fit.
BATCH_RESOURCES = 500
BATCH_CHARACTERS = 8_000_000
# Between transactions that queue many jobs: long enough for somebody else who waits to write.
PAUSE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Differences:
    """How an index differs from the catalogue, by resource key. indexed, published: how many each holds."""

    missing: tuple[ResourceKey, ...]
    stale: tuple[ResourceKey, ...]
    extra: tuple[ResourceKey, ...]
    indexed: int = 0
    published: int = 0

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.extra)

    @property
    def keys(self) -> tuple[ResourceKey, ...]:
        return (*self.missing, *self.stale, *self.extra)


def live(services: Services) -> Generation:
    """The generation that answers. Raises: IndexUnavailable: there is none."""
    with services.catalogue.reading() as work:
        for generation in work.generations.all(services.index.engine):
            if generation.state == "live":
                return generation
    raise IndexUnavailable(part="index")


def ensure(services: Services) -> Generation:
    """The live generation, made at the first start. Safe from many processes.

    Raises: SettingsError: a new library whose index does not answer; one that has its index starts without.
    """
    try:
        found = live(services)
    except IndexUnavailable:
        services.index.begin()
        # Of several that start at once one makes it; the others meet its commit and find it made.
        found = services.catalogue.write(lambda work: _first(services, work))
    try:
        if not services.index.exists(found.name):
            # It is to be made for the first time (the database came as a copy, or the engine is another one), or
            # somebody removed it by hand: what is published comes into it. It is made when all of that is queued, so
            # whoever finds none after a death begins again; until then the jobs wait for it.
            _queue_everything(services)
            services.index.create(found.name)
    except IndexUnavailable as error:
        # Pages open without it, and its work waits.
        log.warning("index-away", extra={"reason": error.code})
    if found.fingerprint != services.index.fingerprint():
        log.warning("index-outdated", extra={"generation": found.name})
    return found


def _first(services: Services, work: UnitOfWork) -> Generation:
    for generation in work.generations.all(services.index.engine):
        if generation.state == "live":
            return generation
    made = new(services, "live")
    work.generations.add(made)
    return made


def _queue_everything(services: Services) -> None:
    after = 0
    while True:
        with services.catalogue.reading() as work:
            page = work.resources.after(after, BATCH_RESOURCES)
        if not page:
            return
        _queue(services, [resource.id for resource in page if resource.published])
        after = page[-1].key


def _queue(services: Services, ids: Sequence[ResourceId]) -> None:
    """A page of index jobs in a transaction of its own, and a pause for others who write."""
    if ids:
        services.catalogue.write(lambda work: work.jobs.add_all("index", ids, priority=PRIORITY_REPAIR))
        time.sleep(PAUSE_SECONDS)


def new(services: Services, state: Literal["live", "building"]) -> Generation:
    """A generation of this version's, with a name of its own."""
    now = datetime.datetime.now(datetime.UTC)
    name = f"{now:%Y%m%d-%H%M%S}-{services.index.fingerprint()[:8]}-{secrets.token_hex(2)}"
    built = now if state == "live" else None
    return Generation(name, services.index.engine, services.index.fingerprint(), state, now, (), built, syllables="")


def write(services: Services, ids: Sequence[str]) -> Mapping[str, str]:
    """Bring these resources' index entries to their present state, in every generation in use.

    Returns: those that the live one's engine will never take, with its reason; all others are in.
    Raises: IndexOutdated: another version built the live one, so the work waits; another Unavailable.
    """
    with services.catalogue.reading() as work:
        known = work.resources.some(ids)
    found = [known[one] for one in ids if one in known]
    names = {resource.key: resource.id for resource in found}
    refused: dict[ResourceKey, str] = {}
    for batch in batches(services, list(names)):
        made, gone = batch.made, batch.gone
        # Generations are read after the state: one that begins to build later walks over it itself.
        with services.catalogue.reading() as work:
            generations = work.generations.all(services.index.engine)
        for generation in sorted(generations, key=lambda one: one.state == "live"):
            if generation.state == "live":
                if generation.fingerprint != services.index.fingerprint():
                    raise IndexOutdated(part="index", generation=generation.name)
                lexicons.learn(services, generation, made.values())
                refused |= services.index.write(generation.name, list(made.values()), gone)
                rewriters.learn(services, generation, made.values())
            else:
                _write_beside(services, generation, made, gone)
        if batch.lost:
            # They are found by what their rows say until they are read again, which queues them here once more.
            services.catalogue.write(partial(lost.read_again, texts=batch.texts))
    return {names[key]: reason for key, reason in refused.items()}


def _write_beside(
    services: Services, generation: Generation, made: Mapping[ResourceKey, IndexDocument], gone: Sequence[ResourceKey]
) -> None:
    """To one that does not answer. Whoever builds it compares it; an old one loses only what may not be kept."""
    keeps = generation.state == "building" and generation.fingerprint == services.index.fingerprint()
    if not (keeps or gone):
        return
    try:
        if keeps:
            lexicons.learn(services, generation, made.values())
        services.index.write(generation.name, list(made.values()) if keeps else [], gone)
        if keeps:
            rewriters.learn(services, generation, made.values())
    except IndexUnavailable as error:
        # Dropped meanwhile, not made yet, or removed by hand: no reason for the live one to wait. One that is just
        # being made is there a moment later; whoever builds it walks over everything after that.
        beginning = keeps and isinstance(error, IndexMissing)
        if not beginning and services.index.exists(generation.name):
            raise
        log.warning("generation-missing", extra={"generation": generation.name})


@dataclass(slots=True)
class Batch:
    """What the index should hold of some resources now. gone: nothing. lost: key of a text that was not there."""

    made: dict[ResourceKey, IndexDocument] = field(default_factory=dict)
    gone: list[ResourceKey] = field(default_factory=list)
    lost: dict[ResourceKey, str] = field(default_factory=dict)
    characters: int = 0

    def add(self, entry: Entry) -> None:
        if entry.document is None:
            self.gone.append(entry.key)
            return
        self.made[entry.key] = entry.document
        self.characters += sum(len(passage.text) for passage in entry.document.passages)
        if entry.lost:
            self.lost[entry.key] = entry.lost

    @property
    def texts(self) -> dict[ResourceId, str]:
        """What is lost, by public id."""
        return {self.made[key].id: text for key, text in self.lost.items()}

    @property
    def full(self) -> bool:
        return len(self.made) + len(self.gone) >= BATCH_RESOURCES or self.characters >= BATCH_CHARACTERS


def batches(services: Services, keys: Sequence[ResourceKey]) -> Iterator[Batch]:
    """Parts whose texts fit into memory."""
    batch = Batch()
    for start in range(0, len(keys), BATCH_RESOURCES):
        for entry in each(services, keys[start : start + BATCH_RESOURCES]):
            batch.add(entry)
            if batch.full:
                yield batch
                batch = Batch()
    if batch.made or batch.gone:
        yield batch


def compare(services: Services, generation: Generation) -> Differences:
    """Ids and versions of a generation against the catalogue, by a walk over both."""
    indexed = dict(services.index.versions(generation.name))
    held, published = len(indexed), 0
    missing: list[ResourceKey] = []
    stale: list[ResourceKey] = []
    after = 0
    while True:
        with services.catalogue.reading() as work:
            page = work.resources.after(after, 500)
        if not page:
            break
        for resource in page:
            version = indexed.pop(resource.key, None)
            if not (resource.published and resource.visibility == "live"):
                if version is not None:
                    indexed[resource.key] = version
                continue
            published += 1
            if version is None:
                missing.append(resource.key)
            elif version != resource.row_version:
                stale.append(resource.key)
        after = page[-1].key
    return Differences(tuple(missing), tuple(stale), tuple(indexed), held, published)


def repair(services: Services, differences: Differences) -> int:
    """Queue an index job for each difference. Returns: how many."""
    keys = sorted(differences.keys)
    for start in range(0, len(keys), BATCH_RESOURCES):
        with services.catalogue.reading() as work:
            rows = map(work.resources.by_key, keys[start : start + BATCH_RESOURCES])
            ids = [resource.id for resource in rows if resource is not None]
        _queue(services, ids)
    return len(keys)
