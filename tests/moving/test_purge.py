"""A purge: everything that repeats the bytes goes, the tombstone stays, and nothing brings it back."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from service.adapters.objects.folder import FolderStore
from service.errors import Invalid, NotFound, Purged, SharedBytes
from service.library import curate, discover, pictures
from service.library.bundles import names_of
from service.library.deposit import Offered, deposit
from service.library.moving import ledger
from service.library.moving.dump import dump
from service.library.process import process
from service.library.purge import purge, records
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import OPERATOR, PRIORITY_BATCH, PUBLIC, Job, Resource, Revision
from tests.kinds import work_off
from tests.moving.dying import until_it_ends
from tests.moving.engines import Room
from tests.moving.library import hoclieu, ids_of


def looked_up(services: Services, identifier: str) -> tuple[Resource, tuple[Revision, ...]]:
    with services.catalogue.reading() as work:
        found = work.resources.get(identifier)
        assert found is not None
        return found, tuple(work.resources.revisions(found.key))


def traces(services: Services, revisions: tuple[Revision, ...]) -> list[str]:
    """Keys of objects that repeat something of these revisions."""
    hashes = {file.sha256 for one in revisions for file in one.files} | {n for one in revisions for n in names_of(one)}
    return [key for prefix in ("blobs/", "derived/", "documents/") for key in services.objects.keys(prefix)
            if key.split("/")[1] in hashes]  # fmt: skip


def test_bytes_text_pictures_words_and_index_go_and_the_tombstone_stays(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    identifier = ids_of(services)["parabol.pdf"]
    _, revisions = looked_up(services, identifier)
    services.objects.put(pictures.picture_key(revisions[0].files[0].sha256, 1, 320), b"RIFF")
    assert len(traces(services, revisions)) >= 3
    said = hoclieu(filled, "purge", identifier, "--reason", "Toà án yêu cầu.")
    assert "Run hoclieu reindex, then hoclieu reindex --drop-old," in said
    found, stripped = looked_up(services, identifier)
    assert (found.visibility, found.withdrawn_reason) == ("withdrawn", "Toà án yêu cầu.")
    assert traces(services, revisions) == []
    assert {value.field for one in stripped for value in one.values} <= {"language", "type", "licence"}
    assert [(file.name, file.sha256) for file in stripped[0].files] == [("", revisions[0].files[0].sha256)]
    assert discover.search(services, PUBLIC, SearchRequest(text="parabol")).total == 0
    with services.catalogue.reading() as work:
        reading = work.readings.newest(names_of(revisions[0]))[names_of(revisions[0])[0]]
        assert (reading.document_key, reading.passages, reading.warnings) == (None, 0, ())
        event = work.events.of(found.key)[-1]
    assert (event.kind, event.actor, dict(event.details)) == (
        "purged",
        "operator",
        {"reason": "Toà án yêu cầu.", "files": 1},
    )
    with pytest.raises(Purged):
        curate.reinstate(services, OPERATOR, identifier)
    with pytest.raises(Purged):
        deposit(services, OPERATOR, [Offered(filled.home.parent / "kept.pdf", "again.pdf")], owner="default")
    assert traces(services, revisions) == []
    services.catalogue.close()


@pytest.fixture(autouse=True)
def kept(pattern: Room, filled: Room) -> None:
    """The bytes that are going to be purged, outside the library."""
    shutil.copy(pattern.home.parent / "files" / "parabol.pdf", filled.home.parent / "kept.pdf")


def test_others_with_the_same_bytes_are_named_and_go_only_when_told(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    ids = ids_of(services)
    (tmp_path / "own.txt").write_text("Một bài riêng.", encoding="utf-8")
    files = [
        Offered(tmp_path / "own.txt", "own.txt"),
        Offered(filled.home.parent / "kept.pdf", "kept.pdf", "attachment"),
    ]
    other = deposit(services, OPERATOR, files, owner="default").resource.id
    with pytest.raises(SharedBytes) as caught:
        purge(services, OPERATOR, ids["parabol.pdf"], reason="Toà án.")
    assert caught.value.parameters == {"resources": other}
    assert looked_up(services, ids["parabol.pdf"])[0].visibility == "live"
    removed = purge(services, OPERATOR, ids["parabol.pdf"], reason="Toà án.", everywhere=True)
    assert removed.resources == (ids["parabol.pdf"], other)
    assert looked_up(services, other)[0].visibility == "withdrawn"
    assert traces(services, looked_up(services, other)[1]) == []
    # Done again, by either name and without --everywhere, it finds its work done.
    assert purge(services, OPERATOR, other, reason="Lần nữa.").resources == (other, ids["parabol.pdf"])
    assert looked_up(services, other)[0].withdrawn_reason == "Toà án."
    services.catalogue.close()


def test_only_the_operator_with_a_reason(filled: Room) -> None:
    services = filled.open()
    ids = ids_of(services)
    with pytest.raises(Invalid):
        purge(services, OPERATOR, ids["parabol.pdf"], reason="  ")
    with pytest.raises(NotFound):
        purge(services, OPERATOR, "zzzzzzzzzzzz", reason="Toà án.")
    with pytest.raises(Exception, match="not-allowed"):
        purge(services, PUBLIC, ids["parabol.pdf"], reason="Toà án.")
    assert looked_up(services, ids["parabol.pdf"])[0].visibility == "live"
    services.catalogue.close()


def test_what_was_being_read_or_drawn_meanwhile_leaves_nothing(filled: Room) -> None:
    """The purge comes while a worker has the file open: what it hands in afterwards is not kept."""
    services = filled.open()
    identifier = ids_of(services)["parabol.pdf"]
    _, revisions = looked_up(services, identifier)
    with services.catalogue.writing() as work:
        work.jobs.add("read", identifier, priority=PRIORITY_BATCH)
        job = next(iter(work.jobs.lease(["read"], worker="w", limit=1, seconds=60)))
    from ingest.sandbox import Sandbox

    class Meanwhile:
        def __init__(self, sandbox: Sandbox) -> None:
            self._sandbox = sandbox

        def read(self, bundle):  # type: ignore[no-untyped-def]
            document = self._sandbox.read(bundle)
            purge(services, OPERATOR, identifier, reason="Toà án.")
            return document

        def picture(self, path, **_):  # type: ignore[no-untyped-def]
            purge(services, OPERATOR, identifier, reason="Toà án.")
            return b"RIFF"

        def layer(self, path, **_):  # type: ignore[no-untyped-def]
            return {"aspect": 1.0, "lines": []}

    with services.catalogue.writing() as work:
        work.readings.forget(names_of(revisions[0]))
    with Sandbox() as sandbox:
        reader = Meanwhile(sandbox)
        stale = Job(**{**{name: getattr(job, name) for name in Job.__slots__}, "subject": identifier})
        _force_reading(services, revisions[0])
        _worked(services, reader, stale)
        assert looked_up(services, identifier)[0].visibility == "withdrawn"
        assert traces(services, revisions) == []
        # Leased again after a death: nothing is read, nothing waits for ever.
        _worked(services, reader, stale)
        drawn = Job(**{**{name: getattr(job, name) for name in Job.__slots__}, "kind": "illustrate",
                       "subject": f"{identifier}/1/1/720"})  # fmt: skip
        pictures.illustrate(services, reader, drawn)  # type: ignore[arg-type]
    assert traces(services, revisions) == []
    services.catalogue.close()


def _worked(services: Services, reader: Any, job: Job) -> None:
    """As a worker does it: what it came to is written with the end of the job, which the purge took off the queue."""
    record = process(services, reader, job)
    if record is not None:
        services.catalogue.write(lambda work: record(work, bool(work.jobs.done([job.id], worker="w"))))


def _force_reading(services: Services, revision: Revision) -> None:
    """As if another pipeline had read it, so that this one reads it again."""
    from dataclasses import replace

    with services.catalogue.writing() as work:
        (name,) = names_of(revision)
        held = work.readings.newest([name])[name]
        work.readings.save(replace(held, fingerprint="older"))


def test_a_drawing_that_was_under_way_is_taken_away(filled: Room) -> None:
    services = filled.open()
    identifier = ids_of(services)["parabol.pdf"]
    _, revisions = looked_up(services, identifier)

    class Slow:
        def layer(self, path, **_):  # type: ignore[no-untyped-def]
            return {"aspect": 1.0, "lines": []}

        def picture(self, path, **_):  # type: ignore[no-untyped-def]
            purge(services, OPERATOR, identifier, reason="Toà án.")
            return b"RIFF"

    with services.catalogue.writing() as work:
        work.jobs.add("illustrate", f"{identifier}/1/1/720", priority=1)
        job = next(iter(work.jobs.lease(["illustrate"], worker="w", limit=1, seconds=60, priority=1)))
    pictures.illustrate(services, Slow(), job)  # type: ignore[arg-type]
    assert traces(services, revisions) == []
    services.catalogue.close()


def test_waiting_work_is_dropped(filled: Room) -> None:
    services = filled.open()
    identifier = ids_of(services)["parabol.pdf"]
    with services.catalogue.writing() as work:
        work.jobs.add("read", identifier, priority=PRIORITY_BATCH)
        work.jobs.add("illustrate", f"{identifier}/1/1/720", priority=PRIORITY_BATCH)
    purge(services, OPERATOR, identifier, reason="Toà án.")
    with services.catalogue.reading() as work:
        assert not work.jobs.waiting("read", [identifier])
        assert not work.jobs.waiting("illustrate", [f"{identifier}/1/1/720"])
    work_off(services)
    services.catalogue.close()


def test_killed_at_any_moment_it_is_finished_by_the_next(filled: Room) -> None:
    services = filled.open()
    identifier = ids_of(services)["parabol.pdf"]
    _, revisions = looked_up(services, identifier)
    services.catalogue.close()
    kills = until_it_ends(filled, lambda parts, _: purge(parts, OPERATOR, identifier, reason="Toà án.") and None)
    assert kills >= 2
    services = filled.open()
    assert traces(services, revisions) == []
    with services.catalogue.reading() as work:
        events = [event.kind for event in work.events.of(looked_up(services, identifier)[0].key)]
    assert events.count("purged") == 1
    services.catalogue.close()


def test_the_ledger_beside_the_backups_hears_of_it_at_once(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    identifier = ids_of(services)["parabol.pdf"]
    _, revisions = looked_up(services, identifier)
    place = FolderStore(tmp_path / "place")
    dump(services, OPERATOR, place, "place")
    blob, (bundle,) = f"blobs/{revisions[0].files[0].sha256}", names_of(revisions[0])
    assert place.exists(blob)
    hoclieu(filled, "purge", identifier, "--reason", "Toà án.", HOCLIEU_BACKUP_URL=str(tmp_path / "place"))
    assert ledger.of_place(place) == records(services)
    assert not place.exists(blob)
    assert list(place.keys(f"documents/{bundle}/")) == []
    hoclieu(filled, "backup", str(tmp_path / "place"), "--verify")
    # A place that is away: the purge holds, and the command says what is left to do.
    other = ids_of(services)["quangphan.pdf"]
    (tmp_path / "file").write_text("no folder")
    said = hoclieu(filled, "purge", other, "--reason", "Toà án.", code=1, HOCLIEU_BACKUP_URL=str(tmp_path / "file"))
    assert "does not know of it" in said
    assert looked_up(services, other)[0].visibility == "withdrawn"
    hoclieu(filled, "purge", other, "--reason", "Toà án.", HOCLIEU_BACKUP_URL=str(tmp_path / "place"))
    assert len(ledger.of_place(place)) == 2
    services.catalogue.close()
