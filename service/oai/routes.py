"""`/oai`: from the bytes of a query or a form to an answer, whatever they hold; limits a client; headers."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from service.crosswalks import line
from service.errors import TooManyRequests
from service.http.door import Door
from service.library import federate
from service.messages import sentence
from service.oai import arguments, envelope, inventory
from service.oai.answers import Answer, Provider, answer
from service.oai.arguments import Asked
from service.oai.errors import BARE, Refused
from service.settings import DEFAULT_PUBLIC_URL

log = logging.getLogger(__name__)

MEDIA_TYPE = "text/xml; charset=utf-8"
# Of a form; a token is a few hundred bytes long.
FORM_BYTES = 64 * 1024
# Of what a harvester calls itself, in the log.
NAME_CHARACTERS = 100


def routes(door: Door) -> list[BaseRoute]:
    """GET and POST say the same."""
    # As it is set, never as a request was addressed: harvesters keep it for years.
    provider = Provider(door.services, door.services.settings.public_url or DEFAULT_PUBLIC_URL)
    listed = inventory.Inventory(door, provider.public_url)

    def harvest(request: Request) -> Response:
        """OAI-PMH 2.0, for other repositories: Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords,
        GetRecord. Errors of the protocol come with status 200; too many requests with 503 and Retry-After."""
        return _answered(door, provider, request, request.scope["query_string"])

    async def harvest_by_form(request: Request) -> Response:
        """The same, its arguments in a form."""
        form = bytearray()
        async for block in request.stream():
            form += block
            if len(form) > FORM_BYTES:
                break
        query = bytes(form[:FORM_BYTES]) + b"&" + request.scope["query_string"]
        return await run_in_threadpool(_answered, door, provider, request, query)

    return [
        Route("/oai", harvest, methods=["GET"]),
        Route("/oai", harvest_by_form, methods=["POST"]),
        Route(inventory.PATH, listed.answer, methods=["GET"]),
    ]


def _answered(door: Door, provider: Provider, request: Request, query: bytes) -> Response:
    try:
        door.limits.spend(request, "harvest")
    except TooManyRequests as error:
        # What the protocol's guidelines ask for, in seconds: some harvesters read no date.
        seconds = str(error.parameters["seconds"])
        slower = sentence("oai-slower", "en", {"seconds": seconds})
        return Response(slower, 503, {"Retry-After": seconds, "Cache-Control": "no-store"}, "text/plain; charset=utf-8")
    asked = Asked("", {})
    try:
        asked = arguments.understand(arguments.pairs(query))
        made = answer(provider, asked)
        said = {"verb": asked.verb, **asked.arguments}
    except Refused as refused:
        text = sentence(refused.reason, "en", refused.parameters)
        made = Answer((envelope.error(refused.code, text),), federate.now())
        said = {} if refused.code in BARE else {"verb": asked.verb, **asked.arguments}
    _tell(request, asked, made)
    whole = envelope.envelope(provider.base_url, made.at, said, made.inside)
    return Response(whole, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-cache"})


def _tell(request: Request, asked: Asked, made: Answer) -> None:
    """Who harvests what: programs, which say who they are; no address."""
    harvester = line(request.headers.get("user-agent", ""))[:NAME_CHARACTERS]
    about = {"verb": asked.verb, "format": asked.arguments.get("metadataPrefix", "")}
    log.info("harvested", extra={**about, "records": made.records, "harvester": harvester})
