"""Each request gets an id, a log line and its place in the measures; none of them knows what was asked.

Outermost of the layers, written as plain ASGI. A route is told by its
template: a path may hold what somebody typed.
"""

import logging
import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service.errors import LibraryError, ObjectDamaged, ObjectMissing
from service.telemetry import cause, metrics

log = logging.getLogger(__name__)

HEADER = "X-Request-Id"
ROUTELESS = "none"
_ID, _PEER = "hoclieu.request", "hoclieu.peer"
_DOORS = (
    ("/api/", "api"),
    ("/oai", "oai"),
    ("/opds", "feeds"),
    ("/atom", "feeds"),
    ("/sitemap", "feeds"),
    ("/opensearch", "feeds"),
    ("/oembed", "feeds"),
    ("/en/opds", "feeds"),
    ("/en/atom", "feeds"),
    ("/healthz", "operation"),
    ("/readyz", "operation"),
    ("/metrics", "operation"),
)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def id_of(request: HTTPConnection) -> str:
    """What people read out to the operator; empty where no layer gave one."""
    return str(request.scope.get(_ID, ""))


def peer_of(request: HTTPConnection) -> str:
    """The address at the other end of the connection itself, before any proxy was believed."""
    return str(request.scope.get(_PEER, ""))


def route_of(scope: Scope) -> str:
    """Template of the route that answered."""
    if path := getattr(scope.get("route"), "path", ""):
        return str(path)
    # FastAPI names its own routes alone; of the others the endpoint is known, and each has its own.
    endpoint = scope.get("endpoint")
    routes = scope["app"].routes if endpoint is not None else ()
    return next((route.path for route in routes if getattr(route, "endpoint", None) is endpoint), ROUTELESS)


def door_of(route: str) -> str:
    """web, api, files, oai, feeds or operation; `none` where no route was found."""
    if route == ROUTELESS:
        return ROUTELESS
    if door := next((door for beginning, door in _DOORS if route.startswith(beginning)), ""):
        return door
    return "files" if "{number}" in route or route.endswith(("/thumbnail", "/cover.jpg")) else "web"


def _of_the_library(error: Exception) -> LibraryError | None:
    """What broke an answer that had begun, where it is an error of the library; the framework wraps it."""
    found = error if isinstance(error, LibraryError) else error.__cause__
    return found if isinstance(found, LibraryError) else None


def _tell_cut(scope: Scope, broken: LibraryError) -> None:
    """Half an answer is on its way. Left unended, it makes the server close the connection, so that nobody takes the
    half for the whole. What broke is one line; a stack would say nothing more."""
    if isinstance(broken, ObjectMissing | ObjectDamaged):
        metrics.object_missing()
    named = {name: value for name, value in broken.parameters.items() if name in ("key", "part")}
    log.error("cut-off", extra={"code": broken.code, "route": route_of(scope), **named})


class Observed:
    """trusted: addresses of proxies whose headers are believed, separated by commas. sampled: called after each."""

    def __init__(self, app: ASGIApp, *, trusted: str, sampled: Callable[[], None]) -> None:
        # The server's own reading of forwarded headers, here so that the connection's other end is known too.
        proxies = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type]
        self.app: ASGIApp = proxies  # type: ignore[assignment]
        self.trusted = proxies.trusted_hosts
        self.sampled = sampled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identifier = self._identify(scope)
        began, status = time.perf_counter(), 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = identifier
            await send(message)

        progress = metrics.instruments().in_progress
        progress.inc()
        try:
            await self.app(scope, receive, send_named)
        except Exception as error:
            broken = _of_the_library(error) if status else None
            status = status or 500
            if broken is None:
                raise
            _tell_cut(scope, broken)
        finally:
            progress.dec()
            self._tell(scope, status, time.perf_counter() - began)

    def _identify(self, scope: Scope) -> str:
        peer = scope["client"][0] if scope.get("client") else ""
        given = Headers(scope=scope).get(HEADER, "")
        identifier = given if peer in self.trusted and cause.sane(given) else cause.fresh()
        scope[_ID], scope[_PEER] = identifier, peer
        cause.begin(identifier)
        return identifier

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope)
        # A reader who left before the first byte, in the number that proxies use.
        status = status or 499
        method = scope["method"] if scope["method"] in _METHODS else "other"
        metrics.answered(door=door_of(route), route=route, method=method, status=status, seconds=seconds)
        self.sampled()
        told = {"door": door_of(route), "route": route, "method": method, "status": status}
        log.info("request", extra={**told, "seconds": round(seconds, 4)})
