"""For whoever runs the library: whether it lives, whether it is ready, what it counts. No version: probes know them."""

from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from service.api import answers, examples, models
from service.errors import Unavailable
from service.http import metrics
from service.http.observing import id_of
from service.http.problems import JSON, problem_of, retry
from service.library.readiness import Readiness
from service.library.services import Services

_TEXTS = ("text/plain", "application/openmetrics-text")


def router(services: Services) -> APIRouter:
    """The routes over one library."""
    readiness = Readiness(services)
    routes = APIRouter(tags=["operation"])
    routes.add_api_route(
        "/healthz",
        _alive,
        methods=["GET"],
        operation_id="alive",
        summary="Does the process answer?",
        responses={**answers.answered("Alive", examples.ALIVE, description="It does."), **answers.failing()},
    )
    routes.add_api_route(
        "/readyz",
        _ready(services, readiness),
        methods=["GET"],
        response_class=JSONResponse,
        operation_id="ready",
        summary="Can a search be answered?",
        responses={
            **answers.answered("Ready", examples.READY, description="It can."),
            **answers.failing(),
            **answers.not_ready(examples.NOT_READY),
        },
    )
    text = {"schema": {"type": "string"}, "example": examples.MEASURES}
    routes.add_api_route(
        "/metrics",
        metrics.endpoint(services, readiness),
        methods=["GET"],
        response_class=Response,
        operation_id="measures",
        summary="What the library counts of itself",
        responses={
            200: {"description": "In the format that `Accept` names.", "content": dict.fromkeys(_TEXTS, text)},
            **answers.failing(404),
        },
    )
    return routes


async def _alive() -> models.Alive:
    """The process answers."""
    return models.Alive(status="alive")


def _ready(services: Services, readiness: Readiness) -> Callable[[Request], Any]:
    # Threads of its own: a probe is answered while all others wait for a part that hangs.
    limiter = anyio.CapacityLimiter(4)

    async def ready(request: Request) -> JSONResponse:
        """Whether a search can be answered (else 503), and how each part is: `ok` or a code."""
        state = await anyio.to_thread.run_sync(readiness.state, limiter=limiter)
        if state.away is None:
            return JSONResponse({"status": "ready", "parts": state.parts}, headers={"Cache-Control": "no-store"})
        problem = problem_of(Unavailable(part=state.away), services.settings.language, reader=False)
        body = {**problem.body(), "request": id_of(request), "parts": state.parts}
        return JSONResponse(body, problem.status, media_type=JSON, headers=retry(problem))

    return ready
