"""A command with many rows: a process beside it keeps the index meanwhile; killed, it holds nothing up for ever."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sandbox import Sandbox
from service import compose
from service.cli.indexing import Indexing
from service.library import project
from service.library.describing import Description, describe_all
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR, Value
from service.settings import Settings
from tests.process_tree import children, left

WAITS_SECONDS = 30.0


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    monkeypatch.setenv("HOCLIEU_HOME", str(tmp_path))
    monkeypatch.setenv("HOCLIEU_LEASE_SECONDS", "1")
    made = compose.services(Settings())
    made.catalogue.migrate()
    project.ensure(made)
    yield made
    made.catalogue.close()


def write(parts: Services, count: int) -> None:
    """So many more rows in the database, each with its jobs."""
    with parts.catalogue.reading() as work:
        first = work.tables.count("resources")
    said = []
    for number in range(first, first + count):
        link = f"https://phim.example.vn/{number}"
        told = (("title", f"Phim {number}"), ("licence", "CC0-1.0"), ("link", link))
        said.append(Description(link, tuple(Value(field, text, "sheet") for field, text in told)))
    done = describe_all(parts, OPERATOR, said, owner="default", publish=True)
    assert {getattr(one, "outcome", one) for one in done} == {"published"}


def indexed(parts: Services) -> int:
    return len(dict(parts.index.versions(project.live(parts).name)))


def until_indexed(parts: Services, count: int) -> None:
    deadline = time.monotonic() + WAITS_SECONDS
    while indexed(parts) < count:
        assert time.monotonic() < deadline, "it was never indexed"
        time.sleep(0.05)


def owed(parts: Services) -> int:
    with parts.catalogue.reading() as work:
        return sum(work.jobs.numbers().values())


def test_a_process_indexes_meanwhile_and_this_one_what_is_left_when_that_is_killed(parts: Services) -> None:
    before = set(children(os.getpid()))
    with Sandbox() as sandbox:
        # It has no lane of its own until everything is in.
        worker = Worker(parts, sandbox, lanes=())
        worker.start()
        indexing = Indexing(worker, beside=True)
        indexing.start()
        try:
            write(parts, 20)
            until_indexed(parts, 20)
            helper = set(children(os.getpid())) - before
            assert len(helper) == 1
            write(parts, 20)
            for pid in helper:
                # Whatever it had leased comes back in a second; another process takes its place.
                os.kill(pid, signal.SIGKILL)
            write(parts, 20)
            indexing.all_in()
            until_indexed(parts, 60)
            deadline = time.monotonic() + WAITS_SECONDS
            while owed(parts):
                assert time.monotonic() < deadline, "harvesters never got it"
                time.sleep(0.05)
        finally:
            indexing.stop()
            worker.stop()
    assert left(set(children(os.getpid())) - before, seconds=0) == []


def test_few_rows_start_no_process(parts: Services) -> None:
    before = children(os.getpid())
    with Sandbox() as sandbox:
        worker = Worker(parts, sandbox, lanes=())
        worker.start()
        indexing = Indexing(worker, beside=False)
        indexing.start()
        write(parts, 5)
        until_indexed(parts, 5)
        indexing.all_in()
        assert children(os.getpid()) == before
        indexing.stop()
        worker.stop()
