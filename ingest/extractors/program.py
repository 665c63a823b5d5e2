"""Flash films and programs: kept and downloadable, never run, and whoever has them is told so."""

from ingest.document import Bundle, Document, Warning

VERSION = "1"

_FLASH = "application/x-shockwave-flash"
_WINDOWS = "application/vnd.microsoft.portable-executable"
MEDIA_TYPES = {_FLASH: 100, _WINDOWS: 100, "application/x-executable": 100}


def extract(bundle: Bundle) -> Document:
    """Say what the file is; nothing of it is read."""
    with bundle.main.open("rb") as source:
        head = source.read(4)
    if head[1:3] == b"WS":
        return Document(_FLASH, warnings=(Warning("flash-not-run"),))
    kind = _WINDOWS if head.startswith(b"MZ") else "application/x-executable"
    return Document(kind, warnings=(Warning("program-not-run"),))
