"""A sheet's file as rows of cells, whatever it was saved as and whoever made it.

A workbook is read by a child of the sandbox, whose answer goes through a file
of our own; CSV is read here: in UTF-8, UTF-16 or windows-1258, apart by commas,
semicolons (Excel in Vietnamese) or tabs. Rows come one by one, with the
numbers that a spreadsheet shows, so that memory stays flat.
"""

import codecs
import csv
import io
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from ingest.errors import IngestError, TooExpensive
from ingest.formats import charset
from ingest.sandbox import Limits, Receiver
from service.errors import SheetBroken, SheetEncoding, SheetTooLarge, SheetUnreadable
from service.library.sheet.columns import HEADER_WITHIN

MOST_ROWS = 200_000
MOST_BYTES = 256_000_000
"""Of a sheet as text: 200,000 rows of a thousand characters."""
PATIENCE = Limits(wall_seconds=600, cpu_seconds=300)
"""For the child that reads a workbook of MOST_ROWS: whoever hands it in waits, and a busy machine is no reason to
refuse it. On one with twelve jobs waiting for two cores, 100,000 rows took more than the 50 seconds of other files."""
_HEAD_BYTES = 1 << 20
_LONGEST_LINE = 8_000_000
"""Of a row as a child tells it: 200 cells of 32,767 characters. What is cut there is no JSON."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")
# What windows-1258 has besides letters that people type into sheets.
_PUNCTUATION = "–—‘’“”•…€₫\u00a0«»°±²³×÷"


@dataclass(frozen=True, slots=True)
class Row:
    """number: from 1, as a spreadsheet shows it. formulas: places of cells that are computed.

    single_byte: of a file in an encoding that has not all letters; apart: of a text whose commas make the cells.
    """

    number: int
    cells: list[str]
    formulas: tuple[int, ...] = ()
    single_byte: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows from first to last that cells lie across."""

    first: int
    last: int


class Tabular(Protocol):
    """What reads workbooks: `ingest.sandbox.Sandbox`."""

    def table(self, path: Path, *, receiver: Receiver) -> None: ...


def rows(path: Path, sandbox: Tabular, known: Callable[[Sequence[str]], bool]) -> Iterator[Row | Merged]:
    """Everything that holds something, in the file's order; merged ranges come when all rows have come.

    known: whether a row of cells is the one with the names of the columns, which tells what cells are apart by.
    Raises: SheetUnreadable (its cause may be an IngestError), SheetBroken {row}, SheetEncoding, SheetTooLarge.
    """
    try:
        with path.open("rb") as source:
            head = source.read(_HEAD_BYTES)
            size = path.stat().st_size
        if head.startswith(_ZIP):
            yield from _workbook(path, sandbox)
        elif head.startswith(_OLE):
            raise SheetUnreadable(sheet=path.name)
        elif size > MOST_BYTES:
            raise _too_large(path)
        else:
            yield from _text(path, head, known)
    except (OSError, IngestError) as error:
        if isinstance(error, TooExpensive) and error.parameters.get("limit") == "sheet":
            raise _too_large(path) from error
        raise SheetUnreadable(sheet=path.name) from error


def _too_large(path: Path) -> SheetTooLarge:
    return SheetTooLarge(sheet=path.name, rows=MOST_ROWS, megabytes=MOST_BYTES // 1_000_000)


# --- workbooks -----------------------------------------------------------------


class _Staged:
    """Writes down what a child sends, as far as it may."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = MOST_BYTES

    def begin(self, name: str) -> None:  # noqa: ARG002 - the receiver's
        raise TooExpensive(limit="output")

    def write(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            raise TooExpensive(limit="sheet")
        self._file.write(data)


def _workbook(path: Path, sandbox: Tabular) -> Iterator[Row | Merged]:
    with tempfile.TemporaryFile(prefix="hoclieu-sheet-") as staged:
        sandbox.table(path, receiver=_Staged(staged))
        staged.seek(0)
        for count, line in enumerate(iter(lambda: staged.readline(_LONGEST_LINE), b""), start=1):
            # As many merged ranges again: what has more is no sheet of rows.
            if count > 2 * MOST_ROWS:
                raise _too_large(path)
            made = _believed(line)
            if made is None:
                raise SheetUnreadable(sheet=path.name)
            yield made


def _believed(line: bytes) -> Row | Merged | None:
    """A line of a child that may have been taken over; None: it is none."""
    try:
        told: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match told:
        case {"merged": str() as text}:
            place = _RANGE.fullmatch(text)
            return Merged(int(place[2]), int(place[4])) if place else None
        case {"row": int() as number, "cells": list() as cells, "formulas": list() as formulas}:
            if all(isinstance(cell, str) for cell in cells) and all(isinstance(place, int) for place in formulas):
                return Row(number, cells, tuple(formulas))
    return None


# --- text ------------------------------------------------------------------------


def _text(path: Path, head: bytes, known: Callable[[Sequence[str]], bool]) -> Iterator[Row]:
    encoding = charset.codec(head) or _encoding(path, head)
    with path.open(encoding=encoding, errors="replace", newline="") as source:
        delimiter = _delimiter(source.read(_HEAD_BYTES), known)
        source.seek(0)
        reader = csv.reader(source, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                if any(cells):
                    yield Row(number, cells, single_byte=encoding == "cp1258", apart=True)
        except csv.Error as error:
            raise SheetBroken(sheet=path.name, row=number + 1) from error


def _encoding(path: Path, head: bytes) -> str:
    """Of a text without a mark: what proves itself, or the one code page of Vietnamese that shows what it is.

    Raises: SheetEncoding: words in it would be other words.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as source:
            while chunk := source.read(_HEAD_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        text = unicodedata.normalize("NFC", head.decode("cp1258", "replace"))
        # TCVN3 and other old fonts borrow signs that are no letters; windows-1258 writes a tone behind its letter.
        if all(sign.isascii() or sign.isalpha() or sign in _PUNCTUATION for sign in text):
            return "cp1258"
        raise SheetEncoding(sheet=path.name) from error
    return "utf-8"


def _delimiter(head: str, known: Callable[[Sequence[str]], bool]) -> str:
    """By which the row with the names of the columns comes apart."""
    for delimiter in sorted(_DELIMITERS, key=head.count, reverse=True):
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            if any(known(cells) for cells, _ in zip(reader, range(HEADER_WITHIN), strict=False)):
                return delimiter
        except csv.Error:
            continue
    return _DELIMITERS[0]
