"""Figures of moving a library of 100,000 resources (rows, no files): `python -m tests.benchmarks.moving [COUNT]`.

Prints seconds and megabytes of an export, an import, a backup, a second one
and a restore, a JSON line each. Embedded, in a temporary folder; run by hand.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from service.adapters.objects.folder import FolderStore
from service.library import curate
from service.library.moving import load
from service.library.moving.dump import dump
from service.library.services import Services
from service.model import OPERATOR, Value
from tests.moving.engines import embedded

COUNT = 100_000
BATCH = 500


def fill(services: Services, count: int) -> None:
    """Published resources with eight values, four terms and three events each."""
    for start in range(0, count, BATCH):
        with services.catalogue.writing() as work:
            for number in range(start, min(count, start + BATCH)):
                resource = work.resources.add(owner="default")
                values = [
                    Value("title", f"Bài {number}: hàm số bậc hai và đồ thị", "file", "vi"),
                    Value("description", "Bài giảng điện tử có hình, bài tập và lời giải. " * 4, "file", "vi"),
                    *(
                        Value(field, code, "sheet")
                        for field, code in (
                            ("language", "vi"),
                            ("type", "presentation"),
                            ("licence", "CC-BY-4.0"),
                            ("subject", "toan"),
                            ("grade", f"lop-{number % 12 + 1}"),
                            ("creator", f"Tổ Toán {number % 400}"),
                        )
                    ),
                ]
                work.resources.add_revision(resource.key, values=values, files=())
                terms = [
                    ("subject", "toan"),
                    ("grade", f"lop-{number % 12 + 1}"),
                    ("language", "vi"),
                    ("type", "other"),
                ]
                work.terms.replace(resource.key, terms)
                for kind in ("deposited", "read", "published"):
                    work.events.add(kind, resource.key, "operator", {"files": 1})


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@contextmanager
def figure(name: str, size: Callable[[], float]) -> Iterator[None]:
    before, began = size(), time.perf_counter()
    yield
    seconds = time.perf_counter() - began
    for unit, value in (("s", round(seconds, 1)), ("MB", round(size() - before, 1))):
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
