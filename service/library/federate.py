"""What harvesters are answered from: lists in pages, single records, sets. Everything was rendered before.

A list is walked by (datestamp, id). How many it holds is counted once, for its
first page, and goes on from page to page with the place in the walk; the last
page says what came out in the end. A harvester comes back from the date that
the first page says: so that date is never later than what can be seen.
"""

import datetime
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.crosswalks import Crosswalk
from service.library import profile, records, rendering, sets
from service.library.services import Services
from service.model import Harvested, Window

PREFIXES: Mapping[str, Crosswalk] = {
    **{one.FORMAT.name: one for one in rendering.FORMATS},
    **{name: found for name, of in records.ALIASES.items() for found in rendering.FORMATS if found.FORMAT.name == of},
}
"""metadataPrefix -> format; an alias sends the same bytes."""

# Whoever gives datestamps is done within milliseconds.
SETTLING_TRIES, SETTLING_SECONDS = 10, 0.01
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which record a list goes on. cursor: how many came before; total: how many the list holds."""

    datestamp: str
    id: str
    cursor: int
    total: int


@dataclass(frozen=True, slots=True)
class Page:
    """at: the date of the answer. cursor: how many came before. next: None on the last page."""

    records: Sequence[Harvested]
    at: str
    cursor: int
    total: int
    next: Place | None


def first(services: Services, window: Window, prefix: str, size: int, *, headers: bool) -> Page:
    """The first page of a list; without records where none is in the window."""
    at, settled = _settled(services)
    with services.catalogue.reading() as work:
        if not settled:
            # Somebody gives datestamps right now that cannot be seen yet, and none of them is before this one.
            at = min(at, work.oai.issued() or work.oai.begun())
        found = work.oai.page(window, _format(prefix, headers), after=None, limit=size + 1)
        total = work.oai.total(window) if len(found) > size else len(found)
    return _page(found, at, 0, total, size)


def following(services: Services, window: Window, prefix: str, size: int, place: Place, *, headers: bool) -> Page:
    """The page behind a place."""
    format, behind = _format(prefix, headers), (place.datestamp, place.id)
    with services.catalogue.reading() as work:
        found = work.oai.page(window, format, after=behind, limit=size + 1)
        if not found:
            # The rest has moved out of the window since: the end is told with the record before it once more.
            again = work.oai.last(window, format, behind)
            found = [again] if again is not None else []
    return _page(found, now(), place.cursor, place.total, size)


def _page(found: Sequence[Harvested], at: str, cursor: int, total: int, size: int) -> Page:
    shown = found[:size]
    end = cursor + len(shown)
    if len(found) <= size:
        return Page(shown, at, cursor, end, None)
    # What was added meanwhile comes out too.
    total = max(total, end + 1)
    return Page(shown, at, cursor, total, Place(shown[-1].datestamp, shown[-1].id, end, total))


def record(services: Services, resource_id: str, prefix: str) -> Harvested | None:
    """A record or its tombstone; None: never listed."""
    with services.catalogue.reading() as work:
        return work.oai.get(resource_id, _format(prefix, headers=False))


def known(services: Services, resource_id: str) -> Harvested | None:
    """Its header."""
    with services.catalogue.reading() as work:
        return work.oai.get(resource_id, "")


def all_sets(services: Services) -> list[sets.Set]:
    """Every declared set, by spec."""
    with services.catalogue.reading() as work:
        organisations, used = work.organisations.all(), work.oai.specs()
    language, ready = services.settings.language, profile.of_library(services.settings)
    named = {f"{sets.READY}:{ready.name}": ready.label(language)}
    return sets.declared(services.vocabularies, organisations, used, language, named)


def begun(services: Services) -> str:
    """No datestamp is earlier."""
    with services.catalogue.reading() as work:
        return work.oai.begun()


def secret(services: Services) -> bytes:
    """What signs resumption tokens in every process of this library, made the first time it is needed."""
    with services.catalogue.reading() as work:
        kept = work.oai.secret()
    if not kept:
        services.catalogue.write(lambda work: work.oai.keep_secret(secrets.token_hex(SECRET_BYTES)))
        with services.catalogue.reading() as work:
            kept = work.oai.secret()
    return bytes.fromhex(kept)


def now() -> str:
    """UTC to the second, as datestamps are."""
    return f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _settled(services: Services) -> tuple[str, bool]:
    """The present, and whether everything that has an earlier datestamp can be seen from here on."""
    for _ in range(SETTLING_TRIES):
        # The clock first: who begins to give datestamps after this look gives none that is earlier.
        at = now()
        if services.catalogue.settled():
            return at, True
        time.sleep(SETTLING_SECONDS)
    return at, False


def _format(prefix: str, headers: bool) -> str:
    return "" if headers else PREFIXES[prefix].FORMAT.name
