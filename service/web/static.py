"""Styles, scripts and icons, each at an address that carries the hash of its bytes: kept by browsers for ever."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

from service.errors import NotFound
from service.http.files import IMMUTABLE, bytes_response

# One round trip on a slow link costs more than a shared file saves: tokens and look travel together.
SOURCES = {
    "look.css": ("tokens.css", "look.css", "reader.css", "print.css"),
    "embed.css": ("tokens.css", "embed.css"),
    "share.js": ("share.js",),
    "reader.js": ("reader.js",),
    "player.js": ("player.js",),
    "suggest.js": ("suggest.js",),
    "keep.js": ("keep.js",),
    "worker.js": ("worker.js",),
    "icon.svg": ("icon.svg",),
}
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """Bytes as they are sent, and their hash."""

    data: bytes
    digest: str


@cache
def asset(name: str) -> Asset:
    """Raises: KeyError: none of that name."""
    folder = resources.files("service.web").joinpath("static")
    data = b"\n".join(folder.joinpath(part).read_bytes() for part in SOURCES[name])
    return Asset(data, hashlib.sha256(data).hexdigest()[:16])


def tag_of(data: bytes) -> str:
    """An ETag of bytes that are made anew each time."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def address(name: str) -> str:
    """Its path. Raises: KeyError."""
    return f"/static/{asset(name).digest}/{name}"


def icon(request: Request) -> Response:
    """The icon under the name that is asked for unasked; kept for a day, since this address never changes."""
    name = "icon.svg"
    return bytes_response(
        request, asset(name).data, media_type=TYPES["svg"], tag=f'"{asset(name).digest}"', cache="public, max-age=86400"
    )


def serve(request: Request) -> Response:
    """A style, script or icon. An address whose hash is not that of the bytes does not exist."""
    name = request.path_params["name"]
    if name not in SOURCES or asset(name).digest != request.path_params["digest"]:
        raise NotFound
    media_type = TYPES[name.rpartition(".")[2]]
    return bytes_response(
        request, asset(name).data, media_type=media_type, tag=f'"{asset(name).digest}"', cache=IMMUTABLE
    )
