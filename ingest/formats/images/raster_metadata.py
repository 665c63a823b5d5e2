"""What a picture says of itself: EXIF, IPTC, XMP, PNG's texts, comments. Where it was taken is never read.

Source: Exif 2.32 (CIPA DC-008), IPTC IIM 4.2, PNG 11.3.4.
"""

from collections.abc import Iterator
from typing import Any

from ingest.document import Value, Warning
from ingest.errors import BrokenFile
from ingest.formats import xmp
from ingest.formats.dates import date_of
from ingest.formats.images import raster

GPS = 0x8825
"""The directory of EXIF that holds the position; whether it is there is all that is asked."""

_EXIF_DIRECTORY = 0x8769
_EXIF = (
    (0x010E, "description"), (0x013B, "creator"), (0x8298, "rights"),
    (0x9C9B, "title"), (0x9C9C, "description"), (0x9C9D, "creator"), (0x9C9E, "keyword"), (0x9C9F, "description"),
    (0x9003, "created"), (0x9004, "created"), (0x0132, "created"),
)  # fmt: skip
# Windows writes its own tags in UTF-16.
_WINDOWS = range(0x9C9B, 0x9CA0)
_IPTC = (
    ((2, 5), "title"), ((2, 120), "description"), ((2, 80), "creator"), ((2, 25), "keyword"), ((2, 116), "rights"),
    ((2, 55), "created"),
)  # fmt: skip
_PNG = (
    ("Title", "title"), ("Author", "creator"), ("Description", "description"), ("Comment", "description"),
    ("Copyright", "rights"), ("Creation Time", "created"),
)  # fmt: skip
# What cameras and programs write there by themselves.
_NOTHING = (
    "olympus digital camera",
    "sony dsc",
    "samsung",
    "default",
    "dcim",
    "created with",
    "file written by",
    "cs5",
)
_LONGEST = 10_000


def read(image: Any) -> tuple[list[Value], list[Warning]]:
    """All values of an opened Pillow image, and what its owner should know."""
    warnings: list[Warning] = []
    values: list[Value] = []
    exif = raster.exif(image)
    try:
        values += xmp.read(_packet(image))
    except BrokenFile:
        warnings.append(Warning("broken-metadata"))
    values += [*_iptc(image), *_exif(exif), *_texts(image)]
    if GPS in exif:
        warnings.append(Warning("holds-position"))
    return [value for value in values if _says_something(value)], warnings


def _packet(image: Any) -> str:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return packet.decode("utf-8", "replace") if isinstance(packet, bytes) else str(packet)


def _exif(exif: Any) -> Iterator[Value]:
    inner = exif.get_ifd(_EXIF_DIRECTORY)
    for tag, field in _EXIF:
        found = exif.get(tag, inner.get(tag))
        if isinstance(found, tuple) and tag in _WINDOWS:
            found = bytes(part & 0xFF for part in found if isinstance(part, int))
        if isinstance(found, bytes):
            found = found.decode("utf-16-le" if tag in _WINDOWS else "utf-8", "replace")
        if isinstance(found, str):
            # Pillow reads ASCII tags as Latin-1; most programs write UTF-8 there.
            yield _value(field, found if tag in _WINDOWS else _mended(found), "exif")


def _mended(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _iptc(image: Any) -> Iterator[Value]:
    from PIL import IptcImagePlugin

    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}
    except (SyntaxError, ValueError, KeyError, IndexError, OSError, TypeError):
        # A damaged block of a photo program harms nothing else.
        return
    for key, field in _IPTC:
        parts = found.get(key, ())
        for part in [parts] if isinstance(parts, bytes) else parts:
            try:
                yield _value(field, part.decode("utf-8"), "iptc")
            except UnicodeDecodeError:
                yield _value(field, part.decode("cp1252", "replace"), "iptc")


def _texts(image: Any) -> Iterator[Value]:
    for key, field in _PNG:
        if isinstance(text := image.info.get(key), str):
            yield _value(field, str(text), "png")
    # In JPEG 2000 it names the encoder.
    comment = None if image.format == "JPEG2000" else image.info.get("comment")
    if isinstance(comment, bytes):
        comment = comment.decode("utf-8", "replace")
    if isinstance(comment, str):
        yield _value("description", comment, "comment")


def _value(field: str, text: str, where: str) -> Value:
    text = text.rstrip("\x00").strip()[:_LONGEST]
    return Value(field, date_of(text) if field == "created" else text, where)


def _says_something(value: Value) -> bool:
    return bool(value.value) and not value.value.lower().startswith(_NOTHING)
