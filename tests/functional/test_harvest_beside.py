"""A harvest whose batches another process writes: nothing is lost and nothing doubled when that one dies or cannot."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from service.cli.beside import Beside
from service.library.harvesting.carrying import packed, unpacked
from service.library.harvesting.mapping import Mapper, Read
from service.library.harvesting.writing import Batch, Counts, Refused, Writing, Written
from service.model import Value
from service.ports import Origin, Source
from tests.functional.repository import library
from tests.process_tree import left

STARTS_SECONDS = 30.0


@pytest.fixture
def writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writing]:
    monkeypatch.setenv("HOCLIEU_HOME", str(tmp_path))
    services = library(tmp_path)
    told = Source(0, "https://kho.example.vn/oai", "", "lom", "default", "", "Kho", run=1)
    source = services.catalogue.write(lambda work: work.harvests.save_source(told))
    yield Writing(services, source, Mapper(services.vocabularies, source, "2026-06-01T00:00:00Z"), whole=True)
    services.catalogue.close()


def read(writing: Writing, number: int) -> Read:
    named = f"oai:kho:{number}"
    values = [("title", f"Bài {number}"), ("licence", "CC0-1.0"), ("link", f"https://kho.example.vn/{number}")]
    before = Origin("https://xa.example.vn/oai", f"oai:xa:{number}", "2025-01-01", "", "2025-01-02", altered=False)
    origin = Origin(writing.source.base_url, named, "2026-01-01", "", writing.mapper.harvested)
    said = tuple(Value(field, value, "source", language="vi") for field, value in values)
    return Read(named, "2026-01-01", said, (origin, before))


def batch(writing: Writing, number: int) -> Batch:
    one = read(writing, number)
    return Batch({one.identifier: one}, {}, settles=False)


class Harvest:
    """Gives batches of a record each, and counts what they come to."""

    def __init__(self, writing: Writing, beside: Beside) -> None:
        self.writing, self.beside = writing, beside
        self.given = 0
        self.counts = Counts()

    def give(self) -> bool:
        """Returns: whether it went to the other process and is not acknowledged yet."""
        self._count(self.beside.give(batch(self.writing, self.given)))
        self.given += 1
        return self.counts.all < self.given

    def until(self, met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + STARTS_SECONDS
        while not met():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.02)

    def rest(self) -> None:
        self._count(self.beside.rest())

    def here(self) -> int:
        """How many of what was given are in the database, once each."""
        names = [f"oai:kho:{number}" for number in range(self.given)]
        with self.writing.services.catalogue.reading() as work:
            kept = work.harvests.kept(self.writing.source.key, names)
            assert work.tables.count("resources") == len(kept)
        return len(kept)

    def _count(self, done: Iterable[Written]) -> None:
        for written in done:
            self.counts.add(written.counts)


def test_a_batch_arrives_as_it_was_sent(writing: Writing) -> None:
    one, refused = read(writing, 1), Refused("oai:kho:3", "no-title", "x")
    sent = Batch({one.identifier: one, "oai:kho:2": None}, {refused.identifier: refused}, settles=True)
    assert unpacked(packed(sent)) == sent


def test_a_small_harvest_starts_no_process(writing: Writing) -> None:
    with closing(Beside(writing)) as beside:
        run = Harvest(writing, beside)
        assert not run.give()
        assert not run.give()
        assert beside.pid is None
        assert (run.counts.new, run.here()) == (2, 2)


def test_another_process_writes_and_ends_with_the_harvest(writing: Writing) -> None:
    with closing(Beside(writing, alone=0)) as beside:
        run = Harvest(writing, beside)
        run.until(run.give)
        for _ in range(20):
            run.give()
        run.rest()
        assert (run.counts.new, run.here()) == (run.given, run.given)
        pid = beside.pid
    assert pid is not None
    assert left([pid], seconds=0) == []


def test_what_a_killed_process_had_not_acknowledged_is_written_here_once(writing: Writing) -> None:
    with closing(Beside(writing, alone=0)) as beside:
        run = Harvest(writing, beside)
        run.until(run.give)
        assert beside.pid is not None
        os.kill(beside.pid, signal.SIGSTOP)
        for _ in range(5):
            run.give()
        assert run.counts.all < run.given
        os.kill(beside.pid, signal.SIGKILL)
        # One that died before it was stopped may have written what it had not acknowledged: then that is the same.
        run.until(lambda: not run.give())
        run.rest()
        assert (run.counts.all, run.here()) == (run.given, run.given)
        assert run.counts.new + run.counts.same == run.given
        assert run.counts.new >= run.given - 1


def test_a_process_that_cannot_write_leaves_it_to_the_harvest(
    writing: Writing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOCLIEU_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere.sqlite")
    with closing(Beside(writing, alone=0)) as beside:
        run = Harvest(writing, beside)
        run.give()
        pid = beside.pid
        assert pid is not None
        run.until(lambda: not run.give() and left([pid], seconds=0) == [])
        run.give()
        run.rest()
        assert (run.counts.new, run.here()) == (run.given, run.given)


def test_a_record_of_which_nothing_follows_is_left_out_and_holds_up_no_other(writing: Writing) -> None:
    good, bad = read(writing, 1), read(writing, 2)
    bad = replace(bad, values=(Value("title", "\ud800", "source"), *bad.values))
    written = writing.write(Batch({one.identifier: one for one in (good, bad)}, {}, settles=False))
    assert (written.counts.new, written.refused) == (
        1,
        [Refused(bad.identifier, "unmappable", "UnicodeEncodeError")],
    )
    with writing.services.catalogue.reading() as work:
        assert work.harvests.refused(writing.source.key) == {bad.identifier: ("unmappable", "UnicodeEncodeError")}
