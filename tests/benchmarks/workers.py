"""Two worker processes against one, on files that take seconds of a core each: does reading scale by processes?

    python -m tests.benchmarks.workers

A worker process reads two files at a time by itself, so on a machine of two
cores one is enough. What a second one brings is measured with one reading
lane in each: 1 process x 1 lane against 2 processes x 1 lane, by turns, on
the same files, each into a library of its own; the best of each counts. The
processor time of all processes, with that of the readers they fork, is told
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

from service import compose
from service.library import project
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.model import OPERATOR
from service.settings import Settings
from tests.benchmarks.figures import figure, report
from tests.process_tree import tree

FILES = 6
PAGES = 1500
WARM_PAGES = 20
TURNS = 2
MIN_RATIO = 1.5
MIN_CPU_SECONDS = 2.0
PATIENCE_SECONDS = 600
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
    ticks = 0
    for process in processes:
        for pid in tree(process.pid):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # It ended; its parent has its time by now.
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


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


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        warm, files = make(root, "warm", WARM_PAGES, 12), make(root, "file", PAGES, FILES)
        ones, twos = [], []
        for turn in range(TURNS):
            ones.append(run(root / f"one-{turn}", warm, files, 1))
            twos.append(run(root / f"two-{turn}", warm, files, 2))
        one, two = min(ones, key=lambda each: each.seconds), min(twos, key=lambda each: each.seconds)
        what = f"{FILES} files of {PAGES} pages"
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
                figure("cores used by 2 processes, beside those used by 1", two.cores, "cores", baseline=one.cores),
            ]
        )


if __name__ == "__main__":
    sys.exit(main())
