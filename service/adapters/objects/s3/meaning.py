"""What the client library's errors mean to the library. No vendor error leaves the adapter."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import ParseError

from minio.error import MinioException, S3Error, ServerError
from urllib3.exceptions import HTTPError

from service.adapters.objects.keys import PART
from service.errors import LibraryError, ObjectMissing, StorageFull, Unavailable
from service.telemetry.spell import Spell

log = logging.getLogger(__name__)
AWAY = Spell(log, "objects-away")
"""Told once for all threads of a process; over at the first answer (`client`)."""

MISSING = frozenset(("NoSuchKey", "NoSuchVersion", "NoSuchObject"))
# MinIO, Ceph and Wasabi in this order; AWS knows no full bucket. RFC 4918, 11.5: HTTP 507.
FULL = frozenset(("XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "InsufficientStorage"))
HTTP_FULL = 507


@contextmanager
def translated(key: str = "") -> Iterator[None]:
    """Around calls of the client library. With a key: of an object that has to be there."""
    try:
        yield
    except (MinioException, HTTPError) as error:
        raise meaning(error, key) from error
    except ParseError as error:
        # Something between us and the store answers in its place, with a page.
        raise Unavailable(part=PART) from error


def meaning(error: MinioException | HTTPError, key: str = "") -> LibraryError:
    """Of an error at run time; what is wrong with the settings was said at the start (`beginning`)."""
    if isinstance(error, S3Error):
        if error.code in MISSING and key:
            return ObjectMissing(key=key)
        if error.code in FULL or error.response.status == HTTP_FULL:
            return StorageFull(part=PART)
    if isinstance(error, ServerError) and error.status_code == HTTP_FULL:
        return StorageFull(part=PART)
    # The code only: messages of stores carry names of keys and hosts.
    AWAY.tell(reason=getattr(error, "code", None) or type(error).__name__)
    return Unavailable(part=PART)
