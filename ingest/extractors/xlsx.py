"""XLSX, XLTX and their macro kin: passages of a sheet, blocks of rows that each begin with the header.

Rows are read as a stream. What cells show is read, not how it was computed;
charts, text boxes and comments follow the rows.
"""

from collections.abc import Iterator

from ingest.document import Bundle, ContentsEntry, Document, Locator, Warning
from ingest.formats.ooxml.office import Reading, numbers
from ingest.formats.ooxml.package import opened
from ingest.formats.ooxml.sheets import Sheet, read
from ingest.formats.passages import passage
from ingest.formats.rows import EDGE
from ingest.formats.rows import row as tabbed
from ingest.formats.words import tidy

VERSION = "2"
MEDIA_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 100,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template": 100,
    "application/vnd.ms-excel.sheet.macroEnabled.12": 100,
    "application/vnd.ms-excel.template.macroEnabled.12": 100,
}

# Below the length at which `segment` would cut and leave the rest without its header.
_BLOCK_CHARACTERS = 2_500
_LONGEST_HEADER = 500
# A header stands under a title and a subtitle, seldom deeper.
_HEADER_WITHIN = 10


def extract(bundle: Bundle) -> Document:
    """Read one workbook. Raises: BrokenFile: no package, or no sheet that can be read."""
    with opened(bundle.main) as package:
        reading = Reading(package)
        workbook = read(package)
        for sheet in workbook.sheets:
            locator = Locator("sheet", sheet.number)
            nested = reading.embedded.lines(package, sheet.embedded)
            for number, lines in enumerate(_blocks(sheet, nested)):
                found = passage(locator, lines, () if number else sheet.margins)
                if found is not None:
                    reading.passages.append(found)
            if name := tidy(sheet.name):
                reading.contents.append(ContentsEntry(name, 1, locator))
            reading.see(locator, sheet.pictures)
        hidden = [sheet.number for sheet in workbook.sheets if sheet.hidden]
        if hidden:
            total = workbook.count
            reading.warnings.append(
                Warning("hidden-sheets", {"count": len(hidden), "total": total, "sheets": numbers(hidden)})
            )
        if cut := [sheet.number for sheet in workbook.sheets if sheet.is_cut]:
            reading.warnings.append(Warning("sheets-cut", {"count": len(cut), "sheets": numbers(cut)}))
        return reading.document(pages=workbook.count)


def _blocks(sheet: Sheet, nested: list[str]) -> Iterator[list[str]]:
    """Rows in blocks, each with the header above it; what is beside the rows comes last."""
    header = _header(sheet.rows)
    block: list[str] = [sheet.title] if sheet.title else []
    length = 0
    for row in sheet.rows:
        line = tabbed(row, EDGE)
        if length and length + len(line) > _BLOCK_CHARACTERS:
            yield block
            block, length = [header] if header else [], len(header)
        block.append(line)
        length += len(line) + 1
    yield block
    yield [*sheet.beside, *nested]


def _header(rows: list[list[str]]) -> str:
    """The first row of words that is about as wide as the rows after it; empty where there is none."""
    first = rows[: 2 * _HEADER_WITHIN]
    width = max((_filled(row) for row in first), default=0)
    for row in first[:_HEADER_WITHIN]:
        words = [cell for cell in row if any(map(str.isalpha, cell))]
        if _filled(row) >= max(2, (width + 1) // 2) and len(words) == _filled(row):
            line = tabbed(row, EDGE)
            return line if len(line) <= _LONGEST_HEADER else ""
    return ""


def _filled(row: list[str]) -> int:
    return sum(map(bool, row))
