"""Tell what a file is by its bytes and manifests, never from its name alone.

First step of the pipeline, and what deposit calls on its own. The name only
serves to say that it is wrong, and to know litter: files that a folder holds
and nobody means to keep.
"""

import fnmatch
import re
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from ingest.document import Warning
from ingest.formats import beginnings, magic, ole, packages
from ingest.formats.packages import moodle

UNKNOWN = "application/octet-stream"
ARCHIVES = ("application/zip", "application/vnd.rar", "application/x-7z-compressed")
"""Containers that say nothing of their own."""

_HEAD_BYTES = 4096
# Licences in comments and the declarations of a document type may stand before a root.
_MARKUP_BYTES = 64 * 1024
# PDF allows rubbish before its header, in the first 1,024 bytes (ISO 32000-1, Annex H.3.4.1).
_PDF_WITHIN = 1024
_PLAIN = "text/plain"
# NUL and others do not stand in texts.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")

_LITTER = (
    "thumbs.db", "ehthumbs.db", "desktop.ini", "autorun.inf", ".ds_store", "~$*", ".~lock.*#", "._*", "*.lnk", "*.url",
    "*.tmp", "*.crdownload", "*.part", "*.msi", "*.bat", "*.cmd", "*.dll", "*.sys", "setup.exe", "*setup*.exe",
    "*install*.exe", "*.cab", "*.torrent", "*.bak", "__macosx",
)  # fmt: skip

_OFFICE = "application/vnd.openxmlformats-officedocument."
# Extensions that each type may carry. Only an extension that clearly belongs elsewhere is worth a warning.
_EXTENSIONS: tuple[tuple[str, str], ...] = (
    ("application/pdf", "pdf ai"),
    ("application/msword", "doc dot wps"),
    ("application/vnd.ms-powerpoint", "ppt pps pot"),
    ("application/vnd.ms-excel", "xls xlt"),
    (_OFFICE + "wordprocessingml", "docx dotx docm dotm"),
    (_OFFICE + "presentationml", "pptx ppsx potx pptm ppsm potm"),
    (_OFFICE + "spreadsheetml", "xlsx xltx xlsm xltm"),
    ("application/rtf", "rtf doc"),
    ("application/epub+zip", "epub"),
    ("application/vnd.oasis.opendocument.text", "odt ott odm"),
    ("application/vnd.oasis.opendocument.presentation", "odp otp"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods ots"),
    ("application/vnd.openxmlformats", ""),
    ("image/png", "png"), ("image/jpeg", "jpg jpeg jpe jfif"), ("image/gif", "gif"), ("image/webp", "webp"),
    ("image/tiff", "tif tiff"), ("image/bmp", "bmp dib"), ("image/svg+xml", "svg"),
    ("image/vnd.adobe.photoshop", "psd"), ("image/jp2", "jp2 j2k jpx"),
    ("video/mp4", "mp4 m4v"), ("video/quicktime", "mov qt mp4"), ("video/webm", "webm"),
    ("video/x-matroska", "mkv mka"),
    ("video/x-msvideo", "avi"), ("video/x-flv", "flv"), ("video/mpeg", "mpg mpeg vob"), ("video/ogg", "ogv ogg"),
    ("audio/mpeg", "mp3 mp2"), ("audio/ogg", "ogg oga opus"), ("audio/flac", "flac"), ("audio/wav", "wav"),
    ("audio/mp4", "m4a m4b mp4"), ("audio/aac", "aac"), ("audio/ac3", "ac3"),
    ("application/x-shockwave-flash", "swf"), ("application/vnd.microsoft.portable-executable", "exe dll com scr"),
    ("application/x-subrip", "srt"), ("text/vtt", "vtt"), ("text/html", "html htm xhtml"),
    ("application/zip", "zip"), ("application/vnd.rar", "rar"), ("application/x-7z-compressed", "7z"),
    ("application/x-h5p", "h5p"), ("application/vnd.moodle.backup", "mbz zip"),
)  # fmt: skip
# A package is a zip to whoever named it, and a macro document looks like its plain sibling.
_ALSO = {"application/x-": "zip", "application/vnd.geogebra": "ggb", "application/x-imscc": "imscc zip"}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is. media_type: `application/octet-stream` where nothing can be told."""

    media_type: str
    warnings: tuple[Warning, ...] = ()


def sniff(path: Path, name: str = "") -> Sniffed:
    """Recognise a file. `name`: what people called it; a wrong extension is a warning, nothing else.

    Raises: OSError: the file cannot be opened.
    """
    with path.open("rb") as source:
        head = source.read(_HEAD_BYTES)
        media_type = _by_bytes(head, source, path)
    extension = PurePath(name).suffix[1:].lower()
    warnings: tuple[Warning, ...] = ()
    if extension and _contradicts(extension, media_type):
        warnings = (Warning("wrong-extension", {"extension": extension, "media_type": media_type}),)
    return Sniffed(media_type, warnings)


def is_litter(name: str) -> bool:
    """Whether a file of this name is no learning resource: system files, locks, shortcuts, installers."""
    base = PurePath(name.replace("\\", "/")).name.casefold()
    return any(fnmatch.fnmatchcase(base, pattern) for pattern in _LITTER)


def _by_bytes(head: bytes, source: BinaryIO, path: Path) -> str:
    # Before PDF, because an archive whose first member is a PDF, stored as it is, has that sign too.
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return packages.media_type(path)
    if b"%PDF-" in head[:_PDF_WITHIN] and not head.startswith(magic.ARCHIVES):
        return "application/pdf"
    if head.startswith(b"\x1f\x8b") and moodle.is_backup(path):
        return "application/vnd.moodle.backup"
    if head.startswith(ole.MAGIC):
        return _ole(ole.stream_names(source))
    for offset, sign, media_type in magic.MAGIC:
        if head.startswith(sign, offset):
            return media_type
    return _container(head) or _text(head, source) or UNKNOWN


def _ole(names: frozenset[str]) -> str:
    for name, media_type in (
        ("EncryptedPackage", "application/x-ole-encrypted"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("PP40", "application/vnd.ms-powerpoint"),
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("Book", "application/vnd.ms-excel"),
    ):
        if name in names:
            return media_type
    return "application/x-ole-storage"


def _container(head: bytes) -> str | None:
    """Formats that need more than a prefix: RIFF, ISO media, EBML, Ogg, MPEG audio, transport streams, BMP."""
    if head.startswith(b"RIFF"):
        return magic.RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return next((media for brand, media in magic.BRANDS if head.startswith(brand, 8)), "video/mp4")
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return "video/quicktime"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in head[:128] else "audio/ogg"
    if head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC"):
        return "audio/aiff"
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "video/mp2t"
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    # Frame sync, a layer, no reserved bit rate or sampling rate. FF FE is the mark of UTF-16, not of layer I.
    if (
        len(head) > 3
        and not head.startswith(b"\xff\xfe")
        and head[0] == 0xFF
        and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)
        and head[2] & 0xF0 != 0xF0
        and head[2] & 0x0C != 0x0C
    ):
        return "audio/mpeg"
    if (
        head.startswith(b"BM")
        and len(head) > 18
        and head[14:18] in (b"\x28\0\0\0", b"\x0c\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    ):
        return "image/bmp"
    return None


def _text(head: bytes, source: BinaryIO) -> str | None:
    text = _decoded(head)
    if text is None or not text.strip():
        return None
    if text.lstrip("\ufeff \t\r\n").startswith(("<?", "<!")):
        source.seek(0)
        text = _decoded(source.read(_MARKUP_BYTES)) or text
    return beginnings.media_type(text) or _PLAIN


def _decoded(head: bytes) -> str | None:
    """The head as text, or None where it is not one. Old Vietnamese encodings decode as Latin-1 here."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if _CONTROLS.search(head):
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The head may end inside a character.
        return head.decode("utf-8", "ignore") if error.start > len(head) - 4 else head.decode("latin-1")


def _contradicts(extension: str, media_type: str) -> bool:
    if media_type in (UNKNOWN, _PLAIN, "application/x-ole-storage", "application/x-ole-encrypted"):
        return False
    if not any(extension in known.split() for _, known in _EXTENSIONS):
        return False
    allowed = next((known for prefix, known in _EXTENSIONS if media_type.startswith(prefix)), "")
    also = next((known for prefix, known in reversed(_ALSO.items()) if media_type.startswith(prefix)), "")
    if media_type.startswith("application/vnd.ms-") and ".macroEnabled" in media_type:
        allowed = "docm dotm pptm ppsm potm xlsm xltm xlsb"
    return extension not in f"{allowed} {also}".split()
