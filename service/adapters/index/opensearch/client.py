"""The connections to a cluster, with bounds: how long a request may take, which host is asked, how many may wait.

A host that does not answer is not asked again for a while; the others are.
While none answers, or none in time, one caller at a time finds out whether one
is back, and the others are told so at once. No more searches are on their way
than half of a web process's threads; while the cluster answers, more wait their
turn, and when it has been silent they are told so, so that threads are left for
what needs no search.
"""

import base64
import logging
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3
from opensearchpy.connection import Urllib3HttpConnection
from opensearchpy.connection_pool import ConnectionPool
from opensearchpy.exceptions import ConnectionError, ConnectionTimeout, OpenSearchException, TransportError
from pydantic_core import from_json

from service.adapters.index.opensearch.address import Address
from service.adapters.index.opensearch.meaning import AWAY, PART, meaning
from service.errors import IndexOverloaded, IndexUnavailable, SettingsError

# A failed host is left alone for so long, four times as long when it goes on failing.
DEAD_SECONDS = 5.0
DEAD_DOUBLED_AT_MOST = 2
# After a request that found nobody the next ones fail at once.
PAUSE_SECONDS = 1.0
# Threads of a web process (40 of them, starlette's default) that may wait for a search at once.
MOST_WAITING = 20
# So long may all of them have had no answer before the next one is told that there is none. A node that collects its
# garbage while fifty people search is silent for more than a second, and answers them all.
SILENT_SECONDS = 2.0
# What is left at least of a search's time to one that came last through the queue.
LEAST_SECONDS = 0.5
CONNECTIONS = 40
ADMIN_SECONDS = 30.0
WRITE_SECONDS = 60.0
# These a host says of itself: another one may do better.
ELSEWHERE = (502, 503, 504)

# A warning for each attempt, and whole bodies when debugging: what matters is told once, by `meaning`.
for _name in ("opensearch", "opensearchpy.trace"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Login:
    """How the library shows who it is. ca, certificate, key: PEM files, empty where there are none."""

    user: str = ""
    password: str = ""
    ca: str = ""
    certificate: str = ""
    key: str = ""

    def context(self) -> ssl.SSLContext:
        """Raises: SettingsError: a file cannot be read or is no such thing."""
        with _file("HOCLIEU_INDEX_CA", self.ca):
            context = ssl.create_default_context(cafile=self.ca or None)
        if self.certificate:
            with _file("HOCLIEU_INDEX_CERTIFICATE", self.certificate):
                context.load_cert_chain(self.certificate, self.key or None, password="")
        return context


@contextmanager
def _file(name: str, path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # ssl.SSLError is one of them: what stands in the file is no certificate, or the key is not its own.
        reason = "PEM" if isinstance(error, ssl.SSLError) else error.strerror or type(error).__name__
        raise SettingsError(name=name, value=path, allowed=reason) from error


class Cluster:
    """Every request of the adapter goes through `ask`."""

    def __init__(self, address: Address, login: Login, *, seconds: float, connect_seconds: float) -> None:
        """seconds: of one search, all of it. Raises: SettingsError: see `Login.context`."""
        self.address = address
        self.login = login
        self.seconds = seconds
        self._connect_seconds = connect_seconds
        options: dict[str, Any] = {"pool_maxsize": CONNECTIONS, "timeout": seconds}
        if address.secure:
            options |= {"use_ssl": True, "ssl_context": login.context()}
        if login.user:
            # The client would write it in Latin-1, which has no Vietnamese.
            told = base64.b64encode(f"{login.user}:{login.password}".encode()).decode()
            options["headers"] = {"authorization": f"Basic {told}"}
        self._connections = [
            (Urllib3HttpConnection(host=host, port=port, **options), host) for host, port in address.hosts
        ]
        self._pool = ConnectionPool(
            list(self._connections), dead_timeout=DEAD_SECONDS, timeout_cutoff=DEAD_DOUBLED_AT_MOST
        )
        self._away_until: float | None = None
        self._looking = threading.Lock()
        self._searches = threading.BoundedSemaphore(MOST_WAITING)
        self._answered_at = 0.0

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        params: Mapping[str, str] | None = None,
        seconds: float = ADMIN_SECONDS,
        generation: str = "",
    ) -> Any:
        """The answer, parsed; None of an empty one. Raises: IndexUnavailable or one of its kinds."""
        with self._gate():
            try:
                return self._somewhere(method, path, params, body, seconds)
            except OpenSearchException as error:
                raise meaning(error, generation, seconds=seconds) from error
            except ValueError as error:
                # Something between us and the cluster answers in its place, with a page.
                raise IndexUnavailable(part=PART, cause="no JSON") from error

    def search(self, index: str, body: bytes, *, params: Mapping[str, str], generation: str) -> Any:
        """`ask` for readers: within the time limit of a search, and of searches only so many at once."""
        left = self._queue(generation)
        try:
            path = f"/{index}/_search"
            return self.ask("POST", path, body, params=params, seconds=left, generation=generation)
        finally:
            self._searches.release()

    def _queue(self, generation: str) -> float:
        """Returns: how many seconds of the search's time are left, at least a moment.

        Raises: IndexOverloaded: the cluster is silent, or all of the time went by in the queue.
        """
        if self._searches.acquire(blocking=False):
            return self.seconds
        now = time.monotonic()
        until = now + self.seconds
        while not self._searches.acquire(timeout=min(SILENT_SECONDS, until - now)):
            now = time.monotonic()
            if now - self._answered_at > SILENT_SECONDS or now >= until:
                raise IndexOverloaded(part=PART, generation=generation)
        return max(until - time.monotonic(), LEAST_SECONDS)

    def raw(self, method: str, path: str, *, seconds: float = ADMIN_SECONDS) -> Any:
        """For the start, which says of the client's own errors what to set right. Raises: OpenSearchException."""
        return self._somewhere(method, path, None, None, seconds)

    def close(self) -> None:
        for connection, _ in self._connections:
            connection.close()

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """While nobody answers, one looks; the others need not wait. Raises: IndexUnavailable."""
        if self._away_until is None:
            yield
            return
        if time.monotonic() < self._away_until or not self._looking.acquire(blocking=False):
            raise IndexUnavailable(part=PART, cause="unreachable")
        try:
            yield
        finally:
            self._looking.release()

    def _somewhere(
        self, method: str, path: str, params: Mapping[str, str] | None, body: bytes | None, seconds: float
    ) -> Any:
        """From the first host that answers; each failure takes the next. Every request may be sent twice."""
        until = time.monotonic() + seconds
        headers = {"content-type": "application/json"} if body is not None else None
        left = len(self._connections)
        while True:
            connection = self._pool.get_connection()
            # Of all tries together: a reader does not wait for three hosts one after the other.
            rest = max(until - time.monotonic(), LEAST_SECONDS)
            limit = urllib3.Timeout(connect=min(self._connect_seconds, rest), read=rest)
            try:
                _, _, data = connection.perform_request(method, path, params, body, timeout=limit, headers=headers)
            except ConnectionTimeout:
                # It took the request and the time is up. The next request goes to another host.
                self._pool.mark_dead(connection)
                if time.monotonic() - self._answered_at > SILENT_SECONDS:
                    # Nobody had an answer meanwhile. Whoever looks next waits for the others, so that no pause is due.
                    self._away_until = time.monotonic()
                raise
            except ConnectionError:
                self._pool.mark_dead(connection)
                # One try more than there are hosts: a connection that was kept open may be an old one.
                if not left or time.monotonic() > until:
                    self._away_until = time.monotonic() + PAUSE_SECONDS
                    raise
            except TransportError as error:
                self._answered(able=error.status_code not in ELSEWHERE)
                if not left or error.status_code not in ELSEWHERE:
                    raise
                self._pool.mark_dead(connection)
            else:
                self._pool.mark_live(connection)
                self._answered()
                return from_json(data) if data and method != "HEAD" else None
            left -= 1

    def _answered(self, *, able: bool = True) -> None:
        """able: somebody could do what was asked, and did not only say that the cluster cannot."""
        self._answered_at = time.monotonic()
        if self._away_until is not None:
            self._away_until = None
        if able:
            AWAY.over()
