"""The repositories that are followed: which they are, which one a name means, and which are followed no more.

One that is left keeps its row: its records stay, known again when they come on
another way, and whoever harvests it once more goes on from where he was.
"""

import datetime
import unicodedata
from dataclasses import replace

from service.crosswalks import line
from service.errors import SharedName, UnknownSource
from service.library.harvesting.harvest import base_url_of
from service.library.permissions import require_role
from service.library.services import Services
from service.model import Principal
from service.ports import Source


def sources(services: Services) -> list[Source]:
    """Every one that was ever harvested and not left since."""
    with services.catalogue.reading() as work:
        return [one for one in work.harvests.sources() if one.left_at is None]


def meant(services: Services, said: str, set: str = "") -> tuple[str, str]:
    """Address and set of what somebody names: an address is itself, a name one that is followed.

    set: empty: all of it, or the only set of it that is followed. Raises: UnknownSource; SharedName.
    """
    if "://" in said:
        return said, set
    called = [one for one in sources(services) if _folded(one.name) == _folded(said)]
    if not called:
        raise UnknownSource(name=said[:200])
    addresses = sorted({one.base_url for one in called})
    if len(addresses) == 1 and set:
        return addresses[0], set
    fitting = called if len(called) == 1 else [one for one in called if one.set == set]
    if len(fitting) != 1:
        shared = [f"{one.base_url} --set {one.set}" if one.set else one.base_url for one in called]
        raise SharedName(name=said[:200], addresses=", ".join(shared)[:500])
    return fitting[0].base_url, fitting[0].set


def forget(services: Services, principal: Principal, said: str, set: str = "") -> Source:
    """Follow it no more. Returns: what it was. Raises: NotAllowed; UnknownSource; SharedName; Invalid."""
    require_role(principal, "deposit")
    address, part = meant(services, said, set)
    base_url = base_url_of(address)
    found = next((one for one in sources(services) if (one.base_url, one.set) == (base_url, part)), None)
    if found is None:
        raise UnknownSource(name=said[:200])
    left = replace(found, left_at=datetime.datetime.now(datetime.UTC))
    return services.catalogue.write(lambda work: work.harvests.save_source(left))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", line(name)).casefold()
