"""Kinds of files as a school speaks of them, from media types."""

from collections.abc import Sequence
from typing import Literal, get_args

from ingest.sniff import ARCHIVES, UNKNOWN

Kind = Literal[
    "slides", "texts", "sheets", "pdf", "books", "web", "packages", "video", "audio", "captions", "pictures",
    "archives", "programs", "locked", "others",
]  # fmt: skip
KINDS: Sequence[Kind] = get_args(Kind)
"""In the order of a report."""

NOT_LEARNING: frozenset[Kind] = frozenset({"programs"})
"""Kinds of which the library reads nothing and which nobody looks for in it."""

_EXACT: dict[str, Kind] = {
    "application/pdf": "pdf",
    "application/epub+zip": "books",
    "application/msword": "texts",
    "application/rtf": "texts",
    "application/vnd.wordperfect": "texts",
    "application/vnd.ms-powerpoint": "slides",
    "application/vnd.ms-excel": "sheets",
    "application/x-ole-encrypted": "locked",
    "application/x-subrip": "captions",
    "application/ttml+xml": "captions",
    "text/vtt": "captions",
    "text/x-ssa": "captions",
    "text/html": "web",
    "application/xhtml+xml": "web",
    "text/csv": "sheets",
    "application/vnd.microsoft.portable-executable": "programs",
    "application/x-executable": "programs",
    "application/x-ms-shortcut": "programs",
    "application/gzip": "archives",
    "application/x-bzip2": "archives",
    "application/x-xz": "archives",
    "application/x-tar": "archives",
    UNKNOWN: "others",
    **dict.fromkeys(ARCHIVES, "archives"),
}
# In this order: the first that stands in a media type says what it is.
_PARTS: Sequence[tuple[str, Kind]] = (
    ("presentationml", "slides"),
    ("opendocument.presentation", "slides"),
    ("spreadsheetml", "sheets"),
    ("opendocument.spreadsheet", "sheets"),
    ("wordprocessingml", "texts"),
    ("opendocument.text", "texts"),
    ("ms-powerpoint", "slides"),
    ("ms-excel", "sheets"),
    ("ms-word", "texts"),
    ("shockwave", "packages"),
    ("scorm", "packages"),
    ("imscc", "packages"),
    ("imscp", "packages"),
    ("h5p", "packages"),
    ("geogebra", "packages"),
    ("exelearning", "packages"),
    ("moodle", "packages"),
    ("html5-simulation", "packages"),
    ("x-qti", "packages"),
    ("x-gift", "packages"),
    ("x-aiken", "packages"),
    ("sun.xml.impress", "slides"),
    ("sun.xml.calc", "sheets"),
    ("sun.xml.writer", "texts"),
)
_FAMILIES: dict[str, Kind] = {"image": "pictures", "video": "video", "audio": "audio", "text": "texts"}


def kind_of(media_type: str) -> Kind:
    """`others` where nothing fits."""
    if media_type in _EXACT:
        return _EXACT[media_type]
    for part, kind in _PARTS:
        if part in media_type:
            return kind
    return _FAMILIES.get(media_type.partition("/")[0], "others")
