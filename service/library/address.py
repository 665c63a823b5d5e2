"""The address in a cell: one of the web, in the form in which it is kept, told and compared.

What people copy from a browser has letters of every script in it; what
schemas and other programs take has not (RFC 3986), so letters are written as
their bytes and hosts as IDNA has them. What a page may not link to (scripts,
files, somebody's password) is no address.
"""

import hashlib
import re
from urllib.parse import quote, urlsplit

from service.crosswalks import is_web

LONGEST = 2_000
"""Characters of an address: more than browsers and other repositories take."""
_PORTS = {"http": 80, "https": 443}
_BARE = re.compile(r"www\.\w", re.IGNORECASE)
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_KEPT = "/%:@!$&'()*+,;=~-._"


def address(text: str) -> str | None:
    """The address that a cell names; None: it is none of the web, or one that nobody should follow."""
    text = text.strip()
    # Browsers leave out tabs and line breaks and read \ as /: what they would make of it is not what stands there.
    if not text or len(text) > LONGEST or not text.isprintable() or any(sign in text for sign in ' \\<>"'):
        return None
    try:
        parts = urlsplit(f"https://{text}" if _BARE.match(text) else text)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        if scheme not in _PORTS or not host or "@" in parts.netloc:
            return None
        name = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return None
    where = name if port in (None, _PORTS[scheme]) else f"{name}:{port}"
    made = f"{scheme}://{where}{_written(parts.path, '') or '/'}"
    made += f"?{_written(parts.query, '?')}" if parts.query else ""
    made += f"#{_written(parts.fragment, '?')}" if parts.fragment else ""
    return made if len(made) <= LONGEST and is_web(made) else None


def digest(made: str) -> str:
    """What addresses are looked up by: SHA-256 of one that `address` made, hex."""
    return hashlib.sha256(made.encode()).hexdigest()


def host(made: str) -> str:
    """Whose address it is, as people read it: without `www.`."""
    return (urlsplit(made).hostname or made).removeprefix("www.")


def _written(part: str, also: str) -> str:
    return quote(_NO_ESCAPE.sub("%25", part), safe=_KEPT + also)
