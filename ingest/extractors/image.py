"""Pictures made of pixels: size as shown, pages of a TIFF, and what they say of themselves.

Read from the header; decoded once, small, to see whether all of it is there.
"""

from ingest.document import Bundle, Document, Extent, Warning
from ingest.formats.images import raster, raster_metadata

VERSION = "2"
MEDIA_TYPES = dict.fromkeys(
    (
        "image/jpeg", "image/png", "image/webp", "image/tiff", "image/gif", "image/bmp", "image/heic", "image/avif",
        "image/jp2", "image/vnd.adobe.photoshop", "image/vnd.microsoft.icon",
    ),
    100,
)  # fmt: skip


def extract(bundle: Bundle) -> Document:
    """Read one picture. Raises: BrokenFile: no picture, or its header is broken."""
    with raster.opened(bundle.main) as image:
        width, height = raster.size_shown(image)
        values, warnings = raster_metadata.read(image)
        bomb = raster.is_bomb(image, bundle.main.stat().st_size)
        pages = raster.count_pages(image)
    if bomb:
        warnings.append(Warning("picture-too-large", {"width": width, "height": height}))
    elif raster.is_damaged(bundle.main):
        warnings.append(Warning("damaged-picture"))
    return Document(
        media_type="",
        metadata=tuple(values),
        warnings=tuple(warnings),
        extent=Extent(pages=pages if pages > 1 else None, width_pixels=width, height_pixels=height),
    )
