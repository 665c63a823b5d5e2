"""Names of zip members: what their bytes mean, and which of them lead out of a folder.

Only a flag says that a name is UTF-8, and many programs leave it out: macOS
writes UTF-8 without it, an old Windows in Vietnam its code page 1258. A reader
who takes them for code page 437 as the standard says shows `Toßn`, not `Toán`.
"""

import re
import struct
import unicodedata
import zipfile
import zlib

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_DRIVE = re.compile(r"[A-Za-z]:")
# In code page 1258 the letters and tone marks of Vietnamese stand here; in 437 these are frames and Greek.
_VIETNAMESE_BYTES = range(0xC0, 0x100)


def stored_bytes(info: zipfile.ZipInfo) -> bytes:
    """A member's name as it stands in the directory."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_FLAG else "cp437")


def decoded(info: zipfile.ZipInfo) -> str:
    """A member's name as people gave it, as far as its bytes can tell."""
    if info.flag_bits & _UTF8_FLAG or info.orig_filename.isascii():
        return info.orig_filename
    raw = stored_bytes(info)
    return _unicode_path(info.extra, raw) or meant(raw)


def meant(raw: bytes) -> str:
    """A name without a word on its encoding: UTF-8 where it is valid, else Vietnamese Windows, else code page 437.

    TCVN3 and VNI are no encodings of names: Windows stores what was typed in them as Latin letters.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if all(byte < 0x80 or byte in _VIETNAMESE_BYTES for byte in raw):
        # It stores tones as marks of their own.
        return unicodedata.normalize("NFC", raw.decode("cp1258", "replace"))
    return raw.decode("cp437")


def leads_out(name: str) -> bool:
    """Whether a name is absolute, climbs, or is read differently by different systems."""
    return (
        name.startswith("/")
        or "\\" in name
        or "\0" in name
        or _DRIVE.match(name) is not None
        or ".." in name.split("/")
    )


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the Info-ZIP Unicode Path field (WinRAR, 7-Zip), if it belongs to these bytes. APPNOTE 4.6.9."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        field = extra[place + 4 : place + 4 + length]
        if kind == _UNICODE_PATH and len(field) > 5 and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(raw):
            return field[5:].decode("utf-8", "replace")
        place += 4 + length
    return None
