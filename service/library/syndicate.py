"""What feeds tell: resources that everybody may see, by their last change or as a search found them.

Feeds are read by programs that say nobody's name and kept by proxies, so they
hold what the public may see, whoever asks: no draft, nothing inside an
organisation or under an embargo, no licence that keeps a resource in its
house.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.errors import Invalid
from service.library import discover, shared
from service.library.services import Services
from service.library.views import ResourceView, SearchRequest, SearchResults
from service.model import PUBLIC
from service.ports import Block, Listed, UnitOfWork

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
WALKED = 5_000
"""Resources that a walk reads at once: a few megabytes."""


@dataclass(frozen=True, slots=True)
class Recent:
    """A page of what changed last. newer, older: places of the pages beside it, empty where there is none."""

    views: tuple[ResourceView, ...]
    newer: str
    older: str


def newest_change(services: Services) -> datetime.datetime:
    """When anything in the library changed last; EPOCH in an empty one."""
    with services.catalogue.reading() as work:
        return work.changes.newest() or EPOCH


def recent(
    services: Services, filters: Mapping[str, tuple[str, ...]], *, size: int, before: str = "", after: str = ""
) -> Recent:
    """The last changes first. before, after: a place that an earlier page named; where both are given, `before` counts.

    Raises: Invalid: no place; Unavailable.
    """
    with services.catalogue.reading() as work:
        below = _place(work, "before", before) if before else None
        above = _place(work, "after", after) if after and not before else None
        # One more than is shown tells whether there is another page.
        found = work.changes.public(filters, before=below, after=above, limit=size + 1)
    beyond = len(found) > size
    listed = found[-size:] if above else found[:size]
    newer = bool(listed) and (beyond if above else below is not None)
    older = bool(listed) and (beyond if not above else True)
    return Recent(
        views=tuple(shared.views(services, [one.key for one in listed])),
        newer=_named(listed[0]) if newer else "",
        older=_named(listed[-1]) if older else "",
    )


def _named(place: Listed) -> str:
    """Microseconds since 1970 and the public id: it holds whatever happens to the resource later."""
    return f"{(place.modified_at - EPOCH) // _MICROSECOND}-{place.id}"


def _place(work: UnitOfWork, field: str, named: str) -> Listed:
    moment, _, identifier = named.partition("-")
    known = work.resources.get(identifier) if moment.isascii() and moment.isdigit() and len(moment) <= 17 else None
    if known is None:
        raise Invalid(field=field, value=named[:60])
    return Listed(known.key, known.id, EPOCH + int(moment) * _MICROSECOND)


def found(services: Services, request: SearchRequest) -> tuple[SearchResults, tuple[ResourceView, ...]]:
    """A search as the public may ask it, with the whole of what it found. Raises: as `discover.search`."""
    results = discover.search(services, PUBLIC, request)
    with services.catalogue.reading() as work:
        known = [work.resources.get(item.id) for item in results.items]
    return results, tuple(shared.views(services, [one.key for one in known if one]))


def blocks(services: Services, size: int, number: int | None = None) -> Sequence[Block]:
    """Ranges of `size` resources, all or the one: how many pages each holds, and when it changed last."""
    with services.catalogue.reading() as work:
        return work.changes.blocks(size, number)


def walk(services: Services, number: int, size: int) -> Iterator[Sequence[Listed]]:
    """What everybody may see of a block of `size`, in order, WALKED a transaction."""
    after, until = (number - 1) * size, number * size
    while True:
        with services.catalogue.reading() as work:
            listed = work.changes.walk(after, until, WALKED)
        if listed:
            yield listed
            after = listed[-1].key
        if len(listed) < WALKED:
            return
