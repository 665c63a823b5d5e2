"""A whole batch — hash, store, read, describe, publish, index, commit — against a bare loop over the text.

    python -m tests.benchmarks.batch [FOLDER]…

Files of 20 pages and more: generated here, and those of the folders given.
One worker, everything included but pictures; both sides see the same files in
the same run, by turns, and the best of each counts. Copies differ by a byte
of metadata, so that none is a duplicate.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import pymupdf

from ingest.document import Bundle
from ingest.sandbox import Sandbox
from service import compose
from service.library import project
from service.library.batch import Batch, Options
from service.library.lanes import INDEXING, READING
from service.library.work import Worker
from service.model import OPERATOR, Value
from service.settings import Settings
from tests.benchmarks.figures import figure, report
from tests.benchmarks.reading import MIN_RATIO, _bare, _files

TURNS = 3
COPIES = 8
LICENCE = Value("licence", "CC0-1.0", "person")


def make(folder: Path, given: list[str]) -> list[Path]:
    """Several distinct copies of each file; PDF readers ignore what follows the end."""
    folder.mkdir()
    made = []
    for source in list(_files(folder, given)):
        for copy in range(COPIES):
            path = folder / f"{copy}-{source.name}"
            shutil.copy(source, path)
            with path.open("ab") as out:
                out.write(b"\n%%%d\n" % copy)
            made.append(path)
        if source.parent == folder:
            source.unlink()
    return made


def ours(home: Path, folder: Path, sandbox: Sandbox) -> float:
    """Seconds of a batch into an empty library."""
    parts = compose.services(Settings(home=home))
    parts.catalogue.migrate()
    project.ensure(parts)
    worker = Worker(parts, sandbox, lanes=READING + INDEXING)
    worker.start()
    batch = Batch(parts, OPERATOR, Options(publish=True, values=(LICENCE,)))
    began = time.perf_counter()
    batch.run([folder], finished=lambda line: None, healthy=worker.healthy)
    seconds = time.perf_counter() - began
    worker.stop()
    parts.catalogue.close()
    assert {line.outcome for line in batch.lines} == {"published"}
    return seconds


def main(given: list[str]) -> int:
    pymupdf.TOOLS.mupdf_display_errors(False)
    with tempfile.TemporaryDirectory() as name, Sandbox() as sandbox:
        root = Path(name)
        files = make(root / "in", given)
        pages = 0
        for path in files:
            with pymupdf.open(path) as document:
                pages += document.page_count
        sandbox.read(Bundle(files[0], files[0].name))
        loops, batches = [], []
        for turn in range(TURNS):
            began = time.perf_counter()
            for path in files:
                _bare(path)
            loops.append(time.perf_counter() - began)
            batches.append(ours(root / f"home-{turn}", root / "in", sandbox))
        value, baseline = pages / min(batches), pages / min(loops)
        name = f"batch of {len(files)} files, {pages} pages"
        return report([figure(name, value, "pages/s", baseline=baseline, at_least=MIN_RATIO)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
