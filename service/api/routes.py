"""Routes of the JSON door. A parameter the contract does not name is ignored; facet names are parameters."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from service.api import models, records
from service.api.search import answer
from service.api.search import similar as listed
from service.errors import UnknownFilter
from service.http.door import Door
from service.http.parameters import SHOWN_CHARACTERS, identifier, plain, texts
from service.http.principal import principal_of
from service.library import discover, look, shared, similar
from service.library.filters import unknown
from service.library.views import SearchRequest
from service.messages import LANGUAGES
from service.model import FACETS

ROOT = "/api/v1"
NDJSON = "application/x-ndjson"

Language = Annotated[str, Query(description="Language of labels: vi or en; by default that of the library.")]
Failures = dict[int | str, dict[str, Any]]

_PROBLEM: dict[str, Any] = {
    "model": models.Problem,
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
BAD: Failures = {400: _PROBLEM, 429: _PROBLEM, 503: _PROBLEM}
GONE: Failures = {404: _PROBLEM, 410: _PROBLEM, 429: _PROBLEM}


def router(door: Door) -> APIRouter:
    """The routes of version 1 over one library."""
    services = door.services
    routes = APIRouter(prefix=ROOT, tags=["v1"])

    def spoken(lang: str) -> str:
        return lang if lang in LANGUAGES else services.settings.language

    @routes.get(
        "/search",
        response_model=models.SearchAnswer,
        responses=BAD,
        openapi_extra={
            "parameters": [
                {
                    "name": name,
                    "in": "query",
                    "description": f"Codes of the facet {name}; repeat it for any of several.",
                    "schema": {"type": "array", "items": {"type": "string"}},
                }
                for name in FACETS
            ]
        },
    )
    def search(
        request: Request,
        q: Annotated[str, Query(description="What to look for; empty browses all, newest first.")] = "",
        page: Annotated[int, Query(description="From 1.")] = 1,
        size: Annotated[int, Query(description="Resources a page, at most 100.")] = 20,
        cursor: Annotated[str, Query(description="From the answer before; wins over page.")] = "",
        sort: Literal["fit", "newest", "used"] = "fit",
        exact: Annotated[bool, Query(description="1: search exactly what is written.")] = False,
        lang: Language = "",
    ) -> models.SearchAnswer:
        """Find resources and the places in them that match."""
        filters = {name: codes for name in FACETS if (codes := texts(request, name))}
        asked = SearchRequest(
            text=plain(q), filters=filters, sort=sort, page=page, size=size, cursor=cursor, exact=exact
        )
        for name, code in unknown(services, filters):
            raise UnknownFilter(field=name, value=code[:SHOWN_CHARACTERS])
        with door.limits.searching(request, filters=sum(map(len, filters.values()))):
            results = discover.search(services, principal_of(request), asked)
        if results.page == 1:
            door.counting.searched(request, results.query, results.total, door="api")
        return answer(services, door.absolute(request, spoken(lang)), results, spoken(lang))

    @routes.get("/resources/{resource_id}", response_model=models.Record, responses=GONE)
    def resource(request: Request, resource_id: str, lang: Language = "") -> models.Record:
        """The whole record of a published resource. A retired id answers with the resource that took its place."""
        door.limits.spend(request, "page")
        view = look.resource(services, principal_of(request), identifier(resource_id))
        door.counting.opened(request, "opening", view, door="api")
        return records.record(services, door.absolute(request, spoken(lang)), view)

    @routes.get("/resources/{resource_id}/passages", response_model=models.Passages, responses={**BAD, **GONE})
    def passages(
        request: Request,
        resource_id: str,
        file: Annotated[int | None, Query(description="Only this file.", ge=1, le=10**9)] = None,
        start: Annotated[int, Query(description="How many passages to leave out.", ge=0, le=10**9)] = 0,
    ) -> models.Passages:
        """What was read out of the files, piece by piece with their places, 500 at a time."""
        door.limits.spend(request, "page")
        view = look.resource(services, principal_of(request), identifier(resource_id))
        found = look.passages(services, principal_of(request), view.resource.id, file)
        return records.passages(door.absolute(request), view.resource.id, found, start=start, file=file)

    @routes.get(
        "/resources/{resource_id}/similar",
        response_model=models.Similar,
        responses={**GONE, 503: _PROBLEM},
    )
    def alike(request: Request, resource_id: str) -> models.Similar:
        """Resources like this one by what they say, among those of the same subjects and grades, at most six."""
        with door.limits.searching(request, filters=0):
            view, items = similar.similar(services, principal_of(request), identifier(resource_id))
        return listed(door.absolute(request), view.resource.id, items)

    @routes.get(
        "/export.jsonl",
        response_class=StreamingResponse,
        responses={
            200: {
                "description": "One record a line, as `/resources/{id}` answers it but without `revisions`.",
                "content": {NDJSON: {"schema": {"$ref": "#/components/schemas/Record"}}},
            },
            **BAD,
        },
    )
    def export(
        request: Request,
        after: Annotated[str, Query(description="Go on behind the record with this id, the last that arrived.")] = "",
    ) -> StreamingResponse:
        """All published records that everybody may see, one a line, streamed; gzip where it is accepted."""
        # It costs what a thousand pages do, so it is held as the dearest pages are.
        door.limits.spend(request, "deep")
        place = shared.place_after(services, plain(after))
        links = door.absolute(request)
        lines = records.lines(services, links, shared.pages(services, place)) if request.method == "GET" else iter(())
        # Made while it is sent, so it has neither a length nor a validator.
        return StreamingResponse(lines, media_type=NDJSON, headers={"Cache-Control": "no-store"})

    return routes
