"""What somebody waits for who publishes one file while a batch runs: `python -m tests.benchmarks.people [--files 600]`

The library is served, its worker runs, and `hoclieu ingest FOLDER --publish` takes in many small files in a process of
its own. Beside it one page of a PDF after the other is published: deposited as a door does it, as urgent as what
people wait for, and looked for until a search finds it; then by the command, whose process starts, reads and ends
with it. Beside both the same on the same library before the batch.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from service import compose
from service.library import discover
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import OPERATOR, PRIORITY_PEOPLE, PUBLIC, Value
from service.settings import Settings
from tests.benchmarks import small_files
from tests.benchmarks.figures import figure, report
from tests.conftest import Served, make_pdf

AT_MOST_SECONDS, TOO_LONG_SECONDS = 5.0, 60.0
EACH = 6
"""Files published in each way beside the batch, and before it."""
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


def found_after(services: Services, path: Path) -> float:
    """Seconds from the deposit until a search finds it."""
    began = time.perf_counter()
    said = [Value("licence", "CC0-1.0", "person")]
    offered = [Offered(path, path.name)]
    done = deposit(services, OPERATOR, offered, owner="default", values=said, publish=True, priority=PRIORITY_PEOPLE)
    # The newest of all: an empty question lists by day and number.
    while done.resource.id not in {
        item.id for item in discover.search(services, PUBLIC, SearchRequest(size=100)).items
    }:
        if time.perf_counter() - began > TOO_LONG_SECONDS:
            raise SystemExit(f"{path.name} was not found in {TOO_LONG_SECONDS:.0f} seconds")
        time.sleep(0.05)
    return time.perf_counter() - began


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--files", type=int, default=600)
    count = arguments.parse_args().files
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name) / "files", Path(name) / "home"
        small_files.write(folder, count, seed=count)
        pages = [
            make_pdf(Path(name) / "single" / f"{number}.pdf", [f"Bài số {number}: nguoi-{number}."], title=f"B{number}")
            for number in range(4 * EACH + 1)
        ]
        # The library is there, and so is what the first command of a machine has to read.
        seconds(home, pages.pop())
        with Served(home):
            services = compose.services(Settings(home=home))
            alone = [found_after(services, pages.pop()) for _ in range(EACH)]
            whole_alone = [seconds(home, pages.pop()) for _ in range(EACH)]
            batch = command(home, str(folder))
            time.sleep(5.0)
            beside = [found_after(services, pages.pop()) for _ in range(EACH)]
            whole_beside = [seconds(home, pages.pop()) for _ in range(EACH)]
            if batch.poll() is not None:
                raise SystemExit("the batch was over before everybody had published: more --files")
            # As Ctrl+C does; what is left of it tells nobody anything.
            batch.terminate()
            batch.wait()
            services.catalogue.close()
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    median = statistics.median
    return report(
        [
            figure("a person's file found, the slowest", max(beside), "s", at_most=AT_MOST_SECONDS),
            figure(
                "a person's file found, beside the time without a batch", median(beside), "s", baseline=median(alone)
            ),
            figure("the whole command, the slowest", max(whole_beside), "s"),
            figure(
                "the whole command, beside without a batch", median(whole_beside), "s", baseline=median(whole_alone)
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
