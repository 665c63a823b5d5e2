"""Similar resources for pages: found within a moment or left out, and remembered for a while.

A page of a resource needs no index. So it asks aside: a few lookups at once,
each waited for only briefly; one that takes longer is there for the next
reader. While the index is away nobody asks. What is remembered is shown only
where the resource still is what it was, which one small question to the
catalogue tells.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass

from service.errors import Unavailable
from service.library import discover
from service.library.services import Services
from service.library.similar import MOST, nearest
from service.library.views import Item, ResourceView
from service.model import Principal, Resource, ResourceId, ResourceKey

log = logging.getLogger(__name__)

# People do not notice it; a cluster that is at ease answers in a third of it.
WAIT_SECONDS = 0.5
LOOKUPS_AT_ONCE = 4
PAUSE_SECONDS = 5.0
KEPT_SECONDS = 600.0
# Where there were few, more may just have been published.
KEPT_FEW_SECONDS = 30.0
# Of some six kilobytes.
MOST_REMEMBERED = 1_000

_Asked = tuple[ResourceKey, int, Principal]


@dataclass(frozen=True, slots=True)
class _Found:
    """items: each with its resource as it was before the item was made of it."""

    items: tuple[tuple[Resource, Item], ...]
    until: float


class Similar:
    """One a process, shared by threads. `clock` is seconds that only go forward; tests give their own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(LOOKUPS_AT_ONCE)
        self._found: OrderedDict[_Asked, _Found] = OrderedDict()
        self._not_before = 0.0

    def of(self, services: Services, principal: Principal, view: ResourceView, *, looks: bool) -> tuple[Item, ...]:
        """What is like a resource that was just looked at; empty also where that is not known in time.

        looks: whether the index may be asked. Raises: Unavailable: the catalogue is away.
        """
        asked = (view.resource.key, view.resource.row_version, principal)
        with self._lock:
            known = self._found.get(asked)
        if looks and (known is None or known.until < self._clock()):
            # What was known before is still better than nothing.
            known = self._looked(services, principal, view, asked) or known
        return self._still(services, asked, known) if known and known.items else ()

    def _looked(self, services: Services, principal: Principal, view: ResourceView, asked: _Asked) -> _Found | None:
        if self._clock() < self._not_before or not self._places.acquire(blocking=False):
            return None
        done = threading.Event()

        def look() -> None:
            try:
                self._remember(asked, self._find(services, principal, view))
            except Unavailable:
                # The part says so itself, and pages go on without.
                self._not_before = self._clock() + PAUSE_SECONDS
            except Exception as error:  # noqa: BLE001 - told, and no reason to take the page from its reader
                log.warning("similar-failed", extra={"resource": view.resource.id, "error": type(error).__name__})
                self._not_before = self._clock() + PAUSE_SECONDS
            finally:
                self._places.release()
                done.set()

        threading.Thread(target=copy_context().run, args=(look,), name="similar", daemon=True).start()
        done.wait(self._wait_seconds)
        with self._lock:
            return self._found.get(asked)

    def _find(self, services: Services, principal: Principal, view: ResourceView) -> _Found:
        keys = nearest(services, principal, view)
        with services.catalogue.reading() as work:
            before = {one.id: one for one in work.resources.by_keys(keys).values()}
        items = discover.shown(services, keys, principal=principal)
        kept = KEPT_SECONDS if len(items) == MOST else KEPT_FEW_SECONDS
        return _Found(tuple((before[ResourceId(item.id)], item) for item in items), self._clock() + kept)

    def _remember(self, asked: _Asked, found: _Found) -> None:
        with self._lock:
            self._found[asked] = found
            self._found.move_to_end(asked)
            while len(self._found) > MOST_REMEMBERED:
                self._found.popitem(last=False)

    def _still(self, services: Services, asked: _Asked, known: _Found) -> tuple[Item, ...]:
        """Those that nobody has changed, hidden or withdrawn since."""
        with services.catalogue.reading() as work:
            now = work.resources.by_keys([resource.key for resource, _ in known.items])
        same = tuple(item for resource, item in known.items if now.get(resource.key) == resource)
        if len(same) < len(known.items):
            with self._lock:
                self._found.pop(asked, None)
        return same
