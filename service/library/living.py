"""The vocabularies as they are now: those that ship, and what this library has put in the place of some of them.

A library's own vocabulary is a row of the database, so that every process on
every machine takes the same one. Each process keeps the terms that it read and
asks for the number of the newest row: a web process once a second, beside its
requests; whoever writes terms or an index asks in the same transaction, so
that work queued by an import never runs with the terms from before.
"""

import logging
import threading
from collections.abc import Mapping

from service.errors import LibraryError
from service.ports import Catalogue, UnitOfWork
from service.vocabularies import FIELDS, Vocabularies
from service.vocabularies.reading import judge, read
from service.vocabularies.terms import Term

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Living:
    """One a process, shared by its threads. now: never waits and never asks anything."""

    def __init__(self, seeds: Vocabularies) -> None:
        self.seeds = seeds
        self._lock = threading.Lock()
        self._held: tuple[int, Vocabularies] = (0, seeds)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def now(self) -> Vocabularies:
        return self._held[1]

    def of(self, work: UnitOfWork) -> Vocabularies:
        """As they are in this unit of work."""
        newest = work.vocabularies.newest()
        if newest == self._held[0]:
            return self._held[1]
        with self._lock:
            if newest != self._held[0]:
                self._held = (newest, with_own(self.seeds, work.vocabularies.current()))
            return self._held[1]

    def look(self, catalogue: Catalogue) -> Vocabularies:
        """Read what others have imported since. Raises: Unavailable."""
        with catalogue.reading() as work:
            return self.of(work)

    def follow(self, catalogue: Catalogue) -> None:
        """Look once a second from now on, until `rest`. While the database is away the terms stay as they were."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._follow, args=(catalogue,), name="vocabularies", daemon=True)
        self._thread.start()

    def rest(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _follow(self, catalogue: Catalogue) -> None:
        while True:
            try:
                self.look(catalogue)
            except LibraryError as error:
                # Requests say that a part is away; nothing is lost here.
                log.debug("vocabularies-not-looked-at", extra={"code": error.code})
            if self._stop.wait(LOOK_SECONDS):
                return


def with_own(seeds: Vocabularies, own: Mapping[str, str]) -> Vocabularies:
    """The seeds with a library's own vocabularies in their places. own: name -> CSV.

    What this version cannot read, because a later one asks for more than the one that took it in, is left out: then
    the seed holds until somebody mends it (`hoclieu vocabulary check` says what is wrong).
    """
    tables: dict[str, Mapping[str, Term]] = dict(seeds.terms)
    for name, text in own.items():
        table = read(text, name)
        if name not in FIELDS or table.problems:
            log.error("vocabulary-unreadable", extra={"vocabulary": name, "problems": len(table.problems)})
            continue
        tables[name] = table.terms
    for name in own:
        if name in tables and (lost := sum(1 for _ in judge(tables, name, {}))):
            log.warning("vocabulary-refers-to-nothing", extra={"vocabulary": name, "problems": lost})
    return Vocabularies(tables)
