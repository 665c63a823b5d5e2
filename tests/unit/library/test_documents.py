"""A stored document gives back what was read, a place at a time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import pytest

from ingest.document import ContentsEntry, Document, Extent, Locator, Passage
from ingest.document import Value as DocumentValue
from service.library.documents import BLOCK_CHARACTERS, bundle_hash, document_key, encode, open_document
from service.ports import Stored


class Shelf:
    """An object store in memory that counts the bytes it hands out."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.read = 0

    def put_blob(self, source: BinaryIO) -> Stored:
        raise AssertionError("not asked for here")

    def put(self, key: str, data: bytes) -> None:
        self.held[key] = data

    def get(self, key: str) -> bytes:
        return self.held[key]

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        data = self.held[key][start : None if length is None else start + length]
        self.read += len(data)
        yield data

    def exists(self, key: str) -> bool:
        return key in self.held

    def local(self, key: str) -> AbstractContextManager[Path]:
        return nullcontext(Path(key))

    def remove(self, key: str) -> None:
        self.held.pop(key, None)

    def keys(self, prefix: str) -> Iterator[str]:
        return iter([key for key in self.held if key.startswith(prefix)])

    def check(self) -> None:
        return None


def book(pages: int) -> Document:
    return Document(
        media_type="application/pdf",
        metadata=(DocumentValue("title", "Sách", "info"),),
        language="vi",
        passages=tuple(
            Passage(Locator("page", page), f"Trang {page} phần {part}: " + "ă" * 900, "vi", "đầu trang")
            for page in range(1, pages + 1)
            for part in (1, 2)
        ),
        contents=(ContentsEntry("Chương 1", 1, Locator("page", 1)),),
        extent=Extent(pages=pages),
    )


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_everything_comes_back(shelf: Shelf) -> None:
    document = book(40)
    shelf.put("d", encode(document))
    stored = open_document(shelf, "d")
    assert tuple(stored.passages()) == document.passages
    assert stored.head.metadata == document.metadata
    assert stored.head.contents == document.contents
    assert stored.head.extent == document.extent
    assert stored.places == tuple(Locator("page", page) for page in range(1, 41))


def test_one_place_costs_one_block_not_the_book(shelf: Shelf) -> None:
    document = book(400)
    data = encode(document)
    shelf.put("d", data)
    stored = open_document(shelf, "d")
    after_head = shelf.read
    passages = stored.at(Locator("page", 377))
    assert [passage.text[:17] for passage in passages] == ["Trang 377 phần 1:", "Trang 377 phần 2:"]
    assert shelf.read - after_head <= len(data) / 10


def test_a_place_never_straddles_blocks(shelf: Shelf) -> None:
    long = tuple(Passage(Locator("page", 1), "x" * BLOCK_CHARACTERS) for _ in range(3))
    shelf.put("d", encode(Document(media_type="application/pdf", passages=(*long, Passage(Locator("page", 2), "y")))))
    stored = open_document(shelf, "d")
    assert len(stored.at(Locator("page", 1))) == 3
    assert len(stored.blocks) == 2


def test_a_document_without_text_has_no_places(shelf: Shelf) -> None:
    shelf.put("d", encode(Document(media_type="application/x-shockwave-flash")))
    assert open_document(shelf, "d").places == ()
    assert open_document(shelf, "d").at(Locator("page", 1)) == ()


def test_a_bundle_of_one_file_has_its_hash_and_order_matters_beyond() -> None:
    assert bundle_hash(["a" * 64]) == "a" * 64
    assert bundle_hash(["a", "b"]) != bundle_hash(["b", "a"])


def test_a_key_stays_short_however_many_readers_a_pipeline_has() -> None:
    many = "+".join(f"reader-{number}" for number in range(100))
    assert max(map(len, document_key("0" * 64, many).split("/"))) <= 64
    assert document_key("0" * 64, many) != document_key("0" * 64, f"{many}+another")
