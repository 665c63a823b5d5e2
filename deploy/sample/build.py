"""Build the sample library: `python -m deploy.sample.build FOLDER`.

Each `sources/*.txt` becomes a PDF in FOLDER, each `kinds/*.txt` a file of its kind, and `manifest.csv` beside them
says what each is, in the columns that `hoclieu ingest --sheet` reads. A file
whose bytes would not change is left alone, so a second load finds nothing new.
"""

import csv
import io
import multiprocessing
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.sample.section import AUTHOR
from service.errors import Invalid
from service.library import placements
from service.vocabularies import seeds

SOURCES = Path(__file__).parent / "sources"
KINDS = Path(__file__).parent / "kinds"
_AT_A_TIME = 2
COLUMNS = (
    "path", "title", "description", "type", "language", "subject", "grade", "topic", "licence", "creator", "keywords",
    "organisation", "placements",
)  # fmt: skip

QUERIES = ("nui lua phun trao", "chiếc cọn nước", "hoi nuoc ngung tu")
"""What the demo suggests to try: a slide, a chapter, a second (tests/unit/test_sample.py holds them to it)."""


@dataclass(frozen=True, slots=True)
class Built:
    """files: in the order of the manifest, companions behind theirs. missing: names of those nobody here can make."""

    files: list[Path]
    missing: list[str]


def build(folder: Path) -> Built:
    """Write every file and the manifest into a folder, made if need be.

    Without ffmpeg there is no film and no recording, without espeak-ng none with a voice.
    Raises: ValueError: a mistake in a source, with its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[list[str]] = []
    built = Built([], [])
    paths = [*sorted(SOURCES.glob("*.txt")), *sorted(KINDS.glob("*.txt"))]
    # Spawned: whoever calls may have threads.
    with ProcessPoolExecutor(_AT_A_TIME, mp_context=multiprocessing.get_context("spawn")) as pool:
        for name, head, files in pool.map(_made, paths):
            if not files:
                built.missing.append(name)
                continue
            _keep(built, folder, files)
            rows.append(_row(name, head))
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([COLUMNS, *rows])
    _write(folder / "manifest.csv", table.getvalue().encode())
    return built


def _made(path: Path) -> tuple[str, dict[str, str], Mapping[str, bytes]]:
    """Name and head of what a source becomes, and its files by name. Runs in a process of its own."""
    from deploy.sample import kinds, pages, source  # here, so that QUERIES can be read without PyMuPDF

    if path.parent == SOURCES:
        read = source.read(path)
        return f"{read.name}.pdf", read.head, {f"{read.name}.pdf": pages.build(read)}
    other = kinds.read(path)
    return other.name, other.head, kinds.build(other)


def _keep(built: Built, folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        _write(folder / name, content)
        built.files.append(folder / name)


def _row(name: str, head: Mapping[str, str]) -> list[str]:
    """Raises: ValueError: a placement that means nothing."""
    try:
        placements.parse(head.get("placements", ""), seeds.load(), where=name)
    except Invalid as error:
        raise ValueError(f"{name}: {error}") from error
    known = {"path": name, "licence": "CC0-1.0", "creator": AUTHOR, **head}
    return [known.get(column, "") for column in COLUMNS]


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m deploy.sample.build FOLDER\n")
        return 2
    began = time.monotonic()
    built = build(Path(arguments[0]))
    seconds = time.monotonic() - began
    sys.stdout.write(f"{len(built.files)} files and manifest.csv in {arguments[0]}, {seconds:.1f} seconds\n")
    for name in built.missing:
        sys.stdout.write(f"Left out, for want of ffmpeg or espeak-ng: {name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
