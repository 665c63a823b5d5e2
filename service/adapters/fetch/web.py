"""HTTP GET at addresses that somebody outside has a say in, without being led where nobody may ask.

The address that a connection came to is looked at after it stands and before
anything is sent: what a name meant a moment ago is no matter (DNS rebinding).
Redirects are followed here, each under the same rules. Answers are unpacked
piece by piece, so that a small one cannot become a large one unseen.
"""

import ipaddress
import socket
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from service.errors import LibraryError, PrivateAddress, SourceAway
from service.ports import Fetched

Private = Literal["named", "never", "always"]
"""Which hosts in private networks may be asked: those that the operator names, none, any."""

CONNECT_SECONDS = 10.0
REDIRECTS = 5
# Of one answer, however slowly it drips.
ANSWER_PAUSES = 20
_MOVED = frozenset((301, 302, 303, 307, 308))
_PIECE = 64 * 1024


class WebFetcher:
    """The port `service.ports.Fetcher`. seconds: how long an answer may pause; agent: who asks."""

    def __init__(self, *, private: Private, seconds: float, agent: str) -> None:
        self.private = private
        self.seconds = seconds
        self._named = ""
        self._pools = urllib3.PoolManager(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "text/xml, application/xml, */*;q=0.1"},
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=seconds),
            retries=False,
            maxsize=2,
        )
        self._pools.pool_classes_by_scheme = _guarded(self._may_be_asked)

    @contextmanager
    def get(self, url: str) -> Iterator[Fetched]:
        self._named = (urlsplit(url).hostname or "").lower()
        answer, at = self._asked(url), url
        try:
            for _ in range(REDIRECTS):
                target = answer.headers.get("location")
                if answer.status not in _MOVED or not target:
                    break
                answer.close()
                at = _following(at, target)
                answer = self._asked(at)
            else:
                raise SourceAway(url=url, reason="redirects")
            yield _Body(answer, at, self.seconds)
        finally:
            answer.close()
            answer.release_conn()

    def close(self) -> None:
        self._pools.clear()

    def _asked(self, url: str) -> urllib3.BaseHTTPResponse:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise SourceAway(url=url, reason="address")
        try:
            return self._pools.request("GET", url, redirect=False, preload_content=False)
        except exceptions.HTTPError as error:
            raise SourceAway(url=url, reason=_reason(error)) from error

    def _may_be_asked(self, host: str, address: str) -> bool:
        if self.private == "always" or _is_public(address):
            return True
        return self.private == "named" and host.lower() == self._named


def _following(at: str, target: str) -> str:
    """Where a redirect leads. Raises: SourceAway: from TLS to none."""
    url = urljoin(at, target)
    if at.startswith("https:") and not url.startswith("https:"):
        raise SourceAway(url=url, reason="downgrade")
    return url


def _is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global


def _guarded(may: Callable[[str, str], bool]) -> dict[str, Any]:
    """Pools by scheme whose connections look where they came to before they say anything."""

    def checked(host: str, connected: socket.socket) -> socket.socket:
        address = str(connected.getpeername()[0])
        if may(host, address):
            return connected
        connected.close()
        raise PrivateAddress(host=host, address=address)

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return checked(self.host, super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return checked(self.host, super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Body:
    """An answer that is read piece by piece. The port `service.ports.Fetched`."""

    def __init__(self, answer: urllib3.BaseHTTPResponse, url: str, seconds: float) -> None:
        self.status = answer.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in answer.headers.items()}
        self._answer = answer
        self._url = url
        self._deadline = time.monotonic() + seconds * ANSWER_PAUSES
        packed = self.headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate")
        # gzip or zlib, whichever it turns out to be. Source: zlib manual, inflateInit2.
        self._unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed else None

    def read(self, size: int) -> bytes:
        unpacking = self._unpacking
        if unpacking is None:
            return self._raw(size)
        try:
            while not unpacking.eof:
                data = unpacking.unconsumed_tail or self._raw(min(size, _PIECE))
                if not data:
                    raise SourceAway(url=self._url, reason="cut-off")
                if found := unpacking.decompress(data, size):
                    return found
        except zlib.error as error:
            raise SourceAway(url=self._url, reason="gzip") from error
        return b""

    def _raw(self, size: int) -> bytes:
        if time.monotonic() > self._deadline:
            raise SourceAway(url=self._url, reason="timeout")
        try:
            return self._answer.read(size, decode_content=False)
        except LibraryError:
            raise
        except (exceptions.HTTPError, OSError) as error:
            raise SourceAway(url=self._url, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    """A word for what went wrong. Names first: it is a kind of failed connection there."""
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (exceptions.NameResolutionError, "name"),
        (exceptions.TimeoutError, "timeout"),
        (exceptions.NewConnectionError, "refused"),
        (exceptions.SSLError, "certificate"),
        (exceptions.LocationParseError, "address"),
        (exceptions.ProtocolError, "cut-off"),
    )
    return next((word for kind, word in kinds if isinstance(error, kind)), "broken")
