"""`/suggest`: what somebody who is typing may mean, for the script beside the box. Nothing is counted."""

from starlette.responses import JSONResponse, Response

from service.library.suggest import Suggestion, suggest
from service.web.rendering import Page

# A title has so many characters at most that anybody types of it.
MOST_CHARACTERS = 100
# Going back a letter asks the same again.
KEPT = "private, max-age=30"


def suggestions(page: Page) -> Response:
    """Suggestions for what is typed (`q=`), as JSON: text, its language, what it is, and where it leads."""
    page.door.limits.spend(page.request, "suggestion")
    typed = page.query[:MOST_CHARACTERS]
    found = suggest(page.door.services, typed, language=page.language)
    return JSONResponse([_told(page, one) for one in found], headers={"Cache-Control": KEPT})


def _told(page: Page, one: Suggestion) -> dict[str, str]:
    if one.kind == "title" and one.resource:
        url = page.links.resource(one.resource)
    elif one.code:
        url = page.links.search(**{one.kind: one.code})
    else:
        url = page.links.search(q=one.text)
    language = one.language if one.language != page.language else ""
    return {"text": one.text, "lang": language, "kind": page.speech(f"suggestion-{one.kind}"), "url": url}
