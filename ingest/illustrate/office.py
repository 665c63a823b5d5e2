"""Office files as pictures: made into a PDF by LibreOffice, whose pages are then drawn.

A PDF is made once and kept by who asks (`converted`), so that the next slide
costs no second conversion; `picture` is the whole way for one file and page.
A slide's number is its page in the PDF: hidden slides are exported too. Of
texts and sheets only the first page is made: their places are sections and
sheets, and the picture of a page serves as the thumbnail.
"""

import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from ingest.errors import BrokenFile
from ingest.illustrate import pdf
from ingest.tools import soffice

_OPEN = "application/vnd.openxmlformats-officedocument."
_MACRO = "macroEnabled.12"
_FREE = "application/vnd.oasis.opendocument."

_SLIDES = {
    _OPEN + "presentationml.presentation": "pptx",
    _OPEN + "presentationml.slideshow": "ppsx",
    _OPEN + "presentationml.template": "potx",
    f"application/vnd.ms-powerpoint.presentation.{_MACRO}": "pptm",
    f"application/vnd.ms-powerpoint.slideshow.{_MACRO}": "ppsm",
    "application/vnd.ms-powerpoint": "ppt",
    _FREE + "presentation": "odp",
    _FREE + "presentation-template": "otp",
}
_TEXTS = {
    _OPEN + "wordprocessingml.document": "docx",
    _OPEN + "wordprocessingml.template": "dotx",
    f"application/vnd.ms-word.document.{_MACRO}": "docm",
    "application/msword": "doc",
    "application/rtf": "rtf",
    _FREE + "text": "odt",
    _FREE + "text-template": "ott",
}
_SHEETS = {
    _OPEN + "spreadsheetml.sheet": "xlsx",
    _OPEN + "spreadsheetml.template": "xltx",
    f"application/vnd.ms-excel.sheet.{_MACRO}": "xlsm",
    "application/vnd.ms-excel": "xls",
    _FREE + "spreadsheet": "ods",
    _FREE + "spreadsheet-template": "ots",
}
_WHOLE_TEXT = "writer_pdf_Export"
_FIRST_PAGE = '{"PageRange":{"type":"string","value":"1"}}'
# Media types of one family -> extension, and the export with its options (LibreOffice 7.4 and newer read JSON).
_FAMILIES = (
    (_SLIDES, 'impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}'),
    (_TEXTS, f"writer_pdf_Export:{_FIRST_PAGE}"),
    (_SHEETS, f"calc_pdf_Export:{_FIRST_PAGE}"),
)
# LibreOffice makes a page of anything, random bytes too: only what begins like an office file is given to it.
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")

MEDIA_TYPES = tuple(kind for family, _ in _FAMILIES for kind in family)
SLIDES = frozenset(_SLIDES)
"""Media types whose every slide is a page of the PDF."""

SHEETS = frozenset(_SHEETS)
"""Media types whose extent counts sheets."""

# Fifteen times what an idle machine needs (1.2 s for a start, 5.3 s for the slowest of 124 files, 0.2 s for most), for
# those that are not idle; all of it within the 50 s that the sandbox gives a child.
_START_SECONDS = 25.0
_FILE_SECONDS = 4.0
_MOST_SECONDS = 45.0


def converted(files: Sequence[tuple[Path, str]], *, program: Path | None = None) -> list[bytes | None]:
    """PDFs of files, given with their media types, of one or more families.

    Returns: in the same order; None where there is none: another kind of bytes, broken, too slow, or a crash
    before its turn. Whoever asks tries those again in smaller batches.
    Raises: ToolMissing.
    """
    program = program or soffice.find()
    seconds = min(_MOST_SECONDS, _START_SECONDS + _FILE_SECONDS * len(files))
    able = sorted((_family(kind), at) for at, (path, kind) in enumerate(files) if _begins_well(path))
    made: list[bytes | None] = [None] * len(files)
    for number, members in groupby(able, key=lambda one: one[0]):
        extensions, export = _FAMILIES[number]
        places = [at for _, at in members]
        with tempfile.TemporaryDirectory() as folder:
            sources = [(files[at][0], extensions[files[at][1]]) for at in places]
            share = seconds * len(places) / len(able)
            found = soffice.to_pdf(sources, filter=export, folder=Path(folder), seconds=share, program=program)
            for at, output in zip(places, found, strict=True):
                made[at] = output.read_bytes() if output else None
    return made


def whole(path: Path, media_type: str, *, program: Path | None = None) -> bytes:
    """All of a text as one PDF. Raises: BrokenFile; ToolMissing."""
    if media_type not in _TEXTS or not _begins_well(path):
        raise BrokenFile
    program = program or soffice.find()
    with tempfile.TemporaryDirectory() as folder:
        source = (path, _TEXTS[media_type])
        (made,) = soffice.to_pdf(
            [source], filter=_WHOLE_TEXT, folder=Path(folder), seconds=_MOST_SECONDS, program=program
        )
        if made is None:
            raise BrokenFile
        return made.read_bytes()


def picture(path: Path, *, media_type: str, page: int, width: int) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as made:
        made.write(_one(path, media_type))
        made.flush()
        return pdf.picture(Path(made.name), media_type="application/pdf", page=page, width=width)


def _one(path: Path, media_type: str) -> bytes:
    made = converted([(path, media_type)])[0]
    if made is None:
        raise BrokenFile
    return made


def _family(media_type: str) -> int:
    return next(number for number, (family, _) in enumerate(_FAMILIES) if media_type in family)


def _begins_well(path: Path) -> bool:
    with path.open("rb") as source:
        return source.read(8).startswith(_BEGINNINGS)
