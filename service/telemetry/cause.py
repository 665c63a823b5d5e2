"""The id of what causes something: made at the door, in every log line, kept with the jobs that follow from it.

It lives in a context variable, so that no signature on the way has to carry
it: threads that answer a request have a copy of the request's context.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CAUSE: ContextVar[str] = ContextVar("cause", default="")
# Without i, l, o and u: people read it out to the operator.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def cause() -> str:
    """Id of the request, command or job that is being worked on; empty outside of any."""
    return _CAUSE.get()


def fresh() -> str:
    """Ten characters, 50 random bits: none comes twice within the life of a log."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))


def sane(text: str) -> bool:
    """Whether an id from outside may stand in a log line and a header: 8 to 64 letters, digits, dots, dashes."""
    return bool(_SANE.fullmatch(text))


def begin(identifier: str) -> None:
    """From here on in this context. Never taken back: the server logs an error after the application has ended."""
    _CAUSE.set(identifier)


@contextmanager
def caused_by(identifier: str) -> Iterator[None]:
    """Inside of the block; a worker goes from one job to the next."""
    token = _CAUSE.set(identifier)
    try:
        yield
    finally:
        _CAUSE.reset(token)
