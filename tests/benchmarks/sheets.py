"""A sheet of 100,000 rows: how fast it is read, and how much memory that takes.

    python -m tests.benchmarks.sheets

The same rows as a workbook, through a child of the sandbox, and as CSV; beside
them what Python's own reader of CSV does with the text alone.
"""

import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ingest.sandbox import Sandbox
from service.library import sheet
from service.library.sheet import table, writing
from service.vocabularies.seeds import load
from tests.benchmarks.figures import Figure, figure, report

ROWS = 100_000
COLUMNS = ("path", "title", "description", "subject", "grade", "series", "lesson", "week", "licence", "creator")
MOST_MEGABYTES = 300
"""More than before it was read: text of some 40 MB, and room for the reader's own."""


def rows() -> Iterator[list[str]]:
    for number in range(ROWS):
        yield [
            f"Lớp {number % 12 + 1}/Tuần {number % 35 + 1}/bài giảng {number}.pptx", f"Bài {number}: Phép cộng có nhớ",
            "Kế hoạch bài dạy có phiếu học tập và trò chơi khởi động.", "Toán", f"Lớp {number % 12 + 1}", "KNTT",
            str(number % 70 + 1), str(number % 35 + 1), "CC BY 4.0 (ghi công)", "Nông Thị Hoa; Tổ Toán",
        ]  # fmt: skip


def resident_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read(path: Path, sandbox: Sandbox) -> list[Figure]:
    before, began = resident_megabytes(), time.perf_counter()
    made = sheet.read(path, load(), (), sandbox)
    seconds = time.perf_counter() - began
    assert len(made) == ROWS
    grown = resident_megabytes() - before
    began = time.perf_counter()
    for place in range(0, ROWS, 10):
        assert made.told(place, made.files(place, ())).number == place + 2
    told = time.perf_counter() - began
    kind = path.suffix[1:]
    return [
        figure(f"sheet of {ROWS} rows, {kind}", ROWS / seconds, "rows/s"),
        figure(f"sheet of {ROWS} rows, {kind}: memory", grown, "MB", at_most=MOST_MEGABYTES),
        figure(f"rows of a sheet understood, {kind}", ROWS / 10 / told, "rows/s"),
    ]


def main() -> int:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, Sandbox(limits=table.PATIENCE) as sandbox:
        load().resolve("subject", "Toán")
        for name in ("a.csv", "a.xlsx"):
            path = Path(folder) / name
            writing.write(path, COLUMNS, rows(), lists={}, language="vi")
            figures += read(path, sandbox)
        began = time.perf_counter()
        with (Path(folder) / "a.csv").open(encoding="utf-8-sig", newline="") as source:
            count = sum(1 for _ in csv.reader(source))
        figures.append(figure("csv alone", count / (time.perf_counter() - began), "rows/s"))
    return report(figures)


if __name__ == "__main__":
    sys.exit(main())
