"""The object store in a bucket of any S3 store, through MinIO's client library.

Keys are the folder's, without its fan. Objects appear whole or not at all:
that is S3's own promise. What goes up is hashed before it is sent, since its
hash is its key, and compared with the tag that the store computed of what
arrived; what comes down is checked on its way, by a seal that is made of the
library's secret key, or by its hash.
"""

import datetime
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, BinaryIO, cast

from minio import Minio

from service.adapters.objects.disk import translated as on_disk
from service.adapters.objects.keys import parts_of, valid, valid_range
from service.adapters.objects.s3.address import Address
from service.adapters.objects.s3.beginning import begin
from service.adapters.objects.s3.client import client, look
from service.adapters.objects.s3.digests import Digest, digest
from service.adapters.objects.s3.meaning import translated
from service.adapters.objects.s3.reading import body
from service.adapters.objects.s3.seals import Seals
from service.adapters.objects.s3.staging import BucketStaging
from service.adapters.objects.s3.writing import part_bytes, send, send_data
from service.errors import ObjectMissing
from service.ports import BLOBS, Room, Staging, Stored, blob_key

PROBE = ".probe"
# Long enough for a slow connection to begin, too short to be passed on.
REDIRECT_SECONDS = 300

_HASH = re.compile(r"[0-9a-f]{64}")


class S3Store:
    """The port `service.ports.ObjectStore` on `s3+https://…`. Safe for threads and processes at once."""

    def __init__(
        self,
        address: Address,
        *,
        access_key: str,
        secret_key: str,
        scratch: Path,
        redirect: bool = False,
        connect_seconds: float = 3.0,
        read_seconds: float = 20.0,
    ) -> None:
        """scratch: a local folder for copies of single objects. redirect: readers fetch from the store itself."""
        self._address = address
        self._bucket = address.bucket
        self._keys = access_key, secret_key
        self._seals = Seals(secret_key)
        self._scratch = scratch
        self._redirect = redirect
        self._limits = connect_seconds, read_seconds

    @cached_property
    def _client(self) -> Minio:
        return self._made(*self._keys)

    def _made(self, access_key: str, secret_key: str) -> Minio:
        connect, read = self._limits
        return client(self._address, access_key, secret_key, connect_seconds=connect, read_seconds=read)

    @property
    def redirects_to(self) -> str:
        return self._address.origin if self._redirect else ""

    @cached_property
    def staging(self) -> Staging:
        return BucketStaging(self._client, self._bucket, self._seals)

    def begin(self, library: str) -> None:
        begin(self._address, self._client, self._made("", ""), library)

    def look(self) -> None:
        look(self._client, self._address)

    def room(self) -> Room | None:
        return None

    def written_at(self, key: str) -> datetime.datetime | None:
        parts_of(key)
        try:
            with translated(key):
                return self._client.stat_object(self._bucket, key).last_modified
        except ObjectMissing:
            return None

    def put_blob(self, source: BinaryIO) -> Stored:
        """A source that cannot seek is first written to a local file: its hash is its key, and comes last."""
        if source.seekable():
            start = source.tell()
            size = source.seek(0, os.SEEK_END) - start
            source.seek(start)
            told = digest(source, part_bytes(size), seal=self._seals.begin())
            source.seek(start)
            return self._sent(source, told)
        with tempfile.TemporaryFile(dir=self._scratch_folder()) as spooled:
            told = digest(source, part_bytes(0), _writing(spooled), seal=self._seals.begin())
            spooled.seek(0)
            return self._sent(cast(BinaryIO, spooled), told)

    def _sent(self, source: BinaryIO, told: Digest) -> Stored:
        key = blob_key(told.sha256)
        known = self._size(key) == told.size_bytes
        if not known:
            send(self._client, self._bucket, key, source, told)
        return Stored(told.sha256, told.size_bytes, known=known)

    def put(self, key: str, data: bytes) -> None:
        parts_of(key)
        send_data(self._client, self._bucket, key, data)

    def get(self, key: str) -> bytes:
        return b"".join(self.open(key))

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """A range beyond the end is cut. Whole objects are checked by seal or hash, ObjectDamaged ends them."""
        valid_range(start, length)
        expected = _told_by(parts_of(key))
        return body(self._client, self._bucket, key, expected, start=start, length=length, seals=self._seals)

    def exists(self, key: str) -> bool:
        parts_of(key)
        return self._size(key) is not None

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        blocks = self.open(key)
        with tempfile.TemporaryDirectory(dir=self._scratch_folder()) as folder:
            path = Path(folder, "object")
            with path.open("wb") as copy:
                write = _writing(copy)
                for block in blocks:
                    write(block)
            yield path

    def remove(self, key: str) -> None:
        parts_of(key)
        with translated():
            self._client.remove_object(self._bucket, key)

    def keys(self, prefix: str) -> Iterator[str]:
        """By key; what is written or removed meanwhile may or may not be among them."""
        valid(prefix.split("/")[:-1], prefix)
        with translated():
            for entry in self._client.list_objects(self._bucket, prefix=prefix or None, recursive=True):
                # Hidden ones are the adapter's own: its mark, what is staged.
                if entry.object_name and not entry.object_name.startswith(".") and not entry.is_dir:
                    yield entry.object_name

    def address(self, key: str, *, media_type: str, disposition: str) -> str | None:
        parts_of(key)
        if not self._redirect:
            return None
        with translated(key):
            return self._client.presigned_get_object(
                self._bucket,
                key,
                expires=datetime.timedelta(seconds=REDIRECT_SECONDS),
                response_headers={
                    "response-content-type": media_type,
                    "response-content-disposition": disposition,
                    "response-cache-control": "private, max-age=300",
                },
            )

    def check(self) -> None:
        """A byte goes in and comes out. Raises: Unavailable; StorageFull."""
        said = secrets.token_bytes(8)
        send_data(self._client, self._bucket, PROBE, said)
        # Two processes may look at the same moment: what comes out is whole, whoever's it is.
        b"".join(body(self._client, self._bucket, PROBE, ""))

    def _scratch_folder(self) -> Path:
        with on_disk():
            self._scratch.mkdir(parents=True, exist_ok=True)
        return self._scratch

    def _size(self, key: str) -> int | None:
        try:
            with translated(key):
                return self._client.stat_object(self._bucket, key).size
        except ObjectMissing:
            return None


def _writing(file: IO[bytes]) -> Callable[[bytes], None]:
    """Its `write`, with a full disk said as such. Raises: StorageFull; Unavailable."""

    def write(block: bytes) -> None:
        with on_disk():
            file.write(block)

    return write


def _told_by(parts: list[str]) -> str:
    """The hash that the key of a blob is."""
    return parts[1] if len(parts) == 2 and parts[0] == BLOBS and _HASH.fullmatch(parts[1]) else ""
