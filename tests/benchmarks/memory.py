"""How much memory a running library holds: PSS summed over all processes of `hoclieu serve`.

PSS counts a page shared by n processes as 1/n in each, so that the sum is
what the machine really gives. Two figures: the most while its worker reads
PDFs, and at rest, some time after the last job and after pages were served.

    python -m tests.benchmarks.memory [--rest-seconds 125] [--files 40]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from service import compose
from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report
from tests.process_tree import tree

AT_REST_MB, READING_MB = 250, 450
PAGES_A_FILE = 60
PAGES_SERVED = ("/", "/search?q=ham+so+bac+hai", "/api/v1/search?q=ham+so")


def pss_mb(pid: int) -> float:
    """Proportional set size of the whole tree in megabytes."""
    return sum(own_pss_mb(each) or 0.0 for each in tree(pid))


def own_pss_mb(pid: int) -> float | None:
    """Proportional set size of one process; None: it has ended. Source: /proc/PID/smaps_rollup."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:")), None)


def write_files(folder: Path, count: int) -> None:
    """PDFs with text on every page and a picture on some, enough to keep a worker reading for a while."""
    import pymupdf

    folder.mkdir()
    line = "Hàm số bậc hai có đồ thị là một parabol; trục đối xứng đi qua đỉnh và song song với trục tung. "
    picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 800, 600), False)
    picture.clear_with(200)
    for number in range(count):
        with pymupdf.open() as document:
            for page_number in range(1, PAGES_A_FILE + 1):
                page = document.new_page()
                text = f"Tài liệu {number} trang {page_number}. " + line * 20
                page.insert_htmlbox(pymupdf.Rect(50, 50, 545, 700), text)
                if page_number % 20 == 1:
                    page.insert_image(pymupdf.Rect(50, 710, 250, 830), pixmap=picture)
            document.subset_fonts()
            document.save(folder / f"{number}.pdf", deflate=True, garbage=3)


def busy(settings: Settings) -> bool:
    """Whether a job waits or is being done."""
    parts = compose.services(settings)
    try:
        with parts.catalogue.reading() as work:
            return any(number for (_, state), number in work.jobs.numbers().items() if state in ("queued", "leased"))
    finally:
        parts.catalogue.close()


def while_reading(pid: int, settings: Settings) -> list[Figure]:
    """The most that was held until the last queued job was done."""
    most, samples = 0.0, 0
    while busy(settings):
        most, samples = max(most, pss_mb(pid)), samples + 1
        time.sleep(0.1)
    return [
        figure("memory-while-reading", most, "MB PSS", at_most=READING_MB),
        # A worker that was done before we looked would make the figure above worthless.
        figure("memory-while-reading-samples", samples, "samples", at_least=5),
    ]


def at_rest(pid: int, address: str, seconds: float) -> list[Figure]:
    """What is held `seconds` after the last job and after pages were served."""
    for page in PAGES_SERVED:
        with urllib.request.urlopen(address + page, timeout=30) as answer:
            answer.read()
    time.sleep(seconds)
    return [
        figure("memory-at-rest", max(pss_mb(pid) for _ in range(5)), "MB PSS", at_most=AT_REST_MB),
        figure("memory-at-rest-processes", len(list(tree(pid))), "processes"),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="PSS of hoclieu serve, at rest and while reading")
    parser.add_argument("--rest-seconds", type=float, default=125.0)
    parser.add_argument("--files", type=int, default=40)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch, "home")
        environment = {**os.environ, "HOCLIEU_HOME": str(home)}
        command = [sys.executable, "-m", "service.cli"]
        write_files(Path(scratch, "files"), options.files)
        ingest = [*command, "ingest", str(Path(scratch, "files")), "--publish", "--licence", "CC0-1.0"]
        subprocess.run(ingest, env=environment, check=True, stdout=sys.stderr)
        server = subprocess.Popen(
            [*command, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            address = next(word for word in server.stdout.readline().split() if word.startswith("http"))
            again = [*command, "reprocess", "--type", "application/pdf"]
            subprocess.run(again, env=environment, check=True, stdout=sys.stderr)
            figures = [
                *while_reading(server.pid, Settings(home=home)),
                *at_rest(server.pid, address, options.rest_seconds),
            ]
        finally:
            server.terminate()
            server.wait(60)
    return report(figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
