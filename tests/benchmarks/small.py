"""How many small files one worker takes in a second, and whether its memory stays what it is over thousands.

    python -m tests.benchmarks.small [--files 1000] [--long 5000]

`hoclieu ingest --publish` in a process of its own, into an empty library on
disk: hashing, storing, reading, describing, publishing, indexing, all but
pictures. Its start and its end count. Beside it stands the processor time that
a file took, of the worker, the warm parent and the children together: that
hardly depends on what else the machine does. Memory is PSS, of the worker and of the
warm parent that its children are forked from, while the longer run goes on:
the median of its last quarter against that of its second, because the first
still fills caches. Recordings are not among the files: what ffprobe takes is
measured in `media.py`.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import small_files
from tests.benchmarks.figures import Figure, figure, report
from tests.benchmarks.memory import own_pss_mb
from tests.process_tree import children, command

FILES_A_SECOND = 25
MAX_GROWTH = 1.05
_SAMPLE_SECONDS = 0.5
_PARENT = b"ingest.sandbox.warm"


@dataclass(frozen=True, slots=True)
class Sample:
    """Megabytes at one moment; warm: None while there is no warm parent."""

    worker: float
    warm: float | None


class Run:
    """One `hoclieu ingest` of a folder into a library of its own."""

    def __init__(self, scratch: Path, count: int) -> None:
        self.files, self.report = scratch / f"files-{count}", scratch / f"{count}.json"
        self.home = scratch / f"home-{count}"
        made = small_files.write(self.files, count, seed=count)
        print(f"{count} files of {made // count} bytes each made", file=sys.stderr, flush=True)

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "service.cli", "ingest", str(self.files)]
        return subprocess.Popen(
            [*command, "--publish", "--licence", "CC0-1.0", "--report", str(self.report)],
            env={**os.environ, "HOCLIEU_HOME": str(self.home)}, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def check(self, process: subprocess.Popen[bytes]) -> None:
        """Files that were not read would be the fastest of all."""
        if process.wait() != 0:
            raise SystemExit(f"ingest ended with {process.returncode}")
        totals = json.loads(self.report.read_text(encoding="utf-8"))["totals"]
        if totals["published"] != totals["files"]:
            raise SystemExit(f"not everything was published: {totals}")


def speed(run: Run, count: int) -> Iterator[Figure]:
    began = time.perf_counter()
    before = _processor_seconds()
    run.check(run.start())
    seconds = time.perf_counter() - began
    processor = _processor_seconds() - before
    yield figure(f"ingest of {count} small files", count / seconds, "files/s", at_least=FILES_A_SECOND)
    yield figure(f"processor time of a file among {count}", 1000 * processor / count, "ms")


def memory(run: Run, count: int) -> Iterator[Figure]:
    samples = []
    began = time.perf_counter()
    process = run.start()
    while process.poll() is None:
        if (worker := own_pss_mb(process.pid)) is not None:
            warm = next((pid for pid in children(process.pid) if _is_warm(pid)), None)
            samples.append(Sample(worker, None if warm is None else own_pss_mb(warm)))
        time.sleep(_SAMPLE_SECONDS)
    seconds = time.perf_counter() - began
    run.check(process)
    yield figure(f"ingest of {count} small files, while its memory is looked at", count / seconds, "files/s")
    yield flat(f"memory of the worker over {count} files", [sample.worker for sample in samples])
    yield flat(
        f"memory of the warm parent over {count} files", [each.warm for each in samples if each.warm is not None]
    )


def flat(name: str, megabytes: list[float]) -> Figure:
    """The last quarter's median beside the second's."""
    quarter = len(megabytes) // 4
    second, last = megabytes[quarter : 2 * quarter], megabytes[-quarter:]
    return figure(name, statistics.median(last), "MB PSS", baseline=statistics.median(second), at_most=MAX_GROWTH)


def _processor_seconds() -> float:
    """Of all processes that were started from here and have ended, theirs included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _is_warm(pid: int) -> bool:
    return any(_PARENT in word for word in command(pid))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.small")
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--long", type=int, default=5_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        figures = list(speed(Run(scratch, options.files), options.files))
        figures += memory(Run(scratch, options.long), options.long)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
