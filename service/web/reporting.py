"""`/resources/{id}/report`: say what is wrong with a resource. Works without JavaScript, asks nobody who they are."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.http.door import Door
from service.http.parameters import flag, identifier
from service.http.principal import principal_of
from service.library import look, reports
from service.web import forms
from service.web.landing import moved, title_of
from service.web.rendering import Page

# A thousand letters with their percent signs, and the reason.
MOST_BYTES = 12_000


def form(page: Page) -> Response:
    """What to choose from; after a report has been taken (`sent=1`): that it was."""
    asked = identifier(page.request.path_params["id"])
    page.door.limits.spend(page.request, "page")
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
    """A form that was sent. Raises: NotAllowed: another site's."""
    body = await forms.body_of(request, most_bytes=MOST_BYTES)
    return await to_thread.run_sync(_taken, Page(request, door, language), body)


def _taken(page: Page, body: bytes) -> Response:
    asked = identifier(page.request.path_params["id"])
    fields = forms.fields_of(body, most=10)
    reason, text = (fields.get(name, [""])[-1] for name in ("reason", "text"))
    page.door.limits.spend(page.request, "report")
    reports.report(page.door.services, principal_of(page.request), asked, reason=reason, text=text)
    return RedirectResponse(f"{page.links.report(asked)}?sent=1", 303, headers={"Cache-Control": "no-store"})
