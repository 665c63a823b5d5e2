"""What became of a batch as a sheet: a row a resource, with what the sheet said, to be corrected and handed in again.

Rows that were refused have their cells as they were read, right and wrong; the
files that no row named are there to be described. Feeding it back corrects
what it names by `resource`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from service.library.outcomes import Line
from service.library.sheet import writing
from service.library.sheet.columns import COLUMNS, PATH, RESOURCE
from service.library.sheet.rows import Rows
from service.messages import sentence

HEAD = ("row", PATH, "outcome", "reason", *(code for code in COLUMNS if code != PATH))


def write(path: Path, lines: Iterable[Line], rows: Rows, *, lists: Mapping[str, Sequence[str]], language: str) -> None:
    """Raises: as `writing.write`."""
    writing.write(path, HEAD, _rows(lines, rows, language), lists=lists, language=language)


def _rows(lines: Iterable[Line], rows: Rows, language: str) -> Iterator[Sequence[str]]:
    told: set[int] = set()
    named: set[str] = set()
    for line in lines:
        if line.outcome is None or line.row in told or (line.row is None and line.outcome == "companion"):
            continue
        cells = {PATH: line.path}
        if line.row is not None:
            # Its other files stand in the same cell; where it names an address and no file, none does.
            told.add(line.row)
            cells = {code: text for code, text in rows.cells(line.row).items() if text}
            cells["row"] = str(rows.number(line.row))
        if line.resource and line.resource not in named:
            # Of two files with the same bytes the first is the resource.
            named.add(line.resource)
            cells.setdefault(RESOURCE, line.resource)
        cells["outcome"] = sentence(f"outcome-{line.outcome}", language)
        said = [line.reason["text"]] if line.reason else []
        cells["reason"] = " ".join([*said, *(warning["text"] for warning in line.warnings)])
        yield [cells.get(code, "") for code in HEAD]
