"""Take in what people drop into a folder, for as long as the process runs.

What `hoclieu watch` does. Each round hands the files that have arrived to the
same batch that `hoclieu ingest` runs, and then moves each to where its outcome
says. A death between the two costs nothing: the file is still there, the next
round finds that the library has its bytes, and moves it.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from service.errors import LibraryError, Unavailable
from service.library.batch import Batch, Options
from service.library.inbox import DONE, REFUSED, Arrived, Inbox
from service.library.outcomes import Line
from service.library.services import Services
from service.messages import remedy, sentence
from service.model import Principal
from service.telemetry.spell import Spell

log = logging.getLogger(__name__)

# So that what is taken is soon moved, and a line of captions is not far from its film.
ROUND = 200
# Outcomes that mean: the library has these bytes.
KEPT = ("published", "draft", "duplicate", "companion")


@dataclass(frozen=True, slots=True)
class Moved:
    """A file that was dealt with. where: `done`, `refused`, or empty: it could not be moved, for `reason`."""

    name: str
    where: str
    lines: tuple[Line, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """Nothing can be taken now. error: why; the same one comes once, until something was taken again."""

    error: LibraryError


class Watch:
    """Rounds over one inbox."""

    def __init__(self, services: Services, principal: Principal, options: Options, inbox: Inbox) -> None:
        self.services = services
        self.principal = principal
        self.options = options
        self.inbox = inbox
        self._away = Spell(log, "watch-away")
        self._told = ""

    def round(self, healthy: Callable[[], bool], alive: Callable[[], bool]) -> Iterator[Moved | Away]:
        """What has arrived by now. healthy: as a batch asks it; alive: whether somebody works at all.

        Raises: OSError: the folder is away, and what was given out is tried again; Unavailable: nobody works any more.
        """
        arrived = self.inbox.arrived(ROUND)
        try:
            for batch in _apart(arrived):
                yield from self._take(batch, healthy, alive)
        except OSError:
            for one in arrived:
                self.inbox.again(one.name)
            raise

    def _take(
        self, arrived: Sequence[Arrived], healthy: Callable[[], bool], alive: Callable[[], bool]
    ) -> Iterator[Moved | Away]:
        by_name = {_printable(one.name): one for one in arrived}
        files = [(one.path, one.name) for one in arrived if one.regular]
        batch = Batch(self.services, self.principal, self.options)
        error: LibraryError | None = None
        try:
            batch.take(files, finished=lambda _: None, healthy=healthy)
            batch.wait_for_index(healthy)
        except Unavailable as caught:
            if not alive():
                raise
            error = caught
        lines: dict[str, list[Line]] = {name: [] for name in by_name}
        for line in batch.lines:
            lines[_source(line.path, lines)].append(line)
        for name, one in by_name.items():
            if one.regular and (not lines[name] or any(line.outcome is None for line in lines[name])):
                # Not reached before the stop; what of it went in is found again.
                self.inbox.again(one.name)
                continue
            yield self._move(one, lines[name])
        yield from self._tell(error)

    def _tell(self, error: LibraryError | None) -> Iterator[Away]:
        if error is None:
            self._away.over()
            self._told = ""
            return
        self._away.tell(code=error.code)
        if error.code != self._told:
            self._told = error.code
            yield Away(error)

    def _move(self, one: Arrived, lines: Sequence[Line]) -> Moved:
        name = _printable(one.name)
        if not one.regular:
            line = Line(name)
            line.end("refused", "no-regular-file", {"name": name}, self.options.language)
            lines = [line]
        where = DONE if any(line.outcome in KEPT for line in lines) else REFUSED
        note = note_of(lines, self.options.language)
        try:
            place = self.inbox.move(one, where, note)
        except OSError as error:
            log.warning("not-moved", extra={"error": type(error).__name__, "errno": error.errno})
            return Moved(name, "", tuple(lines), error.strerror or type(error).__name__)
        return Moved(name, where if place is not None else "", tuple(lines))


def note_of(lines: Sequence[Line], language: str) -> str:
    """What to know of a file and what to do about it; empty where it is in the library as it was meant."""
    said = []
    for line in lines:
        if line.reason is None or line.outcome not in ("refused", "draft", "skipped"):
            continue
        advice = remedy(line.reason["code"], language)
        code = "watch-note-draft" if line.outcome == "draft" else "watch-note-refused"
        head = sentence(code, language, {"path": line.path, "resource": line.resource or "–"})
        said.append("\n".join(part for part in (head, line.reason["text"], advice) if part))
    return "\n\n".join(said) + "\n" if said else ""


def _apart(arrived: Sequence[Arrived]) -> Iterator[Sequence[Arrived]]:
    """Batches in which no two files are called the same in a report: bytes that are no UTF-8 look alike there."""
    rest = list(arrived)
    while rest:
        names: set[str] = set()
        batch: list[Arrived] = []
        later: list[Arrived] = []
        for one in rest:
            (later if _printable(one.name) in names else batch).append(one)
            names.add(_printable(one.name))
        yield batch
        rest = later


def _source(path: str, names: Collection[str]) -> str:
    """The file that a line of a report is about: `a.zip` of its member `a.zip!/b.pdf`."""
    if path in names:
        return path
    ends = [found.start() for found in re.finditer("!/", path)]
    return next(path[:end] for end in ends if path[:end] in names)


def _printable(name: str) -> str:
    """As a batch writes it into its report."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
