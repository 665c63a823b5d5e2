"""Fresh indexes beside the live one: equal before they answer, back and forth, and what a bad day leaves.

The module is long because its tests share one library and one index that misbehaves.
"""

import datetime
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.document import Bundle, Document
from service import compose
from service.errors import IndexDiffers, IndexOutdated, IndexUnavailable, NoOldIndex, ReindexOvertaken
from service.library import discover, doctor, lexicon_files, project, reindexing
from service.library.lanes import INDEXING
from service.library.readiness import Readiness
from service.library.services import Services
from service.library.views import SearchRequest
from service.library.work import Worker
from service.model import PUBLIC, Generation, IndexDocument, ResourceKey
from service.ports import Catalogue, SearchIndex, UnitOfWork
from service.settings import Settings
from tests.relevance.library import Text, publish

TEXTS = [Text(f"t{number}", f"Bài {number}", (f"hàm số {number}",)) for number in range(12)]


class Nothing:
    """Reads and draws nothing: only index jobs are done here."""

    def read(self, bundle: Bundle) -> Document:
        raise AssertionError

    def picture(self, path: Path, *, media_type: str, page: int, width: int) -> bytes:
        raise AssertionError

    def layer(self, path: Path, *, media_type: str, page: int) -> dict[str, object]:
        raise AssertionError


class Trouble:
    """An index on a bad day: documents that it loses or refuses, and calls that end in an error."""

    def __init__(self, inner: SearchIndex) -> None:
        self._inner = inner
        self.engine = inner.engine
        self.away = False
        self.lost: set[int] = set()
        self.refused: set[int] = set()
        self.before: Callable[[str], None] = lambda _: None
        self.made_by = inner.fingerprint()

    def __getattr__(self, name: str) -> object:
        act = getattr(self._inner, name)

        def call(*given: object, **named: object) -> object:
            self.before(name)
            if self.away:
                raise IndexUnavailable(part="index")
            return act(*given, **named)

        return call

    def fingerprint(self) -> str:
        return self.made_by

    def write(
        self, generation: str, documents: Sequence[IndexDocument], removed: Collection[ResourceKey]
    ) -> Mapping[ResourceKey, str]:
        self.before("write")
        if self.away:
            raise IndexUnavailable(part="index")
        kept = [one for one in documents if one.key not in self.lost | self.refused]
        refused = {one.key: "too many values" for one in documents if one.key in self.refused}
        return {**self._inner.write(generation, kept, removed), **refused}


@pytest.fixture(params=["tantivy", "opensearch"])
def parts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Services]:
    index = ""
    if request.param == "opensearch":
        index = request.getfixturevalue("opensearch_server").url(request.getfixturevalue("index_name"))
    made = compose.services(Settings(home=tmp_path / "home", lease_seconds=2.0, index_url=index))
    made.catalogue.migrate()
    project.ensure(made)
    publish(made, TEXTS)
    yield made
    made.index.close()
    made.catalogue.close()


@pytest.fixture
def trouble(parts: Services) -> Trouble:
    return Trouble(parts.index)


@pytest.fixture
def troubled(parts: Services, trouble: Trouble) -> Services:
    return replace(parts, index=trouble)  # type: ignore[arg-type]


def rows(services: Services) -> list[Generation]:
    with services.catalogue.reading() as work:
        return list(work.generations.all(services.index.engine))


def states(services: Services) -> list[str]:
    return [row.state for row in rows(services)]


def total(services: Services, text: str) -> int:
    return discover.search(services, PUBLIC, SearchRequest(text=text)).total


def first_key(services: Services) -> ResourceKey:
    with services.catalogue.reading() as work:
        return work.resources.after(0, 1)[0].key


def hide(services: Services, key: ResourceKey) -> str:
    with services.catalogue.writing() as work:
        found = work.resources.by_key(key)
        assert found is not None
        work.resources.save(replace(found, visibility="hidden"))
        work.jobs.add("index", found.id, priority=0)
    return found.id


def files(services: Services) -> set[str]:
    return {key.split("/")[1] for key in services.objects.keys(f"{lexicon_files.FOLDER}/")}


def test_a_fresh_index_answers_and_the_former_stays_until_it_is_dropped(parts: Services) -> None:
    before = project.live(parts)
    steps: list[reindexing.Step] = []
    switched = reindexing.reindex(parts, progress=steps.append)
    assert (switched.resources, switched.refused) == (12, {})
    assert project.live(parts).name == switched.generation != before.name
    assert (steps[-1].done, steps[-1].total, steps[-1].seconds_left) == (12, 12, 0)
    assert total(parts, "ham so") == 12
    assert states(parts) == ["old", "live"]
    assert [(one.generation.name, one.resources, one.fits) for one in reindexing.listing(parts)] == [
        (before.name, 12, True),
        (switched.generation, 12, True),
    ]
    assert reindexing.drop_old(parts) == [before.name]
    assert reindexing.drop_old(parts) == []
    assert (states(parts), files(parts), parts.index.exists(before.name)) == (["live"], {switched.generation}, False)


def test_words_are_counted_in_everything_that_is_built(parts: Services) -> None:
    reindexing.reindex(parts)
    live = project.live(parts)
    assert len(live.lexicon or ()) == 1
    words = parts.lexicons.of(parts.objects, live)
    assert (words.count("ham"), words.count("11"), words.count("12")) == (12, 1, 0)


def test_the_way_back_catches_up_first(parts: Services) -> None:
    before = project.live(parts)
    reindexing.reindex(parts)
    publish(parts, [Text("new", "Quang hợp", ("quang hợp ở cây",))])
    gone = first_key(parts)
    project.write(parts, [hide(parts, gone)])
    # What may not be kept goes from an old one at once, what is new waits.
    assert {key for key, _ in parts.index.versions(before.name)} == set(range(1, 13)) - {gone}
    switched = reindexing.back(parts)
    assert (switched.generation, switched.resources) == (before.name, 12)
    assert (total(parts, "quang hop"), total(parts, "quang hop xyzzy")) == (1, 1)
    assert not project.compare(parts, project.live(parts))
    assert reindexing.back(parts).generation != before.name


def test_there_is_no_way_back_to_nothing_or_to_another_versions_index(troubled: Services, trouble: Trouble) -> None:
    with pytest.raises(NoOldIndex):
        reindexing.back(troubled)
    trouble.made_by = "another"
    reindexing.reindex(troubled)
    with pytest.raises(NoOldIndex):
        reindexing.back(troubled)
    assert [one.fits for one in reindexing.listing(troubled)] == [False, True]


def test_what_is_not_equal_never_answers(troubled: Services, trouble: Trouble) -> None:
    before = project.live(troubled)
    trouble.lost = {int(first_key(troubled))}
    with pytest.raises(IndexDiffers) as caught:
        reindexing.reindex(troubled)
    with troubled.catalogue.reading() as work:
        named = work.resources.after(0, 1)[0].id
    said = caught.value.parameters
    assert (said["missing"], said["stale"], said["extra"], said["resources"]) == (1, 0, 0, named)
    assert (said["indexed"], said["published"]) == (11, 12)
    assert [row.name for row in rows(troubled)] == [before.name]
    assert files(troubled) == {before.name}


def test_what_a_job_still_owes_does_not_keep_the_others(troubled: Services, trouble: Trouble) -> None:
    key = first_key(troubled)
    trouble.lost = {int(key)}
    with troubled.catalogue.writing() as work:
        row = work.resources.by_key(key)
        assert row is not None
        work.jobs.add("index", row.id, priority=0)
    assert reindexing.reindex(troubled).resources == 11
    trouble.lost = set()
    worker = Worker(troubled, Nothing(), lanes=INDEXING)
    worker.start()
    until(lambda: not project.compare(troubled, project.live(troubled)))
    worker.stop()


def test_what_the_engine_refuses_is_told_and_does_not_keep_the_others(troubled: Services, trouble: Trouble) -> None:
    key = first_key(troubled)
    trouble.refused = {int(key)}
    switched = reindexing.reindex(troubled)
    assert (switched.resources, list(switched.refused.values())) == (11, ["too many values"])


def test_a_refused_document_fails_its_own_job_at_once_with_its_reason(
    troubled: Services, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    key = first_key(troubled)
    trouble.refused = {int(key)}
    with troubled.catalogue.writing() as work:
        page = work.resources.after(0, 100)
        for one in page:
            work.resources.save(one)
            work.jobs.add("index", one.id, priority=0)
    poison = page[0].id
    worker = Worker(troubled, Nothing(), lanes=INDEXING)
    worker.start()
    until(lambda: ("index", "failed") in numbers(troubled) and ("index", "queued") not in numbers(troubled))
    until(lambda: ("index", "leased") not in numbers(troubled))
    worker.stop()
    assert numbers(troubled) == {("index", "failed"): 1}
    with troubled.catalogue.reading() as work:
        (job,) = work.jobs.failed(9)
    assert (job.subject, job.reason, job.failures) == (poison, "document-refused", 1)
    assert job.reason_parameters == {"resource": poison, "cause": "too many values"}
    assert project.compare(troubled, project.live(troubled)).keys == (key,)
    assert any(record.message == "job-failed" and record.subject == poison for record in caplog.records)
    told = [check for check in doctor.examine(troubled, {}) if check.code == "doctor-job-refused"]
    assert [check.parameters for check in told] == [{"subject": poison, "cause": "too many values"}]


def test_an_index_that_was_away_for_long_catches_up_without_a_hand(troubled: Services, trouble: Trouble) -> None:
    trouble.away = True
    with troubled.catalogue.writing() as work:
        page = work.resources.after(0, 100)
        for one in page:
            work.resources.save(one)
            work.jobs.add("index", one.id, priority=0)
    asked: list[str] = []
    trouble.before = asked.append
    worker = Worker(troubled, Nothing(), lanes=INDEXING)
    worker.start()
    # Far more tries than a failing job gets.
    until(lambda: asked.count("write") >= 5, seconds=60)
    with troubled.catalogue.reading() as work:
        waiting = work.jobs.waiting("index", [one.id for one in page])
    assert {(job.failures, job.losses) for job in waiting.values()} == {(0, 0)}
    assert len(waiting) == 12
    trouble.away = False
    until(lambda: not numbers(troubled), seconds=30)
    worker.stop()
    assert not project.compare(troubled, project.live(troubled))


@pytest.mark.parametrize("call", ["create", "write", "versions", "promote"])
def test_cut_off_anywhere_nothing_changes_and_nothing_is_left(troubled: Services, trouble: Trouble, call: str) -> None:
    before = project.live(troubled).name

    def cut_off(name: str) -> None:
        if name == call:
            raise KeyboardInterrupt

    trouble.before = cut_off
    with pytest.raises(KeyboardInterrupt):
        reindexing.reindex(troubled)
    trouble.before = lambda _: None
    assert [(row.name, row.state) for row in rows(troubled)] == [(before, "live")]
    assert files(troubled) == {before}
    assert reindexing.reindex(troubled).resources == 12


@pytest.mark.parametrize("call", ["exists", "versions", "promote"])
def test_a_way_back_that_was_cut_off_leaves_the_old_one_old(troubled: Services, trouble: Trouble, call: str) -> None:
    before = project.live(troubled).name
    reindexing.reindex(troubled)

    def cut_off(name: str) -> None:
        if name == call:
            raise KeyboardInterrupt

    trouble.before = cut_off
    with pytest.raises(KeyboardInterrupt):
        reindexing.back(troubled)
    trouble.before = lambda _: None
    assert states(troubled) == ["old", "live"]
    assert reindexing.back(troubled).generation == before


def test_a_way_back_that_was_killed_is_no_litter(parts: Services) -> None:
    before = project.live(parts).name
    reindexing.reindex(parts)
    with parts.catalogue.writing() as work:
        work.generations.set_state(before, "building")
    reindexing.reindex(parts)
    assert states(parts) == ["old", "old", "live"]
    with parts.catalogue.writing() as work:
        work.generations.set_state(before, "building")
    assert reindexing.back(parts).generation in {row.name for row in rows(parts)}
    assert parts.index.exists(before)


def test_the_later_of_two_commands_wins_and_the_earlier_says_so(troubled: Services, trouble: Trouble) -> None:
    began: list[str] = []

    def meanwhile(name: str) -> None:
        if name == "versions" and not began:
            began.append(name)
            reindexing.reindex(troubled)

    trouble.before = meanwhile
    with pytest.raises(ReindexOvertaken):
        reindexing.reindex(troubled)
    assert states(troubled) == ["old", "live"]
    assert total(troubled, "ham so") == 12


def test_reading_and_writing_go_on_while_it_is_built(troubled: Services, trouble: Trouble) -> None:
    stop = threading.Event()
    found: list[int] = []
    added: list[str] = []

    def read() -> None:
        while not stop.is_set():
            found.append(total(troubled, "ham so"))

    def write() -> None:
        for number in range(6):
            added.extend(publish(troubled, [Text(f"n{number}", "Mới", (f"hàm số mới {number}",))]))

    threads = [threading.Thread(target=act) for act in (read, write)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        reindexing.reindex(troubled)
    threads[1].join()
    stop.set()
    threads[0].join()
    assert not project.compare(troubled, project.live(troubled))
    assert total(troubled, "ham so") == 18
    assert min(found) >= 12
    assert len(added) == 6


def test_an_index_of_another_version_answers_and_its_work_waits(troubled: Services, trouble: Trouble) -> None:
    trouble.made_by = "another"
    assert total(troubled, "ham so") == 12
    with troubled.catalogue.reading() as work:
        one = work.resources.after(0, 1)[0]
    with pytest.raises(IndexOutdated):
        project.write(troubled, [one.id])
    state = Readiness(troubled).state()
    assert (state.away, state.parts["index"]) == (None, "index-outdated")
    assert any(check.code == "doctor-index-old" for check in doctor.examine(troubled, {}))
    reindexing.reindex(troubled)
    project.write(troubled, [one.id])
    assert Readiness(troubled).state().parts["index"] == "ok"


def test_an_index_that_somebody_removed_is_made_again_with_everything_in_it(parts: Services) -> None:
    live = project.live(parts)
    parts.index.drop(live.name)
    project.ensure(parts)
    worker = Worker(parts, Nothing(), lanes=INDEXING)
    worker.start()
    until(lambda: not project.compare(parts, live))
    worker.stop()
    assert total(parts, "ham so") == 12


def test_a_start_that_was_killed_while_it_queued_everything_is_made_up_for_by_the_next(
    parts: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "BATCH_RESOURCES", 5)
    with parts.catalogue.writing() as work:
        # A copy of the database, or another engine: no generation is there yet.
        work.generations.remove(project.live(parts).name)
    pages: list[int] = []

    def write(act: Callable[[UnitOfWork], object]) -> object:
        with parts.catalogue.reading() as work:
            pages.append(sum(work.jobs.numbers().get(("index", state), 0) for state in ("queued", "failed")))
        if len(pages) == 3:
            raise KeyboardInterrupt
        return parts.catalogue.write(act)

    killed = Killed(parts.catalogue, write)
    with pytest.raises(KeyboardInterrupt):
        project.ensure(replace(parts, catalogue=killed))  # type: ignore[arg-type]
    # The row, then a page a transaction: nobody waits for all of them.
    assert pages == [0, 0, 5]
    live = project.ensure(parts)
    with parts.catalogue.reading() as work:
        assert work.jobs.numbers()[("index", "queued")] == 12
    worker = Worker(parts, Nothing(), lanes=INDEXING)
    worker.start()
    until(lambda: not project.compare(parts, live))
    worker.stop()
    assert total(parts, "ham so") == 12


class Killed:
    """A catalogue whose writes go through something else."""

    def __init__(self, catalogue: Catalogue, write: Callable[[Callable[[UnitOfWork], object]], object]) -> None:
        self._catalogue = catalogue
        self.write = write

    def __getattr__(self, name: str) -> object:
        return getattr(self._catalogue, name)


def test_one_beside_the_live_one_that_somebody_removed_keeps_no_work(parts: Services) -> None:
    beside = Generation("beside", parts.index.engine, parts.index.fingerprint(), "building", NOW, lexicon=())
    with parts.catalogue.writing() as work:
        work.generations.add(beside)
        one = work.resources.after(0, 1)[0]
    assert project.write(parts, [one.id]) == {}
    codes = {check.code for check in doctor.examine(parts, {})}
    assert "doctor-index-half" in codes
    reindexing.reindex(parts)
    assert {check.code for check in doctor.examine(parts, {})} & {"doctor-index-half", "doctor-index-kept"} == {
        "doctor-index-kept"
    }


NOW = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)


def numbers(services: Services) -> dict[tuple[str, str], int]:
    with services.catalogue.reading() as work:
        # What was taken in before waits for its near copies to be looked for, which no lane here does.
        return {(kind, state): number for (kind, state), number in work.jobs.numbers().items() if kind == "index"}


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    waited = threading.Event()
    for _ in range(int(seconds / 0.05)):
        with suppress(IndexUnavailable):
            if condition():
                return
        waited.wait(0.05)
    raise AssertionError("it never came true")
