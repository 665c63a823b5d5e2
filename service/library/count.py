"""Count from day one: how often what was opened, found, downloaded, per day, and nothing about who.

The doors leave out robots and repeats within 30 seconds before they call.
"""

import datetime
from collections.abc import Iterator, Sequence

from service.library.permissions import require_role
from service.library.services import Services
from service.model import Count, Principal


def add(services: Services, counts: Sequence[Count]) -> None:
    """Add to the daily rows, in one commit."""
    if counts:
        services.catalogue.write(lambda work: work.counters.add(counts))


def rows(services: Services, principal: Principal, first: datetime.date, last: datetime.date) -> Iterator[Count]:
    """Daily rows of [first, last]. Raises: NotAllowed."""
    require_role(principal, "report")
    with services.catalogue.reading() as work:
        yield from work.counters.rows(first, last)
