"""A folder goes in: walk it, deposit every file, wait until each has an outcome, report.

What `hoclieu ingest` does. The command is a depositor and a worker at once:
it queues the same jobs as every other door and works them off itself, beside
whatever workers already run. Killed and run again, it goes on where it was.
"""

import itertools
import posixpath
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.sniff import is_litter, sniff
from service.errors import LibraryError, StorageFull, Unavailable
from service.library.archives import Archives, Found
from service.library.companions import pair
from service.library.deposit import Bundle, Deposited, Offered, deposit_all
from service.library.outcomes import OUTCOMES, Line, look, newest_reading, shown
from service.library.process import KINDS
from service.library.services import Services
from service.library.sheet import Rows
from service.library.walking import walk
from service.model import Job, JobKind, Principal, Resource, Value

# How often the catalogue is asked which items are finished.
POLL_SECONDS = 0.05
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

    organisation: owns what no row gives to another. sheet: the sheet itself, which may lie among the files it
    describes and is none of them.
    """

    organisation: str = "default"
    publish: bool = False
    values: tuple[Value, ...] = ()
    rows: Rows = field(default_factory=Rows)
    sheet: Path | None = None
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class _Offer:
    """A file with its companions and their lines. began: when it was taken up, on the monotonic clock."""

    taken: Sequence[Found]
    lines: Sequence[Line]
    began: float = field(default_factory=time.monotonic)

    @property
    def found(self) -> Found:
        return self.taken[0]

    @property
    def line(self) -> Line:
        return self.lines[0]

    def companions(self) -> "list[_Offer]":
        """Those that have no outcome with it, each by itself."""
        return [
            _Offer([one], [line])
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
        self._together: list[_Offer] = []
        self._together_bytes = 0

    def run(self, paths: Sequence[Path], *, finished: Callable[[Line], None], healthy: Callable[[], bool]) -> None:
        """Take every file; `finished` is called once a file, `healthy` says whether somebody still works.

        Raises: StorageFull, Unavailable: stopped before the end; what was acknowledged stays.
        """
        with Archives() as archives:
            for group in archives.opened(walk(paths)):
                self._take_group(group, finished, healthy)
        while self._waiting:
            self._collect(finished, healthy)
        self._wait_for_index(healthy)

    def _take_group(
        self, group: Sequence[Found], finished: Callable[[Line], None], healthy: Callable[[], bool]
    ) -> None:
        """Take files that lie together: a captions file with its recording."""
        captions = pair((one.path, one.name) for one in group)
        beside = {path for paths in captions.values() for path in paths}
        by_path = {one.path: one for one in group}
        for found in group:
            if found.path in beside:
                continue
            self._take([found, *(by_path[path] for path in captions.get(found.path, ()))], finished)
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

    def _take(self, taken: Sequence[Found], finished: Callable[[Line], None]) -> None:
        """A file with its captions: its lines are in the report, and it waits for others to be deposited with it."""
        lines = [Line(_printable(found.name)) for found in taken]
        self.lines += lines
        self._offer(_Offer(taken, lines), finished)

    def _offer(self, offer: _Offer, finished: Callable[[Line], None]) -> None:
        if (wrong := self.options.rows.refused.get(offer.found.name)) is not None:
            # Its captions with it: by themselves they would be a resource of their own.
            for line in offer.lines:
                line.end("refused", wrong.code, wrong.parameters, self.options.language)
                finished(line)
            return
        size_bytes = self._admitted(offer.found, offer.line)
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

    def _admitted(self, found: Found, line: Line) -> int:
        """Bytes of a file that may go in; where it may not, its line has been ended."""
        path, language = found.path, self.options.language
        if found.refusal is not None:
            line.end("refused", found.refusal.code, {"name": line.path, **found.refusal.parameters}, language)
            return 0
        if is_litter(found.name):
            line.end("skipped", "litter", {"name": line.path}, language)
            return 0
        try:
            if self.options.sheet and path.samefile(self.options.sheet):
                line.end("skipped", "the-sheet", {"name": line.path}, language)
                return 0
            size_bytes = path.stat().st_size
        except OSError as error:
            self._refuse(line, error)
            return 0
        if size_bytes == 0:
            line.end("refused", "empty-file", {"name": line.path}, language)
        return size_bytes

    def _deposit(self, finished: Callable[[Line], None]) -> None:
        """All that wait, in a commit or few; captions that their recordings leave go in by themselves after them."""
        while self._together:
            offers, self._together, self._together_bytes = self._together, [], 0
            # In their order: of two with the same bytes the first is the resource, whoever owns the other.
            for owner, own in itertools.groupby(offers, self._owner):
                self._deposit_of(owner, list(own), finished)

    def _deposit_of(self, owner: str, offers: Sequence[_Offer], finished: Callable[[Line], None]) -> None:
        outcomes = deposit_all(
            self.services,
            self.principal,
            [self._bundle(offer) for offer in offers],
            owner=owner,
            publish=self.options.publish,
        )
        for offer, outcome in zip(offers, outcomes, strict=False):
            self._settle(offer, outcome)
            for line in offer.lines:
                if line.outcome is not None:
                    finished(line)
            self._together += offer.companions()

    def _owner(self, offer: _Offer) -> str:
        return self.options.rows.owners.get(offer.found.name, self.options.organisation)

    def _bundle(self, offer: _Offer) -> Bundle:
        files = [
            Offered(one.path, _base(one), "captions" if number else "main") for number, one in enumerate(offer.taken)
        ]
        return Bundle(files, (*self.options.values, *self.options.rows.values.get(offer.found.name, ())))

    def _settle(self, offer: _Offer, done: Deposited | LibraryError | OSError) -> None:
        """What the deposit came to. Raises: StorageFull, Unavailable."""
        line = offer.line
        if isinstance(done, OSError):
            self._refuse(line, done)
            return
        if isinstance(done, StorageFull | Unavailable):
            raise done
        if isinstance(done, LibraryError):
            line.end("refused", done.code, done.parameters, self.options.language)
            return
        line.resource = done.resource.id
        for one, beside in zip(offer.taken[1:], offer.lines[1:], strict=True):
            if _base(one) not in done.left:
                beside.outcome = "companion" if _base(one) in done.added else "duplicate"
                beside.resource = done.resource.id
                beside.media_type = sniff(one.path).media_type
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

    def _refuse(self, line: Line, error: OSError) -> None:
        reason = {"name": line.path, "reason": error.strerror or ""}
        line.end("refused", "unreadable-path", reason, self.options.language)

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
        for id, done_with in outcomes:
            line = self._waiting.pop(id)
            if line.outcome is not None:
                continue
            line.finish(done_with, self.options.language, publish=self.options.publish)
            finished(line)
        if wait and not outcomes:
            if not healthy():
                raise Unavailable(part="worker")
            time.sleep(POLL_SECONDS)

    def _wait_for_index(self, healthy: Callable[[], bool]) -> None:
        """What this run published (or found published) is in a committed index, and harvested, when it returns."""
        kinds: tuple[JobKind, ...] = ("index", "render")
        for kind in kinds:
            ids = [line.resource for line in self.lines if line.resource]
            while ids:
                with self.services.catalogue.reading() as work:
                    busy: dict[str, Job] = {}
                    for start in range(0, len(ids), AHEAD):
                        busy |= work.jobs.waiting(kind, ids[start : start + AHEAD])
                ids = [id for id, job in busy.items() if job.state != "failed"]
                if ids:
                    if not healthy():
                        raise Unavailable(part="worker")
                    time.sleep(POLL_SECONDS / 4)


def _base(found: Found) -> str:
    """What a file is called, without its folders."""
    return _printable(posixpath.basename(found.name))


def _printable(name: str) -> str:
    """A file name as text: bytes that are not UTF-8 become the replacement character."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
