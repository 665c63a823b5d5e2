"""A worker on a real library: poison is set aside, the dead are replaced, orderly stops give work back.

The module is long because its tests share one library and its readers that misbehave.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service import compose
from service.errors import NotFound, Unavailable
from service.library import project, reindexing, rendering
from service.library.deposit import Offered, deposit
from service.library.lanes import INDEXING, READING, Lane
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR, PRIORITY_BATCH, PRIORITY_PEOPLE
from service.ports import Catalogue, UnitOfWork
from service.settings import Settings
from tests.functional.working import LICENCE, Reader, hand_in, total, until


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    made = compose.services(Settings(home=tmp_path / "home", lease_seconds=1.0))
    made.catalogue.migrate()
    project.ensure(made)
    yield made
    made.catalogue.close()


@pytest.fixture
def offer(parts: Services, tmp_path: Path) -> Callable[[str], str]:
    def call(name: str) -> str:
        return hand_in(parts, tmp_path / name, f"nội dung của {name.removesuffix('.txt')}")

    return call


def test_a_poisoned_item_stops_after_three_tries_and_never_blocks_the_others(
    parts: Services, offer: Callable[[str], str]
) -> None:
    poison, well = offer("poison.txt"), offer("lanh.txt")
    reader = Reader()
    worker = Worker(parts, reader, lanes=READING + INDEXING)
    worker.start()
    until(lambda: total(parts, "lanh") == 1)

    def failed() -> bool:
        with parts.catalogue.reading() as work:
            job = work.jobs.waiting("publish", [poison]).get(poison)
        return job is not None and job.state == "failed"

    until(failed)
    worker.stop()
    assert reader.reading.count("poison.txt") == 3
    with parts.catalogue.reading() as work:
        job = work.jobs.waiting("publish", [poison])[poison]
        assert (job.failures, job.reason) == (3, "work-failed")
        resource = work.resources.get(well)
    assert resource is not None
    assert resource.published == 1


def test_a_file_that_cannot_be_read_stays_a_draft_with_its_reason_and_is_not_tried_again(
    parts: Services, offer: Callable[[str], str]
) -> None:
    broken = offer("broken.txt")
    reader = Reader()
    worker = Worker(parts, reader, lanes=READING + INDEXING)
    worker.start()

    def settled() -> bool:
        with parts.catalogue.reading() as work:
            return not work.jobs.waiting("publish", [broken])

    until(settled)
    worker.stop()
    assert reader.reading == ["broken.txt"]
    with parts.catalogue.reading() as work:
        resource = work.resources.get(broken)
        assert resource is not None
        assert resource.published is None
        draft = work.resources.open_revision(resource.key)
        assert draft is not None
        assert draft.first("title") == "broken"
        reasons = [event.details.get("reason") for event in work.events.of(resource.key)]
    assert "broken-file" in reasons


def test_what_a_dead_worker_held_is_done_by_the_next_after_the_lease(
    parts: Services, offer: Callable[[str], str]
) -> None:
    id = offer("moi.txt")
    with parts.catalogue.writing() as work:
        (held,) = work.jobs.lease(["publish"], worker="dead:1", limit=1, seconds=1.0)
    worker = Worker(parts, Reader(), lanes=READING + INDEXING)
    worker.start()
    until(lambda: total(parts, "moi") == 1)
    worker.stop()
    assert held.subject == id
    with parts.catalogue.reading() as work:
        assert not work.jobs.waiting("publish", [id])


def test_a_long_reading_keeps_its_lease_while_its_worker_lives(parts: Services, offer: Callable[[str], str]) -> None:
    offer("slow.txt")
    reader, other = Reader(), Reader()
    first = Worker(parts, reader, lanes=READING)
    second = Worker(parts, other, lanes=READING)
    first.start()
    until(lambda: reader.reading == ["slow.txt"])
    second.start()
    time.sleep(2.5)  # more than two leases
    assert other.reading == []
    reader.hold.set()
    first.stop()
    second.stop()


def test_a_worker_that_reads_leaves_what_waits_to_others(parts: Services, offer: Callable[[str], str]) -> None:
    slow = [offer(f"slow-{number}.txt") for number in range(len(READING))]
    reader, other = Reader(), Reader()
    first = Worker(parts, reader, lanes=READING)
    second = Worker(parts, other, lanes=READING)
    first.start()
    until(lambda: len(reader.reading) == len(slow))
    for number in range(3):
        offer(f"nhanh-{number}.txt")
    time.sleep(0.5)
    assert len(reader.reading) == len(slow)
    with parts.catalogue.reading() as work:
        assert work.jobs.numbers() == {("publish", "leased"): len(slow), ("publish", "queued"): 3}
    second.start()
    until(lambda: len(other.reading) == 3)
    reader.hold.set()
    first.stop()
    second.stop()


def test_people_go_before_batches(parts: Services, offer: Callable[[str], str]) -> None:
    for number in range(5):
        offer(f"lo-{number}.txt")
    urgent = offer("gap.txt")
    with parts.catalogue.writing() as work:
        work.jobs.add("publish", urgent, priority=PRIORITY_BATCH - 40)
    reader = Reader()
    worker = Worker(parts, reader, lanes=READING)
    worker.start()
    until(lambda: len(reader.reading) == 6)
    worker.stop()
    # Its first lease is the urgent one; another lane may have begun in the same instant.
    assert "gap.txt" in reader.reading[: len(READING)]


def test_an_index_that_fell_behind_is_found_out_and_repaired(parts: Services, offer: Callable[[str], str]) -> None:
    ids = [offer(f"sach{word}.txt") for word in ("mot", "hai", "ba")]
    worker = Worker(parts, Reader(), lanes=READING + INDEXING)
    worker.start()
    until(lambda: total(parts, "noi dung") == 3)
    worker.stop()
    live = project.live(parts)
    with parts.catalogue.reading() as work:
        rows = [work.resources.get(id) for id in ids]
    lost, aged, extra = (row for row in rows if row is not None)
    parts.index.write(live.name, [], [lost.key])
    with parts.catalogue.writing() as work:
        work.resources.save(aged)
        work.resources.save(replace(extra, visibility="hidden"))
    found = project.compare(parts, live)
    assert (found.missing, found.stale, found.extra) == ((lost.key,), (aged.key,), (extra.key,))
    project.repair(parts, found)
    worker = Worker(parts, Reader(), lanes=INDEXING)
    worker.start()
    until(lambda: not project.compare(parts, live))
    worker.stop()
    assert total(parts, "noi dung") == 2


def test_reindexing_while_things_change_ends_equal_to_the_catalogue(
    parts: Services, offer: Callable[[str], str]
) -> None:
    for number in range(30):
        offer(f"dau{number}.txt")
    worker = Worker(parts, Reader(), lanes=READING + INDEXING)
    worker.start()
    until(lambda: total(parts, "noi dung") == 30)
    before = project.live(parts).name
    more = threading.Thread(target=lambda: [offer(f"sau{number}.txt") for number in range(30)])
    more.start()
    reindexing.reindex(parts)
    more.join()
    until(lambda: total(parts, "noi dung") == 60)
    worker.stop()
    assert project.live(parts).name != before
    assert not project.compare(parts, project.live(parts))
    assert reindexing.drop_old(parts) == [before]
    assert not parts.index.exists(before)


def test_a_reindex_that_was_cut_off_leaves_the_live_index_and_the_next_one_clears_up(
    parts: Services, offer: Callable[[str], str]
) -> None:
    offer("mot.txt")
    worker = Worker(parts, Reader(), lanes=READING + INDEXING)
    worker.start()
    until(lambda: total(parts, "noi dung") == 1)
    worker.stop()

    def cut_off(_step: reindexing.Step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindexing.reindex(parts, progress=cut_off)
    assert total(parts, "noi dung") == 1
    reindexing.reindex(parts)
    with parts.catalogue.reading() as work:
        assert [generation.state for generation in work.generations.all(parts.index.engine)] == ["old", "live"]
    assert total(parts, "noi dung") == 1


def test_what_went_to_another_worker_meanwhile_has_its_effect_there_and_only_there(
    parts: Services, offer: Callable[[str], str]
) -> None:
    id = offer("slow.txt")
    reader = Reader()
    first = Worker(parts, reader, lanes=READING)
    first.start()
    until(lambda: reader.reading == ["slow.txt"])
    # As if it had said nothing for longer than its lease.
    with parts.catalogue.writing() as work:
        held = work.jobs.waiting("publish", [id])[id]
        work.jobs.release([held.id], worker=first.name)
        (taken,) = work.jobs.lease(["publish"], worker="other:1", limit=1, seconds=60.0)
    reader.hold.set()
    first.stop()
    with parts.catalogue.reading() as work:
        resource = work.resources.get(id)
        assert resource is not None
        assert resource.published is None
        assert [event.kind for event in work.events.of(resource.key)] == ["deposited"]
        assert work.jobs.waiting("publish", [id])[id].id == taken.id


class Flaky:
    """A catalogue whose writes fail while it is told to; all else is the real one's."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.away = False

    def write(self, act: Callable[[UnitOfWork], Any]) -> Any:
        if self.away:
            raise Unavailable(part="database")
        return self._catalogue.write(act)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)


def test_what_was_held_while_the_database_went_away_is_not_waited_for_until_its_lease_ends(
    parts: Services, offer: Callable[[str], str]
) -> None:
    id = offer("slow.txt")
    flaky, reader = Flaky(parts.catalogue), Reader()
    settings = parts.settings.model_copy(update={"lease_seconds": 3600.0})
    worker = Worker(replace(parts, catalogue=flaky, settings=settings), reader, lanes=READING + INDEXING)
    worker.start()
    until(lambda: reader.reading == ["slow.txt"])
    flaky.away = True
    reader.hold.set()
    until(lambda: worker._owed != set())
    flaky.away = False
    until(lambda: total(parts, "slow") == 1)
    worker.stop()
    with parts.catalogue.reading() as work:
        resource = work.resources.get(id)
        assert resource is not None
        assert sorted(event.kind for event in work.events.of(resource.key)) == ["deposited", "published", "read"]


def test_a_lane_whose_part_came_back_is_in_no_trouble_though_it_finds_nothing_to_do(
    parts: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.library.work.AWAY_SECONDS", 0.05)
    monkeypatch.setattr("service.library.work.LOOK_SECONDS", 0.05)
    flaky = Flaky(parts.catalogue)
    flaky.away = True
    worker = Worker(replace(parts, catalogue=flaky), Reader(), lanes=READING[:1])
    worker.start()
    until(lambda: bool(worker._troubles))
    flaky.away = False
    until(lambda: not worker._troubles)
    assert worker.able()
    worker.stop()


def test_the_trouble_of_one_lane_is_not_over_because_another_one_works(
    parts: Services, offer: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.library.work.AWAY_SECONDS", 0.05)
    monkeypatch.setattr("service.library.work.PATIENCE_SECONDS", 0.5)

    def away(*_given: object) -> None:
        raise Unavailable(part="index")

    monkeypatch.setattr(project, "write", away)
    offer("mot.txt")
    reader = Reader()
    worker = Worker(parts, reader, lanes=READING + INDEXING)
    worker.start()

    def given_up() -> bool:
        # Files come in one after the other meanwhile.
        offer(f"{time.monotonic()}.txt")
        try:
            worker.able()
        except Unavailable as error:
            return error.parameters == {"part": "index"}
        return False

    until(given_up)
    worker.stop()
    assert len(reader.reading) > 1


def test_what_is_read_to_its_end_after_the_stop_keeps_its_lease(parts: Services, offer: Callable[[str], str]) -> None:
    id = offer("slow.txt")
    reader, other = Reader(), Reader()
    first, second = (Worker(parts, one, lanes=READING) for one in (reader, other))
    first.start()
    until(lambda: reader.reading == ["slow.txt"])
    stopping = threading.Thread(target=first.stop)
    stopping.start()
    second.start()
    time.sleep(2.5)  # more than two leases
    reader.hold.set()
    stopping.join()
    second.stop()
    assert other.reading == []
    with parts.catalogue.reading() as work:
        assert not work.jobs.waiting("publish", [id])


class Away:
    """A store that does not answer, and to which nothing may be sent in vain."""

    def look(self) -> None:
        raise Unavailable(part="objects")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} of a store that is away")


def test_a_deposit_is_refused_before_its_file_is_opened_while_the_store_is_away(
    parts: Services, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable) as caught:
        deposit(
            replace(parts, objects=Away()),  # type: ignore[arg-type]
            OPERATOR,
            [Offered(tmp_path / "never-opened.pdf", "never-opened.pdf")],
            owner="default",
        )
    assert caught.value.parameters == {"part": "objects"}


def test_a_deposit_for_nobody_is_refused_before_its_file_is_opened(parts: Services, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        deposit(parts, OPERATOR, [Offered(tmp_path / "never-opened.pdf", "never-opened.pdf")], owner="nobody")


def test_harvesters_wait_while_the_index_is_behind(parts: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    with parts.catalogue.writing() as work:
        for number in range(9):
            work.jobs.add("index", f"nobody-{number}", priority=PRIORITY_BATCH)
            work.jobs.add("render", f"nobody-{number}", priority=PRIORITY_BATCH)
    began, go_on = threading.Event(), threading.Event()
    did: list[str] = []

    def index(_services: Services, ids: Sequence[str]) -> dict[str, str]:
        began.set()
        go_on.wait(15)
        did.extend(["index"] * len(ids))
        return {}

    def render(_services: Services, ids: Sequence[str]) -> dict[str, Exception]:
        did.extend(["render"] * len(ids))
        return {}

    monkeypatch.setattr(project, "write", index)
    monkeypatch.setattr(rendering, "write", render)
    worker = Worker(parts, Reader(), lanes=(Lane(("index",), 2),))
    worker.start()
    assert began.wait(15)
    worker.take_on((Lane(("render",), 2, after=("index",)),))
    go_on.set()
    until(lambda: len(did) == 18)
    worker.stop()
    # The last batch is not full: then nothing more waits, and both go on.
    assert did[:8] == ["index"] * 8
    assert did.count("render") == 9


def test_what_somebody_waits_for_goes_before_what_a_batch_has_queued(
    parts: Services, offer: Callable[[str], str], tmp_path: Path
) -> None:
    batch = [offer(f"tap-{number}.txt") for number in range(4)]
    path = tmp_path / "mot.txt"
    path.write_text("của một người", encoding="utf-8")
    waited = deposit(
        parts, OPERATOR, [Offered(path, path.name)], owner="default", values=[LICENCE], publish=True,
        priority=PRIORITY_PEOPLE,
    ).resource.id  # fmt: skip
    reader = Reader()
    reading = Worker(parts, reader, lanes=READING[:1])
    reading.start()
    until(lambda: len(reader.reading) == 5)
    reading.stop()
    assert reader.reading[0] == "mot.txt"
    # What follows from publishing is as urgent: its entry in the index, its records for harvesters.
    with parts.catalogue.reading() as work:
        queued = {kind: work.jobs.waiting(kind, [waited, *batch]) for kind in ("index", "render")}
    for jobs in queued.values():
        assert jobs[waited].priority == PRIORITY_PEOPLE
        assert {jobs[one].priority for one in batch} == {PRIORITY_BATCH}
