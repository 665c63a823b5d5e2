"""What becomes of a list that breaks: smaller and smaller parts of it, at last record by record.

A single record that breaks its page is left out, told and asked for again the
next time; a source that breaks everywhere is left alone after a bounded number of tries,
and one that refuses its lists at once.
"""

import datetime
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from service.errors import HarvestStopped
from service.library.harvesting import dates
from service.library.harvesting.answers import Broken, Got
from service.library.harvesting.asking import Asking, Identity
from service.library.harvesting.taking import Taker
from service.library.harvesting.writing import Counts, Refused
from service.model import Window

log = logging.getLogger(__name__)

MOST_BROKEN_WINDOWS = 200
"""A bad record breaks some ten of them; more than this says that the source is broken."""
FEW = 200
"""Records that are asked for one by one rather than in smaller and smaller parts."""
TRIES_IN_PARTS = 2
"""What broke again and again in the whole is not waited for again in each of its parts."""
PAUSE_SECONDS = 1.0
"""That a source has to itself when something broke, and before each part of what did."""
MOST_BROKEN_RECORDS = 200
MOST_FORBIDDEN_RECORDS = 10
"""Before the first that comes: a source that gives none is left, rather than all of its records told one by one."""
STEP_RECORDS = 200
HOPELESS = ("oai-error", "source-busy", "source-refused", "source-name", "source-certificate", "source-address")
"""What no smaller part would mend: the source does not want to, or is not there."""
_EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Listeners:
    """pause: waits, and may raise; step: told after each page or so; refused: told of each record left out."""

    pause: Callable[[float], None]
    step: Callable[[Counts], None]
    refused: Callable[[Refused], None]


@dataclass
class Gathering:
    """One walk over a source. complete: nothing was left behind but what is named and kept in mind."""

    asking: Asking
    taker: Taker
    identity: Identity
    on: Listeners
    complete: bool = True
    reason: str = ""
    _any: bool = False
    """Whether the source has given a record."""
    _windows: int = 0
    _records: int = 0

    def gather(self, window: Window) -> None:
        """Take all of a window. Raises: HarvestStopped: it cannot be had in parts either."""
        try:
            for number, got in enumerate(self.asking.records(window), start=1):
                self._any = True
                self.taker.take(got)
                if number % STEP_RECORDS == 0:
                    self.on.step(self.taker.counts)
            self.taker.flush()
        except Broken as error:
            self._in_parts(window, error)

    def _in_parts(self, window: Window, error: Broken) -> None:
        self.taker.finish()
        self._windows += 1
        log.warning("harvest-window-broken", extra={"reason": error.reason, "since": window.since})
        if error.reason in HOPELESS or self._windows > MOST_BROKEN_WINDOWS:
            raise self._stopped(error) from error
        self.asking.tries = TRIES_IN_PARTS
        self.on.pause(PAUSE_SECONDS)
        refuses = not self._any
        try:
            few = list(islice(self.asking.headers(window), FEW + 1))
        except Broken as other:
            few, refuses = None, refuses or _refuses(other)
        if few is not None and len(few) <= FEW:
            self._one_by_one(few)
            self.taker.flush()
            return
        if refuses and _refuses(error):
            # One record makes a page of its own forbidden at most, never all of them.
            raise self._stopped(error) from error
        halves = list(self._halves(window))
        for half in halves:
            self.on.pause(PAUSE_SECONDS)
            self.gather(half)
        if not halves:
            self._named_one_by_one(window)

    def _halves(self, window: Window) -> Iterator[Window]:
        """None where it is as narrow as the source's dates are."""
        unit = dates.DAY if self.identity.by_day else dates.SECOND
        first = dates.moment(window.since) or dates.moment(self.identity.earliest) or _EARLIEST
        last = dates.moment(window.until) or dates.moment(self.asking.at or self.identity.at)
        last = last or datetime.datetime.now(datetime.UTC)
        if last - first < unit:
            return
        middle = first + (last - first) / 2
        if self.identity.by_day:
            middle = middle.replace(hour=0, minute=0, second=0, microsecond=0)
        middle = max(first, middle.replace(microsecond=0))
        by_day = self.identity.by_day
        yield Window(window.since, dates.as_asked(dates.said(middle), by_day=by_day), window.set)
        yield Window(dates.as_asked(dates.said(middle + unit), by_day=by_day), window.until, window.set)

    def _named_one_by_one(self, window: Window) -> None:
        """A window that is as narrow as can be: what of it can be named is asked for by name."""
        page: list[Got] = []
        try:
            for got in self.asking.headers(window):
                page.append(got)
                if len(page) >= FEW:
                    self._one_by_one(page)
                    page = []
        except Broken as error:
            self.complete, self.reason = False, error.reason
        self._one_by_one(page)
        self.taker.flush()

    def _one_by_one(self, headers: Sequence[Got]) -> None:
        here = self.taker.holds({one.header.identifier: one.header.datestamp for one in headers})
        forbidden = 0
        for got in headers:
            if got.header.deleted:
                self.taker.take(got)
            elif got.header.identifier not in here:
                broken = self._ask_for(got.header.identifier)
                if broken is not None and _refuses(broken):
                    forbidden += 1
                    if forbidden > MOST_FORBIDDEN_RECORDS and not self._any:
                        raise self._stopped(broken) from broken

    def _ask_for(self, identifier: str) -> Broken | None:
        """Returns: why it cannot be had."""
        try:
            got: Got | None = self.asking.record(identifier)
        except Broken as error:
            self._records += 1
            if self._records > MOST_BROKEN_RECORDS:
                raise self._stopped(error) from error
            self.taker.refuse(Refused(identifier, error.reason, error.detail))
            self.on.pause(PAUSE_SECONDS)
            return error
        if got is None:
            self.taker.forget(identifier)
        else:
            self._any = True
            self.taker.take(got)
        return None

    def _stopped(self, error: Broken) -> HarvestStopped:
        return HarvestStopped(url=self.asking.base_url, reason=error.reason, detail=error.detail)

    def again(self, identifiers: list[str]) -> None:
        """What could not be taken earlier and has not come by itself now."""
        for identifier in identifiers[:MOST_BROKEN_RECORDS]:
            self._ask_for(identifier)
        self.taker.flush()


def _refuses(error: Broken) -> bool:
    """Whether the source does not want to answer, and asking again would not help: 401, 403, 404 …"""
    return error.reason == "http-status" and not error.passing
