"""What every catalogue promises about transactions, threads and processes."""

import multiprocessing
import threading
import time
from dataclasses import replace

import pytest

from service.errors import Conflict
from service.ports import Catalogue, Pooled
from tests.contract import processes

SPAWN = multiprocessing.get_context("spawn")


class TransactionsContract:
    def test_everything_of_a_block_commits_together_or_not_at_all(self, catalogue: Catalogue) -> None:
        with pytest.raises(Conflict), catalogue.writing() as work:  # noqa: PT012 - the block is what is tested
            lost = work.resources.add(owner="default")
            work.jobs.add("read", lost.id, priority=1)
            work.events.add("deposited", lost.key, "operator", {})
            work.resources.save(replace(lost, row_version=9))
        with catalogue.reading() as work:
            assert work.resources.get(lost.id) is None
            assert work.events.of(lost.key) == []
            assert work.jobs.numbers() == {}

    def test_a_conflict_caught_inside_leaves_the_block_usable(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            with pytest.raises(Conflict):
                work.organisations.add("default", "lần nữa")
            made = work.resources.add(owner="default")
        with catalogue.reading() as work:
            assert work.resources.get(made.id) == made

    def test_a_catalogue_tells_the_connections_of_its_pool(self, catalogue: Catalogue) -> None:
        assert isinstance(catalogue, Pooled)
        with catalogue.reading() as work:
            work.jobs.numbers()
            assert catalogue.connections()[0] == 1
        in_use, idle = catalogue.connections()
        assert in_use == 0
        assert idle >= 1

    def test_writing_in_a_reading_block_is_an_error(self, catalogue: Catalogue) -> None:
        with catalogue.reading() as work, pytest.raises(RuntimeError, match="reading"):
            work.resources.add(owner="default")

    def test_a_reader_sees_one_moment_while_others_write(self, catalogue: Catalogue) -> None:
        with catalogue.reading() as before:
            assert before.resources.after(0, 9) == []
            with catalogue.writing() as work:
                made = work.resources.add(owner="default")
            assert before.resources.get(made.id) is None
        with catalogue.reading() as after:
            assert after.resources.get(made.id) == made

    def test_many_threads_read_and_write_at_once(self, catalogue: Catalogue) -> None:
        failures: list[BaseException] = []

        def act() -> None:
            try:
                for _ in range(5):
                    with catalogue.writing() as work:
                        made = work.resources.add(owner="default")
                    with catalogue.reading() as work:
                        assert work.resources.get(made.id) == made
            except BaseException as error:  # noqa: BLE001 - shown by the test
                failures.append(error)

        threads = [threading.Thread(target=act) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        with catalogue.reading() as work:
            assert len(work.resources.after(0, 200)) == 100

    def test_changes_differ_after_a_commit_that_queues_something_and_only_then(self, catalogue: Catalogue) -> None:
        before = catalogue.changes()
        with catalogue.reading() as work:
            work.jobs.numbers()
        with catalogue.writing() as work:
            work.jobs.lease(["read"], worker="w", limit=5, seconds=1)
        assert catalogue.changes() == before
        with catalogue.writing() as work:
            work.jobs.add("read", "s", priority=50)
        assert catalogue.changes() != before


class ProcessesContract:
    def start(self, target, *arguments) -> multiprocessing.Process:  # type: ignore[no-untyped-def]
        process = SPAWN.Process(target=target, args=arguments)
        process.start()
        return process  # type: ignore[return-value]

    def test_two_processes_write_batches_and_none_is_lost(self, catalogue: Catalogue, url: str) -> None:
        before = catalogue.changes()
        writers = [self.start(processes.write_batches, type(catalogue), url, name, 10, 20) for name in ("a", "b")]
        for writer in writers:
            writer.join(60)
            assert writer.exitcode == 0
        assert catalogue.changes() != before
        with catalogue.reading() as work:
            assert work.jobs.numbers() == {("read", "queued"): 400}
            assert len(work.resources.after(0, 1000)) == 400

    def test_a_lease_is_given_once_among_processes(self, catalogue: Catalogue, url: str) -> None:
        with catalogue.writing() as work:
            for number in range(60):
                work.jobs.add("read", str(number), priority=50)
        pipes, workers = [], []
        for name in ("a", "b"):
            ours, theirs = SPAWN.Pipe(duplex=False)
            workers.append(self.start(processes.lease_all, type(catalogue), url, name, theirs))
            theirs.close()
            pipes.append(ours)
        taken = [subject for pipe in pipes for subject in pipe.recv()]
        for worker, pipe in zip(workers, pipes, strict=True):
            worker.join(60)
            pipe.close()
        assert sorted(taken, key=int) == [str(number) for number in range(60)]

    def test_what_a_killed_worker_held_goes_to_the_next_one_and_nothing_half_written_stays(
        self, catalogue: Catalogue, url: str
    ) -> None:
        with catalogue.writing() as work:
            work.jobs.add("read", "s", priority=50)
        victim = self.start(processes.lease_and_die, type(catalogue), url, 1.5)
        victim.join(60)
        assert victim.exitcode == -9
        with catalogue.writing() as work:
            held = work.jobs.waiting("read", ["s"])["s"]
            assert held.state == "leased"
            assert work.resources.after(0, 9) == []
        deadline = time.monotonic() + 20
        jobs = []
        while not jobs and time.monotonic() < deadline:
            with catalogue.writing() as work:
                jobs = list(work.jobs.lease(["read"], worker="next", limit=1, seconds=60))
            time.sleep(0.05)
        assert [(job.subject, job.losses) for job in jobs] == [("s", 1)]
