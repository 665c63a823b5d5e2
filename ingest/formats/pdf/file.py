"""Open a PDF: the one place that knows how MuPDF says broken, empty and encrypted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymupdf

from ingest.errors import BrokenFile, EncryptedFile

FAULTS: tuple[type[Exception], ...] = (
    pymupdf.mupdf.FzErrorBase, pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError, ValueError, IndexError,
)  # fmt: skip
"""What MuPDF raises over a file's own fault. Memory that is used up is among it: see `raised`."""


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """An open document with at least one page; an empty password is tried.

    Raises: BrokenFile: no PDF, or no page in it; EncryptedFile: another password is needed; MemoryError.
    """
    try:
        # By content, whatever the file is called: stored objects have no extension.
        document: Any = pymupdf.open(path, filetype="pdf")  # type: ignore[no-untyped-call]
    except FAULTS as error:
        raise raised(error) from error
    try:
        if document.needs_pass and not document.authenticate(""):
            raise EncryptedFile
        try:
            pages = document.page_count
        except FAULTS as error:
            raise raised(error) from error
        if not pages:
            raise BrokenFile
        yield document
    finally:
        document.close()


def raised(error: Exception, **parameters: int) -> Exception:
    """What to raise for an error of MuPDF: the file is broken, unless memory ran out."""
    text = str(error).lower()
    if "malloc" in text or "calloc" in text or "out of memory" in text:
        return MemoryError()
    return BrokenFile(**parameters)
