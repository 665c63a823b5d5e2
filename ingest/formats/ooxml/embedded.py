"""Read office files inside office files: a workbook on a slide, a document in a document, a web page pasted whole.

Their text belongs to the place where they stand. Depth, number and size are
bounded, because a file may hold itself.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from ingest.errors import BrokenFile, IngestError, TooExpensive
from ingest.formats.html import mime
from ingest.formats.ooxml import presentation, sections, sheets, word
from ingest.formats.ooxml.package import Package, opened
from ingest.formats.rows import EDGE

_MAX_DEPTH = 3
_MAX_FILES = 200
_MOST_BYTES = 64 * 1024**2


class Embedded:
    """Reads what is embedded in one file. unread: how many of them say nothing (old formats, formulas as pictures)."""

    def __init__(self) -> None:
        self.unread = 0
        self._left_files = _MAX_FILES
        self._left_bytes = _MOST_BYTES

    def lines(self, package: Package, parts: Iterable[str], depth: int = 1) -> list[str]:
        """Everything written in these parts, in order."""
        told: list[str] = []
        for part in parts:
            try:
                told += self._read(package, part, depth)
            except IngestError:
                # Whatever is wrong with it, the file around it is worth having.
                self.unread += 1
        return told

    def _read(self, package: Package, part: str, depth: int) -> list[str]:
        if depth > _MAX_DEPTH or not self._left_files:
            raise TooExpensive(limit="depth")
        self._left_files -= 1
        data = package.data(part, most=self._left_bytes)
        self._left_bytes -= len(data)
        if not data.startswith(b"PK\x03\x04"):
            page = mime.read(data)
            if page is None:
                raise BrokenFile(part=part)
            return [block.text.replace("\t", EDGE) for block in page.blocks]
        # In the child's own folder; it goes with the file that is read.
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            with opened(Path(file.name)) as inner:
                return self._office(inner, depth)

    def _office(self, package: Package, depth: int) -> list[str]:
        media_type = package.media_type
        told: list[str] = []
        if "presentation" in media_type or "powerpoint" in media_type:
            for slide in presentation.read(package).slides:
                told += (*slide.lines, *slide.footers, *self.lines(package, slide.embedded, depth + 1))
        elif "word" in media_type:
            for section in sections.cut(word.read(package).pieces):
                told += (*section.lines, *section.margins, *self.lines(package, section.embedded, depth + 1))
        elif "spreadsheet" in media_type or "excel" in media_type:
            for sheet in sheets.read(package).sheets:
                told += (*sheet.lines(), *self.lines(package, sheet.embedded, depth + 1))
        else:
            raise BrokenFile(part=media_type)
        return told
