"""A picture for a recording: a frame of the film that is neither black nor blurred, or the cover of the sound.

Films begin with black, a logo, a fade. So some moments are looked at, each by
a jump to the key frame before it, and the one with most to see is taken.
"""

import math
from pathlib import Path

from ingest.errors import BrokenFile, IngestError, NoReader
from ingest.extractors.media import MEDIA_TYPES as _READ
from ingest.formats.images.raster import is_blank
from ingest.formats.media import recording
from ingest.formats.media.recording import Recording, Track
from ingest.illustrate.webp import encoded, zoom
from ingest.tools import ffmpeg

MEDIA_TYPES = tuple(_READ)

# Shares of the length. Early ones first: a lecture's title stands there, a film's end must not be given away.
_MOMENTS = (0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9, 0.03)
# Where no length is known.
_SECONDS = (3.0, 10.0, 30.0)
# Contrast and edges of a slide or a well-lit face; the first moment that has both is good enough.
_CONTRAST_ENOUGH = 40.0
_EDGES_ENOUGH = 400.0


def picture(path: Path, *, media_type: str, page: int, width: int) -> bytes:
    """As `ingest.illustrate.picture`. Raises: NoReader: neither film nor cover, so there is nothing to show."""
    from PIL import Image

    if page != 1:
        raise BrokenFile(page=page)
    found = recording.read(path, measure=False)
    films, covers = found.of("video"), found.of("cover")
    if not films and not covers:
        raise NoReader(media_type=media_type)
    shown = _best(path, found, films[0], width) if films else _still(path, covers[0], width)
    if shown is None:
        raise BrokenFile(part="frames")
    size, pixels = shown
    return encoded(Image.frombytes("RGB", size, pixels))


_Shown = tuple[tuple[int, int], bytes]


def _still(path: Path, track: Track, width: int, at_seconds: float = 0.0) -> _Shown | None:
    factor = min(1.0, zoom(track.width_pixels, track.height_pixels, width))
    size = (max(1, round(track.width_pixels * factor)), max(1, round(track.height_pixels * factor)))
    pixels = ffmpeg.frame(path, stream=track.number, width=size[0], height=size[1], at_seconds=at_seconds)
    return None if pixels is None else (size, pixels)


def _best(path: Path, found: Recording, film: Track, width: int) -> _Shown | None:
    moments = [share * found.seconds for share in _MOMENTS] if found.seconds else list(_SECONDS)
    best: tuple[float, _Shown] | None = None
    for moment in (*moments, 0.0):
        try:
            shown = _still(path, film, width, moment)
        except IngestError:
            # A damaged stretch; another moment may be whole.
            continue
        if shown is None:
            continue
        score = _score(*shown)
        if best is None or score > best[0]:
            best = (score, shown)
        if score >= 1.0:
            break
    return best[1] if best else None


def _score(size: tuple[int, int], pixels: bytes) -> float:
    """How much there is to see: 1 and more is good, 0 is black, flat or nothing but blur."""
    # Pillow, not numpy: its linear algebra would start threads in every child.
    from PIL import Image, ImageFilter, ImageStat

    grey = Image.frombytes("RGB", size, pixels).convert("L")
    if min(size) < 3 or is_blank(grey):
        return 0.0
    # The variance of the Laplacian falls with blur. Source: Pech-Pacheco et al., ICPR 2000.
    edges = ImageStat.Stat(grey.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)))
    return math.sqrt(min(1.0, ImageStat.Stat(grey).stddev[0] / _CONTRAST_ENOUGH) * edges.var[0] / _EDGES_ENOUGH)
