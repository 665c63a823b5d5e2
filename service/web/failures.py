"""An error as a page: what happened, and what to do next."""

from starlette.requests import Request
from starlette.responses import Response

from service.http.door import Door
from service.http.problems import Problem, retry
from service.web.rendering import Page


def failure(door: Door, request: Request, problem: Problem) -> Response:
    """The page of a problem, in the language of the address; a withdrawn resource's is its tombstone."""
    page = Page(request, door, door.language_of(request.url.path))
    return page.render("error.html", status=problem.status, headers=retry(problem), problem=problem)
