"""A sweep takes what nobody refers to, and nothing that somebody has, is bringing, or has just brought."""

import datetime
import io
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from ingest.document import Extent
from service.errors import NotAllowed
from service.library import pictures, trash
from service.library.deposit import Bundle, Deposited, Offered, deposit, deposit_all
from service.library.documents import document_key
from service.library.renditions import is_old
from service.library.services import Services
from service.model import OPERATOR, PUBLIC, Reading
from service.ports import ObjectStore, Stored, blob_key

# Everything that is there now counts as old, once its time has been set back.
LONG_AGO = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=40)


def offered(tmp_path: Path, text: str) -> Offered:
    path = tmp_path / f"{text}.txt"
    path.write_text(text, encoding="utf-8")
    return Offered(path, path.name)


def age(services: Services, *keys: str) -> None:
    for key in keys:
        with services.objects.local(key) as path:
            os.utime(path, (LONG_AGO.timestamp(),) * 2)


def stored(services: Services, text: str) -> str:
    return services.objects.put_blob(io.BytesIO(text.encode())).sha256


def swept(services: Services, *, dry_run: bool = False) -> dict[str, int]:
    return dict(Counter(one.kind for one in trash.sweep(services, OPERATOR, dry_run=dry_run)))


def everything(services: Services) -> set[str]:
    return set(services.objects.keys(""))


def test_what_nobody_refers_to_goes_and_the_rest_stays(parts: Services, tmp_path: Path) -> None:
    kept = deposit(parts, OPERATOR, [offered(tmp_path, "giữ")], owner="default").resource
    with parts.catalogue.reading() as work:
        draft = work.resources.open_revision(kept.key)
    assert draft is not None
    mine = draft.files[0].sha256
    orphan, fresh = stored(parts, "mồ côi"), stored(parts, "vừa mới")
    for sha256 in (mine, orphan, fresh):
        parts.objects.put(pictures.picture_key(sha256, 1, 320), b"drawn")
    old, current = document_key(mine, "p1"), document_key(mine, "p2")
    nobodys, coming = document_key(orphan, "p1"), document_key(fresh, "p1")
    for key in (old, current, nobodys, coming):
        parts.objects.put(key, b"text")
    reading = Reading(mine, "p1", "text/plain", 1, None, Extent(), document_key=old)
    with parts.catalogue.writing() as work:
        work.readings.save(reading)
        work.readings.save(replace(reading, fingerprint="p2", document_key=current))
    parts.objects.put("derived/unknown/future-thing.bin", b"x")
    parts.objects.staging.begin("given-up")
    parts.objects.staging.begin("running")
    age(parts, blob_key(mine), blob_key(orphan), pictures.picture_key(mine, 1, 320), old, current, nobodys)
    os.utime(tmp_path / "home/objects/.staging/given-up/offset", (LONG_AGO.timestamp(),) * 2)
    before = everything(parts)
    # The reading of the old text is younger than the grace time.
    assert swept(parts, dry_run=True) == {"file": 1, "derived": 2, "text": 1, "upload": 1}
    assert everything(parts) == before
    assert swept(parts) == {"file": 1, "derived": 2, "text": 1, "upload": 1}
    gone = {blob_key(orphan), pictures.picture_key(orphan, 1, 320), pictures.picture_key(fresh, 1, 320), nobodys}
    assert before - everything(parts) == gone
    assert [staged.name for staged in parts.objects.staging.staged()] == ["running"]
    assert swept(parts) == {}
    with parts.catalogue.reading() as work:
        assert [event.details["file"] for event in work.events.of_kind("trash-swept")] == [1]


def test_texts_of_an_older_pipeline_go_with_time(parts: Services) -> None:
    sha256 = "a" * 64
    old, current = document_key(sha256, "p1"), document_key(sha256, "p2")
    reading = Reading(sha256, "p1", "text/plain", 1, None, Extent(), document_key=old)
    with parts.catalogue.writing() as work:
        work.readings.save(reading)
        work.readings.save(replace(reading, fingerprint="p2", document_key=current))
    for key in (old, current):
        parts.objects.put(key, b"text")
    age(parts, old, current)
    assert swept(parts) == {}
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    for dry_run in (True, False):
        assert [one.key for one in trash._Sweep(parts, later, dry_run=dry_run)._outdated()] == [old]
    assert everything(parts) == {current}
    with parts.catalogue.reading() as work:
        assert work.readings.named([old, current]) == {current}


def test_a_row_without_a_file_waits_for_the_grace_time(parts: Services) -> None:
    sha256 = stored(parts, "bị từ chối")
    parts.catalogue.write(lambda work: work.blobs.add(sha256, 12))
    age(parts, blob_key(sha256))
    assert swept(parts) == {}
    later = trash._Sweep(parts, datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1), dry_run=False)
    assert [one.key for one in later._rows()] == [blob_key(sha256)]
    with parts.catalogue.reading() as work:
        assert work.blobs.known([sha256]) == frozenset()


def test_what_was_purged_and_lies_here_goes_at_once(parts: Services, tmp_path: Path) -> None:
    deposit(parts, OPERATOR, [offered(tmp_path, "bị xoá")], owner="default")
    with parts.catalogue.reading() as work:
        ((sha256, _),) = work.blobs.after("", 9)
    parts.objects.put(pictures.picture_key(sha256, 1, 320), b"drawn")
    parts.catalogue.write(lambda work: work.blobs.refuse(sha256))
    assert swept(parts) == {"file": 1, "derived": 1}
    assert everything(parts) == set()


class Swept:
    """A store whose bytes are swept after a deposit has found them, before it commits."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store: ObjectStore = services.objects
        self.sweeps = 1
        self.taken = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_blob(self, source: BinaryIO) -> Stored:
        found = self._store.put_blob(source)
        if self.sweeps and found.known:
            self.sweeps -= 1
            self.taken += swept(self._services).get("file", 0)
        return found


@pytest.mark.parametrize("together", [True, False])
def test_a_deposit_keeps_bytes_that_a_sweep_takes_while_it_runs(
    parts: Services, tmp_path: Path, together: bool
) -> None:
    file = offered(tmp_path, "đang nộp")
    with file.path.open("rb") as source:
        sha256 = parts.objects.put_blob(source).sha256
    age(parts, blob_key(sha256))
    store = Swept(parts)
    racing = replace(parts, objects=store)  # type: ignore[arg-type]
    if together:
        (done,) = deposit_all(racing, OPERATOR, [Bundle([file])], owner="default")
        assert isinstance(done, Deposited)
    else:
        done = deposit(racing, OPERATOR, [file], owner="default")
    assert done.outcome == "fresh"
    assert store.taken == 1
    assert parts.objects.exists(blob_key(sha256))
    assert swept(parts) == {}


def test_bytes_that_were_written_a_moment_ago_stay_though_their_row_is_old(parts: Services) -> None:
    sha256 = stored(parts, "vừa ghi lại")
    parts.catalogue.write(lambda work: work.blobs.add(sha256, 12))
    later = trash._Sweep(parts, datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1), dry_run=False)
    edge = replace(later, before=datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1))
    assert list(edge._file(sha256)) == []
    with parts.catalogue.reading() as work:
        assert work.blobs.known([sha256]) == {sha256}
    assert parts.objects.exists(blob_key(sha256))


def test_only_earlier_recipes_are_old() -> None:
    sha256 = "a" * 64
    assert not is_old(pictures.picture_key(sha256, 1, 320))
    assert is_old(f"derived/{sha256}/page-1-320-0.webp")
    assert is_old(f"derived/{sha256}/captions-vi-0.vtt")
    assert not is_old(f"derived/{sha256}/page-1-320-99.webp")
    assert not is_old(f"derived/{sha256}/something-0.bin")


def test_a_sweep_is_the_operators(parts: Services) -> None:
    with pytest.raises(NotAllowed):
        list(trash.sweep(parts, PUBLIC))
