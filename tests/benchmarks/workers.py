"""Two worker processes against one, on files that take seconds of a core each: does reading scale by processes?

    python -m tests.benchmarks.workers

A worker process reads two files at a time by itself, so on a machine of two
cores one is enough. What a second one brings is measured with one reading
lane in each: 1 process x 1 lane against 2 processes x 1 lane, by turns, on
the same files, each into a library of its own; the best of each counts. How
many pages a file needs for its seconds is measured at the start, in a child
of the sandbox as workers have it, so that a faster machine gets longer files.
The processor time of all processes, with that of the readers they fork, is told
beside it: a file below 2 seconds would measure how jobs are handed out.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from ingest.document import Bundle
from ingest.sandbox import Sandbox
from service import compose
from service.library import project
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.model import OPERATOR
from service.settings import Settings
from tests.benchmarks.figures import figure, report
from tests.process_tree import tree

FILES = 4
# Of a machine of 2026: about 3.5 ms of reading a page.
TRIED_PAGES = 150
# A little more than the least, since a page more or less of a cache decides.
CPU_SECONDS = 2.4
WARM_PAGES = 20
TURNS = 2
MIN_RATIO = 1.5
MIN_CPU_SECONDS = 2.0
PATIENCE_SECONDS = 200
LINE = "A quadratic function has a parabola as its graph; its axis of symmetry goes through the vertex. "


@dataclass(frozen=True, slots=True)
class Run:
    """seconds: from the last deposit until nothing is to be read; cpu_seconds: of all workers in that time."""

    seconds: float
    cpu_seconds: float

    @property
    def cores(self) -> float:
        return self.cpu_seconds / self.seconds


def make(folder: Path, name: str, pages: int, copies: int) -> list[Path]:
    """Copies that differ by a byte after the end, so that none is a duplicate."""
    with pymupdf.open() as document:
        for number in range(pages):
            page = document.new_page()
            page.insert_text((40, 50), [f"Page {number} {row}. {LINE}" for row in range(60)], fontsize=8)
        data = document.tobytes(deflate=True)
    made = []
    for copy in range(copies):
        path = folder / f"{name}-{copy}.pdf"
        path.write_bytes(data + b"\n%%%d\n" % copy)
        made.append(path)
    return made


def cpu_seconds(processes: list[subprocess.Popen[bytes]]) -> float:
    """User and system time of the processes, of all below them, and of those below that have ended. Source: proc(5)."""
    return sum(_ticks(pid) for process in processes for pid in tree(process.pid)) / os.sysconf("SC_CLK_TCK")


def hand_in(parts: Services, files: list[Path]) -> None:
    for path in files:
        deposit(parts, OPERATOR, [Offered(path, path.name)], owner="default")


def wait_until_read(parts: Services) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with parts.catalogue.reading() as work:
            numbers = work.jobs.numbers()
        if not any(kind == "read" and state != "failed" for kind, state in numbers):
            assert not numbers.get(("read", "failed")), numbers
            return
        time.sleep(0.02)
    raise TimeoutError("files are not read")


def run(home: Path, warm: list[Path], files: list[Path], processes: int) -> Run:
    """All files by so many worker processes of one reading lane each, started and warm before."""
    parts = compose.services(Settings(home=home))
    parts.catalogue.migrate()
    project.ensure(parts)
    environment = {**os.environ, "HOCLIEU_HOME": str(home), "HOCLIEU_READING_LANES": "1"}
    command = [sys.executable, "-m", "service.cli", "work"]
    workers = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) for _ in range(processes)]
    try:
        hand_in(parts, warm)
        wait_until_read(parts)
        used = cpu_seconds(workers)
        began = time.perf_counter()
        hand_in(parts, files)
        wait_until_read(parts)
        seconds = time.perf_counter() - began
        return Run(seconds, cpu_seconds(workers) - used)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(60)
        parts.catalogue.close()


def pages_for(folder: Path, seconds: float) -> int:
    """How many pages take that much processor time to read, from two files of different length."""
    spent: list[tuple[int, float]] = []
    with Sandbox() as sandbox:
        for pages in (TRIED_PAGES // 3, TRIED_PAGES // 3, TRIED_PAGES):
            (path,) = make(folder, f"tried-{pages}-{len(spent)}", pages, 1)
            before = _below()
            sandbox.read(Bundle(path, path.name))
            # What the child used is its parent's once it has ended.
            spent.append((pages, _below() - before))
    # The first pays for what is imported and touched for the first time.
    (few, short), (many, long) = spent[1:]
    each = max((long - short) / (many - few), 1e-4)
    return few + round((seconds - short) / each)


def _below() -> float:
    """Processor seconds of everything below this process, ended or not."""
    ticks = sum(map(_ticks, (pid for pid in tree(os.getpid()) if pid != os.getpid())))
    return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0  # It ended; its parent has its time by now.
    return sum(map(int, fields[11:15]))


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        pages = pages_for(root, CPU_SECONDS)
        print(f"workers: {FILES} files of {pages} pages, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
        warm, files = make(root, "warm", WARM_PAGES, 4), make(root, "file", pages, FILES)
        ones, twos = [], []
        for turn in range(TURNS):
            ones.append(run(root / f"one-{turn}", warm, files, 1))
            twos.append(run(root / f"two-{turn}", warm, files, 2))
        one, two = min(ones, key=lambda each: each.seconds), min(twos, key=lambda each: each.seconds)
        what = f"{FILES} files of {pages} pages"
        return report(
            [
                figure(
                    f"reading {what}: 2 worker processes x 1 lane, beside 1 process x 1 lane",
                    FILES / two.seconds,
                    "files/s",
                    baseline=FILES / one.seconds,
                    at_least=MIN_RATIO,
                ),
                figure("processor time a file", one.cpu_seconds / FILES, "CPU s", at_least=MIN_CPU_SECONDS),
                figure("processor time a file with 2 processes", two.cpu_seconds / FILES, "CPU s"),
                figure("cores used by 2 processes, beside those used by 1", two.cores, "cores", baseline=one.cores),
            ]
        )


if __name__ == "__main__":
    sys.exit(main())
