"""Who asks: the one place where a request becomes a principal."""

from starlette.requests import Request

from service.model import PUBLIC, Principal


def principal_of(request: Request) -> Principal:  # noqa: ARG001 - the place where a session will be read
    """Everybody on the network is the public; the operator has the command line."""
    return PUBLIC
