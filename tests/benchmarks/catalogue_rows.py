"""Rows of a sheet that name an address and no file: how many a second come into database and index.

The whole way of `hoclieu ingest --sheet`: the sheet read and understood, one
resource a row published in the database, its entry committed in the index by
a process beside the command. What harvesters get is rendered behind it; how
long all of that takes is told too.

Beside it a bare program in the same run: csv, one row a line into SQLite with
its title and its text, and the same texts into tantivy as they are. It knows no
vocabularies, values, terms, events or jobs; the ratio says what these cost.

    python -m tests.benchmarks.catalogue_rows [--rows 10000]
"""

import argparse
import csv
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import tantivy

from ingest.sandbox import Sandbox
from service.cli import allocator
from service.cli.indexing import MANY_ROWS, Indexing
from service.cli.session import opened
from service.library import describing, project, sheet
from service.library.batch import Batch, Options
from service.library.lanes import READING
from service.library.sheet import writing
from service.library.work import Worker
from service.model import OPERATOR
from tests.benchmarks.figures import figure, report

LEAST_RATE = 1_000
COLUMNS = ("address", "title", "description", "type", "subject", "grade", "licence", "language", "creator", "keywords")
LESSONS = ("Phép cộng có nhớ", "Đồ thị của hàm số bậc hai", "Ca Huế trên sông Hương", "Quang hợp ở cây xanh")
SUBJECTS = ("Toán", "Vật lí", "Ngữ văn", "Sinh học")


def rows(count: int) -> Iterator[list[str]]:
    for number in range(count):
        place = number % len(LESSONS)
        yield [
            f"https://phim.example.vn/bai-giang/{number}", f"Bài {number}. {LESSONS[place]}",
            f"Phim bài giảng {number} phút, có phần luyện tập và câu hỏi ở cuối mỗi đoạn.", "Video", SUBJECTS[place],
            f"Lớp {number % 12 + 1}", "CC-BY-4.0", "Tiếng Việt", "Nông Thị Hoa; Tổ Toán", "phim; bài giảng",
        ]  # fmt: skip


def used_seconds() -> float:
    """Of the processor, with what the processes used that have ended."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def ours(path: Path, home: Path, count: int) -> tuple[float, float, float, float]:
    """Rows a second into the database, into the index too, to harvesters too; the last in a second of a processor."""
    # The process that indexes opens the library as every command does.
    os.environ["HOCLIEU_HOME"] = str(home)
    allocator.give_back_freed_memory()
    with opened() as services, Sandbox() as sandbox:
        used = used_seconds()
        began = time.perf_counter()
        with services.catalogue.reading() as work:
            owners = work.organisations.all()
        read = sheet.read(path, services.vocabularies, owners, sandbox)
        worker = Worker(services, sandbox, lanes=READING)
        worker.start()
        indexing = Indexing(worker, beside=count >= MANY_ROWS)
        indexing.start()
        batch = Batch(services, OPERATOR, Options(publish=True, rows=read))
        batch.take([], finished=lambda line: None, healthy=worker.healthy)
        into_database = count / (time.perf_counter() - began)
        indexing.all_in()
        batch.wait_for("index", worker.healthy)
        into_both = count / (time.perf_counter() - began)
        batch.wait_for("render", worker.healthy)
        into_all = count / (time.perf_counter() - began)
        indexing.stop()
        worker.stop()
        assert [line.outcome for line in batch.lines] == ["published"] * count
        assert len(dict(services.index.versions(project.live(services).name))) == count
    return into_database, into_both, into_all, count / (used_seconds() - used)


def bare(path: Path, folder: Path, count: int) -> float:
    """Rows a second."""
    began = time.perf_counter()
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE rows (address TEXT PRIMARY KEY, title TEXT, text TEXT)")
    builder = tantivy.SchemaBuilder()
    for name in ("address", "title", "text"):
        builder.add_text_field(name, stored=name == "address")
    index = tantivy.Index(builder.build())
    with path.open(encoding="utf-8-sig", newline="") as source:
        told = [(line[0], line[1], " ".join(line[2:])) for line in csv.reader(source)][1:]
    for start in range(0, len(told), describing.TOGETHER):
        part = told[start : start + describing.TOGETHER]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?)", part)
        connection.execute("COMMIT")
        writer = index.writer(64_000_000, 1)
        for address, title, text in part:
            writer.add_document(tantivy.Document(address=address, title=title, text=text))
        writer.commit()
        writer.wait_merging_threads()
    connection.close()
    assert len(told) == count
    return count / (time.perf_counter() - began)


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=10_000)
    count = arguments.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "bang.csv"
        writing.write(path, COLUMNS, rows(count), lists={}, language="vi")
        there = bare(path, folder, count)
        into_database, into_both, into_all, a_core = ours(path, folder / "home", count)
    return report(
        [
            figure("rows of a sheet a second into the database", into_database, "rows/s"),
            figure("rows of a sheet a second into database and index", into_both, "rows/s", at_least=LEAST_RATE),
            figure("the same beside a bare program", into_both, "rows/s", baseline=there),
            figure("rows of a sheet a second until harvesters get them too", into_all, "rows/s"),
            figure("the same in a second of a processor", a_core, "rows/s"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
