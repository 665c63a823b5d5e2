"""An object that a disk has lost is the fault of what needs it, and holds up nothing else."""

import logging
import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from service.errors import ObjectDamaged, Unavailable
from service.library import converting, curate, doctor, fixity, lighter, pictures, project, reindexing, reprocessing
from service.library.documents import open_document
from service.library.lanes import CARING, DRAWING, INDEXING, LIGHTENING, READING, Lanes
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR, PRIORITY_BATCH, Job, JobKind, Value
from service.ports import blob_key
from tests.functional.working import Reader, hand_in, total, until

WORDS = ("mot", "hai", "ba", "bon")


@pytest.fixture
def offer(parts: Services, tmp_path: Path) -> Callable[[str], str]:
    def call(name: str) -> str:
        return hand_in(parts, tmp_path / name, f"nội dung {name.removesuffix('.txt')}chu")

    return call


@pytest.fixture
def shelf(parts: Services, offer: Callable[[str], str]) -> dict[str, str]:
    """Four published texts: word -> id."""
    made = {word: offer(f"{word}.txt") for word in WORDS}
    work(parts, READING + INDEXING)
    assert total(parts, "noi dung") == 4
    return made


class Lighter(Reader):
    def card(self, letters: str, *, icon: str, width: int) -> bytes:
        return b"card"


def work(parts: Services, lanes: Lanes) -> Reader:
    """Until nothing waits of what these lanes do."""
    reader = Lighter()
    kinds = {kind for lane in lanes for kind in lane.kinds}

    def idle() -> bool:
        with parts.catalogue.reading() as unit:
            left = [kind for kind, state in unit.jobs.numbers() if state != "failed" and kind in kinds]
        return not left

    worker = Worker(parts, reader, lanes=lanes)
    worker.start()
    try:
        until(idle)
        assert worker.able()
    finally:
        worker.stop()
    return reader


def queue(parts: Services, kind: JobKind, subjects: Collection[str]) -> None:
    with parts.catalogue.writing() as unit:
        unit.jobs.add_all(kind, subjects, priority=PRIORITY_BATCH)


def failed(parts: Services, kind: JobKind, subject: str) -> Job | None:
    with parts.catalogue.reading() as unit:
        job = unit.jobs.waiting(kind, [subject]).get(subject)
    return job if job is not None and job.state == "failed" else None


def text_key(parts: Services, resource: str) -> str:
    bundle = hash_of(parts, resource)
    with parts.catalogue.reading() as unit:
        key = unit.readings.newest([bundle])[bundle].document_key
    assert key is not None
    return key


def hash_of(parts: Services, resource: str) -> str:
    with parts.catalogue.reading() as unit:
        found = unit.resources.get(resource)
        assert found is not None
        revisions = unit.resources.revisions(found.key)
    return revisions[-1].main_files[0].sha256


def damage(parts: Services, key: str) -> None:
    with parts.objects.local(key) as path:
        path.write_bytes(path.read_bytes()[:20])


@pytest.mark.parametrize("how", ["gone", "cut short"])
def test_a_lost_text_is_read_again_by_itself_and_the_others_are_indexed_meanwhile(
    parts: Services, shelf: dict[str, str], how: str
) -> None:
    key = text_key(parts, shelf["hai"])
    damage(parts, key) if how == "cut short" else parts.objects.remove(key)
    curate.withdraw(parts, OPERATOR, shelf["ba"], reason="sai")
    queue(parts, "index", shelf.values())
    work(parts, INDEXING)
    assert total(parts, "bachu") == 0
    assert total(parts, "motchu") == 1
    # By what its row says of it.
    assert total(parts, "hai") == 1
    assert total(parts, "haichu") == 0
    reader = work(parts, READING + INDEXING)
    assert reader.reading == ["hai.txt"]
    assert total(parts, "haichu") == 1
    assert [*open_document(parts.objects, key).passages()]
    queue(parts, "index", shelf.values())
    assert work(parts, READING + INDEXING).reading == []


def test_a_text_whose_file_is_lost_too_fails_once_for_all_with_its_reason(
    parts: Services, shelf: dict[str, str]
) -> None:
    lost = blob_key(hash_of(parts, shelf["hai"]))
    with parts.objects.local(lost) as path:
        kept = path.read_bytes()
    parts.objects.remove(text_key(parts, shelf["hai"]))
    parts.objects.remove(lost)
    queue(parts, "index", shelf.values())
    work(parts, READING + INDEXING)
    job = failed(parts, "read", shelf["hai"])
    assert job is not None
    assert (job.reason, job.reason_parameters) == ("object-missing", {"key": lost})
    (check,) = (check for check in doctor.examine(parts, {}) if check.code == "doctor-job-lost")
    assert check.parameters == {"kind": "read", "subject": shelf["hai"], "key": lost}
    # A backup has brought the file back.
    parts.objects.put(lost, kept)
    assert reprocessing.reprocess(parts) == 1
    work(parts, READING + INDEXING)
    assert failed(parts, "read", shelf["hai"]) is None
    assert total(parts, "haichu") == 1


def test_reprocessing_reads_again_whose_text_is_lost(parts: Services, shelf: dict[str, str]) -> None:
    key = text_key(parts, shelf["hai"])
    assert reprocessing.reprocess(parts) == 0
    parts.objects.remove(key)
    assert reprocessing.reprocess(parts) == 1
    assert work(parts, READING + INDEXING).reading == ["hai.txt"]
    assert parts.objects.exists(key)


def test_a_lost_text_is_read_again_beside_a_draft_that_somebody_writes(parts: Services, shelf: dict[str, str]) -> None:
    key = text_key(parts, shelf["hai"])
    with parts.catalogue.writing() as unit:
        found = unit.resources.get(shelf["hai"])
        assert found is not None
        assert found.published is not None
        shown = unit.resources.revision(found.key, found.published)
        assert shown is not None
        unit.resources.add_revision(found.key, values=[Value("title", "Bản sau", "person")], files=[])
    parts.objects.remove(key)
    queue(parts, "index", [shelf["hai"]])
    assert work(parts, READING + INDEXING).reading == ["hai.txt"]
    assert total(parts, "haichu") == 1
    with parts.catalogue.reading() as unit:
        draft = unit.resources.open_revision(found.key)
    assert draft is not None
    assert draft.values == (Value("title", "Bản sau", "person"),)


def test_a_fresh_index_is_built_beside_a_lost_text_and_tells_whose_it_is(
    parts: Services, shelf: dict[str, str]
) -> None:
    key = text_key(parts, shelf["hai"])
    parts.objects.remove(key)
    switched = reindexing.reindex(parts)
    assert switched.resources == 4
    assert dict(switched.textless) == {shelf["hai"]: key}
    assert (total(parts, "motchu"), total(parts, "hai"), total(parts, "haichu")) == (1, 1, 0)
    work(parts, READING + INDEXING)
    assert total(parts, "haichu") == 1


def test_a_store_that_holds_no_file_and_no_text_is_away_and_nothing_is_lost(
    parts: Services, shelf: dict[str, str], tmp_path: Path
) -> None:
    root = tmp_path / "home" / "objects"
    aside = root.rename(tmp_path / "unmounted")
    root.mkdir()
    # What a worker notes of the machine's programs.
    converting.note_missing(parts, "soffice")
    with pytest.raises(Unavailable):
        reindexing.reindex(parts)
    queue(parts, "index", shelf.values())
    worker = Worker(parts, Reader(), lanes=INDEXING)
    worker.start()
    until(lambda: bool(worker._troubles))
    worker.stop()
    shutil.rmtree(root)
    aside.rename(root)
    work(parts, READING + INDEXING)
    assert total(parts, "haichu") == 1
    with parts.catalogue.reading() as unit:
        assert not [state for _, state in unit.jobs.numbers() if state == "failed"]


def test_a_lost_file_fails_its_own_reading_and_the_lanes_go_on(
    parts: Services, offer: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    lost, well = offer("lac.txt"), offer("lanh.txt")
    key = blob_key(hash_of(parts, lost))
    parts.objects.remove(key)
    with caplog.at_level(logging.ERROR, "service.library.ends"):
        work(parts, READING + INDEXING)
    assert total(parts, "lanhchu") == 1
    with parts.catalogue.reading() as unit:
        assert unit.resources.get(well) is not None
    job = failed(parts, "publish", lost)
    assert job is not None
    assert (job.failures, job.reason, job.reason_parameters) == (3, "object-missing", {"key": key})


def test_a_lost_file_fails_its_own_pictures_and_smaller_forms(
    parts: Services, shelf: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_given: object, **_named: object) -> None:
        raise ObjectDamaged(key="blobs/lost")

    for module, name in ((pictures, "illustrate"), (converting, "convert"), (lighter, "lighten")):
        monkeypatch.setattr(module, name, lost)
    queue(parts, "illustrate", [f"{id}/thumbnail" for id in shelf.values()])
    queue(parts, "lighten", shelf.values())
    work(parts, DRAWING + LIGHTENING)
    for id in shelf.values():
        jobs = failed(parts, "illustrate", f"{id}/thumbnail"), failed(parts, "lighten", id)
        assert [job.reason for job in jobs if job is not None] == ["object-damaged"] * 2
    # Back again, everything of them is done that had failed.
    monkeypatch.undo()
    assert reprocessing.reprocess(parts) == 4
    work(parts, READING + INDEXING + DRAWING + LIGHTENING)
    with parts.catalogue.reading() as unit:
        assert not [kind for kind, state in unit.jobs.numbers() if state == "failed"]


def test_the_reading_of_all_files_finds_lost_texts_and_has_them_read_again(
    parts: Services, shelf: dict[str, str]
) -> None:
    key = text_key(parts, shelf["hai"])
    parts.objects.remove(key)
    parts.catalogue.write(fixity.start)
    work(parts, CARING)
    assert work(parts, READING + INDEXING).reading == ["hai.txt"]
    assert parts.objects.exists(key)
    assert not project.compare(parts, project.live(parts))
