"""The first visible sheet of a workbook as a table: rows with the numbers that spreadsheets show, cell by cell.

For whoever takes data out of a sheet, not its text: cells keep their columns,
and what makes a cell unsafe to believe is told, a formula and a merged range.
Charts, comments and the other sheets are left alone. Read as a stream.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile, TooExpensive
from ingest.formats.ooxml.cells import column, shown
from ingest.formats.ooxml.names import R, S, integer
from ingest.formats.ooxml.package import Package, opened
from ingest.formats.ooxml.sheets import Reader

MAX_COLUMNS = 200
"""What stands further to the right is left out: a sheet that describes something has some twenty columns."""
_BLOCK_BYTES = 64 * 1024


def blocks(path: Path) -> Iterator[bytes]:
    """JSON lines, some at a time: `{"row": 3, "cells": ["a.pdf", ""], "formulas": [1]}` of each row that holds
    something, its cells from column A on, and `{"merged": "A3:B4"}`.

    Raises: BrokenFile: no workbook, or no sheet in it that can be read; TooExpensive, EncryptedFile, HostileArchive.
    """
    block = bytearray()
    with opened(path) as package:
        for line in _lines(package):
            block += json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
            if len(block) >= _BLOCK_BYTES:
                yield bytes(block)
                block.clear()
    if block:
        yield bytes(block)


def _lines(package: Package) -> Iterator[dict[str, Any]]:
    main = package.main()
    root = package.parse(main)
    entries = [one for one in root.iterfind(f"{S}sheets/{S}sheet") if one.get("state", "visible") == "visible"]
    part = package.target(main, entries[0].get(R + "id")) if entries else ""
    if not part:
        raise BrokenFile(part="sheets")
    reader = Reader(package, main, root)
    # A text with a gap is worth having; a cell that is empty because its words were lost would be believed.
    if reader.strings_cut:
        raise TooExpensive(limit="size")
    if package.broken:
        raise BrokenFile(part="sheets")
    number = 0
    for element in reader.elements(part, S + "row", S + "mergeCell"):
        if element.tag != S + "row":
            yield {"merged": element.get("ref", "")}
            continue
        # Programs that leave the number out mean the next row.
        number = integer(element.get("r"), number + 1)
        cells, formulas = _cells(element, reader)
        if any(cells) or formulas:
            yield {"row": number, "cells": cells, "formulas": formulas}


def _cells(row: Any, reader: Reader) -> tuple[list[str], list[int]]:
    cells: list[str] = []
    formulas: list[int] = []
    for cell in row.iterchildren(S + "c"):
        at = column(cell.get("r"))
        place = len(cells) if at is None else at
        if not len(cells) <= place < MAX_COLUMNS:
            continue
        # Of text that stands in the cell or in the table of texts none is computed.
        if cell.get("t") not in ("s", "inlineStr") and cell.find(S + "f") is not None:
            formulas.append(place)
        cells += [""] * (place - len(cells))
        cells.append(shown(cell, reader.strings, reader.formats))
    return cells, formulas
