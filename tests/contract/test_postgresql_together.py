"""Several processes and transactions on one PostgreSQL at once, and what becomes of them when the server goes away.

The module is long because its tests share a handful of barriers and threads that would say little apart.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from service.adapters.database.postgresql import TRIES, PostgresCatalogue
from service.adapters.database.postgresql_place import Limits
from service.errors import Conflict, Purged, QuotaExceeded, Unavailable
from service.library.deposit import add_new
from service.model import OPERATOR, FileEntry, Generation, Value
from service.ports import UnitOfWork
from tests.contract.catalogue_parts import READ
from tests.contract.catalogue_resources import NOW, a_draft, sha
from tests.contract.catalogue_transactions import SPAWN
from tests.contract.processes import migrate
from tests.servers.postgresql import PostgresServer

BACK_SECONDS = 5.0
"""Within this time after the server's return the library is back, without a restart."""


@pytest.fixture
def catalogue(postgresql_database: str) -> Iterator[PostgresCatalogue]:
    with opened(postgresql_database) as catalogue:
        yield catalogue


@contextlib.contextmanager
def opened(url: str, limits: Limits | None = None) -> Iterator[PostgresCatalogue]:
    catalogue = PostgresCatalogue(url, limits=limits or Limits())
    try:
        yield catalogue
    finally:
        catalogue.close()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run them in threads. Returns: what each returned or raised."""
    results: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            results[number] = act()
        except Exception as error:  # noqa: BLE001 - what it raised is what is looked at
            results[number] = error

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def eventually(act: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not act():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_eight_processes_migrate_at_once_and_one_does_it(postgresql_server: PostgresServer) -> None:
    url = postgresql_server.create("eight")
    starters = [SPAWN.Process(target=migrate, args=(PostgresCatalogue, url)) for _ in range(8)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(120)
    assert [starter.exitcode for starter in starters] == [0] * 8
    assert postgresql_server.run("SELECT count(*) FROM organisations", "eight") == [(1,)]
    postgresql_server.drop("eight")


def test_a_deadlock_is_tried_again_until_both_acts_are_done(catalogue: PostgresCatalogue) -> None:
    first, second = catalogue.write(lambda work: [work.resources.add(owner="default") for _ in range(2)])
    both_hold = threading.Barrier(2)
    runs = []

    def crosswise(one: int, other: int) -> None:
        met = False

        def act(work: UnitOfWork) -> None:
            nonlocal met
            runs.append(one)
            held = work.resources.by_key(one)  # type: ignore[arg-type]
            if not met:
                met = True
                both_hold.wait(20)
            wanted = work.resources.by_key(other)  # type: ignore[arg-type]
            for resource in (held, wanted):
                assert resource is not None
                work.resources.save(resource)

        catalogue.write(act)

    results = at_once(lambda: crosswise(first.key, second.key), lambda: crosswise(second.key, first.key))
    assert results == [None, None]
    assert len(runs) == 3
    with catalogue.reading() as work:
        for key in (first.key, second.key):
            resource = work.resources.by_key(key)
            assert resource is not None
            assert resource.row_version == 3


@pytest.mark.parametrize(("code", "error"), [("40001", Unavailable), ("40P01", Unavailable), ("23505", Conflict)])
def test_collisions_are_tried_again_with_a_bound(catalogue: PostgresCatalogue, code: str, error: type) -> None:
    runs = 0

    def act(work: UnitOfWork, *, failing: int) -> int:
        nonlocal runs
        runs += 1
        work.resources.add(owner="default")
        if runs <= failing:
            work.resources.transaction.connection.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$"))  # type: ignore[attr-defined]
        return runs

    assert catalogue.write(lambda work: act(work, failing=2)) == 3
    runs = 0
    with pytest.raises(error):
        catalogue.write(lambda work: act(work, failing=99))
    assert runs == TRIES
    with catalogue.reading() as work:
        assert len(work.resources.after(0, 9)) == 1


def test_an_error_of_the_act_itself_is_not_tried_again(catalogue: PostgresCatalogue) -> None:
    runs = []

    def act(work: UnitOfWork) -> None:
        runs.append(1)
        work.organisations.add("default", "lần nữa")

    with pytest.raises(Conflict):
        catalogue.write(act)
    assert runs == [1]


class TestReadThenWrite:
    """What SQLite's single writer gives for nothing: many act at once as if one came after another."""

    def test_a_resource_that_is_read_for_a_change_waits_for_nobody_elses_change(
        self, catalogue: PostgresCatalogue
    ) -> None:
        made = catalogue.write(lambda work: work.resources.add(owner="default"))

        def act(work: UnitOfWork) -> None:
            held = work.resources.get(made.id)
            assert held is not None
            work.resources.save(replace(held, withdrawn_reason=held.withdrawn_reason + "x"))

        assert at_once(*[lambda: catalogue.write(act)] * 8) == [None] * 8
        with catalogue.reading() as work:
            after = work.resources.get(made.id)
        assert after is not None
        assert after.withdrawn_reason == "x" * 8

    def test_one_draft_a_resource(self, catalogue: PostgresCatalogue) -> None:
        made = catalogue.write(lambda work: work.resources.add(owner="default"))
        title = (Value("title", "Bài một", "person"),)
        results = at_once(
            *[lambda: catalogue.write(lambda work: work.resources.add_revision(made.key, values=title, files=[]))] * 6
        )
        assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 5 + ["Revision"]

    def test_one_resource_for_bytes_that_many_bring(self, catalogue: PostgresCatalogue) -> None:
        def act(work: UnitOfWork) -> str:
            work.blobs.add(sha(1), 11)
            held = work.resources.holding(sha(1))
            return held[0].id if held else a_draft(work, 1)[0].id

        results = at_once(*[lambda: catalogue.write(act)] * 6)
        assert len(set(results)) == 1
        with catalogue.reading() as work:
            assert [one.id for one in work.resources.after(0, 9)] == results[:1]

    def test_bytes_are_kept_or_refused_never_both(self, catalogue: PostgresCatalogue) -> None:
        for number in range(10):
            offered, refused = at_once(
                lambda number=number: catalogue.write(lambda work: work.blobs.add(sha(number), 1)),  # type: ignore[misc]
                lambda number=number: catalogue.write(lambda work: _purge(work, number)),  # type: ignore[misc]
            )
            assert refused is None
            assert offered is None or isinstance(offered, Purged)
            with catalogue.reading() as work:
                left = work.blobs.unreferenced(NOW.replace(year=2100), 99)
            assert left == []

    def test_the_last_room_of_an_organisation_is_found_by_one(self, catalogue: PostgresCatalogue) -> None:
        catalogue.write(lambda work: work.organisations.set_quota("default", 35))

        def act(work: UnitOfWork, number: int) -> bool:
            entry = FileEntry(1, sha(number), 10, "application/pdf", "a.pdf")
            (made,) = add_new(work, [((), [entry])], OPERATOR, owner="default", publish=False, priority=50)
            return isinstance(made, QuotaExceeded)

        results = at_once(
            *[lambda number=number: catalogue.write(lambda work: act(work, number)) for number in range(6)]  # type: ignore[misc]
        )
        assert sorted(results) == [False] * 3 + [True] * 3
        with catalogue.reading() as work:
            assert work.organisations.used("default") == 30

    def test_one_reading_a_bundle_and_pipeline(self, catalogue: PostgresCatalogue) -> None:
        assert at_once(*[lambda: catalogue.write(lambda work: work.readings.save(READ))] * 6) == [None] * 6
        with catalogue.reading() as work:
            assert work.readings.newest([READ.bundle]) == {READ.bundle: READ}

    def test_one_live_generation_and_those_that_come_late_find_it(self, catalogue: PostgresCatalogue) -> None:
        def act(work: UnitOfWork, name: str) -> str:
            live = [one.name for one in work.generations.all("tantivy") if one.state == "live"]
            if not live:
                work.generations.add(Generation(name, "tantivy", "f", "live", NOW))
            return live[0] if live else name

        results = at_once(
            *[lambda name=name: catalogue.write(lambda work: act(work, name)) for name in "abcdef"]  # type: ignore[misc]
        )
        assert len(set(results)) == 1

    def test_ids_that_lead_to_each_other_make_no_circle(self, catalogue: PostgresCatalogue) -> None:
        one, other = catalogue.write(lambda work: [work.resources.add(owner="default") for _ in range(2)])
        results = at_once(
            lambda: catalogue.write(lambda work: work.resources.add_alias(one.id, other.key)),
            lambda: catalogue.write(lambda work: work.resources.add_alias(other.id, one.key)),
        )
        assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]

    def test_a_job_that_comes_back_melts_into_one_that_is_being_queued(self, catalogue: PostgresCatalogue) -> None:
        for number in range(20):
            subject = str(number)
            catalogue.write(lambda work, subject=subject: work.jobs.add("read", subject, priority=50))  # type: ignore[misc]
            (job,) = catalogue.write(lambda work: work.jobs.lease(["read"], worker="w", limit=1, seconds=60))
            results = at_once(
                lambda job=job: catalogue.write(lambda work: work.jobs.release([job.id], worker="w")),  # type: ignore[misc]
                lambda subject=subject: catalogue.write(lambda work: work.jobs.add("read", subject, priority=10)),  # type: ignore[misc]
            )
            assert results == [None, None]
            (again,) = catalogue.write(lambda work: work.jobs.lease(["read"], worker="w", limit=5, seconds=60))
            assert (again.subject, again.priority) == (subject, 10)
            catalogue.write(lambda work, again=again: work.jobs.done([again.id], worker="w"))  # type: ignore[misc]


def _purge(work: UnitOfWork, number: int) -> None:
    work.blobs.refuse(sha(number))
    work.blobs.remove(sha(number))


def test_a_worker_is_woken_by_another_process(catalogue: PostgresCatalogue, postgresql_database: str) -> None:
    before = catalogue.changes()
    with opened(postgresql_database) as other:
        other.write(lambda work: work.resources.add(owner="default"))
        other.write(lambda work: work.jobs.add("read", "s", priority=50))
        assert eventually(lambda: catalogue.changes() != before, 5.0)
        # Once: what was not for workers has said nothing.
        time.sleep(0.1)
        assert catalogue.changes() == before + 1


def test_a_cut_connection_is_replaced_and_what_listens_listens_again(
    catalogue: PostgresCatalogue, postgresql_server: PostgresServer
) -> None:
    catalogue.changes()
    runs = []

    def act(work: UnitOfWork) -> str:
        runs.append(1)
        made = work.resources.add(owner="default")
        if len(runs) == 1:
            cut(postgresql_server, catalogue)
        return work.resources.add(owner="default").id if work.resources.by_key(made.key) else ""

    identifier = catalogue.write(act)
    assert len(runs) == 2
    with catalogue.reading() as work:
        assert len(work.resources.after(0, 9)) == 2
        assert work.resources.get(identifier)
    # The listening connection was cut too.
    assert eventually(lambda: len(listeners(postgresql_server, catalogue)) == 1)
    before = catalogue.changes()
    with opened(postgresql_server.url(catalogue.place.database)) as other:
        other.write(lambda work: work.jobs.add("read", "s", priority=50))
    assert eventually(lambda: catalogue.changes() != before, 5.0)


def cut(server: PostgresServer, catalogue: PostgresCatalogue) -> None:
    server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # noqa: S608 - a test's own name
        f" WHERE application_name = 'hoclieu' AND datname = '{catalogue.place.database}'"
    )


def listeners(server: PostgresServer, catalogue: PostgresCatalogue) -> list[tuple[object, ...]]:
    return server.run(
        "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"  # noqa: S608 - a test's own name
        f" AND datname = '{catalogue.place.database}'"
    )


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """One that may be stopped."""
    server = PostgresServer().start()
    yield server
    server.close()


@pytest.mark.parametrize("end", [PostgresServer.stop, PostgresServer.kill], ids=["stopped", "killed"])
def test_a_server_that_went_away_and_came_back_needs_no_restart(
    own_server: PostgresServer, end: Callable[[PostgresServer], None]
) -> None:
    with opened(own_server.create("library")) as catalogue:
        catalogue.migrate()
        made = catalogue.write(lambda work: work.resources.add(owner="default"))
        before = catalogue.changes()
        end(own_server)
        for act in (
            catalogue.reading().__enter__,
            lambda: catalogue.write(lambda work: work),
            catalogue.check,
        ):
            began = time.monotonic()
            with pytest.raises(Unavailable) as caught:
                act()
            assert caught.value.parameters == {"part": "database"}
            assert time.monotonic() - began < BACK_SECONDS
        own_server.start()
        back = time.monotonic()
        assert eventually(lambda: _answers(catalogue), BACK_SECONDS)
        assert eventually(lambda: catalogue.changes() > before + 1, BACK_SECONDS)
        assert time.monotonic() - back < BACK_SECONDS
        with catalogue.reading() as work:
            assert work.resources.get(made.id) == made


def _answers(catalogue: PostgresCatalogue) -> bool:
    try:
        catalogue.check()
    except Unavailable:
        return False
    return True


class TestLimits:
    def test_a_statement_that_takes_too_long_is_unavailable(self, postgresql_database: str) -> None:
        with opened(postgresql_database, Limits(statement_seconds=0.05)) as catalogue:
            with pytest.raises(Unavailable), catalogue.reading() as work:
                work.resources.transaction.connection.execute(text("SELECT pg_sleep(20)"))  # type: ignore[attr-defined]
            assert _answers(catalogue)

    def test_a_lock_that_is_held_too_long_is_unavailable(self, postgresql_database: str) -> None:
        with opened(postgresql_database, Limits(lock_seconds=0.05)) as catalogue:
            made = catalogue.write(lambda work: work.resources.add(owner="default"))
            with catalogue.writing() as holder:
                assert holder.resources.get(made.id)
                with pytest.raises(Unavailable), catalogue.writing() as work:
                    work.resources.get(made.id)
                with catalogue.reading() as work:
                    assert work.resources.get(made.id)

    def test_a_process_keeps_to_its_connections(self, postgresql_database: str) -> None:
        with (
            opened(postgresql_database, Limits(pool=2, connect_seconds=1)) as catalogue,
            catalogue.reading(),
            catalogue.reading(),
            pytest.raises(Unavailable),
            catalogue.reading(),
        ):
            pass
