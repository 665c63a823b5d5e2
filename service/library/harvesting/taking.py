"""Records of a source into the database, many at once; what cannot be one is told and asked for again another day.

A batch is one short transaction: it looks at what is here of these records,
adds what is new, writes what has changed, withdraws what the source has
withdrawn, and queues what follows (index, and what harvesters get from here).
A record that is ours, or that came from somewhere else already, is left out.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from service.library.harvesting import origins
from service.library.harvesting.answers import Broken, Got
from service.library.harvesting.mapping import Mapper
from service.library.services import Services
from service.library.values import merge
from service.messages import sentence
from service.model import PRIORITY_REPAIR, Rendered, ResourceId
from service.ports import Brought, Kept, Source, UnitOfWork

BATCH = 500
"""Some 17,000 rows: on SQLite others waited 252 ms at most for their turn to write (docs/performance.md)."""
# Another writer comes in between.
PAUSE_SECONDS = 0.005
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


@dataclass
class Taker:
    """Of one harvest. whole: everything is seen, so what is not there any more is found out.

    pending: identifiers that earlier harvests could not take and that have not come yet. refusing: told of each that
    this one cannot.
    """

    services: Services
    source: Source
    mapper: Mapper
    whole: bool
    pending: set[str]
    refusing: Callable[[Refused], None]
    counts: Counts = field(default_factory=Counts)
    touched: list[ResourceId] = field(default_factory=list)
    """Ids of the first FOLLOWED that changed."""
    _any_refused: bool = False
    _coming: dict[str, Brought | None] = field(default_factory=dict)
    _refused: dict[str, Refused] = field(default_factory=dict)

    def take(self, got: Got) -> None:
        """Hold a record until its batch is full. None of its elements is needed after this."""
        identifier = got.header.identifier
        if got.header.deleted:
            self._coming[identifier] = None
        else:
            stood = origins.read(got.about)
            if self._is_ours(identifier) or any(
                self._is_ours(one.identifier) or one.base_url == self._own_url for one in stood
            ):
                self.counts.own += 1
                return
            try:
                self._coming[identifier] = self.mapper.brought(got, stood)
            except Broken as error:
                self.refuse(Refused(identifier, error.reason, error.detail))
            except Exception as error:  # noqa: BLE001 - one record that cannot be read does not hold up the others
                self.refuse(Refused(identifier, UNMAPPABLE, type(error).__name__))
        if len(self._coming) >= BATCH or len(self._refused) >= BATCH:
            self.flush()

    def refuse(self, refused: Refused) -> None:
        self._refused[refused.identifier] = refused
        self._any_refused = True
        self.pending.discard(refused.identifier)
        self.counts.refused += 1
        self.refusing(refused)

    def forget(self, identifier: str) -> None:
        """One that could not be taken is no more."""
        self.pending.discard(identifier)
        self.services.catalogue.write(lambda work: work.harvests.settle(self.source.key, [identifier]))

    def __post_init__(self) -> None:
        self._any_refused = bool(self.pending)

    def holds(self, headers: Mapping[str, str]) -> frozenset[str]:
        """Of identifiers with their datestamps those that are here as they are there."""
        with self.services.catalogue.reading() as work:
            kept = work.harvests.kept(self.source.key, list(headers))
        return frozenset(name for name, one in kept.items() if one.datestamp == headers[name] and not one.gone)

    def flush(self) -> None:
        """Write what was held."""
        if not (self._coming or self._refused):
            return
        coming, refused = self._coming, self._refused
        self._coming, self._refused = {}, {}
        counted, touched = self.services.catalogue.write(lambda work: self._write(work, coming, refused))
        self.counts.add(counted)
        if len(self.touched) <= FOLLOWED:
            self.touched += touched
        self.pending.difference_update(coming)
        time.sleep(PAUSE_SECONDS)

    def vanished(self) -> None:
        """After a whole harvest of a source that tells of no deletions: withdraw what was not there."""
        while True:
            counted = self.services.catalogue.write(self._lose)
            if not counted.withdrawn:
                return
            self.counts.add(counted)
            time.sleep(PAUSE_SECONDS)

    def _lose(self, work: UnitOfWork) -> Counts:
        lost = work.harvests.unseen(self.source.key, self.source.run, BATCH)
        self._withdraw(work, lost)
        return Counts(withdrawn=len(lost))

    @property
    def _own_url(self) -> str:
        return f"{self.services.settings.public_url}/oai" if self.services.settings.public_url else ""

    def _is_ours(self, identifier: str) -> bool:
        return identifier.startswith(f"oai:{self.services.settings.repository_id}:")

    def _write(
        self, work: UnitOfWork, coming: Mapping[str, Brought | None], refused: Mapping[str, Refused]
    ) -> tuple[Counts, list[ResourceId]]:
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
        if self._any_refused:
            harvests.settle(source.key, list(coming))
        if refused:
            harvests.refuse(source.key, {name: (one.code, one.detail) for name, one in refused.items()})
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
        return counts, [*written, *(one.id for one in away)]

    def _laid_over(self, work: UnitOfWork, changed: Sequence[tuple[Kept, Brought]]) -> Sequence[tuple[Kept, Brought]]:
        """With what somebody here has said of them; those that were away are live again."""
        local = work.harvests.local([here.key for here, _ in changed]) if changed else {}
        laid = []
        for here, one in changed:
            if said := local.get(here.key):
                merged = self.mapper.listed(one.identifier, one.datestamp, merge(one.values, said), one.origins)
                one = replace(merged, digest=one.digest)
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


FOLLOWED = 2_000
"""Records whose index entries a command waits for; more are left to a worker."""


def _can_go(kept: Kept | None) -> bool:
    """What somebody here has withdrawn stays as that."""
    return kept is not None and kept.visibility != "withdrawn"
