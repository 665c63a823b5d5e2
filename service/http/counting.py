"""Count what people open, without knowing who: robots, prefetches and repeats are left out here.

A visitor is a salted hash that lives in this process's memory for 30 seconds;
it is never written anywhere. Counts gather in a small buffer and reach the
daily rows through `service.library.count`, at most every two seconds and at
the end of the process.
"""

import datetime
import hashlib
import logging
import re
import secrets
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Literal

from starlette.requests import Request

from service.errors import LibraryError
from service.library import count
from service.library.services import Services
from service.library.views import ResourceView
from service.model import Count, ResourceId

log = logging.getLogger(__name__)

Kind = Literal["opening", "hit-opened", "download", "play", "search", "empty-search"]

REPEAT_SECONDS = 30.0
FLUSH_SECONDS = 2.0
MAX_REMEMBERED = 20_000
MAX_WAITING_ROWS = 10_000

# Words that crawlers, link previews and monitors put into their names.
_ROBOT = re.compile(
    r"bot\b|bot[/_-]|crawl|spider|slurp|archiver|facebookexternalhit|whatsapp|zalo.*(crawl|preview)|"
    r"preview|monitor|uptime|lighthouse|feedfetcher|mediapartners",
    re.IGNORECASE,
)


class Counting:
    """One a process. `clock` is seconds that only go forward; tests give their own."""

    def __init__(self, services: Services, clock: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._seen: OrderedDict[bytes, float] = OrderedDict()
        self._waiting: Counter[tuple[datetime.date, Kind, ResourceId | None, str, str]] = Counter()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def opened(self, request: Request, kind: Kind, view: ResourceView, *, door: str = "web") -> None:
        """Something of a resource was opened."""
        self._count(request, kind, view.resource.id, view.organisation.code, door)

    def searched(self, request: Request, text: str, total: int, *, door: str) -> None:
        """Somebody asked for something; browsing without words is no search. Distinct questions are no repeats."""
        if text:
            self._count(request, "search" if total else "empty-search", None, "", door, about=text)

    def _count(
        self, request: Request, kind: Kind, resource: ResourceId | None, organisation: str, door: str, about: str = ""
    ) -> None:
        if is_robot(request) or is_prefetch(request) or request.method != "GET":
            return
        visitor = self._visitor(request, f"{kind}\0{resource}\0{about}")
        with self._lock:
            if self._repeats(visitor):
                return
            if len(self._waiting) < MAX_WAITING_ROWS:
                self._waiting[datetime.datetime.now(datetime.UTC).date(), kind, resource, organisation, door] += 1

    def _visitor(self, request: Request, about: str) -> bytes:
        address = request.client.host if request.client else ""
        known_by = "\0".join((address, request.headers.get("user-agent", ""), about))
        return hashlib.blake2b(known_by.encode(errors="replace"), key=self._salt, digest_size=12).digest()

    def _repeats(self, visitor: bytes) -> bool:
        now = self._clock()
        while self._seen and (
            len(self._seen) >= MAX_REMEMBERED or now - next(iter(self._seen.values())) > REPEAT_SECONDS
        ):
            self._seen.popitem(last=False)
        if visitor in self._seen:
            return True
        self._seen[visitor] = now
        return False

    def start(self) -> None:
        """Begin to write in the background."""
        self._thread = threading.Thread(target=self._run, name="counting", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._stop.set()
        if self._thread:
            self._thread.join()
        self.flush()

    def _run(self) -> None:
        failing = False
        while not self._stop.wait(FLUSH_SECONDS):
            try:
                self.flush()
                failing = False
            except LibraryError:
                # The rows wait in memory and are tried again; said once, not every two seconds.
                if not failing:
                    log.exception("counts-not-written")
                failing = True

    def flush(self) -> None:
        """Write what waits. Raises: LibraryError: nothing is lost, it waits on."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
        if not taken:
            return
        rows = [
            Count(day, kind, resource, organisation, door, number)
            for (day, kind, resource, organisation, door), number in taken.items()
        ]
        try:
            count.add(self._services, rows)
        except LibraryError:
            with self._lock:
                self._waiting.update(taken)
            raise


def is_robot(request: Request) -> bool:
    return bool(_ROBOT.search(request.headers.get("user-agent", "")))


def is_prefetch(request: Request) -> bool:
    """A browser that fetches ahead of a tap says so."""
    names = ("sec-purpose", "purpose", "x-purpose", "x-moz")
    return any("prefetch" in request.headers.get(name, "").lower() for name in names)


def begins_file(request: Request) -> bool:
    """A download counts once, at its first byte; later ranges are the same download."""
    wanted = request.headers.get("range", "")
    return not wanted or wanted.replace(" ", "").startswith("bytes=0-")
