"""A folder goes in: walk it, deposit every file, wait until each has an outcome, report.

What `hoclieu ingest` does. The command is a depositor and a worker at once:
it queues the same jobs as every other door and works them off itself, beside
whatever workers already run. Killed and run again, it goes on where it was.
The module is long because what becomes of a file is told in one place.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ingest.sniff import sniff
from service.errors import LibraryError, StorageFull, Unavailable
from service.library.admit import admitted, is_openable, unreadable
from service.library.archives import Archives, Found, printable
from service.library.companions import is_captions, role_of
from service.library.deposit import Bundle, Deposited, Offered, deposit_all
from service.library.describing import Description, describe_all
from service.library.describing import Taken as Described
from service.library.outcomes import OUTCOMES, Line, look, newest_reading, shown
from service.library.process import KINDS
from service.library.rows_left import RowsLeft
from service.library.services import Services
from service.library.sheet import NOTHING, Rows, Told
from service.library.together import Taken, together
from service.library.walking import place as place_of
from service.library.walking import walk
from service.model import PRIORITY_BATCH, FileRole, Job, JobKind, Principal, Resource, Value
from service.ports import UnitOfWork

# How often the catalogue is asked which items are finished: by somebody who waits for a few, and of many.
POLL_SECONDS, POLL_MANY_SECONDS = 0.05, 0.25
FEW = 10
"""Files that somebody waits for: they go before the hundreds of a batch that runs beside them."""
# How many items may wait for their reading before the walk pauses: bounds what stands in memory.
AHEAD = 500
# How many files come into one commit, how long the first may wait for it, and how many bytes are read meanwhile.
TOGETHER = 64
TOGETHER_SECONDS = 0.1
TOGETHER_BYTES = 8 << 20
# After how many of them is asked at once: they end nearly in the order they came, and asking after all that wait,
# twenty times a second, took 5 ms of processor time a file.
LOOK = 50


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for every file of the batch; `rows` are a sheet's, by path relative to what is taken in.

    organisation: owns what no row gives to another. priority: of all that is to be done. sheets: the sheet itself, and
    what belongs to it, which may lie among the files that it describes and are none of them.
    """

    organisation: str = "default"
    publish: bool = False
    values: tuple[Value, ...] = ()
    rows: Rows = field(default_factory=Rows)
    sheets: tuple[Path, ...] = ()
    language: str = "vi"
    priority: int = PRIORITY_BATCH


@dataclass(frozen=True, slots=True)
class Offer:
    """A file with its companions and their lines. joined: how many of the last go with it by their names alone.
    began: when it was taken up, on the monotonic clock."""

    taken: Sequence[Found]
    lines: Sequence[Line]
    told: Told = NOTHING
    joined: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def found(self) -> Found:
        return self.taken[0]

    @property
    def line(self) -> Line:
        return self.lines[0]

    def fall(self, reason: dict[str, str] | None) -> None:
        """A row stands or falls with all its files."""
        for line in self.lines:
            line.outcome, line.reason = "refused", line.reason or reason

    def companions(self) -> "list[Offer]":
        """Those that have no outcome with it, each by itself."""
        return [
            Offer([one], [line])
            for one, line in zip(self.taken[1:], self.lines[1:], strict=True)
            if line.outcome is None
        ]


class Batch:
    """One run over some paths. `lines` grows as files are taken; `run` returns when each has its outcome."""

    def __init__(self, services: Services, principal: Principal, options: Options) -> None:
        self.services = services
        self.principal = principal
        self.options = options
        self.lines: list[Line] = []
        self._waiting: dict[str, Line] = {}
        self._together: list[Offer] = []
        self._together_bytes = 0
        # Places of the sheet's rows whose files have come.
        self._rows_met: set[int] = set()

    def run(self, paths: Sequence[Path], *, finished: Callable[[Line], None], healthy: Callable[[], bool]) -> None:
        """Take every file; `finished` is called once a file, `healthy` says whether somebody still works.

        Raises: StorageFull, Unavailable: stopped before the end; what was acknowledged stays.
        """
        self.take(walk(paths), finished=finished, healthy=healthy)
        self.wait_for_index(healthy)

    def take(
        self, files: Iterable[tuple[Path, str]], *, finished: Callable[[Line], None], healthy: Callable[[], bool]
    ) -> None:
        """Of files that somebody else has found, each with its path in the report: until each has its outcome."""
        with Archives() as archives:
            for group in archives.opened(self._regular(files, finished)):
                self._take_group(group, finished, healthy)
        options = self.options
        left = RowsLeft(options.rows, options.organisation, options.values, options.language, self.described)
        left.take(self._rows_met, self.lines, self._waiting, finished)
        while self._waiting:
            self._collect(finished, healthy)

    def _regular(
        self, files: Iterable[tuple[Path, str]], finished: Callable[[Line], None]
    ) -> Iterator[tuple[Path, str]]:
        """Those that may be opened at all: a pipe would keep whoever opens it, a link may lead anywhere."""
        for path, name in files:
            line = Line(printable(name), row=self.options.rows.place(name))
            if is_openable(path, line, self.options.language):
                yield path, name
                continue
            self.lines.append(line)
            if line.row is not None:
                self._rows_met.add(line.row)
            finished(line)

    def _take_group(
        self, group: Sequence[Found], finished: Callable[[Line], None], healthy: Callable[[], bool]
    ) -> None:
        """Take files that lie together: those of a row, a captions file with its recording."""
        for taken in together(group, self.options.rows):
            self._take(taken, finished)
            while len(self._waiting) >= AHEAD:
                self._collect(finished, healthy)
            self._collect(finished, healthy, wait=False)
        # Members of an archive are there no longer than their group.
        self._deposit(finished)

    def totals(self, seconds: float) -> dict[str, int | float]:
        counts: dict[str, int | float] = {
            outcome: sum(line.outcome == outcome for line in self.lines) for outcome in OUTCOMES
        }
        return {**counts, "files": len(self.lines), "seconds": round(seconds, 3)}

    def _take(self, taken: Taken, finished: Callable[[Line], None]) -> None:
        """Files that go in together: their lines are in the report, and they wait for others to be deposited with."""
        lines = [Line(found.printable, row=taken.place) for found in taken.files]
        self.lines += lines
        if taken.place is not None:
            self._rows_met.add(taken.place)
        if taken.wrong is not None:
            # Captions with it: by themselves they would be a resource of their own.
            for line in lines:
                line.end("refused", taken.wrong.code, taken.wrong.parameters, self.options.language)
                finished(line)
            return
        self._offer(Offer(taken.files, lines, taken.told, taken.joined), finished)

    def described(self, owner: str, said: Sequence[Description]) -> Sequence[Described | LibraryError]:
        """Take in rows without files; a dry run only says what would become of them."""
        options = self.options
        return describe_all(
            self.services, self.principal, said, owner=owner, publish=options.publish, priority=options.priority
        )

    def _offer(self, offer: Offer, finished: Callable[[Line], None]) -> None:
        sheets, language = self.options.sheets, self.options.language
        pairs = zip(offer.taken, offer.lines, strict=True)
        size_bytes = sum(admitted(one, line, sheets, language) for one, line in pairs)
        ended = next((line for line in offer.lines if line.outcome is not None), None)
        if ended is not None and offer.told.number and len(offer.lines) > 1:
            offer.fall(ended.reason)
            for line in offer.lines:
                finished(line)
            return
        if offer.line.outcome is not None:
            finished(offer.line)
            for alone in offer.companions():
                self._offer(alone, finished)
            return
        if self._together and self._together_bytes + size_bytes > TOGETHER_BYTES:
            # What came before does not wait for a large file to be stored.
            self._deposit(finished)
        self._together.append(offer)
        self._together_bytes += size_bytes
        if len(self._together) >= TOGETHER or time.monotonic() - self._together[0].began > TOGETHER_SECONDS:
            self._deposit(finished)

    def _deposit(self, finished: Callable[[Line], None]) -> None:
        """All that wait, in a commit or few; captions that their recordings leave go in by themselves after them."""
        while self._together:
            offers, self._together, self._together_bytes = self._together, [], 0
            # In their order: of two with the same bytes the first is the resource, whoever owns the other.
            for owner, own in itertools.groupby(offers, self._owner):
                self.deposit_of(owner, list(own), finished)

    def deposit_of(self, owner: str, offers: Sequence[Offer], finished: Callable[[Line], None]) -> None:
        """Take these in; a dry run only says what would become of them."""
        outcomes = deposit_all(
            self.services,
            self.principal,
            [self.bundle(offer) for offer in offers],
            owner=owner,
            publish=self.options.publish,
            priority=self.options.priority,
        )
        for offer, outcome in zip(offers, outcomes, strict=False):
            self._settle(offer, outcome)
            if offer.told.number and offer.line.outcome == "refused":
                offer.fall(offer.line.reason)
            for line in offer.lines:
                if line.outcome is not None:
                    finished(line)
            self._together += offer.companions()

    def _owner(self, offer: Offer) -> str:
        return offer.told.owner or self.options.organisation

    def bundle(self, offer: Offer) -> Bundle:
        """The files of an offer with their roles, and what is said of them."""
        files = [Offered(one.path, one.base, _role(one, number, offer)) for number, one in enumerate(offer.taken)]
        path = printable(place_of(offer.found.path, offer.found.name))
        return Bundle(files, (*self.options.values, *offer.told.values), offer.told.corrects, path)

    def _settle(self, offer: Offer, done: Deposited | LibraryError | OSError) -> None:
        """What the deposit came to. Raises: StorageFull, Unavailable."""
        line = offer.line
        if isinstance(done, OSError):
            unreadable(line, done, self.options.language)
            return
        if isinstance(done, StorageFull | Unavailable):
            raise done
        if isinstance(done, LibraryError):
            line.end("refused", done.code, done.parameters, self.options.language)
            return
        line.resource = done.resource.id
        for one, beside in zip(offer.taken[1:], offer.lines[1:], strict=True):
            if one.base not in done.left:
                beside.outcome = "companion" if one.base in done.added else "duplicate"
                beside.resource = done.resource.id
                beside.media_type = kind_of(one.path)
        if done.outcome == "extended":
            self._duplicate(line, done.resource)
            # Its outcome stands; what waits is the revision with the captions.
            self._waiting.setdefault(done.resource.id, line)
        elif done.outcome == "duplicate":
            self._duplicate(line, done.resource)
        elif done.resource.id in self._waiting:
            # The same bytes twice in one folder: the first takes the outcome.
            line.outcome = "duplicate"
        else:
            self._waiting[done.resource.id] = line

    def _duplicate(self, line: Line, resource: Resource) -> None:
        line.outcome = "duplicate"
        with self.services.catalogue.reading() as work:
            revision = shown(work, resource)
            reading = newest_reading(work, revision) if revision else None
        if revision and revision.main_files:
            line.media_type = revision.main_files[0].media_type
        if reading is not None:
            line.describe(reading, self.options.language)

    def _collect(self, finished: Callable[[Line], None], healthy: Callable[[], bool], *, wait: bool = True) -> None:
        """Give their outcome to the items whose reading is done."""
        if not wait and len(self.lines) % 20:
            return
        ids = list(itertools.islice(self._waiting, LOOK))
        with self.services.catalogue.reading() as work:
            busy: dict[str, Job] = {}
            for kind in KINDS:
                busy.update(work.jobs.waiting(kind, ids))
            done = [(id, busy.get(id)) for id in ids if id not in busy or busy[id].state == "failed"]
            outcomes = [(id, look(work, id, job)) for id, job in done]
        self._hurry(busy.values())
        for id, done_with in outcomes:
            line = self._waiting.pop(id)
            if line.outcome is not None:
                continue
            line.finish(done_with, self.options.language, publish=self.options.publish)
            finished(line)
        if wait and not outcomes and not healthy():
            raise Unavailable(part="worker")
        if wait and len(outcomes) < len(ids):
            time.sleep(POLL_SECONDS if len(self._waiting) <= FEW else POLL_MANY_SECONDS)

    def _hurry(self, jobs: Iterable[Job]) -> None:
        """What is waited for becomes as urgent as this run, whoever queued it: its own worker may do nothing else."""
        priority = self.options.priority
        late = [job for job in jobs if job.state == "queued" and job.priority > priority]
        for kind in {job.kind for job in late}:
            subjects = [job.subject for job in late if job.kind == kind]
            self.services.catalogue.write(partial(_queue, kind=kind, subjects=subjects, priority=priority))

    def wait_for_index(self, healthy: Callable[[], bool]) -> None:
        """What this run published (or found published) is in a committed index, and harvested, when it returns."""
        self.wait_for("index", healthy)
        self.wait_for("render", healthy)

    def wait_for(self, kind: JobKind, healthy: Callable[[], bool]) -> None:
        """No job of this kind is owed to what this run met."""
        left = [line.resource for line in self.lines if line.resource]
        while left:
            # A few each time, the last first: asking after all of ten thousand would cost what the lanes need.
            with self.services.catalogue.reading() as work:
                busy = work.jobs.waiting(kind, left[-LOOK:])
            left[-LOOK:] = [id for id, job in busy.items() if job.state != "failed"]
            self._hurry(busy.values())
            if busy:
                if not healthy():
                    raise Unavailable(part="worker")
                time.sleep(POLL_SECONDS / 4)


def _role(found: Found, number: int, offer: Offer) -> FileRole:
    """Of the file at this place of an offer, from 0."""
    if number >= len(offer.taken) - offer.joined:
        return role_of(found.name)
    return "captions" if number and is_captions(found.path) else "main"


def kind_of(path: Path) -> str | None:
    """Media type of what has gone in already; None: it is not there any more."""
    try:
        return sniff(path).media_type
    except OSError:
        return None


def _queue(work: UnitOfWork, *, kind: JobKind, subjects: Sequence[str], priority: int) -> None:
    work.jobs.add_all(kind, subjects, priority=priority)
