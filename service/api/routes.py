"""Routes of the JSON door. A parameter the contract does not name is ignored; facet names are parameters."""

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from service.api import answers, examples, models, parameters, records
from service.api.search import answer
from service.api.search import similar as listed
from service.errors import QueryTooLong, UnknownFilter
from service.http.door import Door
from service.http.parameters import SHOWN_CHARACTERS, identifier, plain, texts
from service.http.principal import principal_of
from service.library import discover, look, shared, similar
from service.library.filters import current, unknown
from service.library.views import SearchRequest
from service.messages import LANGUAGES
from service.model import FACETS

ROOT = "/api/v1"
NDJSON = "application/x-ndjson"


def router(door: Door) -> APIRouter:
    """The routes of version 1 over one library."""
    services = door.services
    routes = APIRouter(prefix=ROOT, tags=["v1"])

    def spoken(lang: str) -> str:
        return lang if lang in LANGUAGES else services.settings.language

    @routes.get(
        "/search",
        operation_id="search",
        summary="Find resources",
        response_model=models.SearchAnswer,
        responses={
            **answers.answered("SearchAnswer", examples.SEARCH, description="A page of results; none is an answer."),
            **answers.failing(400, 404, 410, 429, 503),
        },
        openapi_extra=parameters.facets(services.vocabularies, FACETS),
    )
    def search(
        request: Request,
        q: parameters.Text = "",
        page: parameters.Page = 1,
        size: parameters.Size = 20,
        cursor: parameters.Cursor = "",
        sort: parameters.Sort = "fit",
        exact: parameters.Exact = "0",
        resource: parameters.Within = "",
        lang: parameters.Language = "",
    ) -> models.SearchAnswer:
        """Find resources and the places in them that match.

        Words find what stands in a file and what it is called, with their tones or without.
        Filters of one facet widen, those of several narrow; each facet is counted without its own filters.
        """
        if len(q) > discover.MAX_QUERY_CHARACTERS:
            # As it was sent: the contract counts characters before any of them is taken away.
            raise QueryTooLong(length=len(q), limit=discover.MAX_QUERY_CHARACTERS)
        filters = {name: codes for name in FACETS if (codes := texts(request, name))}
        asked = SearchRequest(
            text=plain(q),
            filters=current(services, filters),
            sort=sort,
            page=page,
            size=size,
            cursor=cursor,
            exact=exact in ("1", "true"),
            resource=identifier(resource) if resource else "",
        )
        for name, code in unknown(services, filters):
            raise UnknownFilter(field=name, value=code[:SHOWN_CHARACTERS])
        with door.limits.searching(request, filters=sum(map(len, filters.values()))):
            results = discover.search(services, principal_of(request), asked)
        if results.page == 1:
            door.counting.searched(request, results.query, results.total, door="api")
        return answer(services, door.absolute(request, spoken(lang)), results, spoken(lang))

    @routes.get(
        "/resources/{resource_id}",
        operation_id="record",
        summary="Read one record",
        response_model=models.Record,
        responses={
            **answers.answered("Record", examples.RECORD, description="The record; its `id` may be another one."),
            **answers.failing(404, 410, 429, 503),
        },
    )
    def resource(request: Request, resource_id: parameters.ResourceId, lang: parameters.Language = "") -> models.Record:
        """The whole record of a published resource. A retired id answers with the resource that took its place."""
        door.limits.spend(request, "page")
        view = look.resource(services, principal_of(request), identifier(resource_id))
        door.counting.opened(request, "opening", view, door="api")
        return records.record(services, door.absolute(request, spoken(lang)), view)

    @routes.get(
        "/resources/{resource_id}/passages",
        operation_id="passages",
        summary="Read what stands in the files",
        response_model=models.Passages,
        responses={
            **answers.answered("Passages", examples.PASSAGES, description="Texts in order; `next` leads on."),
            **answers.failing(400, 404, 410, 429, 503),
        },
    )
    def passages(
        request: Request,
        resource_id: parameters.ResourceId,
        file: parameters.FileNumber = None,
        start: parameters.Start = 0,
    ) -> models.Passages:
        """What was read out of the files, piece by piece with their places, 500 at a time."""
        door.limits.spend(request, "page")
        view = look.resource(services, principal_of(request), identifier(resource_id))
        found = look.passages(services, principal_of(request), view.resource.id, file)
        return records.passages(door.absolute(request), view.resource.id, found, start=start, file=file)

    @routes.get(
        "/resources/{resource_id}/similar",
        operation_id="similar",
        summary="Find resources like one",
        response_model=models.Similar,
        responses={
            **answers.answered("Similar", examples.SIMILAR, description="The most alike first; none is an answer."),
            **answers.failing(404, 410, 429, 503),
        },
    )
    def alike(request: Request, resource_id: parameters.ResourceId) -> models.Similar:
        """Resources like this one, at most six, those first that share most with it: the lesson, what they say, the
        topic, the subject in the same grade or one beside it.
        """
        with door.limits.searching(request, filters=0):
            view, items = similar.similar(services, principal_of(request), identifier(resource_id))
        return listed(door.absolute(request), view.resource.id, items)

    @routes.get(
        "/export.jsonl",
        operation_id="export",
        summary="Take all metadata",
        response_class=StreamingResponse,
        responses={
            200: {
                "description": "One record a line, as `/resources/{id}` answers it but without `revisions`.",
                "content": {
                    NDJSON: {
                        # The lines as an array, as OpenAPI 3.2 describes media types that are sequences.
                        "schema": {"type": "array", "items": {"$ref": "#/components/schemas/ExportedRecord"}},
                        "example": [examples.EXPORTED],
                    }
                },
            },
            **answers.failing(400, 429, 503),
        },
    )
    def export(request: Request, after: parameters.After = "") -> StreamingResponse:
        """All published records of the library's own that everybody may see, one a line, streamed; gzip where it is
        accepted.
        """
        # It costs what a thousand pages do, so it is held as the dearest pages are.
        door.limits.spend(request, "deep")
        # What nothing is left of names no record either: whoever sent it does not want everything.
        place = shared.place_after(services, plain(after) or after)
        links = door.absolute(request)
        lines = records.lines(services, links, shared.pages(services, place)) if request.method == "GET" else iter(())
        # Made while it is sent, so it has neither a length nor a validator.
        return StreamingResponse(lines, media_type=NDJSON, headers={"Cache-Control": "no-store"})

    return routes
