"""A batch of records into the database: one short transaction.

What follows from their values (terms, digest) is made before it begins. It
looks at what is here of these records, adds what is new, writes what has
changed, withdraws what the source has withdrawn, and queues what follows
(index, and what harvesters get from here). Written twice, a batch changes
nothing the second time: what is here already costs a look.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from service.library.harvesting.mapping import Mapper, Read
from service.library.owners import answering
from service.library.services import Services
from service.library.values import merge
from service.messages import sentence
from service.model import PRIORITY_REPAIR, Rendered, ResourceId
from service.ports import Brought, Kept, Source, UnitOfWork

# Another writer comes in between.
PAUSE_SECONDS = 0.005
LOST_TOGETHER = 500
ACTOR = "source"
UNMAPPABLE = "unmappable"


@dataclass(slots=True)
class Counts:
    """What became of the records that came. own: ours, on a way back; elsewhere: here from another source."""

    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    reinstated: int = 0
    own: int = 0
    elsewhere: int = 0
    refused: int = 0

    @property
    def all(self) -> int:
        return sum(getattr(self, name) for name in self.__slots__)

    def add(self, other: "Counts") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be taken. code: of a sentence `harvest-…`."""

    identifier: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that go in together. coming: by identifier; None: deleted at the source. refused: what cannot be taken.

    settles: some of these may have been refused before.
    """

    coming: Mapping[str, Read | None]
    refused: Mapping[str, Refused]
    settles: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch came to. touched: resources that changed. refused: what of it cannot be taken after all."""

    counts: Counts
    touched: Sequence[ResourceId]
    refused: Sequence[Refused] = ()


class Writer(Protocol):
    """Who writes batches, one after the other in their order."""

    def give(self, batch: Batch) -> Sequence[Written]:
        """Have it written. Returns: what has been since the last call, of this one or of those before it."""
        ...

    def rest(self) -> Sequence[Written]:
        """Wait until everything is. Returns: what has been since the last call."""
        ...

    def close(self) -> None:
        """Nothing more comes; what `rest` has not told of may be written or not."""
        ...


class Here:
    """Writes at once, in this process."""

    def __init__(self, writing: "Writing") -> None:
        self._writing = writing

    def give(self, batch: Batch) -> Sequence[Written]:
        return [self._writing.write(batch)]

    def rest(self) -> Sequence[Written]:
        return ()

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Writing:
    """Of one harvest. whole: everything is seen, so what is not there any more is found out."""

    services: Services
    source: Source
    mapper: Mapper
    whole: bool

    def write(self, batch: Batch) -> Written:
        """Raises: Unavailable: nothing of it is in the database."""
        return self._of_now()._prepared(batch)

    def _of_now(self) -> "Writing":
        """For whoever owns the records by now: his organisation may be merged while they come."""
        with self.services.catalogue.reading() as work:
            owner = answering(work, self.source.organisation)
        if owner == self.source.organisation:
            return self
        source = replace(self.source, organisation=owner)
        return replace(self, source=source, mapper=replace(self.mapper, source=source))

    def _prepared(self, batch: Batch) -> Written:
        coming: dict[str, Brought | None] = {}
        unlisted: list[Refused] = []
        for name, read in batch.coming.items():
            try:
                coming[name] = None if read is None else self.mapper.brought(read)
            except Exception as error:  # noqa: BLE001 - one record that cannot be mapped does not hold up the others
                unlisted.append(Refused(name, UNMAPPABLE, type(error).__name__))
        refused = [*batch.refused.values(), *unlisted]
        written = self.services.catalogue.write(lambda work: self._write(work, coming, refused, settles=batch.settles))
        time.sleep(PAUSE_SECONDS)
        return replace(written, refused=unlisted)

    def meet(self, identifiers: Sequence[str]) -> None:
        """What is here as it is there was there in this run too."""
        if self.whole and identifiers:
            self.services.catalogue.write(
                lambda work: work.harvests.seen(self.source.key, identifiers, self.source.run)
            )

    def lose(self) -> Written:
        """Withdraw some of what this harvest has not met, nothing where there is nothing left of it."""
        written = self.services.catalogue.write(self._lose)
        time.sleep(PAUSE_SECONDS)
        return written

    def _lose(self, work: UnitOfWork) -> Written:
        lost = work.harvests.unseen(self.source.key, self.source.run, LOST_TOGETHER)
        self._withdraw(work, lost)
        return Written(Counts(withdrawn=len(lost)), [one.id for one in lost])

    def _write(
        self, work: UnitOfWork, coming: Mapping[str, Brought | None], refused: Sequence[Refused], *, settles: bool
    ) -> Written:
        harvests, source = work.harvests, self.source
        kept = harvests.kept(source.key, list(coming))
        fresh = [one for name, one in coming.items() if one is not None and name not in kept]
        elsewhere = harvests.elsewhere(source.key, [one.original for one in fresh]) if fresh else frozenset()
        fresh = [one for one in fresh if one.original not in elsewhere]
        added = harvests.add(source, fresh) if fresh else {}

        pairs = [(kept[name], one) for name, one in coming.items() if name in kept and one is not None]
        back = [one for one, _ in pairs if one.gone]
        changed = [(here, one) for here, one in pairs if here.gone or here.digest != one.digest]
        away = [kept[name] for name, one in coming.items() if one is None and _can_go(kept.get(name))]
        harvests.move(back, gone=False, reason="")
        harvests.rewrite(source, self._laid_over(work, changed))
        harvests.dated(
            source.key,
            {
                here.identifier: one.datestamp
                for here, one in pairs
                if not here.gone and here.digest == one.digest and here.datestamp != one.datestamp
            },
        )
        if self.whole:
            harvests.seen(source.key, list(kept), source.run)
        if settles:
            harvests.settle(source.key, list(coming))
        if refused:
            harvests.refuse(source.key, {one.identifier: (one.code, one.detail) for one in refused})
        work.events.add_all("reinstated", {one.key: {"source": source.base_url} for one in back}, ACTOR)
        written = [*added.values(), *(here.id for here, _ in changed)]
        work.jobs.add_all("index", written, priority=PRIORITY_REPAIR)
        work.jobs.add_all("render", written, priority=PRIORITY_REPAIR)
        # Last, as every datestamp.
        self._withdraw(work, away)
        counts = Counts(
            new=len(added),
            changed=len(changed) - len(back),
            same=len(coming) - len(added) - len(changed) - len(away) - len(elsewhere),
            withdrawn=len(away),
            reinstated=len(back),
            elsewhere=len(elsewhere),
        )
        return Written(counts, [*written, *(one.id for one in away)])

    def _laid_over(self, work: UnitOfWork, changed: Sequence[tuple[Kept, Brought]]) -> Sequence[tuple[Kept, Brought]]:
        """With what somebody here has said of them; those that were away are live again."""
        local = work.harvests.local([here.key for here, _ in changed]) if changed else {}
        laid = []
        for here, one in changed:
            if said := local.get(here.key):
                read = Read(one.identifier, one.datestamp, merge(one.values, said), one.origins)
                one = replace(self.mapper.brought(read), digest=one.digest)
            laid.append((replace(here, visibility="live") if here.gone else here, one))
        return laid

    def _withdraw(self, work: UnitOfWork, kept: Sequence[Kept]) -> None:
        if not kept:
            return
        reason = sentence("harvest-withdrawn", self.services.settings.language, {"source": self.source.name})
        work.harvests.move(kept, gone=True, reason=reason)
        work.events.add_all("withdrawn", {one.key: {"reason": reason} for one in kept}, ACTOR)
        work.jobs.add_all("index", [one.id for one in kept], priority=PRIORITY_REPAIR)
        work.oai.stamp([Rendered(one.key, one.id, one.version + 1) for one in kept])


def _can_go(kept: Kept | None) -> bool:
    """What somebody here has withdrawn stays as that."""
    return kept is not None and kept.visibility != "withdrawn"
