"""What rendering for harvesters costs those who deposit: the same deposits with its lane and without it, by turns.

Small files of a dozen kinds, read, published and indexed by one worker; and
rows of a sheet that name an address, which nothing is read of, so that
rendering weighs most beside them. What is measured ends when everything is
published and found by a search; with the lane, records are written in three
formats and stamped meanwhile, on the same cores. Without it they are rendered
afterwards, which is told beside. By the clock both say how long somebody waits
on this machine; by the processor, of all processes together, what it costs,
which hardly depends on what else the machine does.

    python -m tests.benchmarks.rendering [--files 240] [--rows 3000] [--turns 3]
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.sandbox import Sandbox
from service import compose
from service.library import describing, project, sheet
from service.library.batch import Options
from service.library.lanes import INDEXING, READING, RENDERING, Lanes
from service.library.services import Services
from service.library.sheet import writing
from service.library.work import Worker
from service.model import OPERATOR, Value, Window
from service.settings import Settings
from tests.benchmarks import catalogue_rows, small_files
from tests.benchmarks.figures import Figure, figure, report

WITHOUT: Lanes = READING + INDEXING[:1]
LOOK_SECONDS = 0.5
LICENCE = Value("licence", "CC0-1.0", "person")
Deposit = Callable[[Services, Sandbox, Worker], catalogue_rows.Rows]


def of_files(folder: Path) -> Deposit:
    def deposit(services: Services, _sandbox: Sandbox, worker: Worker) -> catalogue_rows.Rows:
        batch = catalogue_rows.Rows(services, OPERATOR, Options(publish=True, values=(LICENCE,)))
        batch.run([folder], finished=lambda line: None, healthy=worker.healthy)
        return batch

    return deposit


def of_rows(path: Path) -> Deposit:
    def deposit(services: Services, sandbox: Sandbox, worker: Worker) -> catalogue_rows.Rows:
        with services.catalogue.reading() as work:
            owners = work.organisations.all()
        read = sheet.read(path, services.vocabularies, owners, sandbox)
        batch = catalogue_rows.Rows(services, OPERATOR, Options(publish=True, rows=read))
        batch.take([], finished=lambda line: None, healthy=worker.healthy)
        return batch

    return deposit


@dataclass(frozen=True, slots=True)
class Run:
    """Deposits a second until they are found, by the clock and by the processor; records a second behind them."""

    rate: float
    a_core: float
    behind: float


def run(home: Path, deposit: Deposit, lanes: Lanes, count: int) -> Run:
    """Into an empty library."""
    services = compose.services(Settings(home=home))
    services.catalogue.migrate()
    project.ensure(services)
    used = used_seconds()
    with Sandbox() as sandbox:
        worker = Worker(services, sandbox, lanes=lanes)
        worker.start()
        began = time.perf_counter()
        batch = deposit(services, sandbox, worker)
        ids = [line.resource or "" for line in batch.lines]
        catalogue_rows.wait(services, "index", ids, worker)
        seconds = time.perf_counter() - began
        if lanes is not WITHOUT:
            # What the lane is still at belongs to what it costs, though nobody waits for it.
            settle(services, ids, worker)
        worker.stop()
    # Those that read have ended, so what they took is known.
    used = used_seconds() - used
    assert [line.outcome for line in batch.lines] == ["published"] * count
    behind = after(services, ids) if lanes is WITHOUT else 0.0
    with services.catalogue.reading() as work:
        assert work.oai.total(Window()) == count
    services.catalogue.close()
    return Run(count / seconds, count / used, behind)


def after(services: Services, ids: Sequence[str]) -> float:
    """Records a second for harvesters, with nothing else to do."""
    with Sandbox() as sandbox:
        worker = Worker(services, sandbox, lanes=RENDERING)
        began = time.perf_counter()
        worker.start()
        settle(services, ids, worker)
        seconds = time.perf_counter() - began
        worker.stop()
    return len(ids) / seconds


def settle(services: Services, ids: Sequence[str], worker: Worker) -> None:
    """Until all are rendered. Looks seldom: a look costs as much as some records, and is none of what is measured."""
    left = list(ids)
    while left:
        assert worker.healthy()
        with services.catalogue.reading() as work:
            busy = work.jobs.waiting("render", left[: describing.TOGETHER])
        if busy:
            time.sleep(LOOK_SECONDS)
        else:
            del left[: describing.TOGETHER]


def used_seconds() -> float:
    """Processor time of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(root: Path, name: str, deposit: Deposit, count: int, turns: int) -> list[Figure]:
    pairs: list[tuple[Run, Run]] = []
    # The first turn pays for what is imported and compiled for the first time.
    for turn in range(turns + 1):
        made: dict[bool, Run] = {}
        # By turns the one and the other comes first.
        for on in (False, True) if turn % 2 else (True, False):
            made[on] = run(root / f"{name}-{turn}-{on}", deposit, READING + INDEXING if on else WITHOUT, count)
        pairs.append((made[True], made[False]))
        print(f"{name}: {made[True]} beside {made[False]}", file=sys.stderr, flush=True)
    pairs = pairs[1:]
    middle = len(pairs) // 2
    waited = sorted(pairs, key=lambda pair: pair[0].rate / pair[1].rate)[middle]
    cost = sorted(pairs, key=lambda pair: pair[0].a_core / pair[1].a_core)[middle]
    return [
        figure(
            f"{count} {name} published and found while records are rendered",
            waited[0].rate,
            f"{name}/s",
            baseline=waited[1].rate,
        ),
        figure("the same in a second of a processor", cost[0].a_core, f"{name}/s", baseline=cost[1].a_core),
        figure("records rendered behind them", max(off.behind for _, off in pairs), "records/s"),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rendering")
    parser.add_argument("--files", type=int, default=240)
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument("--turns", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        folder, path = root / "files", root / "bang.csv"
        small_files.write(folder, asked.files, seed=1)
        writing.write(path, catalogue_rows.COLUMNS, catalogue_rows.rows(asked.rows), lists={}, language="vi")
        figures = measure(root, "files", of_files(folder), asked.files, asked.turns)
        figures += measure(root, "rows", of_rows(path), asked.rows, asked.turns)
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
