"""Bytes as they come from the store, checked on their way.

An object read whole must be what was stored: it has the library's own seal
(`seals.py`) or, where it has none, the SHA-256 that it is named by. The last
block is held back until it has, so that wrong bytes never make a whole answer: one
block is refused before anything of it is seen, a longer stream breaks off
before its end. A range has its length checked; its bytes the store answers for.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterator

from minio import Minio
from minio.error import S3Error
from urllib3 import BaseHTTPResponse

from service.adapters.objects.s3.digests import SEAL, SHA256, Beside
from service.adapters.objects.s3.meaning import translated
from service.adapters.objects.s3.seals import Check, Seals
from service.errors import ObjectDamaged

log = logging.getLogger(__name__)

_BESIDE = "x-amz-meta-"
# Of 64 KiB to 4 MiB the fastest: it is still in the processor's cache when its seal is made.
BLOCK_BYTES = 512 << 10
# Smaller ones are hashed faster than a thread is started.
BESIDE_BYTES = 4 << 20


class Hash:
    """The SHA-256 that an object is named by."""

    def __init__(self, expected: str) -> None:
        self._digest = hashlib.sha256()
        self._expected = expected
        self.update = self._digest.update

    def right(self) -> bool:
        return hmac.compare_digest(self._digest.hexdigest().encode(), self._expected.encode())


class Body(Iterator[bytes]):
    """Blocks of an answer; the connection goes back at the end, or is closed when nobody wants the rest."""

    def __init__(self, response: BaseHTTPResponse, key: str, check: Check | None) -> None:
        """check: of the whole; None: only the length is checked, which urllib3 does."""
        self._response: BaseHTTPResponse | None = response
        self._key = key
        self._check = check
        long = int(response.headers.get("content-length", "0")) > BESIDE_BYTES
        # A seal takes less than handing blocks over.
        self._beside = Beside(check.update) if isinstance(check, Hash) and long else None
        try:
            # Its first block is read before anybody promises an answer.
            self._ahead = self._read()
        except BaseException:
            self.close()
            raise

    def __next__(self) -> bytes:
        block = self._ahead
        if not block:
            raise StopIteration
        self._ahead = b""
        try:
            self._ahead = self._read()
        except BaseException:
            self.close()
            raise
        return block

    def _read(self) -> bytes:
        if self._response is None:
            return b""
        with translated(self._key):
            block: bytes = self._response.read(BLOCK_BYTES)
        if not block:
            self._finish()
        elif self._beside:
            self._beside.feed(block)
        elif self._check:
            self._check.update(block)
        return block

    def _finish(self) -> None:
        if self._beside:
            self._beside.end()
            self._beside = None
        if self._check and not self._check.right():
            log.error("object-damaged", extra={"key": self._key})
            raise ObjectDamaged(key=self._key)
        self.close()

    def close(self) -> None:
        response, self._response = self._response, None
        if self._beside:
            self._beside.end()
            self._beside = None
        if response is not None:
            response.close()
            response.release_conn()

    def __del__(self) -> None:
        if getattr(self, "_response", None) is not None:
            self.close()


def body(
    client: Minio,
    bucket: str,
    key: str,
    expected: str,
    *,
    start: int = 0,
    length: int | None = None,
    seals: Seals | None = None,
) -> Iterator[bytes]:
    """Bytes [start, start + length), cut at the end of the object. Raises: ObjectMissing; Unavailable.

    expected: SHA-256 that the key itself tells; empty: the one that was stored beside the object.
    seals: without them only the hash counts.
    """
    if length == 0:
        with translated(key):
            client.stat_object(bucket, key)
        return iter(())
    try:
        with translated(key):
            response = client.get_object(bucket, key, offset=start, length=length or 0)
    except Exception as error:
        cause = error.__cause__
        # A range that begins at or after the end, of an object that is there (RFC 9110, 15.5.17).
        if isinstance(cause, S3Error) and (cause.code == "InvalidRange" or cause.response.status == 416):
            return iter(())
        raise
    return Body(response, key, _check(response, expected, seals) if _is_whole(response) else None)


def _check(response: BaseHTTPResponse, expected: str, seals: Seals | None) -> Check | None:
    # What tells its hash by itself alone: a seal beside a hash that stands beside the object too would prove nothing.
    if expected and seals and (sealed := seals.check(response.headers.get(_BESIDE + SEAL, ""), expected)):
        return sealed
    expected = expected or response.headers.get(_BESIDE + SHA256, "")
    return Hash(expected) if expected else None


def _is_whole(response: BaseHTTPResponse) -> bool:
    span = response.headers.get("content-range", "")
    if not span:
        return True
    part, _, total = span.removeprefix("bytes ").partition("/")
    first, _, last = part.partition("-")
    return first == "0" and total.isdigit() and last == str(int(total) - 1)
