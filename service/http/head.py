"""HEAD answers wherever GET does, without a body (RFC 9110, 9.3.2).

Routes of Starlette do so by themselves; FastAPI's answer 405, and would publish
each HEAD as an operation of its own. The server leaves the body out.
"""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.routing import APIRoute


def with_head(routes: APIRouter) -> APIRouter:
    """The same router, each GET joined by a HEAD that the published contract leaves out."""
    for route in list(routes.routes):
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            routes.add_api_route(
                route.path.removeprefix(routes.prefix),
                route.endpoint,
                methods=["HEAD"],
                response_model=route.response_model,
                include_in_schema=False,
            )
    return routes


def also_head(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers of a 405: the framework names the method of the first route alone."""
    return {name: f"{value}, HEAD" if value == "GET" else value for name, value in headers.items()}
