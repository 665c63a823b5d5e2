"""What a sheet says, row by row, kept small and understood only when its files come.

A hundred thousand rows are kept as text; a row becomes values, or the reason
why it cannot be used, when the batch asks for it, and again when the report is written.
"""

import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from service.errors import FileNotThere, Invalid, RowWithoutFile
from service.library.sheet.cells import parts
from service.library.sheet.columns import ADDRESS, BASED_ON, COLUMNS, ELSEWHERE, LINK, PATH, RESOURCE
from service.library.sheet.foreign import Foreign
from service.library.sheet.meaning import Meaning
from service.library.shelf import ISBN, SHELF, known_by
from service.messages import sentence
from service.model import Value

_BETWEEN = "\x1f"
"""Between the cells of a row that is kept; `cells.clean` leaves none in a text."""

Fault = tuple[type[Invalid], str, str]
"""Why a row cannot be used whatever stands in its other cells: the error, the column, what is wrong there."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of its resource. number: of the row, 0 where none speaks of it.

    owner: an organisation, empty where the row names none. corrects: id of the resource that the row is about.
    link: where it names no file, by what is known what it describes, an address or else an ISBN or shelf mark
    (`shelf.known_by`); a value says so too.
    """

    number: int = 0
    values: tuple[Value, ...] = ()
    owner: str = ""
    corrects: str = ""
    link: str = ""


NOTHING = Told()
"""Of what no row speaks of."""


def key(name: str) -> str:
    """A file's path as paths are compared: NFC, with slashes (Windows writes backslashes), from the folder on."""
    if not name.isprintable():
        name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")


@dataclass(slots=True)
class Rows:
    """Rows by their place in the sheet, from 0. Made by `sheet.read`; an empty one is that of no sheet.

    columns: codes of those that stand there, headings: what the sheet calls them. unknown: headings that are no column.
    """

    meaning: Meaning | None = None
    foreign: Foreign = field(default_factory=Foreign)
    language: str = "vi"
    name: str = ""
    columns: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    _cells: list[bytes] = field(default_factory=list)
    _numbers: "array[int]" = field(default_factory=lambda: array("L"))
    _places: dict[str, int] = field(default_factory=dict)
    _faults: dict[int, Fault] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._cells)

    def add(self, number: int, cells: Mapping[str, str]) -> int:
        """The next row. Returns: its place."""
        self._cells.append(_BETWEEN.join(cells.get(code, "") for code in self.columns).encode())
        self._numbers.append(number)
        return len(self) - 1

    def claim(self, place: int, name: str) -> int | None:
        """A file is this row's, if it is no other's: then that one's place is given back."""
        held = self._places.setdefault(key(name), place)
        return None if held == place else held

    def refuse(self, place: int, kind: type[Invalid], column: str, value: str = "") -> None:
        """The first fault of a row stands."""
        self._faults.setdefault(place, (kind, column, value))

    def place(self, name: str) -> int | None:
        """The row that names a file; None: no row does."""
        return self._places.get(key(name)) if self._places else None

    def number(self, place: int) -> int:
        """As a spreadsheet shows it, from 1."""
        return self._numbers[place]

    def cells(self, place: int) -> dict[str, str]:
        """Column -> text of a row as it was read, foreign values in our words."""
        return dict(zip(self.columns, self._cells[place].decode().split(_BETWEEN), strict=True))

    def files(self, place: int, there: Sequence[str]) -> list[str]:
        """The files that a row names, the main one first, of those that are there."""
        cell = self.cells(place).get(PATH, "")
        # A name with a semicolon in it is one name where a file is called so.
        return [cell] if cell and key(cell) in map(key, there) else parts(cell)

    def told(self, place: int, there: Sequence[str]) -> Told:
        """What a row says, of whose files these are there.

        Raises: Invalid: the row cannot be used; each error names its number and the column.
        """
        number = self._numbers[place]
        if place in self._faults:
            kind, column, value = self._faults[place]
            said = {"value": value[:60]} if value else {}
            raise kind(**said, where=self.where(column, number))
        names, cells = self.files(place, there), self.cells(place)
        if self.meaning is None or not (names or any(cells.get(code) for code in ELSEWHERE)):
            raise RowWithoutFile(where=self.where(PATH if PATH in self.headings else "", number))
        found = {key(name) for name in there}
        if missing := [name for name in names if key(name) not in found]:
            raise FileNotThere(value=missing[0][:200], where=self.where(PATH, number))

        def where(column: str) -> str:
            return self.where(column, number)

        values = self.meaning.values(cells, number, where)
        owner, corrects = self.meaning.owner(cells, where), cells.get(RESOURCE, "").lower()
        if not names:
            said = {value.field: value.value for value in reversed(values)}
            link = said.get(LINK) or known_by(said.get(ISBN, ""), said.get(SHELF, ""))
            return Told(number, values, owner, corrects, link)
        values = tuple(replace(value, field=BASED_ON) if value.field == LINK else value for value in values)
        return Told(number, values, owner, corrects)

    def left(self, taken: "set[int]") -> Iterator[tuple[int, Told | Invalid]]:
        """Rows that no file has come for: what those say that name an address or a shelf, or what is wrong."""
        for place in range(len(self)):
            if place not in taken:
                try:
                    yield place, self.told(place, ())
                except Invalid as error:
                    yield place, error

    def known_by(self, place: int) -> str:
        """The column that tells what a row without files describes."""
        cells = self.cells(place)
        return next((code for code in (ADDRESS, ISBN, SHELF) if cells.get(code)), PATH)

    def where(self, column: str, number: int) -> str:
        """The place of a cell in words: "Môn học, dòng 7", with the sheet's own name of the column."""
        heading = self.headings.get(column) or (column if column in COLUMNS else "")
        if not heading:
            return sentence("sheet-row", self.language, {"row": number})
        return sentence("sheet-cell", self.language, {"column": heading, "row": number})
