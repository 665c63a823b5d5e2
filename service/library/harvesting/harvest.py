"""A whole harvest of a source: from its last watermark on, whatever breaks on the way.

    identify -> format -> [list of a window -> take] -> what was refused before -> watermark
                                 |
                                 | a page that breaks for good
                                 v
                          few records: one by one; else both halves of the window, and so on

The watermark is the date of the first answer less an overlap, and it is
written when everything is in: what changed while we read, or was dated by a
clock that ran behind, comes again and is found to be here. Lists that break: `gathering.py`.
"""

import datetime
import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit, urlunsplit

from service.errors import HarvestStopped, Invalid, OwnRepository, SourceFormat, UnknownOrganisation
from service.library.harvesting import dates
from service.library.harvesting.answers import Broken
from service.library.harvesting.asking import Asking, Identity
from service.library.harvesting.gathering import Gathering, Listeners
from service.library.harvesting.mapping import PREFERRED, Mapper
from service.library.harvesting.taking import Taker
from service.library.harvesting.writing import Counts, Here, Refused, Writer, Writing
from service.library.owners import answering
from service.library.permissions import require_role
from service.library.services import Services
from service.model import Principal, ResourceId, Window
from service.ports import Fetcher, Source

log = logging.getLogger(__name__)

OVERLAP = datetime.timedelta(hours=1)
"""For clocks that run behind and commits that come late; what comes twice costs a look."""
EVERYBODYS = "oai_dc"
"""The format that every repository has to have."""
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
    """What a harvest came to. touched: the first resources that changed, for whoever waits for their index entries.

    compared: False where a record without a name kept it from finding out what is not there any more.
    """

    source: Source
    counts: Counts
    touched: list[ResourceId] = field(default_factory=list)
    requests: int = 0
    compared: bool = True


def harvest(
    services: Services,
    principal: Principal,
    fetcher: Fetcher,
    wish: Wish,
    on: Listeners,
    writer: Callable[[Writing], Writer] = Here,
) -> Report:
    """Bring the records of a source to their present state. writer: who writes them into the database.

    Raises: NotAllowed; NotARepository; OwnRepository; SourceFormat; UnknownOrganisation; Invalid; PrivateAddress;
    SourceAway; HarvestStopped: what is in stays, and the next harvest begins where this one did.
    """
    require_role(principal, "deposit")
    base_url = base_url_of(wish.url)
    with services.catalogue.reading() as work:
        known = work.harvests.source(base_url, wish.set)
        if known is not None:
            known = replace(known, organisation=answering(work, known.organisation))
        organisation = wish.organisation or (known.organisation if known else "default")
        if work.organisations.get(organisation) is None:
            raise UnknownOrganisation(value=organisation, where="--organisation")
        organisation = answering(work, organisation)
    unnamed: list[Broken] = []
    asking = Asking(fetcher, base_url, "", on.pause, unnamed.append)
    identity = asking.identify()
    _check_other(services, base_url, identity)
    found = _format(asking, wish.format or (known.format if known else ""))
    asking.prefix = found or EVERYBODYS
    wanted = Source(
        key=known.key if known else 0,
        base_url=base_url,
        set=wish.set,
        format=found,
        organisation=organisation,
        licence=wish.licence or (known.licence if known else ""),
        name=identity.name or urlsplit(base_url).netloc,
        watermark=known.watermark if known else "",
        run=(known.run if known else 0) + 1,
        harvested_at=known.harvested_at if known else None,
    )
    changed = known is None or _way(known) != _way(wanted)
    if changed:
        # Records that came in another way have to come again in this one, whatever becomes of this harvest.
        wanted = replace(wanted, watermark="")
    since = dates.as_asked(wish.since or ("" if wish.whole else wanted.watermark), by_day=identity.by_day)
    source = services.catalogue.write(lambda work: work.harvests.save_source(wanted))
    with services.catalogue.reading() as work:
        refused = list(work.harvests.refused(source.key))
    now = dates.said(datetime.datetime.now(datetime.UTC))
    writing = Writing(services, source, Mapper(services.vocabularies, source, now), whole=not since)
    with closing(writer(writing)) as hand:
        taker = Taker(writing, hand, set(refused), on.refused, anew=changed or wish.whole)
        run = Gathering(asking, taker, identity, on)
        run.gather(Window(since, "", wish.set))
        for error in unnamed:
            on.refused(Refused(_UNNAMED, error.reason, error.detail))
        run.again([one for one in refused if one in taker.pending])
        compares = not since and not identity.deletes and run.complete
        if compares and not unnamed:
            taker.vanished()
        taker.finish()
    on.step(taker.counts)
    if not run.complete:
        raise HarvestStopped(url=base_url, reason=run.reason)
    # A harvest of newer records alone leaves a gap before them: up to what is here already, or from the beginning.
    reaches = not wish.since or since <= dates.as_asked(wanted.watermark, by_day=identity.by_day)
    mark = _watermark(asking.at or identity.at, by_day=identity.by_day) if reaches else wanted.watermark
    done = replace(source, watermark=mark, harvested_at=datetime.datetime.now(datetime.UTC))
    services.catalogue.write(lambda work: work.harvests.save_source(done))
    log.info("harvested-source", extra={"source": base_url, "records": taker.counts.all, "requests": asking.requests})
    return Report(done, taker.counts, taker.touched, asking.requests, compared=not (compares and unnamed))


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


def _way(source: Source) -> tuple[str, str, str]:
    """What makes records come out differently here."""
    return source.format or EVERYBODYS, source.organisation, source.licence


def _format(asking: Asking, wanted: str) -> str:
    """Empty where the source does not say what it has: what was guessed now is no choice for ever.

    Raises: SourceFormat.
    """
    try:
        offered = asking.formats()
    except Broken:
        return wanted
    if not offered:
        return wanted
    if wanted and wanted not in offered:
        raise SourceFormat(format=wanted, formats=", ".join(sorted(offered))[:500])
    return wanted or next((one for one in PREFERRED if one in offered), "")


def _watermark(answered: str, *, by_day: bool) -> str:
    """From when on the source is asked the next time."""
    at = dates.moment(answered)
    if at is None:
        # Its own clock cannot be read: ours, with room for a wrong one.
        at = datetime.datetime.now(datetime.UTC) - dates.DAY
    return dates.as_asked(dates.said(at - (dates.DAY if by_day else OVERLAP)), by_day=by_day)
