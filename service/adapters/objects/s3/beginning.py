"""At the start: the store answers, takes the keys, holds the bucket, nobody else reads it, and it is this library's.

A HEAD tells a client nothing but a status, so everything is asked by GET.
The mark is an object of the bucket: whoever finds one of another library
stops before two libraries sweep each other's files.
"""

import json
import ssl
from itertools import islice
from xml.etree.ElementTree import ParseError

from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError, ResponseError, SSLError

from service.adapters.objects.s3.address import FORMS, Address
from service.adapters.objects.s3.meaning import MISSING
from service.adapters.objects.s3.reading import body
from service.adapters.objects.s3.writing import send_data
from service.errors import (
    BucketForeign,
    BucketMissing,
    BucketOpen,
    ClockSkewed,
    HoldsBackups,
    KeysRefused,
    NoStoreThere,
    ObjectMissing,
    SettingsError,
    StoreUnreachable,
    Unavailable,
)
from service.ports import PLACES

MARK = ".library"
UNMARKED = "?"


def begin(address: Address, client: Minio, anonymous: Minio, library: str) -> None:
    """Raises: SettingsError: one of its kinds, each naming what to set right; Unavailable: away since a moment ago."""
    try:
        empty = not list(islice(client.list_objects(address.bucket, recursive=True), 1))
        _own(address, client, library, empty=empty)
        if _is_open(address, anonymous):
            raise BucketOpen(bucket=address.bucket, host=address.host, access_key=address.named.access_key)
    except (MinioException, HTTPError) as error:
        raise _meaning(error, address) from error
    except (ParseError, UnicodeDecodeError) as error:
        raise NoStoreThere(host=address.host, url=address.named.url) from error
    except Unavailable as error:
        # Of the adapter's own modules, which have translated it already.
        if isinstance(error.__cause__, MinioException | HTTPError):
            raise _meaning(error.__cause__, address) from error
        raise
    except ValueError as error:
        # The client library's word for a name that no bucket can have.
        raise SettingsError(name=address.named.url, value=address.bucket, allowed=FORMS) from error


def _own(address: Address, client: Minio, library: str, *, empty: bool) -> None:
    """Read the mark; an empty bucket is marked."""
    owner = _owner(address, client)
    if owner is None and empty:
        send_data(client, address.bucket, MARK, json.dumps({"library": library}).encode())
        # Two libraries may have begun at the same moment: the last mark is everybody's.
        owner = _owner(address, client)
    if owner == PLACES != library:
        raise HoldsBackups(place=address.bucket)
    if owner != library:
        raise BucketForeign(bucket=address.bucket, owner=owner or UNMARKED, library=library)


def _owner(address: Address, client: Minio) -> str | None:
    try:
        mark = b"".join(body(client, address.bucket, MARK, ""))
    except ObjectMissing:
        return None
    try:
        return str(json.loads(mark)["library"])
    except (ValueError, KeyError, TypeError):
        return UNMARKED


def _is_open(address: Address, anonymous: Minio) -> bool:
    """Whether somebody without keys lists the bucket, or reads an object of it that is there."""
    asks = (
        lambda: list(islice(anonymous.list_objects(address.bucket, recursive=True), 1)),
        lambda: anonymous.get_object(address.bucket, MARK).close(),
    )
    for ask in asks:
        try:
            ask()
        except S3Error as error:
            if error.response.status not in (401, 403, 404) and error.code not in MISSING:
                raise
        else:
            return True
    return False


def _meaning(error: MinioException | HTTPError, address: Address) -> SettingsError:
    host, bucket, url = address.host, address.bucket, address.named.url
    if isinstance(error, S3Error):
        if error.code == "NoSuchBucket":
            return BucketMissing(bucket=bucket, host=host, url=url)
        if error.code in ("RequestTimeTooSkewed", "RequestExpired"):
            return ClockSkewed(host=host, url=url)
        if error.response.status in (401, 403):
            return KeysRefused(
                host=host, bucket=bucket, access_key=address.named.access_key, secret_key=address.named.secret_key
            )
        if error.response.status >= 500:
            return StoreUnreachable(host=host, url=url, reason=error.code or f"HTTP {error.response.status}")
        return NoStoreThere(host=host, url=url)
    if isinstance(error, ServerError) and error.status_code >= 500:
        return StoreUnreachable(host=host, url=url, reason=f"HTTP {error.status_code}")
    if isinstance(error, InvalidResponseError | ServerError):
        return NoStoreThere(host=host, url=url)
    reason = error.reason if isinstance(error, MaxRetryError) else error
    if isinstance(reason, SSLError | ProtocolError | ssl.SSLError):
        return NoStoreThere(host=host, url=url)
    if isinstance(reason, ResponseError):
        return StoreUnreachable(host=host, url=url, reason=str(reason)[:60])
    return StoreUnreachable(host=host, url=url, reason=type(reason).__name__)
