"""Every address that is read, so that a new route is asked what the others are as soon as it is there."""

from fastapi import FastAPI
from starlette.routing import Route

FILLED = {
    "revision": 1, "number": 1, "page": 1, "form": "film.mp4", "format": "lom", "section": 1, "picture": 1,
    "digest": "x", "name": "subject",
}  # fmt: skip


def templates(app: FastAPI) -> list[str]:
    """Paths of all routes that answer GET, with their parameters in braces."""
    pages = (route.path for route in app.routes if isinstance(route, Route) and "GET" in (route.methods or ()))
    return sorted({*app.openapi()["paths"], *pages})


def filled(template: str, identifier: str) -> str:
    """A path about the resource with this id."""
    return template.format_map({**FILLED, "id": identifier, "resource_id": identifier})
