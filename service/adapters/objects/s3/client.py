"""The client library with bounds: how long a request may take, and how often it is tried.

A store that does not answer must cost a reader seconds and not minutes, and a
page with twenty pictures must not wait for it twenty times: after a request
that found nobody, the next ones fail at once for a moment.
"""

import threading
import time
from typing import Any

import urllib3
from minio import Minio
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util import Retry, Timeout

from service.adapters.objects.keys import PART
from service.adapters.objects.s3.address import Address
from service.errors import Unavailable

RETRIES = 1
BACKOFF_SECONDS = 0.1
PAUSE_SECONDS = 1.0
# Threads of a web process (40 of them, starlette's default) that may talk to the store at once.
CONNECTIONS = 40


class Patient(urllib3.PoolManager):
    """A pool that remembers for a moment that nobody answered."""

    def __init__(self, **options: Any) -> None:
        send_seconds = options.pop("send_seconds")
        super().__init__(**options)
        self.pool_classes_by_scheme = _pools(send_seconds)
        self._away_until = 0.0
        self._lock = threading.Lock()

    def urlopen(self, method: str, url: str, redirect: bool = True, **options: Any) -> urllib3.BaseHTTPResponse:  # type: ignore[override]
        """Raises: Unavailable: nobody answered a moment ago."""
        if time.monotonic() < self._away_until:
            raise Unavailable(part=PART)
        try:
            return super().urlopen(method, url, redirect, **options)
        except MaxRetryError as error:
            # An answer, be it 503, is no absence.
            if not isinstance(error.reason, urllib3.exceptions.ResponseError):
                self._pause()
            raise
        except HTTPError:
            self._pause()
            raise

    def _pause(self) -> None:
        with self._lock:
            self._away_until = time.monotonic() + PAUSE_SECONDS


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
