"""`/robots.txt`: crawlers are welcome to resources, and kept from the millions of pages behind many filters.

Patterns count parameters, because a robot's rule knows nothing else: three of
them are a search behind three filters, or one behind two whose words or page
change. What a page of results may be followed to stands on the page itself.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from service.http.door import Door

# RFC 9309: `*` is any run of characters. A rule holds for whatever begins so.
CLOSED = (
    "/search?*=*&*=*&*=",
    "/resources/*/read?*q=",
    "/suggest",
    "/resources/*/report",
    "/resources/*/keep",
    "/resources/*/qr.svg",
)
KEPT = "public, max-age=86400"


def robots(door: Door, _request: Request) -> Response:
    """What crawlers are asked to leave alone: pages behind more than two filters, searches inside one resource."""
    lines = ["User-agent: *"]
    for language in door.prefixes:
        beginning = door.relative(language).page("")
        lines += [f"Disallow: {beginning}{path}" for path in CLOSED]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": KEPT})
