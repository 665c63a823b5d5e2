"""What a resource looks like where its link is passed on: a QR code to hold a phone to, a card for Zalo and Facebook.

Both are made when they are asked for: a code takes some milliseconds and a
card fewer, and a link is passed on far less often than its page is read.
"""

import io
import logging
from typing import TYPE_CHECKING

import segno
from starlette.responses import Response

from service.http.files import bytes_response
from service.http.parameters import identifier
from service.http.principal import principal_of
from service.library import look
from service.web import static
from service.web.rendering import Page

if TYPE_CHECKING:
    from PIL import Image

log = logging.getLogger(__name__)

# The shape and the least size at which Facebook shows a picture across the whole width of a post.
CARD_WIDTH, CARD_HEIGHT = 600, 315
MOST_BYTES = 100_000
QUALITIES = (82, 70, 55, 40)
GROUND = (225, 241, 238)
INK = (10, 106, 102)
BOOKS = ((222, 60, 42), (276, 90, 42), (330, 40, 48))
"""Of a card without a picture, as in the sign of the library: left edge, top edge and width in pixels."""
SHELF = 250
KEPT = "private, max-age=300"


def code(page: Page) -> Response:
    """The resource's address as a QR code (SVG), for a phone that is held to a screen or a sheet of paper."""
    asked = identifier(page.request.path_params["id"])
    page.door.limits.spend(page.request, "page")
    view = look.resource(page.door.services, principal_of(page.request), asked)
    drawn = io.BytesIO()
    # Level M: a code on a creased sheet is still read.
    made = segno.make(page.absolute.resource(view.resource.id), micro=False, error="m")
    made.save(drawn, kind="svg", xmldecl=False, omitsize=True, light="white", svgclass=None, lineclass=None)
    data = drawn.getvalue()
    return bytes_response(page.request, data, media_type="image/svg+xml", tag=static.tag_of(data), cache=KEPT)


def card(page: Page) -> Response:
    """The picture that messengers show beside a link: a JPEG of at most 100 KB, the thumbnail on a quiet ground.

    Where there is none (yet), some books: a link without a picture is passed over.
    """
    from PIL import Image, UnidentifiedImageError

    asked = identifier(page.request.path_params["id"])
    page.door.limits.spend(page.request, "page")
    small = look.thumbnail(page.door.services, principal_of(page.request), asked)
    ground = Image.new("RGB", (CARD_WIDTH, CARD_HEIGHT), GROUND)
    shown = None
    try:
        # Bytes that our own sandbox has drawn, not what somebody handed in.
        with Image.open(io.BytesIO(small or b"")) as opened:
            shown = opened.convert("RGB")
    except UnidentifiedImageError:
        if small is not None:
            log.warning("thumbnail-unreadable", extra={"resource": asked})
    if shown is None:
        _books(ground)
    else:
        factor = min(CARD_WIDTH / shown.width, CARD_HEIGHT / shown.height)
        shown = shown.resize((max(1, round(shown.width * factor)), max(1, round(shown.height * factor))))
        ground.paste(shown, ((CARD_WIDTH - shown.width) // 2, (CARD_HEIGHT - shown.height) // 2))
    data = b""
    for quality in QUALITIES:
        packed = io.BytesIO()
        ground.save(packed, "JPEG", quality=quality, optimize=True, progressive=True)
        data = packed.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return bytes_response(page.request, data, media_type="image/jpeg", tag=static.tag_of(data), cache=KEPT)


def _books(ground: "Image.Image") -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(ground)
    for left, top, width in BOOKS:
        pen.rectangle((left, top, left + width, SHELF), outline=INK, width=6)
        pen.line((left, SHELF - 40, left + width, SHELF - 40), fill=INK, width=6)
    pen.line((190, SHELF, CARD_WIDTH - 190, SHELF), fill=INK, width=8)
