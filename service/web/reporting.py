"""`/resources/{id}/report`: say what is wrong with a resource. Works without JavaScript, asks nobody who they are."""

from typing import Any
from urllib.parse import parse_qs

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.errors import Invalid, NotAllowed
from service.http.door import Door
from service.http.parameters import flag, identifier, plain
from service.http.principal import principal_of
from service.library import look, reports
from service.web.landing import moved, title_of
from service.web.rendering import Page

# A thousand letters with their percent signs, and the reason.
MOST_BYTES = 12_000


def form(page: Page) -> Response:
    """What to choose from; after a report has been taken (`sent=1`): that it was."""
    asked = identifier(page.request.path_params["id"])
    view = look.resource(page.door.services, principal_of(page.request), asked)
    if view.resource.id != asked:
        return moved(page, asked, view.resource.id)
    return page.render(
        "report.html",
        view=view,
        title=title_of(view.revision),
        reasons=reports.REASONS,
        most=reports.MOST_CHARACTERS,
        sent=flag(page.request, "sent"),
    )


async def take(door: Door, language: str, request: Request) -> Response:
    """A form that was sent. A form of another site is refused: nobody reports by looking at a page."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed
    body = b""
    async for block in request.stream():
        body += block
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    return await to_thread.run_sync(_taken, Page(request, door, language), body)


def _taken(page: Page, body: bytes) -> Response:
    asked = identifier(page.request.path_params["id"])
    said = _said(body)
    page.door.limits.spend(page.request, "report")
    reports.report(page.door.services, principal_of(page.request), asked, reason=said("reason"), text=said("text"))
    return RedirectResponse(f"{page.links.report(asked)}?sent=1", 303, headers={"Cache-Control": "no-store"})


def _said(body: bytes) -> Any:
    """Raises: Invalid: no form."""
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10, errors="replace")
    except ValueError as error:
        raise Invalid(field="form", value="") from error
    return lambda name: plain(fields.get(name, [""])[-1])
