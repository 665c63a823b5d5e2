"""The client library with bounds: how long a request may take, and how often it is tried.

A store that does not answer must cost a reader seconds and not minutes, and a
page with twenty pictures must not wait for it twenty times: after a request
that found nobody, the next ones fail at once for a moment.
"""

import logging
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util import Retry, Timeout

from service.adapters.objects.keys import PART
from service.adapters.objects.s3.address import Address
from service.adapters.objects.s3.meaning import AWAY, translated
from service.errors import Unavailable

RETRIES = 1
BACKOFF_SECONDS = 0.1
PAUSE_SECONDS = 1.0
# Where somebody has waited for so long and nobody was answered since, the store is looked at before more wait for it.
SILENT_SECONDS = 0.5
# How long an answer without a body may take.
LOOK_SECONDS = 2.0
# How long an answer proves that somebody is there, to whoever is about to hash a file for it.
SURE_SECONDS = 1.0
# Threads of a web process (40 of them, starlette's default) that may talk to the store at once.
CONNECTIONS = 40

# A warning for each attempt that it makes again: what matters of them is told once, by `meaning`.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class Patient(urllib3.PoolManager):
    """A pool that remembers that nobody answered, and notices while others still wait for an answer.

    While the store is away one caller at a time finds out whether it is back; the others are told so at once, so that
    a store that hangs holds one thread of a process and not all of them.
    """

    def __init__(self, **options: Any) -> None:
        connect_seconds, send_seconds = options.pop("connect_seconds"), options.pop("send_seconds")
        super().__init__(**options)
        self.pool_classes_by_scheme = _pools(send_seconds)
        self._short = Timeout(connect=min(LOOK_SECONDS, connect_seconds), read=min(LOOK_SECONDS, send_seconds))
        self._away = False
        self._away_until = 0.0
        self._answered_at = 0.0
        # Requests without a body that wait for the head of their answer -> since when.
        self._waiting: dict[object, float] = {}
        self._lock = threading.Lock()
        self._looking = threading.Lock()

    def urlopen(self, method: str, url: str, redirect: bool = True, **options: Any) -> urllib3.BaseHTTPResponse:  # type: ignore[override]
        """Raises: Unavailable: nobody answers, as is known from a moment ago or from those who wait."""
        if self._away or self._silent():
            self.look(url)
        if method == "HEAD":
            # Pages ask so for what they can do without.
            options["timeout"] = self._short
        return self._asked(method, url, redirect, **options)

    def sure(self, url: str) -> None:
        """Whether somebody answers: known from a moment ago, or found out. Raises: Unavailable."""
        if self._away or self._silent() or time.monotonic() - self._answered_at > SURE_SECONDS:
            self.look(url)

    def look(self, url: str) -> None:
        """Ask for anything at all; any answer will do. Raises: Unavailable."""
        # Whoever comes while it is only feared to be away gives the one who looks a moment; later nobody waits.
        if not self._looking.acquire(timeout=0.0 if self._away else SILENT_SECONDS):
            raise Unavailable(part=PART)
        try:
            if time.monotonic() < self._away_until:
                raise Unavailable(part=PART)
            split = urlsplit(url)
            retries = Retry(total=1, redirect=False, backoff_factor=BACKOFF_SECONDS)
            with translated():
                self._asked("HEAD", f"{split.scheme}://{split.netloc}/", False, timeout=self._short, retries=retries)
        finally:
            self._looking.release()

    def _asked(self, method: str, url: str, redirect: bool, **options: Any) -> urllib3.BaseHTTPResponse:
        me = object()
        if method in ("GET", "HEAD"):
            with self._lock:
                self._waiting[me] = time.monotonic()
        try:
            answer = super().urlopen(method, url, redirect, **options)
        except MaxRetryError as error:
            # An answer, be it 503, is no absence.
            if isinstance(error.reason, urllib3.exceptions.ResponseError):
                self._answered()
            else:
                self._pause()
            raise
        except HTTPError:
            self._pause()
            raise
        finally:
            with self._lock:
                self._waiting.pop(me, None)
        self._answered()
        return answer

    def _silent(self) -> bool:
        """Somebody waits for long, and nobody has been answered since."""
        if not self._waiting:
            return False
        with self._lock:
            since = min(self._waiting.values(), default=None)
        return since is not None and time.monotonic() - since > SILENT_SECONDS and self._answered_at < since

    def _answered(self) -> None:
        self._answered_at = time.monotonic()
        if self._away:
            self._away = False
            AWAY.over()

    def _pause(self) -> None:
        with self._lock:
            self._away = True
            self._away_until = time.monotonic() + PAUSE_SECONDS


def look(client: Minio, address: Address) -> None:
    """Raises: Unavailable: the store of a client made here does not answer."""
    # The client keeps what it was given, under no other name.
    pool = client._http
    if isinstance(pool, Patient):
        pool.sure(address.origin)


def _pools(send_seconds: float) -> dict[str, Any]:
    """Pools whose connections wait that long for a store to take the next piece of a body.

    urllib3 leaves a new connection's limit for connecting on it while it sends: a disk that stalls for a moment under
    a part of 16 MiB would end the upload.
    """

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(send_seconds)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(send_seconds)

    plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
    secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
    return {"http": plain, "https": secure}


def client(address: Address, access_key: str, secret_key: str, *, connect_seconds: float, read_seconds: float) -> Minio:
    """read_seconds: between two pieces of an answer, not for the whole of it. Anonymous without keys."""
    pool = Patient(
        timeout=Timeout(connect=connect_seconds, read=read_seconds),
        connect_seconds=connect_seconds,
        send_seconds=read_seconds,
        maxsize=CONNECTIONS,
        cert_reqs="CERT_REQUIRED",
        retries=Retry(
            total=RETRIES,
            backoff_factor=BACKOFF_SECONDS,
            status_forcelist=(500, 502, 503, 504),
            # How long to wait is for us to say: a store may ask for minutes.
            respect_retry_after_header=False,
        ),
    )
    return Minio(
        address.host,
        access_key=access_key or None,
        secret_key=secret_key or None,
        secure=address.secure,
        region=address.region,
        http_client=pool,
    )
