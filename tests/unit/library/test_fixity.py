"""Stored files are read over again: what is wrong is told, and mended from a backup alone; a death costs a slice."""

import datetime
import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service import compose
from service.adapters.objects.folder import FolderStore
from service.errors import Unavailable
from service.library import doctor, fixity
from service.library.deposit import Offered, deposit
from service.library.fixity import Pace
from service.library.lanes import CARING
from service.library.measure import Measures
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR
from service.ports import blob_key
from service.settings import Settings


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    services = compose.services(Settings(home=tmp_path / "home"))
    services.catalogue.migrate()
    for number in range(5):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Bài {number}. " * 100, encoding="utf-8")
        deposit(services, OPERATOR, [Offered(path, path.name)], owner="default")
    yield services
    services.catalogue.close()


def hashes(parts: Services) -> list[str]:
    with parts.catalogue.reading() as work:
        return [sha256 for sha256, _ in work.blobs.after("", 99)]


def path_of(parts: Services, sha256: str) -> Path:
    with parts.objects.local(blob_key(sha256)) as path:
        return path


def read_all(parts: Services) -> None:
    assert [run.finished_at is not None for run in fixity.whole(parts, OPERATOR, lambda _: False)][-1]


def damage(parts: Services, sha256: str) -> None:
    """A bit flips, the length stays: what no look at a size finds."""
    path = path_of(parts, sha256)
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    path.write_bytes(data)


def codes(parts: Services) -> dict[str, doctor.Check]:
    return {check.code: check for check in doctor.examine(parts, {})}


def test_what_is_damaged_or_missing_is_told_and_comes_back_from_a_backup_alone(
    parts: Services, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    backup = FolderStore(tmp_path / "backup")
    for sha256 in hashes(parts)[:2]:
        with path_of(parts, sha256).open("rb") as source:
            backup.put_blob(source)
    read_all(parts)
    assert codes(parts)["doctor-fixity"].verdict == "well"
    flipped, gone, lost, *_ = hashes(parts)
    damage(parts, flipped)
    path_of(parts, gone).unlink()
    path_of(parts, lost).unlink()
    with caplog.at_level(logging.ERROR, "service.library.fixity"):
        read_all(parts)
        read_all(parts)
    # Told once each, however often they are found.
    assert sorted((record.key, record.fault) for record in caplog.records) == sorted(  # type: ignore[attr-defined]
        [(blob_key(flipped), "damaged"), (blob_key(gone), "missing"), (blob_key(lost), "missing")]
    )
    check = codes(parts)["doctor-files-lost"]
    assert (check.verdict, check.parameters["damaged"], check.parameters["missing"]) == ("fault", 1, 2)
    assert Measures(parts).condition.answer(5.0).faults == {"damaged": 1, "missing": 2}
    assert dict(fixity.mend(parts, OPERATOR, backup)) == {flipped: True, gone: True, lost: False}
    assert Measures(parts).condition.answer(5.0).faults == {"damaged": 0, "missing": 1}
    read_all(parts)
    told = fixity.told(parts)
    assert (told.damaged, told.missing) == (0, 1)
    assert told.done is not None
    assert (told.done.objects, told.done.faults) == (5, 1)


def test_a_copy_in_a_backup_that_is_damaged_itself_mends_nothing(parts: Services, tmp_path: Path) -> None:
    sha256 = hashes(parts)[0]
    backup = FolderStore(tmp_path / "backup")
    with path_of(parts, sha256).open("rb") as source:
        backup.put_blob(source)
    with backup.local(blob_key(sha256)) as copy:
        copy.write_bytes(b"something else")
    damage(parts, sha256)
    left = path_of(parts, sha256).read_bytes()
    read_all(parts)
    assert dict(fixity.mend(parts, OPERATOR, backup)) == {sha256: False}
    assert path_of(parts, sha256).read_bytes() == left


def test_a_run_goes_on_where_it_was(parts: Services) -> None:
    run = parts.catalogue.write(lambda work: work.fixity.begin())
    pace = Pace(1e6, lambda _: False)
    first = fixity.read(parts, run, pace, objects=2)
    assert list(first.found) == hashes(parts)[:2]
    assert first.run.finished_at is None
    parts.catalogue.write(lambda work: work.fixity.save(first.run))
    rest = fixity.read(parts, parts.catalogue.write(lambda work: work.fixity.begin()), pace)
    assert list(rest.found) == hashes(parts)[2:]
    assert rest.run.finished_at is not None
    assert rest.run.objects == 5


def test_what_is_purged_while_it_is_read_is_no_fault(parts: Services) -> None:
    run = parts.catalogue.write(lambda work: work.fixity.begin())
    sha256 = hashes(parts)[0]
    path_of(parts, sha256).unlink()
    sliced = fixity.read(parts, run, Pace(1e6, lambda _: False))
    assert sliced.found[sha256] == "missing"
    parts.catalogue.write(lambda work: work.blobs.refuse(sha256))
    assert parts.catalogue.write(lambda work: work.fixity.note(sliced.found)) == []
    assert fixity.told(parts).missing == 0


def test_a_worker_reads_everything_when_it_is_time(parts: Services) -> None:
    assert not fixity.begin_if_due(parts)
    old = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=31)
    # As a month later.
    soon = replace(parts, settings=parts.settings.model_copy(update={"fixity_days": 0}))
    assert not fixity.begin_if_due(soon)
    with parts.catalogue.writing() as work:
        run = work.fixity.begin()
        work.fixity.save(replace(run, finished_at=old))
    assert not fixity.begin_if_due(parts)
    parts.catalogue.write(fixity.start)
    # Its job is there already: no second one.
    assert not fixity.begin_if_due(parts)
    worker = Worker(parts, None, lanes=CARING)  # type: ignore[arg-type]
    worker.start()
    ends = time.monotonic() + 20
    while fixity.told(parts).running is not None and time.monotonic() < ends:
        time.sleep(0.02)
    worker.stop()
    told = fixity.told(parts)
    assert told.running is None
    assert told.done is not None
    assert told.done.objects == 5
    with parts.catalogue.reading() as work:
        assert work.jobs.numbers() == {("read", "queued"): 5}


def test_a_worker_that_is_told_to_stop_gives_the_slice_back(parts: Services) -> None:
    stopping = threading.Event()
    stopping.set()
    parts.catalogue.write(fixity.start)
    with pytest.raises(Unavailable):
        fixity.check(parts, stopping)
    assert fixity.told(parts).running is not None


def test_bytes_are_read_no_faster_than_is_set() -> None:
    now, slept = [100.0], []

    def wait(seconds: float) -> bool:
        slept.append(seconds)
        now[0] += seconds
        return False

    pace = Pace(2.0, wait, lambda: now[0])
    for _ in range(4):
        pace.took(1_000_000)
    assert now[0] == pytest.approx(102.0)
    # A pause is no leave for a burst.
    now[0] += 50
    pace.took(2_000_000)
    assert now[0] == pytest.approx(153.0)
    assert max(slept) <= fixity.PAUSE_SECONDS


def test_an_object_that_is_a_folder_is_missing(parts: Services) -> None:
    sha256 = hashes(parts)[0]
    path = path_of(parts, sha256)
    path.unlink()
    path.mkdir()
    os.sync()
    assert fixity.look(parts.objects, sha256, Pace(1e6, lambda _: False)) == "missing"
