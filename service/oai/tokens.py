"""Resumption tokens: everything about a list and where it goes on, signed. Nothing is kept, nothing expires.

A token is letters, digits, `-` and `_` only, because some harvesters send it
back without encoding it. The signature keeps out tokens that were cut off,
mistyped or made up; who could sign would get nothing that others cannot ask for.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass

from service.library.federate import Place
from service.model import Window
from service.oai.errors import Refused

MAC_BYTES = 16
_SHAPE = re.compile(r"[A-Za-z0-9_-]{24,2000}")
_BETWEEN = "|"
"""In no verb, prefix, spec, date, id or number."""
# Of the meaning of the fields; a token of another version is none of ours.
_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a token says. In a list of sets the place's id is a spec."""

    verb: str
    prefix: str
    window: Window
    place: Place


def issue(secret: bytes, resumed: Resumed) -> str:
    """The token of a place in a list."""
    window, place = resumed.window, resumed.place
    fields = (_VERSION, resumed.verb, resumed.prefix, window.set, window.since, window.until)
    where = (place.datestamp, place.id, str(place.cursor), str(place.total))
    said = _BETWEEN.join((*fields, *where)).encode()
    return base64.urlsafe_b64encode(_mac(secret, said) + said).rstrip(b"=").decode()


def read(secret: bytes, token: str, verb: str) -> Resumed:
    """Raises: Refused: badResumptionToken: not one that was given out for this verb."""
    wrong = Refused("badResumptionToken", "oai-bad-token")
    if not _SHAPE.fullmatch(token):
        raise wrong
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except binascii.Error as error:
        raise wrong from error
    # The last character of a token may say more than its bytes: only the one spelling counts.
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != token:
        raise wrong
    mac, said = data[:MAC_BYTES], data[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret, said)):
        raise wrong
    fields = said.decode().split(_BETWEEN)
    if len(fields) != 10 or fields[0] != _VERSION or fields[1] != verb:
        raise wrong
    _, _, prefix, spec, since, until, datestamp, id, cursor, total = fields
    return Resumed(verb, prefix, Window(since, until, spec), Place(datestamp, id, int(cursor), int(total)))


def _mac(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, said, hashlib.sha256)[:MAC_BYTES]
