"""`/about/harvest/inventory.tsv.gz`: the list of all records, packed while it is sent.

It reads every form of every record, so one is made at a time in a process, and
an address has as few of them as of the dearest pages. Whoever has it already
is told so after one look.
"""

import datetime
import hashlib
import threading
import zlib
from collections.abc import Iterator
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from service.errors import TooManyRequests
from service.http.door import Door
from service.http.validators import SETTLED, unchanged, validators
from service.library import inventory

PATH = "/about/harvest/inventory.tsv.gz"
MEDIA_TYPE = "application/gzip"
FORM = "1"
"""Of the lines; a change of it changes every validator."""
BUSY_SECONDS = 60
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class Inventory:
    """One a process. public_url: of the records that are harvested."""

    def __init__(self, door: Door, public_url: str) -> None:
        self._door = door
        self._public_url = public_url
        self._making = threading.Lock()

    def answer(self, request: Request) -> Response:
        """Every record of the library's own that was ever listed (TSV, packed): identifier, datestamp, status, SHA-256
        of each format."""
        self._door.limits.spend(request, "deep")
        state = inventory.state(self._door.services)
        headers = dict(OPEN)
        # Within a moment of a change another one may have the same date, and nothing tells the two lists apart.
        if state.changed is None or datetime.datetime.now(datetime.UTC) - state.changed >= SETTLED:
            settings = self._door.services.settings
            known = (FORM, self._public_url, settings.repository_id, state.records, state.changed)
            tag = f'"{hashlib.sha256(repr(known).encode()).hexdigest()[:32]}"'
            headers.update(validators(tag, state.changed))
            if unchanged(request, tag, state.changed):
                return Response(status_code=304, headers=headers)
        if request.method == "HEAD":
            return StreamingResponse(iter(()), headers=headers, media_type=MEDIA_TYPE)
        pieces = self._packed()
        # Begun before anything is sent: who comes while another one is made is told when to come back.
        begun = chain((next(pieces),), pieces)
        return StreamingResponse(begun, headers=headers, media_type=MEDIA_TYPE)

    def _packed(self) -> Iterator[bytes]:
        """Raises: TooManyRequests: one is being made."""
        if not self._making.acquire(blocking=False):
            raise TooManyRequests(seconds=BUSY_SECONDS)
        try:
            # 31: with gzip's head, whose date is zero: the same bytes for the same records.
            packer = zlib.compressobj(6, zlib.DEFLATED, 31)
            yield packer.compress(b"")
            for piece in inventory.lines(self._door.services, self._public_url):
                if out := packer.compress(piece):
                    yield out
            yield packer.flush()
        finally:
            self._making.release()
