"""How much one address may ask for in a minute, so that crawlers do not take the library from its readers.

Each address has a bucket a kind of page; what a page costs is taken out of it,
and it fills again within a minute. Pages behind more than two filters, of
which there are millions and which nobody needs all of, have the smallest
bucket; searches come next, pages of resources and files last. While many
searches are under way all of them cost more. A school is one address: the
default lets sixty people work behind it, ten searches a minute each.

An address is a salted hash in this process's memory, forgotten after the
minute in which it says nothing; it is never written anywhere.
"""

import hashlib
import ipaddress
import logging
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request

from service.errors import TooManyRequests
from service.http.observing import peer_of
from service.telemetry.spell import Spell

log = logging.getLogger(__name__)

Kind = Literal["deep", "search", "page", "file", "picture", "suggestion", "report", "harvest"]

SHARES: dict[Kind, float] = {
    "deep": 0.25,
    "search": 1.0,
    "page": 4.0,
    "file": 20.0,
    # A page of results has twenty of them, and another page twenty more.
    "picture": 60.0,
    "suggestion": 10.0,
    "report": 1 / 60,
    # A page of a harvest takes some 10 ms: one harvester at full speed is not refused, ten from one address are.
    "harvest": 20.0,
}
"""A kind's bucket, as a multiple of the searches that the setting allows."""

MINUTE = 60.0
FILTERS_FREE = 2
"""What is chosen beyond these makes a page a deep one."""

# Of the 40 threads that answer pages, what searches may hold before they cost more.
BUSY = 8
COST_WHEN_BUSY: dict[Kind, float] = {"deep": 10.0, "search": 2.0}
MAX_REMEMBERED = 20_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limits:
    """One a process. `clock` is seconds that only go forward; tests give their own."""

    def __init__(self, searches_per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.searches_per_minute = searches_per_minute
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._buckets: OrderedDict[tuple[bytes, Kind], _Bucket] = OrderedDict()
        self._lock = threading.Lock()
        self._under_way = 0
        self._unbelieved = Spell(log, "forwarded-address-not-believed", level=logging.WARNING)

    def spend(self, request: Request, kind: Kind) -> None:
        """One page of a kind. Raises: TooManyRequests {seconds}."""
        self._spend(request, {kind: 1.0})

    @property
    def busy(self) -> bool:
        """Whether so many search that what nobody has asked for should wait."""
        return self._under_way >= BUSY

    @contextmanager
    def searching(self, request: Request, *, filters: int) -> Iterator[None]:
        """Around a search. filters: how many values are chosen. Raises: TooManyRequests {seconds}."""
        busy = self.busy
        kinds: tuple[Kind, ...] = ("deep", "search") if filters > FILTERS_FREE else ("search",)
        self._spend(request, {kind: COST_WHEN_BUSY[kind] if busy else 1.0 for kind in kinds})
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def _spend(self, request: Request, costs: dict[Kind, float]) -> None:
        who = self._who(request)
        now = self._clock()
        with self._lock:
            buckets = {kind: self._bucket(who, kind, now) for kind in costs}
            # All or nothing: what is refused costs nothing.
            waits = [self._wait(kind, bucket, costs[kind]) for kind, bucket in buckets.items()]
            if max(waits) > 0:
                raise TooManyRequests(seconds=math.ceil(max(waits)))
            for kind, bucket in buckets.items():
                bucket.left -= costs[kind]

    def _size(self, kind: Kind) -> float:
        return max(1.0, SHARES[kind] * self.searches_per_minute)

    def _wait(self, kind: Kind, bucket: _Bucket, cost: float) -> float:
        """Seconds until there is enough."""
        # A bucket that is smaller than the cost lets one through when it is full.
        cost = min(cost, self._size(kind))
        return max(0.0, (cost - bucket.left) / self._size(kind) * MINUTE)

    def _bucket(self, who: bytes, kind: Kind, now: float) -> _Bucket:
        while self._buckets and (
            len(self._buckets) >= MAX_REMEMBERED or now - next(iter(self._buckets.values())).at > MINUTE
        ):
            self._buckets.popitem(last=False)
        size = self._size(kind)
        bucket = self._buckets.setdefault((who, kind), _Bucket(size, now))
        bucket.left = min(size, bucket.left + (now - bucket.at) / MINUTE * size)
        bucket.at = now
        self._buckets.move_to_end((who, kind))
        return bucket

    def _who(self, request: Request) -> bytes:
        address = request.client.host if request.client else ""
        if "x-forwarded-for" in request.headers and address == peer_of(request):
            # A proxy that is not believed makes all its readers one.
            self._unbelieved.tell()
        return hashlib.blake2b(_network(address).encode(errors="replace"), key=self._salt, digest_size=12).digest()


def _network(address: str) -> str:
    """An IPv6 reader has a network of 2^64 addresses; it counts as one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
