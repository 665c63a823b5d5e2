"""Thumbnails for programs that do not show WebP: as JPEG, and how large they are."""

import io
import logging

log = logging.getLogger(__name__)

QUALITY = 82
# What stands there where a stored thumbnail cannot be read: a picture all the same, so that nobody shows a broken one.
BLANK = (320, 200)
GROUND = (225, 241, 238)


def size_of(picture: bytes) -> tuple[int, int]:
    """Pixels of a stored thumbnail, that of its JPEG; only its head is read."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture)) as opened:
            return opened.size
    except UnidentifiedImageError:
        return BLANK


def jpeg(picture: bytes) -> bytes:
    """A stored thumbnail as JPEG of the same size, what is transparent on white."""
    from PIL import Image, UnidentifiedImageError

    try:
        # Bytes that our own sandbox has drawn, not what somebody handed in.
        with Image.open(io.BytesIO(picture)) as opened:
            drawn = opened.convert("RGBA")
        shown = Image.new("RGB", drawn.size, (255, 255, 255))
        shown.paste(drawn, mask=drawn.getchannel("A"))
    except UnidentifiedImageError:
        log.warning("thumbnail-unreadable")
        shown = Image.new("RGB", BLANK, GROUND)
    packed = io.BytesIO()
    shown.save(packed, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return packed.getvalue()
