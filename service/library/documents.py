"""How a read document is kept: one compressed object, a line a passage, with an offset table.

The database keeps counts and warnings; text lives here, under a key made of
the bundle's hashes and the pipeline's fingerprint. A reader who wants page 47
of a 500-page book reads the head and one block.

Layout: b"HLD1", length of the head (4 bytes, big-endian), the head (zlib,
JSON: the document without its passages, and a row a block), then the blocks
(zlib, JSON lines). Locators never straddle blocks.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ingest.document import Document, Locator, Passage, from_json, to_json
from service.errors import ObjectDamaged
from service.ports import ObjectStore

MAGIC = b"HLD1"
DOCUMENTS = "documents"
# About 20 KB of text: one disk read, one network round trip, 1 ms to inflate.
BLOCK_CHARACTERS = 20_000


def bundle_hash(hashes: Sequence[str]) -> str:
    """The identity of files that are read together: sha-256 over their hashes, main file first."""
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def document_key(bundle: str, fingerprint: str) -> str:
    """A fingerprint names every reader, so it grows beyond what a part of a key may hold: its hash stands for it."""
    return f"{DOCUMENTS}/{bundle}/{hashlib.sha256(fingerprint.encode()).hexdigest()[:32]}"


def encode(document: Document) -> bytes:
    """The object's bytes."""
    data = to_json(document)
    rows = data.pop("passages")
    blocks: list[bytes] = []
    table: list[list[Any]] = []
    offset = 0
    for block in _blocks(rows):
        packed = zlib.compress("\n".join(json.dumps(row, ensure_ascii=False) for row in block).encode(), 6)
        places = _places(block)
        table.append([offset, len(packed), places])
        blocks.append(packed)
        offset += len(packed)
    head = zlib.compress(json.dumps({"document": data, "blocks": table}, ensure_ascii=False).encode(), 6)
    return MAGIC + len(head).to_bytes(4, "big") + head + b"".join(blocks)


def _blocks(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    block: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        if block and size >= BLOCK_CHARACTERS and row["locator"] != block[-1]["locator"]:
            yield block
            block, size = [], 0
        block.append(row)
        size += len(row["text"])
    if block:
        yield block


def _places(block: list[dict[str, Any]]) -> list[list[Any]]:
    places: list[list[Any]] = []
    for row in block:
        place = [row["locator"]["kind"], row["locator"]["value"]]
        if not places or places[-1] != place:
            places.append(place)
    return places


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """An opened document: `head` has no passages; `places` are its locators in order."""

    objects: ObjectStore
    key: str
    head: Document
    blocks: tuple[tuple[int, int, tuple[Locator, ...]], ...]
    start: int

    @property
    def places(self) -> tuple[Locator, ...]:
        return tuple(place for _, _, places in self.blocks for place in places)

    def passages(self) -> Iterator[Passage]:
        """All passages in order, a block at a time."""
        for offset, length, _ in self.blocks:
            yield from self._block(offset, length)

    def at(self, locator: Locator) -> tuple[Passage, ...]:
        """The passages of one place; empty where there is none."""
        for offset, length, places in self.blocks:
            if locator in places:
                return tuple(passage for passage in self._block(offset, length) if passage.locator == locator)
        return ()

    def _block(self, offset: int, length: int) -> Iterator[Passage]:
        packed = b"".join(self.objects.open(self.key, start=self.start + offset, length=length))
        with _understood(self.key):
            rows = [json.loads(line) for line in zlib.decompress(packed).decode().split("\n")]
            passages = [Passage(**{**row, "locator": Locator(**row["locator"])}) for row in rows]
        yield from passages


def open_document(objects: ObjectStore, key: str) -> StoredDocument:
    """Read the head. Raises: ObjectMissing; ObjectDamaged, here or when its passages are read."""
    fixed = b"".join(objects.open(key, start=0, length=8))
    length = int.from_bytes(fixed[4:8], "big")
    packed = b"".join(objects.open(key, start=8, length=length))
    with _understood(key):
        data = json.loads(zlib.decompress(packed))
        head = from_json({**data["document"], "passages": []})
        blocks = tuple(
            (offset, size, tuple(Locator(kind, value) for kind, value in places))
            for offset, size, places in data["blocks"]
        )
    return StoredDocument(objects, key, head, blocks, 8 + length)


@contextmanager
def _understood(key: str) -> Iterator[None]:
    """A disk may have cut an object short, or flipped a bit of it; only whole objects of a bucket are checked."""
    try:
        yield
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise ObjectDamaged(key=key) from error
