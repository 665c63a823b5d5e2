"""A PDF to be printed: all of a text, or four pages of a PDF on one sheet, as teachers hand slides out."""

from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile
from ingest.illustrate import office
from ingest.illustrate.pdf import MEDIA_TYPES as PDF

FOUR = 4
# A4 lying, in points, and what printers leave white.
_WIDTH, _HEIGHT, _EDGE, _GAP = 842.0, 595.0, 24.0, 12.0
_LINE = (0.6, 0.6, 0.6)


def printed(path: Path, *, media_type: str, sheet: int) -> bytes:
    """An office text whole (sheet 1), or a PDF with four pages a sheet.

    Raises: BrokenFile: no such PDF can be made; EncryptedFile; TooExpensive; ToolMissing.
    """
    if media_type in PDF and sheet == FOUR:
        return _four(path)
    if media_type not in PDF and sheet == 1:
        return office.whole(path, media_type)
    raise BrokenFile


def _four(path: Path) -> bytes:
    import pymupdf

    from ingest.formats.pdf.file import FAULTS, opened, raised

    library: Any = pymupdf
    width, height = (_WIDTH - 2 * _EDGE - _GAP) / 2, (_HEIGHT - 2 * _EDGE - _GAP) / 2
    with opened(path) as source, library.open() as made:
        try:
            for number in range(source.page_count):
                place = number % FOUR
                if not place:
                    sheet = made.new_page(width=_WIDTH, height=_HEIGHT)
                left, top = _EDGE + place % 2 * (width + _GAP), _EDGE + place // 2 * (height + _GAP)
                box = library.Rect(left, top, left + width, top + height)
                # Where the page itself lies in its box: it keeps its shape.
                page = source[number].rect
                if page.is_empty:
                    continue
                factor = min(width / page.width, height / page.height)
                shift = ((width - page.width * factor) / 2, (height - page.height * factor) / 2)
                inner = library.Rect(box.x0 + shift[0], box.y0 + shift[1], box.x1 - shift[0], box.y1 - shift[1])
                sheet.show_pdf_page(inner, source, number)
                sheet.draw_rect(inner, color=_LINE, width=0.5)
            if not made.page_count:
                raise BrokenFile
            data: bytes = made.tobytes(garbage=3, deflate=True)
        except FAULTS as error:
            raise raised(error) from error
    return data
