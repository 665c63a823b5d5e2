"""The XML around an answer, and the small elements inside. Text that comes from outside passes `plain`."""

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
# What the schema's anyURI takes of an identifier that somebody made up; another one is not said back.
_URI = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*:(?!//))?(?:[\w.~!$&'()*+,;=@/?\"<>{}|\\^`-]|[^\x00-\x7f\s]|%[0-9A-Fa-f]{2})"
    r"(?:[\w.~!$&'()*+,;=@/?:\"<>{}|\\^`-]|[^\x00-\x7f\s]|%[0-9A-Fa-f]{2})*",
)


def envelope(base_url: str, at: str, request: Mapping[str, str], inside: str) -> str:
    """A whole answer. at: its date. request: arguments to be said back, `verb` among them; empty after a bad one."""
    said = {name: value for name, value in request.items() if name != "identifier" or _may_be_said(value)}
    attributes = "".join(f' {name}="{escape(line(value))}"' for name, value in said.items())
    return (
        f"{XML_PROLOG}{_OPEN}<responseDate>{at}</responseDate>"
        f"<request{attributes}>{escape(base_url)}</request>{inside}</OAI-PMH>"
    )


def _may_be_said(identifier: str) -> bool:
    if not _URI.fullmatch(identifier) or identifier.startswith("//"):
        return False
    # Without a scheme no colon may stand in the first segment (RFC 3986, 4.2).
    head = re.split(r"[/?]", identifier, maxsplit=1)[0]
    return ":" not in head or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", identifier) is not None


def error(code: str, said: str) -> str:
    return f'<error code="{code}">{escape(plain(said), quote=False)}</error>'


def header(repository: str, one: Harvested) -> str:
    status = ' status="deleted"' if one.deleted else ""
    # A spec has no character that XML would have to hide.
    sets = f"<setSpec>{one.sets.replace(' ', '</setSpec><setSpec>')}</setSpec>" if one.sets else ""
    return (
        f"<header{status}><identifier>oai:{repository}:{one.id}</identifier>"
        f"<datestamp>{one.datestamp}</datestamp>{sets}</header>"
    )


def record(repository: str, one: Harvested) -> str:
    """What is sent of a record; its own addresses still have to be made out (`located`)."""
    if one.xml is None:
        return f"<record>{header(repository, one)}</record>"
    metadata, _, about = one.xml.partition(ABOUT)
    told = f"<about>{about}</about>" if about else ""
    return f"<record>{header(repository, one)}<metadata>{metadata}</metadata>{told}</record>"


def located(records: Iterable[str], public_url: str) -> str:
    """Records with the library's addresses in them."""
    return "".join(records).replace(PUBLIC, escape(public_url))


def resumption(token: str, *, cursor: int, total: int) -> str:
    """token: empty on the last page."""
    return f'<resumptionToken completeListSize="{total}" cursor="{cursor}">{token}</resumptionToken>'
