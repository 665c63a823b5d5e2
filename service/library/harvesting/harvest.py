"""A whole harvest of a source: from its last watermark on, whatever breaks on the way.

    identify -> format -> [list of a window -> take] -> what was refused before -> watermark
                                 |
                                 | a page that breaks for good
                                 v
                          few records: one by one; else both halves of the window, and so on

The watermark is the date of the first answer less an overlap, and it is
written when everything is in: what changed while we read, or was dated by a
clock that ran behind, comes again and is found to be here. A single record
that breaks its page is left out, told and asked for again the next time; a
source that breaks everywhere is left alone after a bounded number of tries.
The module is long because a harvest and what becomes of its broken lists are read together.
"""

import datetime
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

from service.errors import HarvestStopped, Invalid, OwnRepository, SourceFormat, UnknownOrganisation
from service.library.harvesting.answers import Broken, Got
from service.library.harvesting.asking import Asking, Identity
from service.library.harvesting.mapping import PREFERRED, Mapper
from service.library.harvesting.taking import Counts, Refused, Taker
from service.library.permissions import require_role
from service.library.services import Services
from service.model import Principal, ResourceId, Window
from service.ports import Fetcher, Source

log = logging.getLogger(__name__)

OVERLAP = datetime.timedelta(hours=1)
"""For clocks that run behind and commits that come late; what comes twice costs a look."""
MOST_BROKEN_WINDOWS = 200
"""A bad record breaks some ten of them; more than this says that the source is broken."""
FEW = 200
"""Records that are asked for one by one rather than in smaller and smaller parts."""
TRIES_IN_PARTS = 2
"""What broke again and again in the whole is not waited for again in each of its parts."""
MOST_BROKEN_RECORDS = 200
STEP_RECORDS = 200
HOPELESS = ("oai-error", "source-busy", "source-refused", "source-name", "source-certificate", "source-address")
"""What no smaller part would mend: the source does not want to, or is not there."""
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
_EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)
_UNNAMED = "?"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to be harvested. Empty: as the last time, or as the source has it best.

    since: a date or a moment of UTC, as OAI-PMH writes them; whole: from the beginning, whatever came before.
    """

    url: str
    set: str = ""
    format: str = ""
    organisation: str = ""
    licence: str = ""
    since: str = ""
    whole: bool = False


@dataclass(slots=True)
class Report:
    """What a harvest came to. touched: the first resources that changed, for whoever waits for their index entries."""

    source: Source
    counts: Counts
    touched: list[ResourceId] = field(default_factory=list)
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Listeners:
    """pause: waits, and may raise; step: told after each page or so; refused: told of each record left out."""

    pause: Callable[[float], None]
    step: Callable[[Counts], None]
    refused: Callable[[Refused], None]


def harvest(services: Services, principal: Principal, fetcher: Fetcher, wish: Wish, on: Listeners) -> Report:
    """Bring the records of a source to their present state.

    Raises: NotAllowed; NotARepository; OwnRepository; SourceFormat; UnknownOrganisation; Invalid; PrivateAddress;
    SourceAway; HarvestStopped: what is in stays, and the next harvest begins where this one did.
    """
    require_role(principal, "deposit")
    base_url = base_url_of(wish.url)
    with services.catalogue.reading() as work:
        known = work.harvests.source(base_url, wish.set)
        organisation = wish.organisation or (known.organisation if known else "default")
        if work.organisations.get(organisation) is None:
            raise UnknownOrganisation(value=organisation, where="--organisation")
    unnamed: list[Broken] = []
    asking = Asking(fetcher, base_url, "", on.pause, unnamed.append)
    identity = asking.identify()
    _check_other(services, base_url, identity)
    asking.prefix = _format(asking, wish.format or (known.format if known else ""))
    wanted = Source(
        key=known.key if known else 0,
        base_url=base_url,
        set=wish.set,
        format=asking.prefix,
        organisation=organisation,
        licence=wish.licence or (known.licence if known else ""),
        name=identity.name or urlsplit(base_url).netloc,
        watermark=known.watermark if known else "",
        run=(known.run if known else 0) + 1,
        harvested_at=known.harvested_at if known else None,
    )
    if known is None or (known.format, known.organisation, known.licence) != (
        wanted.format,
        wanted.organisation,
        wanted.licence,
    ):
        # Records that came in another way have to come again in this one, whatever becomes of this harvest.
        wanted = replace(wanted, watermark="")
    since = wish.since or ("" if wish.whole else wanted.watermark)
    source = services.catalogue.write(lambda work: work.harvests.save_source(wanted))
    with services.catalogue.reading() as work:
        refused = list(work.harvests.refused(source.key))
    now = _said(datetime.datetime.now(datetime.UTC))
    taker = Taker(services, source, Mapper(services.vocabularies, source, now), not since, set(refused), on.refused)
    run = _Run(asking, taker, identity, on)
    run.gather(Window(_as_asked(since, by_day=identity.by_day), "", wish.set))
    for error in unnamed:
        on.refused(Refused(_UNNAMED, error.reason, error.detail))
    run.again([one for one in refused if one in taker.pending])
    if not since and not identity.deletes and run.complete:
        taker.vanished()
    taker.flush()
    on.step(taker.counts)
    if not run.complete:
        raise HarvestStopped(url=base_url, reason=run.reason)
    # A harvest of newer records alone leaves a gap before them.
    reaches = not wish.since or not wanted.watermark or wish.since <= wanted.watermark
    mark = _watermark(asking.at or identity.at, by_day=identity.by_day) if reaches else wanted.watermark
    done = replace(source, watermark=mark, harvested_at=datetime.datetime.now(datetime.UTC))
    services.catalogue.write(lambda work: work.harvests.save_source(done))
    log.info("harvested-source", extra={"source": base_url, "records": taker.counts.all, "requests": asking.requests})
    return Report(done, taker.counts, taker.touched, asking.requests)


def sources(services: Services) -> list[Source]:
    """Every one that was ever harvested."""
    with services.catalogue.reading() as work:
        return list(work.harvests.sources())


def base_url_of(url: str) -> str:
    """An address as the requests are made from it. Raises: Invalid: none of the web, or with a password in it."""
    try:
        parts = urlsplit(url.strip())
        whole = parts.scheme.lower() in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise Invalid(field="url", value=url[:200]) from error
    if not whole or parts.username is not None:
        raise Invalid(field="url", value=url[:200])
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, "", ""))


def _check_other(services: Services, base_url: str, identity: Identity) -> None:
    """Whoever is called as we are would be taken for us, and all that he has for ours."""
    settings = services.settings
    own = f"{settings.public_url}/oai" if settings.public_url else ""
    if identity.identifier == settings.repository_id or own in (base_url, identity.base_url or base_url):
        raise OwnRepository(url=base_url, name=identity.identifier or settings.repository_id)


def _format(asking: Asking, wanted: str) -> str:
    """Raises: SourceFormat."""
    try:
        offered = asking.formats()
    except Broken:
        # Every repository has this one.
        return wanted or "oai_dc"
    if wanted and wanted not in offered:
        raise SourceFormat(format=wanted, formats=", ".join(sorted(offered))[:500])
    return wanted or next((one for one in PREFERRED if one in offered), "oai_dc")


@dataclass
class _Run:
    """One walk over a source. complete: nothing was left behind but what is named and kept in mind."""

    asking: Asking
    taker: Taker
    identity: Identity
    on: Listeners
    complete: bool = True
    reason: str = ""
    _windows: int = 0
    _records: int = 0

    def gather(self, window: Window) -> None:
        """Take all of a window. Raises: HarvestStopped: it cannot be had in parts either."""
        try:
            for number, got in enumerate(self.asking.records(window), start=1):
                self.taker.take(got)
                if number % STEP_RECORDS == 0:
                    self.on.step(self.taker.counts)
            self.taker.flush()
        except Broken as error:
            self._in_parts(window, error)

    def _in_parts(self, window: Window, error: Broken) -> None:
        self.taker.flush()
        self._windows += 1
        log.warning("harvest-window-broken", extra={"reason": error.reason, "since": window.since})
        if error.reason in HOPELESS or self._windows > MOST_BROKEN_WINDOWS:
            raise HarvestStopped(url=self.asking.base_url, reason=error.reason, detail=error.detail) from error
        self.asking.tries = TRIES_IN_PARTS
        try:
            few = list(islice(self.asking.headers(window), FEW + 1))
        except Broken:
            few = None
        if few is not None and len(few) <= FEW:
            self._one_by_one(few)
            self.taker.flush()
            return
        halves = list(self._halves(window))
        for half in halves:
            self.gather(half)
        if not halves:
            self._named_one_by_one(window)

    def _halves(self, window: Window) -> Iterator[Window]:
        """None where it is as narrow as the source's dates are."""
        unit = DAY if self.identity.by_day else SECOND
        first = _moment(window.since) or _moment(self.identity.earliest) or _EARLIEST
        last = _moment(window.until) or _moment(self.asking.at or self.identity.at)
        last = last or datetime.datetime.now(datetime.UTC)
        if last - first < unit:
            return
        middle = first + (last - first) / 2
        if self.identity.by_day:
            middle = middle.replace(hour=0, minute=0, second=0, microsecond=0)
        middle = max(first, middle.replace(microsecond=0))
        by_day = self.identity.by_day
        yield Window(window.since, _as_asked(_said(middle), by_day=by_day), window.set)
        yield Window(_as_asked(_said(middle + unit), by_day=by_day), window.until, window.set)

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
        for got in headers:
            if got.header.deleted:
                self.taker.take(got)
            elif got.header.identifier not in here:
                self._ask_for(got.header.identifier)

    def _ask_for(self, identifier: str) -> None:
        try:
            got: Got | None = self.asking.record(identifier)
        except Broken as error:
            self._records += 1
            if self._records > MOST_BROKEN_RECORDS:
                raise HarvestStopped(url=self.asking.base_url, reason=error.reason) from error
            self.taker.refuse(Refused(identifier, error.reason, error.detail))
            return
        if got is None:
            self.taker.forget(identifier)
        else:
            self.taker.take(got)

    def again(self, identifiers: list[str]) -> None:
        """What could not be taken earlier and has not come by itself now."""
        for identifier in identifiers[:MOST_BROKEN_RECORDS]:
            self._ask_for(identifier)
        self.taker.flush()


def _moment(text: str) -> datetime.datetime | None:
    """A date or moment of OAI-PMH."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(datetime.UTC) if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _said(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _as_asked(text: str, *, by_day: bool) -> str:
    """A moment in the source's granularity; days are whole ones of UTC."""
    if by_day:
        return text[:10]
    return f"{text}T00:00:00Z" if len(text) == 10 else text


def _watermark(answered: str, *, by_day: bool) -> str:
    """From when on the source is asked the next time."""
    at = _moment(answered)
    if at is None:
        # Its own clock cannot be read: ours, with room for a wrong one.
        at = datetime.datetime.now(datetime.UTC) - DAY
    return _as_asked(_said(at - (DAY if by_day else OVERLAP)), by_day=by_day)
