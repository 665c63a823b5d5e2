"""Two thousand mixed files with a sheet, beside the extraction pipeline alone on the same files.

    python -m tests.benchmarks.with_sheet [--files 2000] [--turns 2] [--folder FOLDER]

Ours is `hoclieu ingest FOLDER --sheet FILE.xlsx --publish` into an empty
library, in a process of its own, its start and its end included: a workbook
with a row a file is read and understood, each file hashed, stored, read,
described by its row, published and indexed. Beside
it the same children read the same files, as many at once, below a warm parent:
no database, no store, no index, no sheet. By turns, and the best of each
counts, because other work on the machine only ever adds time. Processor time
stands beside it, which hardly depends on that.

The files are made here, and small: 40 lines of text, eight slides, a picture.
What a file costs beside its reading weighs most there. With --folder it is
the files of a folder instead, as somebody has them.
"""

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from ingest.document import Bundle
from ingest.errors import IngestError
from ingest.sandbox import Sandbox
from service.library.lanes import READING
from service.library.sheet import writing
from tests.benchmarks import small_files
from tests.benchmarks.figures import figure, report

LEAST_RATIO = 0.7
COLUMNS = ("path", "title", "type", "subject", "grade", "series", "week", "licence", "language", "creator")
SUBJECTS = ("Toán", "Ngữ văn", "Khoa học tự nhiên", "Tin học")


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def rows(folder: Path) -> Iterator[list[str]]:
    """What a librarian would say of each file."""
    for number, path in enumerate(files_of(folder)):
        yield [
            str(path.relative_to(folder)), f"Bài {number + 1} của ổ cứng", "Tài liệu khác", SUBJECTS[number % 4],
            f"Lớp {number % 4 + 6}", "KNTT", str(number % 35 + 1), "CC0-1.0", "Tiếng Việt", "Nông Thị Hoa; Tổ Toán",
        ]  # fmt: skip


def used_seconds() -> float:
    """Processor time of this process and of all that it has waited for, theirs included."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def alone(folder: Path) -> tuple[float, float]:
    """Seconds of reading every file, a child each, as many at once as a worker has lanes; of a processor."""
    used = used_seconds()
    paths = files_of(folder)

    def read(sandbox: Sandbox, path: Path) -> None:
        # A broken one costs what it costs both sides.
        with contextlib.suppress(IngestError):
            sandbox.read(Bundle(path, path.name))

    with Sandbox() as sandbox, ThreadPoolExecutor(len(READING)) as lanes:
        # The parent is warm before the clock runs.
        read(sandbox, paths[0])
        began = time.perf_counter()
        list(lanes.map(partial(read, sandbox), paths))
        seconds = time.perf_counter() - began
    return seconds, used_seconds() - used


def ours(folder: Path, sheet: Path, home: Path, published: int) -> tuple[float, float]:
    """Seconds of the command; of a processor. published: so many at least, since files that were not read would be
    the fastest of all."""
    told = home.with_suffix(".json")
    command = [sys.executable, "-m", "service.cli", "ingest", str(folder), "--publish", "--sheet", str(sheet)]
    environment = {**os.environ, "HOCLIEU_HOME": str(home), "HOCLIEU_READING_LANES": str(len(READING))}
    began, used = time.perf_counter(), used_seconds()
    subprocess.run([*command, "--report", str(told)], env=environment, stdout=subprocess.DEVNULL, check=True)
    seconds, used = time.perf_counter() - began, used_seconds() - used
    totals = json.loads(told.read_text(encoding="utf-8"))["totals"]
    if totals["published"] < published:
        raise SystemExit(f"not everything was published: {totals}")
    print(totals, file=sys.stderr)
    return seconds, used


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.with_sheet")
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder, sheet = options.folder or Path(name) / "files", Path(name) / "bang.xlsx"
        if not options.folder:
            small_files.write(folder, options.files, seed=options.files)
        count = len(files_of(folder))
        published = count * 9 // 10 if options.folder else count
        writing.write(sheet, COLUMNS, rows(folder), lists={}, language="vi")
        bare, batches = [], []
        for turn in range(options.turns):
            bare.append(alone(folder))
            batches.append(ours(folder, sheet, Path(name) / f"home-{turn}", published))
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}", file=sys.stderr)
    (theirs, their_used), (mine, my_used) = (map(min, zip(*turns, strict=True)) for turns in (bare, batches))
    mixed = "real" if options.folder else "mixed"
    told = f"{count} {mixed} files with a sheet, beside the pipeline alone"
    return report(
        [
            figure(told, count / mine, "files/s", baseline=count / theirs, at_least=LEAST_RATIO),
            figure(
                f"{told}: of a processor a file", 1_000 * my_used / count, "ms", baseline=1_000 * their_used / count
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
