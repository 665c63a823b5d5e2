"""How feeds are sent: with validators, to be kept by proxies, to programs of any origin.

Nothing in them is anybody's own, so a proxy may keep them for all. They are
kept for a minute, so that a withdrawal is seen soon.
"""

import datetime
import hashlib

from starlette.requests import Request
from starlette.responses import Response

from service.http.validators import unchanged, validators

KEPT = "public, max-age=60"
KEPT_LONG = "public, max-age=3600"
OPEN = {
    # Reading programs that run in a browser ask from an origin of their own, without cookies.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def sent(
    request: Request,
    data: bytes,
    *,
    media_type: str,
    cache: str = KEPT,
    changed: datetime.datetime | None = None,
    vary: str = "",
) -> Response:
    """A document, or 304. changed: a moment after which nothing in it changed, where there is one (UTC)."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = validators(tag, changed)
    headers.update({**OPEN, "Cache-Control": cache, **({"Vary": vary} if vary else {})})
    if unchanged(request, tag, changed):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)
