"""What a form has sent: fields of a small body, from a page of our own."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from service.errors import Invalid, NotAllowed
from service.http.parameters import plain


async def body_of(request: Request, *, most_bytes: int) -> bytes:
    """The body. A form of another site is refused: nobody acts by looking at a page.

    Raises: NotAllowed; HTTPException: 413.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed
    body = b""
    async for block in request.stream():
        body += block
        if len(body) > most_bytes:
            raise HTTPException(413)
    return body


def fields_of(body: bytes, *, most: int) -> Mapping[str, list[str]]:
    """All values by field, plain. Raises: Invalid: no form, or one of more than `most` values."""
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=most, errors="replace")
    except ValueError as error:
        raise Invalid(field="form", value="") from error
    return {name: [plain(value) for value in values] for name, values in fields.items()}
