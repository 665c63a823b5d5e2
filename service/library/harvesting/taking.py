"""Records of a source become batches of values; what cannot be one is told and asked for again another day.

A record that is ours, on a way back, is left out. Whoever writes the batches
(`writing`) may be one behind: what is asked of the database waits for it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from service.library.harvesting import origins
from service.library.harvesting.answers import Broken, Got
from service.library.harvesting.mapping import Read
from service.library.harvesting.writing import UNMAPPABLE, Batch, Counts, Refused, Writer, Writing, Written
from service.model import ResourceId

BATCH = 500
"""Some 17,000 rows: on SQLite others waited 252 ms at most for their turn to write (docs/performance.md)."""


@dataclass
class Taker:
    """Of one harvest. writer: has what `writing` is for written.

    pending: identifiers that earlier harvests could not take and that have not come yet. refusing: told of each that
    this one cannot. anew: everything is to be read again, also what is here as it is there.
    """

    writing: Writing
    writer: Writer
    pending: set[str]
    refusing: Callable[[Refused], None]
    anew: bool = False
    counts: Counts = field(default_factory=Counts)
    touched: list[ResourceId] = field(default_factory=list)
    """Ids of the first FOLLOWED that changed."""
    _any_refused: bool = False
    _coming: dict[str, Read | None] = field(default_factory=dict)
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
                self._coming[identifier] = self.writing.mapper.read(got, stood)
            except Broken as error:
                self.refuse(Refused(identifier, error.reason, error.detail))
            except Exception as error:  # noqa: BLE001 - one record that cannot be read does not hold up the others
                self.refuse(Refused(identifier, UNMAPPABLE, type(error).__name__))
        if len(self._coming) >= BATCH or len(self._refused) >= BATCH:
            self.flush()

    def refuse(self, refused: Refused) -> None:
        self._refused[refused.identifier] = refused
        self.pending.discard(refused.identifier)
        self._tell(refused)

    def _tell(self, refused: Refused) -> None:
        self._any_refused = True
        self.counts.refused += 1
        self.refusing(refused)

    def forget(self, identifier: str) -> None:
        """One that could not be taken is no more."""
        self.pending.discard(identifier)
        source = self.writing.source
        self.writing.services.catalogue.write(lambda work: work.harvests.settle(source.key, [identifier]))

    def __post_init__(self) -> None:
        self._any_refused = bool(self.pending)

    def holds(self, headers: Mapping[str, str]) -> frozenset[str]:
        """Of identifiers with their datestamps those that are here as they are there, and need not be asked for."""
        self.finish()
        if self.anew:
            return frozenset()
        with self.writing.services.catalogue.reading() as work:
            kept = work.harvests.kept(self.writing.source.key, list(headers))
        held = [name for name, one in kept.items() if one.datestamp == headers[name] and not one.gone]
        self.writing.meet(held)
        return frozenset(held)

    def flush(self) -> None:
        """Have written what was held."""
        if not (self._coming or self._refused):
            return
        batch = Batch(self._coming, self._refused, settles=self._any_refused)
        self._coming, self._refused = {}, {}
        self.pending.difference_update(batch.coming)
        self._count(self.writer.give(batch))

    def finish(self) -> None:
        """All that came is in the database and counted."""
        self.flush()
        self._count(self.writer.rest())

    def _count(self, done: Iterable[Written]) -> None:
        for written in done:
            self.counts.add(written.counts)
            if len(self.touched) <= FOLLOWED:
                self.touched += written.touched
            for refused in written.refused:
                self._tell(refused)

    def vanished(self) -> None:
        """After a whole harvest of a source that tells of no deletions: withdraw what was not there."""
        self.finish()
        while (lost := self.writing.lose()).touched:
            self._count([lost])

    @property
    def _own_url(self) -> str:
        url = self.writing.services.settings.public_url
        return f"{url}/oai" if url else ""

    def _is_ours(self, identifier: str) -> bool:
        return identifier.startswith(f"oai:{self.writing.services.settings.repository_id}:")


FOLLOWED = 2_000
"""Records whose index entries a command waits for; more are left to a worker."""
