"""All doors under one application. Composition happens elsewhere: `create` gets its parts ready made."""

import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response

from service.api import contract, operation
from service.api.routes import ROOT
from service.api.routes import router as api
from service.errors import (
    IndexOverloaded,
    IndexReadOnly,
    IndexRefused,
    IndexSlow,
    IndexUnavailable,
    Invalid,
    LibraryError,
    NotReady,
    ObjectDamaged,
    ObjectMissing,
    Unavailable,
)
from service.feeds import routes as feeds
from service.http.counting import Counting
from service.http.door import API, Door
from service.http.head import also_head, with_head
from service.http.limits import Limits
from service.http.observing import HEADER, Observed, id_of, route_of
from service.http.problems import Problem, json_response, problem_of, problem_of_status
from service.http.ranges import UnsatisfiableRange
from service.http.security import HEADERS, Compression, SecurityHeaders
from service.library.services import Services
from service.messages import LANGUAGES
from service.oai.inventory import PATH as INVENTORY
from service.oai.routes import routes as oai
from service.ports import Pooled
from service.telemetry import metrics as counted
from service.telemetry.spell import Spell
from service.web.failures import failure
from service.web.routes import routes as web
from service.web.source import running_version

log = logging.getLogger(__name__)

PROGRAMS = (API, "/healthz", "/readyz", "/metrics", INVENTORY, *feeds.PROGRAMS)


def create(services: Services) -> FastAPI:
    """The application over one library; counting runs between its start and its end."""
    door = Door(services, Counting(services), Limits(services.settings.searches_per_minute))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        door.counting.start()
        services.living.follow(services.catalogue)
        log.info("serving", extra={"pid": os.getpid()})
        yield
        await run_in_threadpool(services.living.rest)
        await run_in_threadpool(door.counting.stop)

    app = contract.Described(
        title=services.settings.library_name,
        description=contract.ABOUT,
        version=running_version(),
        openapi_tags=contract.TAGS,
        openapi_url=f"{ROOT}/openapi.json",
        # The documentation pages of the framework load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=[
            Middleware(Observed, trusted=services.settings.trusted_proxies, sampled=_sampling(services)),
            Middleware(SecurityHeaders, files_from=services.objects.redirects_to),
            Middleware(Compression),
        ],
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.include_router(with_head(api(door)))
    app.include_router(with_head(operation.router(services)))
    app.router.routes.extend(oai(door))
    app.router.routes.extend(web(door))
    app.router.routes.extend(feeds.routes(door))
    _answer_errors(app, door)
    return app


def _sampling(services: Services) -> Callable[[], None]:
    catalogue = services.catalogue
    if not issubclass(type(catalogue), Pooled):
        return lambda: None
    pooled = cast(Pooled, catalogue)

    def sample() -> None:
        in_use, idle = pooled.connections()
        counted.connections(in_use=in_use, idle=idle)

    return sample


def _answer_errors(app: FastAPI, door: Door) -> None:
    """Every error leaves through here, once: as JSON for programs, as a page for people."""
    away: dict[type[LibraryError], Spell] = {
        kind: Spell(log, "unanswered", level=logging.ERROR)
        for kind in (Unavailable, IndexUnavailable, IndexOverloaded, IndexReadOnly, IndexRefused, IndexSlow)
    }

    def told(request: Request, problem: Problem) -> Response:
        problem = replace(problem, request=id_of(request))
        if door.bare(request.url.path).startswith(PROGRAMS):
            return json_response(problem)
        return failure(door, request, problem)

    def language_of(request: Request) -> str:
        asked = request.query_params.get("lang", "")
        if request.url.path.startswith(API) and asked in LANGUAGES:
            return asked
        return door.language_of(request.url.path)

    async def library_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, LibraryError)  # noqa: S101 - registered for this class alone
        problem = problem_of(error, language_of(request))
        if problem.status >= 500:
            about = {"code": error.code, "route": route_of(request.scope)}
            if type(error) in away:
                # A part that is away fails many requests in the same way, each of which has its line and its status.
                away[type(error)].tell(**about, **error.parameters)
            elif isinstance(error, ObjectMissing | ObjectDamaged):
                # Which file it is stands here, and nowhere in the answer.
                counted.object_missing()
                log.error("unanswered", extra={**about, **error.parameters})
            elif not isinstance(error, NotReady):
                log.error("unanswered", extra=about, exc_info=None if isinstance(error, Unavailable) else error)
        return await run_in_threadpool(told, request, problem)

    async def wrong_parameter(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        first = error.errors()[0]
        wrong = Invalid(field=str(first["loc"][-1]), value=str(first.get("input"))[:60])
        return await run_in_threadpool(told, request, problem_of(wrong, language_of(request)))

    async def bare_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        response = await run_in_threadpool(told, request, problem_of_status(error.status_code, language_of(request)))
        response.headers.update(also_head(error.headers or {}))
        return response

    async def beyond_the_file(request: Request, error: Exception) -> Response:
        assert isinstance(error, UnsatisfiableRange)  # noqa: S101
        response = await run_in_threadpool(told, request, problem_of_status(416, language_of(request)))
        response.headers["Content-Range"] = f"bytes */{error.size_bytes}"
        return response

    async def unforeseen(request: Request, _error: Exception) -> Response:
        # The server logs the traceback once; this answer is made outside of the middleware that adds headers.
        problem = problem_of_status(500, language_of(request))
        response = await run_in_threadpool(told, request, problem)
        response.headers.update({**HEADERS, HEADER: id_of(request)})
        return response

    app.add_exception_handler(LibraryError, library_error)
    app.add_exception_handler(RequestValidationError, wrong_parameter)
    app.add_exception_handler(HTTPException, bare_status)
    app.add_exception_handler(UnsatisfiableRange, beyond_the_file)
    app.add_exception_handler(Exception, unforeseen)
