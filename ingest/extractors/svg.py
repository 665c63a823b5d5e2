"""SVG drawings: their texts as one passage, title and description as metadata, the size they are drawn at."""

from ingest.document import Bundle, Document, Extent, Locator, Value
from ingest.errors import BrokenFile, TooExpensive
from ingest.formats import xmp
from ingest.formats.images import svg
from ingest.formats.passages import tidy_passage
from ingest.formats.words import tidy

VERSION = "1"
MEDIA_TYPES = {"image/svg+xml": 100}


def extract(bundle: Bundle) -> Document:
    """Read one drawing. Raises: BrokenFile: no sound SVG, or one that declares entities; TooExpensive."""
    if bundle.main.stat().st_size > svg.MAX_BYTES:
        raise TooExpensive(limit="size")
    root = svg.parse(bundle.main.read_bytes())
    text = "\n".join(filter(None, map(tidy, svg.texts(root))))
    passages = (tidy_passage(Locator("page", 1), text),) if text else ()
    told = (Value("title", svg.own(root, "title"), "svg"), Value("description", svg.own(root, "desc"), "svg"))
    width, height = svg.size(root) or (None, None)
    return Document(
        media_type="image/svg+xml",
        metadata=(*(value for value in told if value.value), *_packet(svg.packet(root))),
        language=passages[0].language if passages else None,
        passages=passages,
        extent=Extent(width_pixels=width, height_pixels=height),
    )


def _packet(packet: bytes) -> list[Value]:
    try:
        return xmp.read(packet.decode("utf-8", "replace"))
    except BrokenFile:
        # It was sound as a part of the drawing; alone it lacks a namespace, which is not worth a word.
        return []
