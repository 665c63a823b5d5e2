"""A folder goes in: walk it, deposit every file, wait until each has an outcome, report.

What `hoclieu ingest` does. The command is a depositor and a worker at once:
it queues the same jobs as every other door and works them off itself, beside
whatever workers already run. Killed and run again, it goes on where it was.
"""

import itertools
import posixpath
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.sniff import is_litter, sniff
from service.errors import LibraryError, StorageFull, Unavailable
from service.library.archives import Archives, Found
from service.library.companions import pair
from service.library.deposit import Offered, deposit
from service.library.outcomes import OUTCOMES, Line, look, newest_reading, shown
from service.library.process import KINDS
from service.library.services import Services
from service.model import Job, Principal, Resource, Value

# How often the catalogue is asked which items are finished.
POLL_SECONDS = 0.05
# How many items may wait for their reading before the walk pauses: bounds what stands in memory.
AHEAD = 500
# How many files come into one commit, how long the first may wait for it, and how many bytes are read meanwhile.
TOGETHER = 64
TOGETHER_SECONDS = 0.1
TOGETHER_BYTES = 8 << 20
# After how many of them is asked at once: they end nearly in the order they came, and asking after all that wait,
# twenty times a second, took a tenth of the whole processor time.
LOOK = 50


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for every file of the batch; `rows` are a sheet's values by path relative to it.

    sheet: the sheet itself, which may lie among the files it describes and is none of them.
    """

    organisation: str = "default"
    publish: bool = False
    values: tuple[Value, ...] = ()
    rows: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    sheet: Path | None = None
    language: str = "vi"


def walk(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """(file, path in the report) of everything in these files and folders, in byte order of names.

    A path in the report is relative to the folder given, or to the parent of a file given.
    Links are not followed: a folder's links may lead anywhere.
    """
    for given in paths:
        if given.is_dir():
            for found in sorted(given.rglob("*"), key=lambda path: path.as_posix().encode("utf-8", "surrogateescape")):
                if found.is_file() and not found.is_symlink():
                    yield found, found.relative_to(given).as_posix()
        else:
            yield given, given.name


class Batch:
    """One run over some paths. `lines` grows as files are taken; `run` returns when each has its outcome."""

    def __init__(self, services: Services, principal: Principal, options: Options) -> None:
        self.services = services
        self.principal = principal
        self.options = options
        self.lines: list[Line] = []
        self._waiting: dict[str, tuple[Line, float]] = {}
        self._duplicates: dict[str, list[Line]] = {}

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
            for line in self._take([found, *(by_path[path] for path in captions.get(found.path, ()))]):
                if line.outcome is not None:
                    finished(line)
            while len(self._waiting) >= AHEAD:
                self._collect(finished, healthy)
            self._collect(finished, healthy, wait=False)

    def totals(self, seconds: float) -> dict[str, int | float]:
        counts: dict[str, int | float] = {
            outcome: sum(line.outcome == outcome for line in self.lines) for outcome in OUTCOMES
        }
        return {**counts, "files": len(self.lines), "seconds": round(seconds, 3)}

    def _take(self, taken: Sequence[Found]) -> Sequence[Line]:
        """Deposit a file with its captions, or the captions alone where their recording leaves them. Their lines."""
        lines = [Line(_printable(found.name)) for found in taken]
        self.lines += lines
        self._deposit(taken, lines)
        for left, line in zip(taken[1:], lines[1:], strict=True):
            if line.outcome is None:
                self._deposit([left], [line])
        return lines

    def _deposit(self, taken: Sequence[Found], lines: Sequence[Line]) -> None:
        began = time.monotonic()
        found, line = taken[0], lines[0]
        path, language = found.path, self.options.language
        if found.refusal is not None:
            line.end("refused", found.refusal.code, {"name": line.path, **found.refusal.parameters}, language)
            return
        if is_litter(found.name):
            line.end("skipped", "litter", {"name": line.path}, language)
            return
        try:
            if self.options.sheet and path.samefile(self.options.sheet):
                line.end("skipped", "the-sheet", {"name": line.path}, language)
                return
            if path.stat().st_size == 0:
                line.end("refused", "empty-file", {"name": line.path}, language)
                return
            done = deposit(
                self.services,
                self.principal,
                [Offered(one.path, _base(one), "captions" if number else "main") for number, one in enumerate(taken)],
                owner=self.options.organisation,
                values=(*self.options.values, *self.options.rows.get(found.name, ())),
                publish=self.options.publish,
            )
        except OSError as error:
            line.end("refused", "unreadable-path", {"name": line.path, "reason": error.strerror or ""}, language)
        except (StorageFull, Unavailable):
            raise
        except LibraryError as error:
            line.end("refused", error.code, error.parameters, language)
        else:
            line.resource = done.resource.id
            for one, beside in zip(taken[1:], lines[1:], strict=True):
                if _base(one) not in done.left:
                    beside.outcome = "companion" if _base(one) in done.added else "duplicate"
                    beside.resource = done.resource.id
                    beside.media_type = sniff(one.path).media_type
            if done.outcome == "extended":
                self._duplicate(line, done.resource)
                # Its outcome stands; what waits is the revision with the captions.
                self._waiting.setdefault(done.resource.id, (line, began))
            elif done.outcome == "duplicate":
                self._duplicate(line, done.resource)
            elif done.resource.id in self._waiting:
                # The same bytes twice in one folder: the first takes the outcome.
                line.outcome = "duplicate"
            else:
                self._waiting[done.resource.id] = (line, began)

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
            line, began = self._waiting.pop(id)
            if line.outcome is not None:
                continue
            line.finish(done_with, self.options.language, publish=self.options.publish)
            line.seconds = round(time.monotonic() - began, 3)
            finished(line)
        if wait and not outcomes:
            if not healthy():
                raise Unavailable(part="worker")
            time.sleep(POLL_SECONDS)

    def _wait_for_index(self, healthy: Callable[[], bool]) -> None:
        """What this run published (or found published) is in a committed index when it returns."""
        ids = [line.resource for line in self.lines if line.resource]
        while ids:
            with self.services.catalogue.reading() as work:
                busy: dict[str, Job] = {}
                for start in range(0, len(ids), AHEAD):
                    busy |= work.jobs.waiting("index", ids[start : start + AHEAD])
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
