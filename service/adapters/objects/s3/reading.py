"""Bytes as they come from the store, checked on their way.

An object read whole must have the SHA-256 it was stored with; the last block
is held back until it has, so that wrong bytes never make a whole answer: one
block is refused before anything of it is seen, a longer stream breaks off
before its end. A range has its length checked; its bytes the store answers for.
"""

import hashlib
import logging
from collections.abc import Iterator

from minio import Minio
from minio.error import S3Error
from urllib3 import BaseHTTPResponse

from service.adapters.objects.s3.digests import BLOCK_BYTES, Beside
from service.adapters.objects.s3.meaning import translated
from service.errors import ObjectDamaged

log = logging.getLogger(__name__)

HASH_HEADER = "x-amz-meta-sha256"
# Smaller ones are hashed faster than a thread is started.
BESIDE_BYTES = 4 * BLOCK_BYTES


class Body(Iterator[bytes]):
    """Blocks of an answer; the connection goes back at the end, or is closed when nobody wants the rest."""

    def __init__(self, response: BaseHTTPResponse, key: str, expected: str) -> None:
        """expected: SHA-256 of the whole; empty: only the length is checked, which urllib3 does."""
        self._response: BaseHTTPResponse | None = response
        self._key = key
        self._expected = expected
        self._digest = hashlib.sha256()
        long = int(response.headers.get("content-length", "0")) > BESIDE_BYTES
        self._beside = Beside(self._digest.update) if expected and long else None
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
        elif self._expected:
            self._digest.update(block)
        return block

    def _finish(self) -> None:
        if self._beside:
            self._beside.end()
            self._beside = None
        if self._expected and self._digest.hexdigest() != self._expected:
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
    client: Minio, bucket: str, key: str, expected: str, *, start: int = 0, length: int | None = None
) -> Iterator[bytes]:
    """Bytes [start, start + length), cut at the end of the object. Raises: ObjectMissing; Unavailable.

    expected: SHA-256 that the key itself tells; empty: the one that was stored beside the object.
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
    whole = _is_whole(response)
    return Body(response, key, (expected or response.headers.get(HASH_HEADER, "")) if whole else "")


def _is_whole(response: BaseHTTPResponse) -> bool:
    span = response.headers.get("content-range", "")
    if not span:
        return True
    part, _, total = span.removeprefix("bytes ").partition("/")
    first, _, last = part.partition("-")
    return first == "0" and total.isdigit() and last == str(int(total) - 1)
