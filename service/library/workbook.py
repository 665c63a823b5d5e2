"""Write a workbook (XLSX) row by row: tables of text that spreadsheets open, whatever stands in them.

A cell is text or a whole number, never a formula, so nothing that somebody
typed into a title is carried out where it is opened. Rows go into the file as
they come; a sheet of any length takes no memory.

Source: ECMA-376, part 1, 18.3 (worksheets), 18.4.7 (text in cells), 22.9.2.19 (`_x…_` in texts).
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from types import TracebackType

from service.crosswalks import XML_PROLOG, plain

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# A text that looks like an escaped character is escaped itself.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# All files of a workbook have one date, so that the same rows give the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)
_WIDE, _NARROW = 60, 12

Cell = str | int
Add = Callable[[Sequence[Cell]], None]


class Workbook:
    """A file with these sheets, written one after the other in this order. names: at most 31 characters each."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._names = tuple(names)
        self._written = 0

    def __enter__(self) -> "Workbook":
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            for number in numbers
        )
        self._put(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{sheets}</Types>',
        )
        self._put("_rels/.rels", _related([("officeDocument", "xl/workbook.xml")]))
        listed = "".join(
            f'<sheet name="{escape(name[:31])}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, self._names, strict=True)
        )
        self._put(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        )
        parts = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
        self._put("xl/_rels/workbook.xml.rels", _related([*parts, ("styles", "styles.xml")]))
        self._put("xl/styles.xml", _STYLES)
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """The file is whole; nothing more the second time."""
        self._zip.close()

    def _put(self, name: str, xml: str) -> None:
        about = zipfile.ZipInfo(name, _DATE)
        about.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(about, XML_PROLOG + xml)

    @contextmanager
    def sheet(self, columns: Sequence[str]) -> Iterator[Add]:
        """The next sheet; its first row, which stays in sight, says what the columns are called.

        What the block gets adds a row. Raises: ValueError: there are more than a sheet can hold.
        """
        self._written += 1
        about = zipfile.ZipInfo(f"xl/worksheets/sheet{self._written}.xml", _DATE)
        about.compress_type = zipfile.ZIP_DEFLATED
        widths = "".join(
            f'<col min="{place}" max="{place}" width="{min(_WIDE, max(_NARROW, len(name) + 4))}" customWidth="1"/>'
            for place, name in enumerate(columns, start=1)
        )
        with self._zip.open(about, "w", force_zip64=True) as out:
            rows = 1
            out.write(
                (
                    f'{XML_PROLOG}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
                    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
                    f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>{_row(columns, style=1)}"
                ).encode()
            )

            def add(cells: Sequence[Cell]) -> None:
                nonlocal rows
                rows += 1
                if rows > MOST_ROWS:
                    raise ValueError(f"a sheet holds {MOST_ROWS} rows")
                out.write(_row(cells).encode())

            yield add
            out.write(b"</sheetData></worksheet>")


def _row(cells: Sequence[Cell], style: int = 0) -> str:
    return f"<row>{''.join(_cell(one, style) for one in cells)}</row>"


def _cell(value: Cell, style: int) -> str:
    styled = f' s="{style}"' if style else ""
    if isinstance(value, int):
        return f"<c{styled}><v>{value}</v></c>"
    text = _ESCAPED.sub("_x005F_", plain(value))[:MOST_CHARACTERS]
    if not text:
        return f"<c{styled}/>"
    said = escape(text, quote=False)
    return f'<c{styled} t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _related(parts: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>'
)
