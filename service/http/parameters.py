"""Read what a URL says, whatever somebody put into it.

Query strings come from people, links cut in half and scanners. Text loses its
control characters, numbers have bounds, and what cannot be used is `Invalid`
with its name and value, so that every door answers 4xx with a sentence.
"""

import re
import unicodedata

from starlette.requests import Request

from ingest.document import Locator, LocatorKind
from service.errors import Invalid, NotFound

# Ids are 12 characters of Crockford base32; retired ids may be of another kind, so only the alphabet is asked for.
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,63}", re.ASCII)
# How much of a value that cannot be used is said back.
SHOWN_CHARACTERS = 60
_LARGEST = 10**9

LOCATORS: dict[str, LocatorKind] = {
    "page": "page",
    "slide": "slide",
    "t": "second",
    "section": "section",
    "sheet": "sheet",
    "item": "item",
    "question": "question",
}
"""Query parameter of the reader -> locator kind, in the order they are looked for."""


def plain(text: str) -> str:
    """NFC without control characters, lone surrogates and formatting (zero width, bidi); spaces made single."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Cf", "Zl", "Zp") else c for c in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def text(request: Request, name: str) -> str:
    """The last value of a parameter, plain; empty where there is none."""
    values = request.query_params.getlist(name)
    return plain(values[-1]) if values else ""


def texts(request: Request, name: str) -> tuple[str, ...]:
    """All values of a repeatable parameter, each once, in order, without empty ones."""
    return tuple(dict.fromkeys(filter(None, (plain(value) for value in request.query_params.getlist(name)))))


def number(request: Request, name: str, default: int | None = None, *, least: int = 1) -> int | None:
    """A whole number. Raises: Invalid: not one, or out of bounds."""
    value = text(request, name)
    return whole(name, value, least=least) if value else default


def whole(name: str, value: str, *, least: int = 1) -> int:
    """Digits as a number in [least, 10^9]. Raises: Invalid."""
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and least <= int(value) <= _LARGEST):
        raise Invalid(field=name, value=value[:SHOWN_CHARACTERS])
    return int(value)


def flag(request: Request, name: str) -> bool:
    """0 or 1. Raises: Invalid: something else."""
    value = text(request, name)
    if value not in ("", "0", "1"):
        raise Invalid(field=name, value=value[:SHOWN_CHARACTERS])
    return value == "1"


def identifier(value: str) -> str:
    """An id that may exist. Raises: NotFound: it cannot, and no part behind has to look at it."""
    if not _ID.fullmatch(value):
        raise NotFound
    return value


def counted(value: str) -> int:
    """A number in a path. Raises: NotFound: not one, so there is no such page."""
    try:
        return whole("path", value)
    except Invalid as error:
        raise NotFound from error


def within(name: str, value: str, least: int, most: int) -> int:
    """Digits as a number, the nearest bound where it is beyond one. Raises: Invalid: no digits."""
    if not (value.isascii() and value.isdigit()):
        raise Invalid(field=name, value=value[:SHOWN_CHARACTERS])
    # Any more digits are beyond every bound, and a number of thousands is slow to read.
    digits = value.lstrip("0") or "0"
    return most if len(digits) > len(str(_LARGEST)) else max(least, min(int(digits), most))


def locator(request: Request, *, anything: bool = False) -> Locator | None:
    """The place a reader's URL names. anything: a number may be one that no place has. Raises: Invalid."""
    for name, kind in LOCATORS.items():
        value = text(request, name)
        if value and kind == "item":
            return Locator(kind, value)
        if value and anything:
            return Locator(kind, within(name, value, 0, _LARGEST))
        if value:
            return Locator(kind, whole(name, value, least=0 if kind == "second" else 1))
    return None
