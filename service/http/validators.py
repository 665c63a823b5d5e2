"""Validators of documents that are made when they are asked for: a tag, and a date where it says enough."""

import datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request

from service.http.files import not_modified

# RFC 9110, 8.8.2.2: within the second of its date a document may change again, and a change whose transaction waits
# for another one becomes visible some seconds after its date.
SETTLED = datetime.timedelta(seconds=60)


def validators(tag: str, changed: datetime.datetime | None) -> dict[str, str]:
    """ETag, and Last-Modified where the date says enough."""
    headers = {"ETag": tag}
    if changed and datetime.datetime.now(datetime.UTC) - changed >= SETTLED:
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
