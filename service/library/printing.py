"""Slides, texts and PDFs as a PDF to be taken: one page a sheet, or four; derived, made when somebody asks.

The PDF of slides is the one that their pictures are drawn from. Of texts the
library keeps only the first page, for their thumbnail; all of them are made here.
"""

from ingest.illustrate import CONVERTED, PAGED, SHEETS, SLIDES
from service.library import converting, shown
from service.library.services import Services
from service.model import FileEntry, Reading
from service.ports import blob_key

ONE, FOUR = 1, 4
# A textbook is not handed out four pages a sheet, and laying 300 pages takes some seconds.
MOST_PAGES = 300
RECIPE = "1"


def offered(services: Services, entry: FileEntry, reading: Reading | None) -> tuple[int, ...]:
    """How many pages a sheet its PDFs have; none where it cannot be drawn, or nothing draws it.

    Sheets of numbers are as wide as somebody made them: a printer's page cuts them anywhere.
    """
    if entry.media_type not in PAGED | CONVERTED or entry.media_type in SHEETS:
        return ()
    if reading is None or reading.error is not None:
        return ()
    if shown.lacks(services, entry) or converting.cannot(services, entry):
        return ()
    several = shown.turned(entry) and 1 < (reading.extent.pages or 0) <= MOST_PAGES
    return (ONE, FOUR) if several else (ONE,)


def key_of(entry: FileEntry, sheet: int) -> str:
    """Of the object. sheet: one of `offered`."""
    if sheet == ONE and entry.media_type in PAGED:
        return blob_key(entry.sha256)
    if sheet == ONE and entry.media_type in SLIDES:
        return converting.pdf_key(entry.sha256)
    return f"derived/{entry.sha256}/printed-{sheet}-{RECIPE}.pdf"
