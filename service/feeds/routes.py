"""Routes of the door for reading programs: each feed once a language, sitemaps once."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from service.feeds import atom, oembed, opds, opensearch, sitemaps
from service.feeds.asked import Asked
from service.http.door import Door

Answer = Callable[[Asked], Response]

PROGRAMS = ("/opds", "/atom", "/sitemap", "/opensearch", "/oembed")
"""Beginnings of its paths: errors there are for programs."""

CATALOGUE: dict[str, Callable[[Asked, opds.Form], Response]] = {
    "": opds.start,
    "/browse/{name}": opds.ways,
    "/publications": opds.publications,
    "/resources/{id}": opds.publication,
}
"""Path under the root of each form of OPDS -> what answers."""


def routes(door: Door) -> list[BaseRoute]:
    """All of them; HEAD comes with GET."""
    files = sitemaps.Sitemaps(door)
    once: dict[str, Answer] = {
        "/sitemap.xml": files.index,
        sitemaps.PAGES: files.pages,
        sitemaps.FILE: files.file,
        "/oembed": oembed.oembed,
    }
    spoken: dict[str, Answer] = {
        "/atom": atom.atom,
        "/opensearch.xml": opensearch.description,
        "/opensearch/suggestions": opensearch.suggestions,
    }
    first = next(iter(language for language, prefix in door.prefixes.items() if not prefix))
    made: list[BaseRoute] = [_route(door, first, path, answer) for path, answer in once.items()]
    for language, prefix in door.prefixes.items():
        made += [_route(door, language, prefix + path, answer) for path, answer in spoken.items()]
        for form in opds.FORMS:
            for path, answer in CATALOGUE.items():
                made.append(_route(door, language, f"{prefix}{form.ROOT}{path}", _in_form(answer, form)))
    return made


def _in_form(answer: Callable[[Asked, opds.Form], Response], form: opds.Form) -> Answer:
    def answered(asked: Asked) -> Response:
        return answer(asked, form)

    answered.__doc__ = answer.__doc__
    return answered


def _route(door: Door, language: str, path: str, answer: Answer) -> Route:
    def endpoint(request: Request) -> Response:
        return answer(Asked(request, door, language))

    # What the page of routes says of it.
    endpoint.__doc__ = answer.__doc__
    return Route(path, endpoint)
