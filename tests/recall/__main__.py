"""How many of a file's words are read: ours and Tika's, against what LibreOffice shows of the same file.

    python -m tests.recall DIR

Every PPTX, ODP, DOCX, ODT and RTF under DIR. A file's recall is the share of
the words in LibreOffice's text (each as often as it stands there) that the
reader found too; a type's is the mean over its files. Two things are taken out
of LibreOffice's text, because they are not the file's: the moment of the
conversion, and what a tracked change deleted. Prints a table and,
below it, what is lost where a file stays under the aim, and keeps both in
`measured.md`, which `make docs` takes into `docs/formats.md`. Needs LibreOffice
and the development package `iscc-tika`; without either nothing is kept.
Exit 1 where a type stays under the aim or behind Tika.
"""

import datetime
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import mean

import pymupdf

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import IngestError
from tests.recall.reference import NoReference, libreoffice, text
from tests.recall.words import recall, whole, words

AIM = 0.95
MEASURED = Path(__file__).parent / "measured.md"
# Type -> (extensions, whether its reference is a PDF).
TYPES = {
    "PPTX": ((".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), True),
    "ODP": ((".odp", ".otp"), True),
    "DOCX": ((".docx", ".docm", ".dotx", ".dotm"), False),
    "ODT": ((".odt", ".ott"), False),
    "RTF": ((".rtf",), False),
}
_SHOWN_WORDS = 12


@dataclass(frozen=True)
class Row:
    """One file. ours, tika: recall, None where the reader is missing. lost: words that ours did not find."""

    path: Path
    ours: float | None
    tika: float | None
    lost: tuple[str, ...] = ()


def everything(document: Document) -> str:
    """All that a document has to read, running headers too."""
    return "\n".join(part for passage in document.passages for part in (passage.text, passage.marginal))


def _ours(path: Path) -> str | None:
    document = pipeline.read(Bundle(path, path.name), registry.load())
    return None if any(warning.code == "no-reader" for warning in document.warnings) else everything(document)


def _tika() -> Callable[[Path], str | None]:
    try:
        from iscc_tika import Extractor
    except ImportError:
        return lambda path: None
    extractor = Extractor()

    def read(path: Path) -> str:
        try:
            return str(extractor.extract_file_to_string(str(path))[0])
        except Exception as error:  # noqa: BLE001 - whatever it raises, it found nothing
            print(f"Tika: {path.name}: {error}", file=sys.stderr)
            return ""

    return read


def _tika_version() -> str:
    """Empty where it is not installed."""
    try:
        return metadata.version("iscc-tika")
    except metadata.PackageNotFoundError:
        return ""


def measure(path: Path, *, as_pdf: bool, profile: Path, tika: Callable[[Path], str | None]) -> Row:
    """Read one file three times. Raises: NoReference, IngestError."""
    reference = text(path, as_pdf=as_pdf, profile=profile)
    ours, other = (None if read is None else words(read) for read in (_ours(path), tika(path)))
    wanted = whole(reference, {*(ours or ()), *(other or ())})
    if not wanted:
        raise NoReference("LibreOffice shows no words")
    return Row(
        path,
        None if ours is None else recall(wanted, ours),
        None if other is None else recall(wanted, other),
        () if ours is None else tuple((wanted - ours).elements()),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if known else None


def _shown(value: float | None) -> str:
    return "no reader" if value is None else f"{value:.3f}"


def _table(rows: dict[str, list[Row]]) -> Iterator[str]:
    yield "| type | files | ours | Tika | ours below the aim |"
    yield "| --- | --- | --- | --- | --- |"
    for name, found in rows.items():
        below = sum(row.ours is not None and row.ours < AIM for row in found)
        ours, tika = _mean(row.ours for row in found), _mean(row.tika for row in found)
        yield f"| {name} | {len(found)} | {_shown(ours)} | {_shown(tika)} | {below} |"


def _lost(rows: dict[str, list[Row]]) -> Iterator[str]:
    """What is lost where a file stays under the aim."""
    for row in (row for found in rows.values() for row in found if row.ours is not None and row.ours < AIM):
        shown = " ".join(row.lost[:_SHOWN_WORDS]) + (" …" if len(row.lost) > _SHOWN_WORDS else "")
        yield f"- `{row.path.name}`: ours {row.ours:.3f}, Tika {_shown(row.tika)}; lost: {shown}"


def is_behind(found: list[Row]) -> bool:
    """Whether a type stays under the aim, or behind Tika. A type without files does neither."""
    ours, tika = _mean(row.ours for row in found), _mean(row.tika for row in found)
    return ours is not None and (ours < AIM or (tika is not None and ours < tika))


def page(rows: dict[str, list[Row]], *, office: str, tika: str, day: datetime.date) -> str:
    """What `measured.md` says. office, tika: versions."""
    head = f"Measured on {day:%Y-%m-%d} with {office} and iscc-tika {tika}."
    return "\n".join([head, "", *_table(rows), "", *_lost(rows)]) + "\n"


def main(given: list[str]) -> int:
    if len(given) != 1 or not Path(given[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    # What it cannot draw is in neither text.
    pymupdf.TOOLS.mupdf_display_errors(False)
    rows: dict[str, list[Row]] = {name: [] for name in TYPES}
    left_out: list[str] = []
    tika = _tika()
    with tempfile.TemporaryDirectory() as folder:
        for name, (extensions, as_pdf) in TYPES.items():
            for path in sorted(Path(given[0]).rglob("*")):
                if path.suffix.lower() not in extensions:
                    continue
                try:
                    rows[name].append(measure(path, as_pdf=as_pdf, profile=Path(folder), tika=tika))
                except (NoReference, IngestError) as error:
                    left_out.append(f"{path.name}: {error}")
    office, tika_version = libreoffice(), _tika_version()
    if office and tika_version:
        MEASURED.write_text(
            page(rows, office=office, tika=tika_version, day=datetime.datetime.now(datetime.UTC).date()),
            encoding="utf-8",
        )
    print("\n".join([*_table(rows), *_lost(rows), *(f"- left out: {line}" for line in left_out)]))
    behind = [name for name, found in rows.items() if is_behind(found)]
    if behind:
        print(f"Under {AIM} or behind Tika: {', '.join(behind)}", file=sys.stderr)
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
