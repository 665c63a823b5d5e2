"""The name under which a file is saved: Content-Disposition (RFC 6266, names as RFC 8187)."""

import unicodedata
from urllib.parse import quote

_UNSAFE = set('"\\/:*?<>|%;')
_LONGEST = 150
# attr-char of RFC 8187, 3.2.1: everything else is percent-encoded.
_ATTR_CHARACTERS = "!#$&+-.^_`|~"


def content_disposition(kind: str, name: str) -> str:
    """`kind` is inline or attachment. An ASCII name for old clients, the true one for the rest."""
    name = clean(name)
    fallback = ascii_name(name)
    header = f'{kind}; filename="{fallback}"'
    return header if fallback == name else f"{header}; filename*=UTF-8''{quote(name, safe=_ATTR_CHARACTERS)}"


def clean(name: str) -> str:
    """NFC without line ends, control characters, bidi and zero-width marks, path separators; never empty."""
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) not in _INVISIBLE)
    name = name.replace("/", "_").replace("\\", "_").strip(" .") or "tep"
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else name[:_LONGEST]


_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def ascii_name(name: str) -> str:
    """Without accents, đ as d, anything else not plain ASCII as `_`."""
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(c for c in letters if not unicodedata.combining(c))
    return "".join(c if c.isascii() and c.isprintable() and c not in _UNSAFE else "_" for c in kept)
