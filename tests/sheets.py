"""Sheets as tests write and read them: text and workbooks, what a row says, what is wrong in it."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from ingest.sandbox import Receiver
from service.errors import LibraryError
from service.library import sheet
from service.library.sheet import foreign
from service.model import Organisation
from service.vocabularies.seeds import load

SCHOOLS = (
    Organisation("th-na-lau", "Trường Tiểu học Nà Lẩu", "tieu-hoc"),
    Organisation("th-a", "Trường Tiểu học Bản Giốc", "tieu-hoc"),
    Organisation("th-b", "Trường Tiểu học Bản Giốc", "tieu-hoc"),
)


class Lying:
    """A child that was taken over."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def table(self, path: Path, *, receiver: Receiver) -> None:
        receiver.write(self.answer)


def read(folder: Path, text: str | bytes, *, words: foreign.Foreign | None = None, language: str = "en") -> sheet.Rows:
    path = folder / "bang.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return sheet.read(path, load(), SCHOOLS, Lying(b""), foreign=words, language=language)


def workbook(path: Path, rows: Sequence[Sequence[str | int]], *merged: str, formulas: Sequence[str] = ()) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for place in merged:
            page.merge_range(place, "chung")
        for place in formulas:
            page.write_formula(place, '=HYPERLINK("http://x.example")', None, "kết quả")
    return path


def told(rows: sheet.Rows, name: str) -> sheet.Told:
    place = rows.place(name)
    assert place is not None
    return rows.told(place, rows.files(place, [name]))


def values(rows: sheet.Rows, name: str) -> list[tuple[str, str]]:
    return [(value.field, value.value) for value in told(rows, name).values]


def refused(rows: sheet.Rows) -> dict[int, tuple[str, dict[str, str | int]]]:
    """Number of the row -> what is wrong with it, its files being there."""
    wrong = {}
    for place in range(len(rows)):
        try:
            rows.told(place, rows.files(place, []))
        except LibraryError as error:
            wrong[rows.number(place)] = (error.code, dict(error.parameters))
    return wrong
