"""Uploads in pieces on S3, where nothing can be appended to: full parts, and a tail that is replaced.

    .staging/NAME/begun          it exists
    .staging/NAME/part-00000     8 MiB, never written again
    .staging/NAME/part-00001
    .staging/NAME/tail-00002     what came after the last full part, under its number
    .staging/NAME/finished       hash and size, once it is a blob

A tail that fills becomes the part of its number: the moment that part is
there, the tail counts no more, so that dying between the two requests neither
loses nor doubles a byte. The end is a copy inside the store (compose), whose
parts but the last must hold 5 MiB: ours hold 8.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from minio import Minio
from minio.commonconfig import REPLACE, ComposeSource, CopySource
from minio.datatypes import Object

from service.adapters.objects.keys import parts_of
from service.adapters.objects.s3.digests import Digest, tag_of_parts
from service.adapters.objects.s3.meaning import translated
from service.adapters.objects.s3.reading import body
from service.adapters.objects.s3.seals import Seals
from service.adapters.objects.s3.writing import send_data, verify
from service.errors import Conflict, Invalid, NotFound, ObjectDamaged
from service.ports import Staged, Stored, blob_key

ROOT = ".staging"
BEGUN, FINISHED = "begun", "finished"
PART_BYTES = 8 << 20
# S3 composes 10,000 parts at most: 78 GiB.
MOST_PARTS = 10_000

_PART = re.compile(r"part-(\d{5})")


@dataclass(frozen=True, slots=True)
class _State:
    """What stands under a name, by the last component of its key. parts: full ones, from the first without a gap."""

    objects: dict[str, Object] = field(default_factory=dict)

    @property
    def parts(self) -> int:
        numbers = {int(found[1]) for name in self.objects if (found := _PART.fullmatch(name))}
        return next(number for number in range(len(numbers) + 1) if number not in numbers)

    @property
    def tail(self) -> str | None:
        """The one that counts."""
        name = _tail(self.parts)
        return name if name in self.objects else None

    @property
    def pieces(self) -> list[str]:
        return [*map(_part, range(self.parts)), *([self.tail] if self.tail else [])]

    @property
    def tags(self) -> list[str]:
        return [(self.objects[piece].etag or "").strip('"') for piece in self.pieces]

    @property
    def size_bytes(self) -> int:
        return sum(self.objects[name].size or 0 for name in self.pieces)


def _part(number: int) -> str:
    return f"part-{number:05}"


def _tail(number: int) -> str:
    return f"tail-{number:05}"


class BucketStaging:
    """The port `service.ports.Staging` in a bucket."""

    def __init__(self, client: Minio, bucket: str, seals: Seals) -> None:
        self._client = client
        self._bucket = bucket
        self._seals = seals

    def begin(self, name: str) -> None:
        if self._state(name).objects:
            raise Conflict
        self._put(name, BEGUN, b"")

    def offset(self, name: str) -> int:
        state = self._known(name)
        return self._finished(name).size_bytes if FINISHED in state.objects else state.size_bytes

    def append(self, name: str, offset: int, data: bytes) -> int:
        """Costs a listing, the tail read back, and a request a full part: hand over megabytes, not kilobytes."""
        state = self._known(name)
        if FINISHED in state.objects or offset != state.size_bytes:
            raise Conflict
        number = state.parts
        held = self._get(name, state.tail) + data if state.tail else data
        if number + len(held) // PART_BYTES >= MOST_PARTS:
            raise Invalid(field="upload", value=str(offset + len(data)))
        if data:
            whole = len(held) // PART_BYTES
            for place in range(whole):
                self._put(name, _part(number + place), held[place * PART_BYTES : (place + 1) * PART_BYTES])
            if rest := held[whole * PART_BYTES :]:
                self._put(name, _tail(number + whole), rest)
            if state.tail and whole:
                self._drop(name, state.tail)
        return offset + len(data)

    def finish(self, name: str) -> Stored:
        state = self._known(name)
        if FINISHED in state.objects:
            return self._finished(name)
        digest, seal, size = hashlib.sha256(), self._seals.begin(), 0
        for piece in state.pieces:
            for block in body(self._client, self._bucket, _key(name, piece), ""):
                digest.update(block)
                if seal:
                    seal.update(block)
                size += len(block)
        if size != state.size_bytes:
            raise ObjectDamaged(key=_key(name, ""))
        stored = Stored(digest.hexdigest(), size)
        told = Digest(stored.sha256, size, _tag(state.tags), seal.told(stored.sha256) if seal else "")
        self._compose(name, state, told)
        # From here on the pieces are nobody's: a crash among their removals leaves the answer.
        self._put(name, FINISHED, json.dumps({"sha256": stored.sha256, "size": size}).encode())
        for piece in state.objects:
            if piece != BEGUN:
                self._drop(name, piece)
        return stored

    def staged(self) -> Iterator[Staged]:
        with translated():
            objects = self._client.list_objects(self._bucket, prefix=f"{ROOT}/", recursive=True)
            for name, group in groupby(objects, key=lambda each: (each.object_name or "").split("/")[1]):
                found = list(group)
                state = _State({(each.object_name or "").rpartition("/")[2]: each for each in found})
                times = [each.last_modified for each in found if each.last_modified]
                yield Staged(name, state.size_bytes, max(times))

    def remove(self, name: str) -> None:
        """What says that it exists goes last, so that a crash leaves something to remove."""
        pieces = self._state(name).objects
        for piece in sorted(pieces, key=lambda piece: (piece in (BEGUN, FINISHED), piece)):
            self._drop(name, piece)

    def expire(self, before: datetime.datetime) -> Sequence[str]:
        names = [each.name for each in self.staged() if each.touched_at < before]
        for name in names:
            self.remove(name)
        return names

    def _compose(self, name: str, state: _State, told: Digest) -> None:
        key = blob_key(told.sha256)
        sources = [_key(name, piece) for piece in state.pieces]
        if not sources:
            send_data(self._client, self._bucket, key, b"")
            return
        with translated():
            if len(sources) == 1:
                copied = self._client.copy_object(
                    self._bucket,
                    key,
                    CopySource(self._bucket, sources[0]),
                    metadata=dict(told.metadata),
                    metadata_directive=REPLACE,
                )
            else:
                copied = self._client.compose_object(
                    self._bucket,
                    key,
                    [ComposeSource(self._bucket, source) for source in sources],
                    metadata=dict(told.metadata),
                )
        verify(self._client, self._bucket, key, told, copied.etag)

    def _state(self, name: str) -> _State:
        if len(parts_of(name)) != 1:
            raise Invalid(field="upload", value=name)
        prefix = f"{ROOT}/{name}/"
        with translated():
            found = list(self._client.list_objects(self._bucket, prefix=prefix, recursive=True))
        return _State({(each.object_name or "").removeprefix(prefix): each for each in found})

    def _known(self, name: str) -> _State:
        state = self._state(name)
        if BEGUN not in state.objects:
            raise NotFound
        return state

    def _finished(self, name: str) -> Stored:
        said = json.loads(self._get(name, FINISHED))
        return Stored(said["sha256"], said["size"])

    def _get(self, name: str, piece: str) -> bytes:
        return b"".join(body(self._client, self._bucket, _key(name, piece), ""))

    def _put(self, name: str, piece: str, data: bytes) -> None:
        send_data(self._client, self._bucket, _key(name, piece), data)

    def _drop(self, name: str, piece: str) -> None:
        with translated():
            self._client.remove_object(self._bucket, _key(name, piece))


def _key(name: str, piece: str) -> str:
    return f"{ROOT}/{name}/{piece}"


def _tag(tags: list[str]) -> str:
    """What the store must say of these pieces put together; empty where their tags are no MD5s."""
    if not all(re.fullmatch(r"[0-9a-f]{32}", tag) for tag in tags):
        return ""
    return tags[0] if len(tags) == 1 else tag_of_parts([bytes.fromhex(tag) for tag in tags])
