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
    "/search?*resource=",
    "/suggest",
    "/resources/*/report",
    "/resources/*/keep",
    "/resources/*/qr.svg",
    "/opds/*publications?*=*&*=*&*=",
    "/embed/",
)
KEPT = "public, max-age=86400"


def robots(door: Door, request: Request) -> Response:
    """What crawlers are asked to leave alone (pages behind more than two filters …), and where the sitemap is."""
    lines = ["User-agent: *"]
    for language in door.prefixes:
        beginning = door.relative(language).page("")
        lines += [f"Disallow: {beginning}{path}" for path in CLOSED]
    # Outside of every group, with its whole address (sitemaps.org, "Specifying the Sitemap location").
    lines += ["", f"Sitemap: {door.absolute(request).public_url}/sitemap.xml"]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": KEPT})
