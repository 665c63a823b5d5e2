"""Routes of the HTML door: each page once a language, bytes once."""

from collections.abc import Awaitable, Callable

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from service.http.door import Door
from service.web import (
    embedding,
    harvesting,
    home,
    keeping,
    landing,
    reader,
    reporting,
    results,
    robots,
    sharing,
    signposting,
    source,
    static,
    stored,
    suggesting,
    telling,
    this_week,
    whole,
)
from service.web.rendering import Page


def about(page: Page) -> Response:
    """What this library is, its licences, accessibility and API."""
    return page.render("about.html", version=source.running_version())


PAGES: dict[str, Callable[[Page], Response]] = {
    "/": home.home,
    "/search": results.search,
    "/resources/{id}": landing.landing,
    "/resources/{id}/v/{revision}": landing.landing,
    "/resources/{id}/read": reader.read,
    "/resources/{id}/text": whole.text,
    "/resources/{id}/keep": keeping.offer,
    "/suggest": suggesting.suggestions,
    "/kept": keeping.kept,
    "/resources/{id}/report": reporting.form,
    "/resources/{id}/qr.svg": sharing.code,
    "/resources/{id}/card.jpg": sharing.card,
    "/embed": embedding.offer,
    "/embed/new": embedding.newest,
    "/embed/resources/{id}": embedding.card,
    "/about": about,
    "/about/harvest": harvesting.harvesting,
    "/source": source.page,
}
"""Path -> page, under each language's prefix."""

STORED: dict[str, Callable[[Door, Request], Response]] = {
    "/resources/{id}/files/{number}": stored.file,
    "/resources/{id}/v/{revision}/files/{number}": stored.file,
    "/resources/{id}/files/{number}/pages/{page}": stored.page_picture,
    "/resources/{id}/files/{number}/sections/{section}/pictures/{picture}": stored.chapter_picture,
    "/resources/{id}/files/{number}/captions.vtt": stored.captions,
    "/resources/{id}/files/{number}/document.pdf": stored.printed,
    "/resources/{id}/files/{number}/lighter/{form}": stored.lighter_form,
    "/resources/{id}/files/{number}/text.txt": stored.text,
    "/resources/{id}/files.zip": stored.files_zip,
    "/resources/{id}/v/{revision}/files.zip": stored.files_zip,
    "/resources/{id}/thumbnail": stored.thumbnail,
    "/resources/{id}/cover.jpg": stored.cover,
    "/resources/{id}/linkset": signposting.linkset,
    "/resources/{id}/linkset.json": signposting.linkset_json,
    "/resources/{id}/v/{revision}/linkset": signposting.linkset,
    "/resources/{id}/v/{revision}/linkset.json": signposting.linkset_json,
    "/robots.txt": robots.robots,
    "/keeper.js": keeping.worker,
    "/resources/{id}/metadata/{format}": telling.metadata,
    "/resources/{id}/v/{revision}/metadata/{format}": telling.metadata,
}


def routes(door: Door) -> list[BaseRoute]:
    """All of them; HEAD comes with GET."""
    made: list[BaseRoute] = [
        # Programs and old browsers ask for it without having read the page that names the icon.
        Route("/favicon.ico", static.icon),
        Route("/static/{digest}/{name}", static.serve),
        Route(f"/source/{source.archive_name()}", source.archive),
        *(Route(path, _of(stored_bytes, door)) for path, stored_bytes in STORED.items()),
    ]
    for language, prefix in door.prefixes.items():
        for path, show in PAGES.items():
            made.append(Route(f"{prefix}{path}", _shown(show, door, language)))
        made.append(Route(f"{prefix}/resources/{{id}}/report", _taken(door, language), methods=["POST"]))
        made.append(Route(f"{prefix}/grades", _chosen(door, language), methods=["POST"]))
        if prefix:
            made.append(Route(prefix, _shown(home.home, door, language)))
    return made


def _of(answer: Callable[[Door, Request], Response], door: Door) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await anyio.to_thread.run_sync(answer, door, request, limiter=door.threads.asking)

    return endpoint


def _taken(door: Door, language: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        """A reader's report; leads back to its form, which then says that it was taken."""
        return await reporting.take(door, language, request)

    return endpoint


def _chosen(door: Door, language: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        """The grades (`grade=`, repeatable) that the start page shows this week of, kept in a cookie; leads back."""
        return await this_week.choose(door, language, request)

    return endpoint


def _shown(show: Callable[[Page], Response], door: Door, language: str) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        return show(Page(request, door, language))

    return endpoint
