"""What every catalogue promises about its tables as rows of JSON, with which whole libraries move."""

import contextlib
import datetime
import json
from collections.abc import Callable

import pytest

from service.errors import Conflict
from service.model import Count, Generation, ResourceId
from service.ports import Catalogue, RowOfTable, UnitOfWork
from tests.contract.catalogue_parts import READ
from tests.contract.catalogue_resources import GRADE, NOW, TITLE, a_draft, publish, sha


def fill(catalogue: Catalogue) -> None:
    """Rows with every type of column: moments, days, JSON, empty cells, composite keys, counted keys."""
    with catalogue.writing() as work:
        work.organisations.add("thcs-a", "THCS A", "lower-secondary", "default")
        made, draft = a_draft(work, 1, values=(TITLE, GRADE))
        publish(work, made, draft)
        work.readings.save(READ)
        work.terms.replace(made.key, [("grade", "lop-10"), ("subject", "toan"), ("subject", "ly")])
        work.events.add("deposited", made.key, "operator", {"tên": "Bài “1”\n", "files": 2})
        work.events.add("reindexed", None, "operator", {})
        day = datetime.date(2026, 3, 1)
        work.counters.add([Count(day, "opening", ResourceId(made.id), "default", "web", 7)])
        work.generations.add(Generation("g1", "tantivy", "f", "live", NOW))
        for number in (3, 1, 2):
            work.blobs.refuse(sha(number + 100))
        work.jobs.add("read", "s", priority=50)


def everything(catalogue: Catalogue, page: int = 100) -> dict[str, list[RowOfTable]]:
    with catalogue.reading() as work:
        return {name: [row for rows in work.tables.rows(name, page) for row in rows] for name in work.tables.names()}


class Undone(Exception):
    """Whatever a block did is rolled back."""


def load(catalogue: Catalogue, rows: dict[str, list[RowOfTable]]) -> None:
    """Where a new library's own rows have made room."""
    with catalogue.writing() as work:
        work.tables.clear_seeds()
        for name in work.tables.names():
            work.tables.load(name, rows[name])
        work.tables.settle()


class TablesContract:
    def test_rows_are_plain_json_in_pages_by_key(self, catalogue: Catalogue) -> None:
        fill(catalogue)
        rows = everything(catalogue)
        assert json.loads(json.dumps(rows)) == rows
        assert [row["sha256"] for row in rows["refused_blobs"]] == [sha(101), sha(102), sha(103)]
        assert rows["events"][0]["details"] == {"tên": "Bài “1”\n", "files": 2}
        assert str(rows["events"][0]["at"]).endswith("Z")
        assert rows["daily_counts"][0]["day"] == "2026-03-01"
        for page in (1, 2, 3):
            assert everything(catalogue, page) == rows
        with catalogue.reading() as work:
            lengths = [len(found) for found in work.tables.rows("terms", 2)]
            assert lengths == [2, 1]
            assert {name: work.tables.count(name) for name in rows} == {
                name: len(found) for name, found in rows.items()
            }

    def test_tables_come_after_those_they_refer_to_and_owed_work_last(self, catalogue: Catalogue) -> None:
        with catalogue.reading() as work:
            names = list(work.tables.names())
        assert names.index("organisations") < names.index("resources") < names.index("revisions")
        assert names.index("blobs") < names.index("files")
        assert names[-1] == "jobs"
        assert "index_generations" not in names

    def test_what_travels_of_the_jobs_is_owed_work_that_nobody_holds(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for subject in ("again", "leased"):
                work.jobs.add("read", subject, priority=50)
            work.jobs.lease(["read"], worker="w", limit=2, seconds=60)
            for kind, subject in (("read", "again"), ("index", "a"), ("illustrate", "a"), ("publish", "a")):
                work.jobs.add(kind, subject, priority=50)  # type: ignore[arg-type]
        rows = everything(catalogue)["jobs"]
        assert [(row["kind"], row["subject"], row["state"], row["worker"], row["leased_until"]) for row in rows] == [
            ("read", "leased", "queued", None, None),
            ("read", "again", "queued", None, None),
            ("publish", "a", "queued", None, None),
        ]

    def test_a_row_is_held_by_its_key(self, catalogue: Catalogue) -> None:
        fill(catalogue)
        rows = everything(catalogue)
        with catalogue.reading() as work:
            for name in ("terms", "daily_counts", "events", "resources"):
                assert all(work.tables.holds(name, row) for row in rows[name]), name
            assert not work.tables.holds("terms", {**rows["terms"][0], "value": "khác"})
            assert not work.tables.holds("events", {**rows["events"][0], "key": 999_999})

    def test_what_was_dumped_is_loaded_with_its_keys_and_counting_goes_on_above(
        self, catalogue: Catalogue, another: Catalogue
    ) -> None:
        fill(catalogue)
        rows = everything(catalogue)
        # Keys that lie far ahead of what this database has counted.
        rows["events"].append({**rows["events"][0], "key": 5_000_000})
        load(another, rows)
        assert everything(another) == rows
        with another.writing() as work:
            resource = work.resources.after(0, 10)[0]
            assert work.resources.add(owner="thcs-a").key > resource.key
            work.events.add("checked", resource.key, "operator", {})
            work.organisations.add("b", "B")
            work.jobs.add("read", "t", priority=50)
        events = everything(another)["events"]
        assert events[-1]["key"] == 5_000_001
        # Loaded again: what is there stays as it is.
        with another.writing() as work:
            work.tables.load("events", [{**rows["events"][0], "actor": "somebody else"}])
        assert everything(another)["events"] == events

    def test_a_row_that_refers_to_nothing_is_a_conflict(self, catalogue: Catalogue) -> None:
        fill(catalogue)
        row = everything(catalogue)["terms"][0]
        with pytest.raises(Conflict), catalogue.writing() as work:
            work.tables.load("terms", [{**row, "resource": 999_999}])

    def test_a_new_library_is_untouched_until_something_is_in_it(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.generations.add(Generation("g1", "tantivy", "f", "live", NOW))
            assert work.tables.untouched()
            work.tables.clear_seeds()
            assert work.tables.untouched()
        acts: list[Callable[[UnitOfWork], object]] = [
            lambda work: work.organisations.add("a", "A"),
            lambda work: work.events.add("x", None, "operator", {}),
            lambda work: work.jobs.add("read", "s", priority=50),
            lambda work: work.blobs.refuse(sha(1)),
        ]
        found = []
        for act in acts:
            with contextlib.suppress(Undone), catalogue.writing() as work:
                act(work)
                found.append(work.tables.untouched())
                raise Undone
        assert found == [False] * len(acts)
