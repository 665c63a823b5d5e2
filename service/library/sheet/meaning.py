"""What the cells of a row mean: values with their codes, placements, the organisation that owns it.

Columns and what they are called stand in `columns`; a cell that means nothing
is an error that names its place, for the row alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from service.errors import AddressWrong, CellTooLong, IsbnWrong, UnknownOrganisation, UnknownTerm
from service.library import placements, shelf
from service.library.address import address
from service.library.sheet.cells import SEPARATOR, parts
from service.library.sheet.columns import ADDRESS, COLUMNS, ORGANISATION, PLACEMENTS, PLACES
from service.model import Organisation, Value
from service.vocabularies import Vocabularies, folded
from service.vocabularies.shapes import shape_of

BESIDE = ("subject", "grade")

Where = Callable[[str], str]
"""The place of a column's cell, for errors."""


def _isbn(text: str, where: Where) -> str:
    if (made := shelf.isbn(text)) is None:
        raise IsbnWrong(value=text[:60], where=where(shelf.ISBN))
    return made


def _shelf(text: str, where: Where) -> str:
    if len(text) > shelf.LONGEST:
        raise CellTooLong(value=shelf.LONGEST, where=where(shelf.SHELF))
    return " ".join(text.split())


_WRITTEN: Mapping[str, Callable[[str, Where], str]] = {shelf.ISBN: _isbn, shelf.SHELF: _shelf}
"""Columns whose cells are kept in a form of their own."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """organisations: all that there are."""

    vocabularies: Vocabularies
    organisations: Sequence[Organisation]
    _called: dict[str, str] = field(default_factory=dict)

    def values(self, cells: Mapping[str, str], number: int, where: Where) -> tuple[Value, ...]:
        """The values of a row.

        Raises: AddressWrong; IsbnWrong; CellTooLong; UnknownTerm; PlacementKey; PlacementNumber.
        """
        values: list[Value] = []
        for code, column in COLUMNS.items():
            cell = cells.get(code, "")
            if not cell or not column.field:
                continue
            for part in self.parts(cell, SEPARATOR, column.vocabulary) if column.several else [cell]:
                text = part
                if code == ADDRESS:
                    if (made := address(part)) is None:
                        raise AddressWrong(value=part[:60], where=where(code))
                    text = made
                elif code in _WRITTEN:
                    text = _WRITTEN[code](part, where)
                if column.vocabulary:
                    # Topics are called alike in several grades: the row's own subjects and grades say which is meant.
                    nested = shape_of(column.vocabulary).nested
                    own = ((one, [value.value for value in values if value.field == one]) for one in BESIDE)
                    found = self.vocabularies.resolve(column.vocabulary, part, dict(own) if nested else None)
                    if found is None:
                        raise UnknownTerm(field=where(code), value=part)
                    text = found
                values.append(Value(column.field, text, "sheet", where=f"row {number}"))
        placed_in = cells.get(PLACEMENTS, "")
        said = list(placements.parse(placed_in, self.vocabularies, where=where(PLACEMENTS))) if placed_in else []
        if one := {key: cells[key] for key in PLACES if cells.get(key)}:
            said.insert(0, placements.of_cells(one, self.vocabularies, where=where))
        subjects, grades = ([one.value for one in values if one.field == name] for name in BESIDE)
        placed = placements.completed(said, self.vocabularies, subjects=subjects, grades=grades)
        told = (Value(placements.FIELD, placements.text(one), "sheet", where=f"row {number}") for one in placed)
        return (*values, *told)

    def owner(self, cells: Mapping[str, str], where: Where) -> str:
        """A code, or empty. Raises: UnknownOrganisation."""
        cell = cells.get(ORGANISATION, "")
        if not cell:
            return ""
        if not self._called:
            self._called.update(_called(self.organisations))
        code = self._called.get(folded(cell, tones=True))
        if code is None:
            raise UnknownOrganisation(value=cell[:60], where=where(ORGANISATION))
        return code

    def parts(self, cell: str, separator: str, vocabulary: str) -> list[str]:
        """What stands beside each other in a cell, of this vocabulary where it is not empty."""
        # "Hoạt động trải nghiệm, hướng nghiệp" is one subject, whatever stands between two.
        if vocabulary and self.vocabularies.resolve(vocabulary, cell) is not None:
            return [cell]
        return parts(cell, separator)


def _called(organisations: Sequence[Organisation]) -> Mapping[str, str]:
    """Code, or a name that only one has -> code."""
    called: dict[str, str] = {}
    twice: set[str] = set()
    for one in organisations:
        name = folded(one.name, tones=True)
        if called.setdefault(name, one.code) != one.code:
            twice.add(name)
    named = {name: code for name, code in called.items() if name and name not in twice}
    return named | {folded(one.code): one.code for one in organisations}


def coded_value(vocabularies: Vocabularies, name: str, text: str, *, where: str) -> str:
    """The code that a text means. Raises: UnknownTerm."""
    code = vocabularies.resolve(name, text)
    if code is None:
        raise UnknownTerm(field=where, value=text)
    return code
