"""What every catalogue promises about jobs: merging, leases, failures, losses."""

import datetime

import pytest

from service.errors import NotFound
from service.model import Job
from service.ports import Catalogue
from service.telemetry.cause import caused_by

A_WHILE = 60.0
AT_ONCE = 0.0
"""A lease of no length has run out when the next one looks."""


def add(catalogue: Catalogue, subject: str = "s", priority: int = 50) -> None:
    with catalogue.writing() as work:
        work.jobs.add("read", subject, priority=priority)


def lease(catalogue: Catalogue, worker: str = "w", limit: int = 10, seconds: float = A_WHILE) -> list[Job]:
    with catalogue.writing() as work:
        return list(work.jobs.lease(["read"], worker=worker, limit=limit, seconds=seconds))


def fail(catalogue: Catalogue, job: Job, *, worker: str = "w", final: bool = False) -> None:
    with catalogue.writing() as work:
        work.jobs.fail(job.id, worker=worker, reason="broken-file", parameters={"page": 3}, final=final)


def numbers(catalogue: Catalogue) -> dict[tuple[str, str], int]:
    with catalogue.reading() as work:
        return dict(work.jobs.numbers())


class JobsContract:
    def test_a_queued_job_merges_and_keeps_the_smaller_priority(self, catalogue: Catalogue) -> None:
        for priority in (50, 10, 90):
            add(catalogue, priority=priority)
        assert [(job.subject, job.priority, job.state) for job in lease(catalogue)] == [("s", 10, "leased")]

    def test_many_are_queued_as_one_is_and_merge(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.jobs.add("read", "b", priority=5)
            work.jobs.add_all("read", ["c", "b", "a"], priority=3)
            work.jobs.add_all("read", [], priority=1)
            waiting = work.jobs.waiting("read", ["a", "b", "c"])
            assert {subject: (job.priority, job.state) for subject, job in waiting.items()} == dict.fromkeys(
                "abc", (3, "queued")
            )
            assert work.jobs.numbers() == {("read", "queued"): 3}

    def test_a_job_knows_what_caused_it_and_merging_keeps_the_first(self, catalogue: Catalogue) -> None:
        for identifier in ("request-1", "request-2"):
            with caused_by(identifier):
                add(catalogue)
        # A command that ran in this process before has left its own.
        with caused_by(""):
            add(catalogue, subject="of nobody")
        assert {job.subject: job.cause for job in lease(catalogue, limit=5)} == {"s": "request-1", "of nobody": ""}

    def test_the_oldest_of_a_kind_is_told_while_it_is_not_done(self, catalogue: Catalogue) -> None:
        began = datetime.datetime.now(datetime.UTC)
        with catalogue.writing() as work:
            assert work.jobs.oldest() == {}
            work.jobs.add("read", "first", priority=50)
        with catalogue.writing() as work:
            work.jobs.add("read", "second", priority=10)
            work.jobs.add("index", "first", priority=50)
            oldest = work.jobs.oldest()
        assert set(oldest) == {"read", "index"}
        assert began <= oldest["read"] <= oldest["index"]
        for _ in range(2):
            (job,) = lease(catalogue, limit=1)
            with catalogue.writing() as work:
                assert "read" in work.jobs.oldest()
                work.jobs.done([job.id], worker="w")
        with catalogue.reading() as work:
            assert set(work.jobs.oldest()) == {"index"}

    def test_kinds_do_not_merge_and_only_the_kinds_asked_for_are_leased(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.jobs.add("read", "s", priority=1)
            work.jobs.add("index", "s", priority=1)
            work.jobs.add("illustrate", "s", priority=0)
            leased = work.jobs.lease(["index", "read"], worker="w", limit=5, seconds=A_WHILE)
        assert {job.kind for job in leased} == {"read", "index"}

    def test_the_soonest_come_first_then_the_oldest_across_kinds(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.jobs.add("read", "late", priority=90)
            work.jobs.add("read", "first", priority=50)
            work.jobs.add("publish", "second", priority=50)
            work.jobs.add("read", "person", priority=10)
            leased = work.jobs.lease(["publish", "read"], worker="w", limit=3, seconds=A_WHILE)
        assert [job.subject for job in leased] == ["person", "first", "second"]

    def test_with_a_priority_only_what_is_as_urgent_is_leased(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.jobs.add("read", "batch", priority=50)
            work.jobs.add("read", "person", priority=10)
            leased = work.jobs.lease(["read"], worker="w", limit=5, seconds=A_WHILE, priority=10)
        assert [job.subject for job in leased] == ["person"]
        assert [job.subject for job in lease(catalogue)] == ["batch"]

    def test_a_leased_job_is_followed_by_a_new_one_that_waits_for_it(self, catalogue: Catalogue) -> None:
        add(catalogue)
        (first,) = lease(catalogue)
        add(catalogue)
        assert numbers(catalogue) == {("read", "leased"): 1, ("read", "queued"): 1}
        assert lease(catalogue, "other") == []
        with catalogue.writing() as work:
            work.jobs.done([first.id], worker="w")
        assert [job.subject for job in lease(catalogue, "other")] == ["s"]

    def test_done_counts_only_while_the_lease_is_ones_own(self, catalogue: Catalogue) -> None:
        add(catalogue)
        (first,) = lease(catalogue, "dead", seconds=AT_ONCE)
        (again,) = lease(catalogue, "alive")
        assert again.id == first.id
        with catalogue.writing() as work:
            assert work.jobs.done([first.id], worker="dead") == 0
        assert numbers(catalogue) == {("read", "leased"): 1}
        with catalogue.writing() as work:
            assert work.jobs.done([again.id], worker="alive") == 1
        assert numbers(catalogue) == {}

    def test_a_number_is_never_given_again(self, catalogue: Catalogue) -> None:
        add(catalogue)
        (first,) = lease(catalogue)
        with catalogue.writing() as work:
            work.jobs.done([first.id], worker="w")
        add(catalogue)
        assert lease(catalogue)[0].id > first.id

    def test_a_lease_that_ran_out_is_a_loss_and_renewing_keeps_it(self, catalogue: Catalogue) -> None:
        add(catalogue, "renewed")
        add(catalogue, "lost")
        leased = {job.subject: job for job in lease(catalogue, "w", seconds=AT_ONCE)}
        with catalogue.writing() as work:
            work.jobs.renew([leased["renewed"].id], worker="w", seconds=A_WHILE)
            work.jobs.renew([leased["lost"].id], worker="somebody else", seconds=A_WHILE)
        (taken,) = lease(catalogue, "other")
        assert (taken.subject, taken.losses, taken.failures) == ("lost", 1, 0)

    def test_twenty_losses_are_enough(self, catalogue: Catalogue) -> None:
        add(catalogue)
        for losses in range(20):
            assert [job.losses for job in lease(catalogue, seconds=AT_ONCE)] == [losses]
        assert lease(catalogue) == []
        with catalogue.reading() as work:
            (job,) = work.jobs.failed(5)
        assert (job.reason, job.losses, job.state) == ("lost-too-often", 20, "failed")

    def test_a_lost_job_melts_into_the_one_that_waits(self, catalogue: Catalogue) -> None:
        add(catalogue, priority=10)
        lease(catalogue, "dead", seconds=AT_ONCE)
        add(catalogue, priority=50)
        (job,) = lease(catalogue)
        assert (job.priority, job.losses) == (10, 1)
        assert numbers(catalogue) == {("read", "leased"): 1}

    def test_three_failures_are_enough_and_the_reason_is_kept(self, catalogue: Catalogue) -> None:
        add(catalogue)
        for failures in range(3):
            (job,) = lease(catalogue)
            assert job.failures == failures
            fail(catalogue, job)
        assert lease(catalogue) == []
        with catalogue.reading() as work:
            (job,) = work.jobs.failed(5)
            assert work.jobs.waiting("read", ["s", "t"]) == {"s": job}
        assert (job.failures, job.losses, job.reason, job.reason_parameters) == (3, 0, "broken-file", {"page": 3})

    def test_a_final_failure_needs_no_second_try(self, catalogue: Catalogue) -> None:
        add(catalogue)
        fail(catalogue, lease(catalogue)[0], final=True)
        assert numbers(catalogue) == {("read", "failed"): 1}

    def test_a_failure_of_a_lost_lease_is_not_counted(self, catalogue: Catalogue) -> None:
        add(catalogue)
        (job,) = lease(catalogue, "dead", seconds=AT_ONCE)
        lease(catalogue, "alive")
        fail(catalogue, job, worker="dead", final=True)
        assert numbers(catalogue) == {("read", "leased"): 1}

    def test_a_failed_job_melts_into_the_one_that_waits(self, catalogue: Catalogue) -> None:
        add(catalogue)
        (job,) = lease(catalogue)
        add(catalogue)
        fail(catalogue, job)
        (again,) = lease(catalogue)
        assert again.failures == 1
        assert numbers(catalogue) == {("read", "leased"): 1}

    def test_a_failed_job_blocks_no_new_one_and_is_forgotten_when_that_succeeds(self, catalogue: Catalogue) -> None:
        add(catalogue)
        fail(catalogue, lease(catalogue)[0], final=True)
        add(catalogue)
        with catalogue.reading() as work:
            assert work.jobs.waiting("read", ["s"])["s"].state == "queued"
        (job,) = lease(catalogue)
        assert job.failures == 0
        with catalogue.writing() as work:
            work.jobs.done([job.id], worker="w")
        assert numbers(catalogue) == {}

    def test_failing_again_leaves_one_failed_row(self, catalogue: Catalogue) -> None:
        for _ in range(2):
            add(catalogue)
            fail(catalogue, lease(catalogue)[0], final=True)
        assert numbers(catalogue) == {("read", "failed"): 1}

    def test_a_poisoned_job_holds_up_no_other(self, catalogue: Catalogue) -> None:
        add(catalogue, "poison", priority=1)
        add(catalogue, "good", priority=50)
        for _ in range(3):
            fail(catalogue, lease(catalogue, limit=1)[0])
        assert [job.subject for job in lease(catalogue)] == ["good"]

    def test_releasing_counts_nothing_and_keeps_what_is_not_ones_own(self, catalogue: Catalogue) -> None:
        add(catalogue)
        (job,) = lease(catalogue)
        with catalogue.writing() as work:
            work.jobs.release([job.id], worker="somebody else")
        assert numbers(catalogue) == {("read", "leased"): 1}
        add(catalogue)
        with catalogue.writing() as work:
            work.jobs.release([job.id], worker="w")
        (again,) = lease(catalogue)
        assert (again.failures, again.losses) == (0, 0)

    def test_retrying_begins_afresh_and_merges(self, catalogue: Catalogue) -> None:
        add(catalogue)
        fail(catalogue, lease(catalogue)[0], final=True)
        with catalogue.writing() as work:
            (failed,) = work.jobs.failed(5)
            work.jobs.add("read", "s", priority=90)
            work.jobs.retry(failed.id)
            with pytest.raises(NotFound):
                work.jobs.retry(failed.id)
        (job,) = lease(catalogue)
        assert (job.failures, job.reason, job.priority) == (0, "", 50)

    def test_more_subjects_than_a_statement_has_room_for(self, catalogue: Catalogue) -> None:
        add(catalogue, "s")
        with catalogue.reading() as work:
            assert list(work.jobs.waiting("read", [*map(str, range(70_000)), "s"])) == ["s"]

    def test_cancelling_drops_what_waits_or_has_failed_for_a_resource_and_its_parts(self, catalogue: Catalogue) -> None:
        add(catalogue, "a_b/1/1/720")
        fail(catalogue, lease(catalogue)[0], final=True)
        add(catalogue, "a_b/2")
        (leased,) = lease(catalogue)
        # What begins with the same letters, and what a pattern would take for them, is another's.
        for subject in ("a_b", "a_b/1", "a_bc", "axb", "axb/1"):
            add(catalogue, subject)
        with catalogue.writing() as work:
            work.jobs.cancel("a_b")
            work.jobs.cancel("nobody")
        assert numbers(catalogue) == {("read", "leased"): 1, ("read", "queued"): 3}
        with catalogue.reading() as work:
            assert set(work.jobs.waiting("read", ["a_b", "a_b/1", "a_b/1/1/720", "a_b/2"])) == {"a_b/2"}
        with catalogue.writing() as work:
            work.jobs.done([leased.id], worker="w")
        assert sorted(job.subject for job in lease(catalogue)) == ["a_bc", "axb", "axb/1"]
