"""A checksum is counted once, kept beside the file, and goes with it."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import compose
from service.errors import ObjectMissing
from service.library import checksums
from service.library.services import Services
from service.model import FileEntry
from service.ports import blob_key
from service.settings import Settings

DATA = "Bài giảng".encode() * 1000


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = compose.services(Settings(home=tmp_path))
    made.catalogue.migrate()
    checksums.forget()
    yield made
    checksums.forget()
    made.catalogue.close()


def stored(services: Services) -> FileEntry:
    sha256 = services.objects.put_blob(io.BytesIO(DATA)).sha256
    return FileEntry(1, sha256, len(DATA), "text/plain", "bài.txt")


def test_it_is_that_of_the_bytes_and_is_not_counted_again(services: Services) -> None:
    entry = stored(services)
    assert checksums.of(services, entry) == zlib.crc32(DATA)
    # Nobody could count it now.
    services.objects.remove(blob_key(entry.sha256))
    assert checksums.of(services, entry) == zlib.crc32(DATA)
    checksums.forget()
    assert checksums.of(services, entry) == zlib.crc32(DATA)


def test_a_file_that_is_not_there_has_none(services: Services) -> None:
    with pytest.raises(ObjectMissing):
        checksums.of(services, FileEntry(1, "0" * 64, 1, "text/plain", "x"))


def test_what_was_purged_while_it_was_counted_leaves_nothing(services: Services) -> None:
    entry = stored(services)
    services.catalogue.write(lambda work: work.blobs.refuse(entry.sha256))
    assert checksums.of(services, entry) == zlib.crc32(DATA)
    assert not services.objects.exists(checksums.key_of(entry.sha256))
