"""Build the sample library: `python -m deploy.sample.build FOLDER`.

Each `sources/*.txt` becomes a PDF in FOLDER, each `kinds/*.txt` a file of its kind, and `manifest.csv` beside them
says what each is, in the columns that `hoclieu ingest --sheet` reads. A file
whose bytes would not change is left alone, so a second load finds nothing new.
"""

import csv
import io
import sys
from pathlib import Path

SOURCES = Path(__file__).parent / "sources"
COLUMNS = ("path", "title", "description", "type", "language", "subject", "grade", "licence", "creator", "keywords")

QUERIES = ("nui lua phun trao", "chiếc cọn nước", "hoi nuoc ngung tu")
"""What the demo suggests to try: a slide, a chapter, a second (tests/unit/test_sample.py holds them to it)."""


def build(folder: Path) -> list[Path]:
    """Write every file and the manifest into a folder, made if need be. Without ffmpeg there is no film.

    Returns: the paths of the files, in the order of the manifest.
    Raises: ValueError: a mistake in a source, with its name.
    """
    from deploy.sample import kinds, pages, source  # here, so that QUERIES can be read without PyMuPDF

    folder.mkdir(parents=True, exist_ok=True)
    rows, written = [], []
    for path in sorted(SOURCES.glob("*.txt")):
        read = source.read(path)
        target = folder / f"{read.name}.pdf"
        _write(target, pages.build(read))
        written.append(target)
        known = {"path": target.name, "licence": "CC0-1.0", "creator": pages.AUTHOR}
        rows.append([known.get(column) or read.head[column] for column in COLUMNS])
    for path in sorted(kinds.KINDS.glob("*.txt")):
        other = kinds.read(path)
        content = kinds.build(other)
        if content is None:
            continue
        _write(folder / other.name, content)
        written.append(folder / other.name)
        known = {"path": other.name, "licence": "CC0-1.0", "creator": kinds.AUTHOR}
        rows.append([known.get(column) or other.head[column] for column in COLUMNS])
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([COLUMNS, *rows])
    _write(folder / "manifest.csv", table.getvalue().encode())
    return written


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m deploy.sample.build FOLDER\n")
        return 2
    written = build(Path(arguments[0]))
    sys.stdout.write(f"{len(written)} files and manifest.csv in {arguments[0]}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
