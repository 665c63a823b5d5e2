"""Figures of moving a library of 100,000 resources (rows, no files): `python -m tests.benchmarks.moving [COUNT]`.

Prints seconds and megabytes of an export, an import, a backup, a second one
and a restore, a JSON line each, with the process's memory at its peak and the
load of the machine. Embedded, in a temporary folder; run by hand.
"""

import datetime
import json
import os
import resource as limits
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from service.adapters.database.identifiers import new_identifier
from service.adapters.objects.folder import FolderStore
from service.library import curate
from service.library.moving import load
from service.library.moving.dump import dump
from service.library.services import Services
from service.model import OPERATOR, Value
from service.ports import RowOfTable
from tests.moving.engines import embedded

COUNT = 100_000
BATCH = 500
TERMS = ("subject", "grade", "language", "type")
TABLES = {
    "resources": ("key", ""),
    "revisions": ("key", "resource"),
    "revision_values": ("", "revision"),
    "terms": ("", "resource"),
    "events": ("key", "resource"),
}
"""(the column that the database counts, the column that names whose it is)."""


def fill(services: Services, count: int) -> None:
    """Published resources with eight values, four terms and three events each.

    One is made through the use cases' parts; the others are its rows under other keys, which takes a tenth of the time.
    """
    with services.catalogue.writing() as work:
        resource = work.resources.add(owner="default")
        said = [
            ("title", "Bài 0: hàm số bậc hai và đồ thị", "vi"),
            ("description", "Bài giảng điện tử có hình, bài tập và lời giải. " * 4, "vi"),
            ("language", "vi", None),
            ("type", "presentation", None),
            ("licence", "CC-BY-4.0", None),
            ("subject", "toan", None),
            ("grade", "lop-1", None),
            ("creator", "Tổ Toán", None),
        ]
        values = [Value(field, value, "file", language) for field, value, language in said]
        draft = work.resources.add_revision(resource.key, values=values, files=())
        now = datetime.datetime.now(datetime.UTC)
        work.resources.save_revision(replace(draft, state="published", published_at=now))
        work.resources.save(replace(resource, published=draft.number))
        work.terms.replace(resource.key, [(field, value) for field, value, _ in said if field in TERMS])
        for kind in ("deposited", "read", "published"):
            work.events.add(kind, resource.key, "operator", {"files": 1})
    with services.catalogue.reading() as work:
        models = {name: [row for page in work.tables.rows(name, 100) for row in page] for name in TABLES}
    for start in range(1, count, BATCH):
        with services.catalogue.writing() as work:
            for name, (key, refers) in TABLES.items():
                work.tables.load(
                    name,
                    [
                        _as_another(row, number, key, refers, len(models[name]))
                        for number in range(start, min(count, start + BATCH))
                        for row in models[name]
                    ],
                )


def _as_another(row: RowOfTable, number: int, key: str, refers: str, step: int) -> RowOfTable:
    """A row of the first resource as one of another. step: how many rows a resource has in its table."""
    other = dict(row)
    for column, by in ((key, step), (refers, 1)):
        if column:
            other[column] = cast(int, row[column]) + number * by
    if "id" in row:
        other["id"] = new_identifier()
    if row.get("field") in ("title", "creator") and "language" in row:
        other["value"] = f"Bài {number}: hàm số" if row["field"] == "title" else f"Tổ Toán {number % 400}"
    return other


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@contextmanager
def figure(name: str, size: Callable[[], float]) -> Iterator[None]:
    before, began, spent = size(), time.perf_counter(), time.process_time()
    yield
    seconds = time.perf_counter() - began
    peak = limits.getrusage(limits.RUSAGE_SELF).ru_maxrss / 1000
    used = time.process_time() - spent
    figures = {"s": seconds, "CPU s": used, "MB": size() - before, "MB memory": peak, "load": os.getloadavg()[0]}
    for unit, value in ((unit, round(value, 1)) for unit, value in figures.items()):
        print(json.dumps({"name": f"moving {name}", "value": value, "unit": unit}), flush=True)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as root:
        make = embedded(Path(root))
        library, moved, restored = (make().open() for _ in range(3))
        fill(library, count)
        folders = {name: Path(root) / name for name in ("export", "backup")}
        stores = {name: FolderStore(folder) for name, folder in folders.items()}
        with figure(f"export of {count}", lambda: megabytes(folders["export"])):
            dump(library, OPERATOR, stores["export"], "export")
        with figure("import", lambda: 0.0):
            load.load(moved, OPERATOR, stores["export"], load.choose(stores["export"], "export"))
        with figure("backup", lambda: megabytes(folders["backup"])):
            dump(library, OPERATOR, stores["backup"], "backup")
        with library.catalogue.reading() as work:
            first = work.resources.after(0, 100)
        for resource in first:
            curate.withdraw(library, OPERATOR, resource.id, reason="Đo.")
        with figure("second backup, 100 resources changed", lambda: megabytes(folders["backup"])):
            dump(library, OPERATOR, stores["backup"], "backup")
        with figure("restore", lambda: 0.0):
            load.load(restored, OPERATOR, stores["backup"], load.choose(stores["backup"], "backup"))
        for services in (library, moved, restored):
            services.catalogue.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
