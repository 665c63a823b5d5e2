"""The content of a spreadsheet as a tree that stays small: rows that nobody will read go as soon as they are met.

A sheet may have a million rows, and its tree would take more memory than an
extraction child has.
"""

from io import RawIOBase
from typing import IO, Any

from ingest.formats import xml
from ingest.formats.bounds import MAX_ROWS
from ingest.formats.odf.names import ROW_PARENTS, short


def content(source: IO[bytes] | RawIOBase) -> tuple[Any, frozenset[Any]]:
    """The root of content.xml, and those of its tables that were cut after MAX_ROWS rows that hold something.

    Raises: as `xml.trimmed`.
    """
    rows = _Rows()
    return xml.trimmed(source, "{*}table-row", rows.is_surplus), frozenset(rows.cut)


class _Rows:
    def __init__(self) -> None:
        self.cut: set[Any] = set()
        self._sheet: Any = None
        self._count = 0
        # Where the last row of a full sheet stood: a million more may follow there.
        self._full: Any = None

    def is_surplus(self, row: Any) -> bool:
        """Whether a row of a sheet is empty or comes too late. Rows of tables inside cells are none of these."""
        parent = row.getparent()
        if parent is self._full:
            return True
        table = parent
        while table is not None and short(table.tag) in ROW_PARENTS:
            table = table.getparent()
        if table is not self._sheet:
            if table is None or short(table.getparent().tag) != "office:spreadsheet":
                return False
            self._sheet, self._count = table, 0
        if not _holds_something(row):
            return True
        self._count += 1
        if self._count > MAX_ROWS:
            self.cut.add(table)
            self._full = parent
        return self._count > MAX_ROWS


def _holds_something(row: Any) -> bool:
    return any(len(cell) or any(key.endswith("value") for key in cell.attrib) for cell in row)
