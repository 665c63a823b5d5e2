"""How feeds are sent: with validators, to be kept by proxies, to programs of any origin.

Nothing in them is anybody's own, so a proxy may keep them for all. They are
kept for a minute, so that a withdrawal is seen soon.
"""

import datetime
import hashlib
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

from service.http.files import not_modified

KEPT = "public, max-age=60"
KEPT_LONG = "public, max-age=3600"
OPEN = {
    # Reading programs that run in a browser ask from an origin of their own, without cookies.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
# RFC 9110, 8.8.2.2: within the second of its date a document may change again, and a change whose transaction waits
# for another one becomes visible some seconds after its date.
_SETTLED = datetime.timedelta(seconds=60)


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


def validators(tag: str, changed: datetime.datetime | None) -> dict[str, str]:
    """ETag, and Last-Modified where the date says enough."""
    headers = {"ETag": tag}
    if changed and datetime.datetime.now(datetime.UTC) - changed >= _SETTLED:
        headers["Last-Modified"] = format_datetime(changed.astimezone(datetime.UTC), usegmt=True)
    return headers


def unchanged(request: Request, tag: str, changed: datetime.datetime | None) -> bool:
    """Whether who asks has it already (RFC 9110, 13.2.2: a tag counts before a date)."""
    if "if-none-match" in request.headers:
        return not_modified(request, tag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    if changed is None:
        return False
    # A date without a zone is one of HTTP's old forms, which all mean UTC.
    since = since if since.tzinfo else since.replace(tzinfo=datetime.UTC)
    return changed.replace(microsecond=0) <= since
