"""How large a picture inside a document is, by its first bytes, without drawing it."""

import io
import warnings

HEAD_BYTES = 65_536
"""The size stands behind colour profiles and EXIF, which are rarely larger."""
SMALLEST_PIXELS = 32
"""Bullets, rules and logos are no pictures to speak of."""


def pixels(head: bytes) -> tuple[int, int] | None:
    """Width and height, or None where the bytes do not say (vector pictures, damage) or it is a mere ornament."""
    import PIL.Image

    try:
        with warnings.catch_warnings(action="ignore"), PIL.Image.open(io.BytesIO(head)) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, PIL.Image.DecompressionBombError):
        return None
    return (width, height) if min(width, height) >= SMALLEST_PIXELS else None
