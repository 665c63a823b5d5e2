"""The XML around an answer, and the small elements inside. Text that comes from outside passes `plain`.

What is kept of a record is bytes and goes out as it is: a page is a megabyte,
and making it text and bytes again took as long as reading it. Its pieces are
joined once, since each copy of a megabyte costs the memory that it fills.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape

from service.crosswalks import XML_PROLOG, line, plain
from service.library.rendering import ABOUT, PUBLIC
from service.model import Harvested

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
_OPEN = (
    f'<OAI-PMH xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{NAMESPACE} {NAMESPACE}OAI-PMH.xsd">'
)
_ABOUT, _PUBLIC = ABOUT.encode(), PUBLIC.encode()
# What the schema's anyURI takes of an identifier that somebody made up; another one is not said back.
# No character is in two of the alternatives: it would be tried in both, and a long one would never end.
_URI = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*:(?!//))?(?:[A-Za-z0-9_.~!$&'()*+,;=@/?\"<>{}|\\^`-]|[^\x00-\x7f\s]|%[0-9A-Fa-f]{2})"
    r"(?:[A-Za-z0-9_.~!$&'()*+,;=@/?:\"<>{}|\\^`-]|[^\x00-\x7f\s]|%[0-9A-Fa-f]{2})*",
)


def envelope(base_url: str, at: str, request: Mapping[str, str], inside: Iterable[bytes]) -> bytes:
    """A whole answer. at: its date. request: arguments to be said back, `verb` among them; empty after a bad one."""
    said = {name: value for name, value in request.items() if name != "identifier" or _may_be_said(value)}
    attributes = "".join(f' {name}="{escape(line(value))}"' for name, value in said.items())
    begun = f"{XML_PROLOG}{_OPEN}<responseDate>{at}</responseDate><request{attributes}>{escape(base_url)}</request>"
    return b"".join((begun.encode(), *inside, b"</OAI-PMH>"))


def _may_be_said(identifier: str) -> bool:
    if not _URI.fullmatch(identifier) or identifier.startswith("//"):
        return False
    # Without a scheme no colon may stand in the first segment (RFC 3986, 4.2).
    head = re.split(r"[/?]", identifier, maxsplit=1)[0]
    return ":" not in head or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", identifier) is not None


def error(code: str, said: str) -> bytes:
    return f'<error code="{code}">{escape(plain(said), quote=False)}</error>'.encode()


def header(repository: str, one: Harvested) -> str:
    status = ' status="deleted"' if one.deleted else ""
    # A spec has no character that XML would have to hide.
    sets = f"<setSpec>{one.sets.replace(' ', '</setSpec><setSpec>')}</setSpec>" if one.sets else ""
    return (
        f"<header{status}><identifier>oai:{repository}:{one.id}</identifier>"
        f"<datestamp>{one.datestamp}</datestamp>{sets}</header>"
    )


def records(repository: str, found: Iterable[Harvested], public_url: str) -> list[bytes]:
    """What is sent of records, in pieces: headers, metadata with the library's addresses, what is said about them."""
    address = escape(public_url).encode()
    pieces: list[bytes] = []
    for one in found:
        head = header(repository, one)
        if one.xml is None:
            pieces.append(f"<record>{head}</record>".encode())
            continue
        metadata, _, about = one.xml.replace(_PUBLIC, address).partition(_ABOUT)
        pieces += (f"<record>{head}<metadata>".encode(), metadata)
        pieces += (b"</metadata><about>", about, b"</about></record>") if about else (b"</metadata></record>",)
    return pieces


def resumption(token: str, *, cursor: int, total: int) -> str:
    """token: empty on the last page."""
    return f'<resumptionToken completeListSize="{total}" cursor="{cursor}">{token}</resumptionToken>'
