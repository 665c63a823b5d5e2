"""What somebody waits for who publishes one file while a batch runs: `python -m tests.benchmarks.people [--files 600]`

`hoclieu ingest FOLDER --publish` takes in many small files in a process of its own. Beside it one page of a PDF after
the other is published by the same command, each in a process that starts, reads it, and ends when it is found. How
long each took is what a person waits. Beside it the same on the same library when the batch is over.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import small_files
from tests.benchmarks.figures import figure, report
from tests.conftest import make_pdf

AT_MOST_SECONDS = 5.0
EACH = 6
"""Files published beside the batch, and after it."""
SAID = ("--publish", "--licence", "CC0-1.0")


def command(home: Path, *words: str) -> "subprocess.Popen[bytes]":
    words = (sys.executable, "-m", "service.cli", "ingest", *words, *SAID)
    return subprocess.Popen(words, env={**os.environ, "HOCLIEU_HOME": str(home)}, stdout=subprocess.DEVNULL)


def seconds(home: Path, path: Path) -> float:
    began = time.perf_counter()
    process = command(home, str(path))
    if process.wait():
        raise SystemExit(f"{path.name} was not published: exit code {process.returncode}")
    return time.perf_counter() - began


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--files", type=int, default=600)
    count = arguments.parse_args().files
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name) / "files", Path(name) / "home"
        small_files.write(folder, count, seed=count)
        single = [
            make_pdf(Path(name) / "single" / f"{number}.pdf", [f"Bài {number} của một người."], title=f"Bài {number}")
            for number in range(2 * EACH + 1)
        ]
        # The library is there, and so is what the first command of a machine has to read.
        seconds(home, single.pop())
        batch = command(home, str(folder))
        time.sleep(3.0)
        beside = [seconds(home, path) for path in single[:EACH]]
        if batch.poll() is not None:
            raise SystemExit("the batch was over before everybody had published: more --files")
        batch.wait()
        alone = [seconds(home, path) for path in single[EACH:]]
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(
        [
            figure("a person's file, published while a batch runs", max(beside), "s", at_most=AT_MOST_SECONDS),
            figure(
                "the same at the median, beside the time without a batch",
                statistics.median(beside),
                "s",
                baseline=statistics.median(alone),
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
