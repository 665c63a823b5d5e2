"""Rows of a sheet whose files did not come: those that describe an address or a shelf go in, the others say why not.

Asked by a batch when its files are through. A row has a line of its own in the
report; of several that mean one resource the first takes the outcome.
"""

from collections import defaultdict
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass

from service.errors import AddressTwice, Invalid, LibraryError
from service.library.describing import TOGETHER, Description, Taken
from service.library.outcomes import Line
from service.library.sheet import Rows, Told
from service.library.sheet.columns import ADDRESS, PATH
from service.model import Value

Finished = Callable[[Line], None]


@dataclass(frozen=True, slots=True)
class RowsLeft:
    """organisation: owns what no row gives to another. values: said of all. describe: takes in what one of them
    describes, or only says what would become of it."""

    rows: Rows
    organisation: str
    values: tuple[Value, ...]
    language: str
    describe: Callable[[str, Sequence[Description]], Sequence[Taken | LibraryError]]

    def take(self, met: set[int], lines: list[Line], waiting: MutableMapping[str, Line], finished: Finished) -> None:
        """Many a commit. met: places of rows whose files have come. lines: of the report, which grow; waiting: by the
        resource, those whose outcome a job will say."""
        first: dict[tuple[str, str], int] = {}
        held: dict[str, list[tuple[Line, Told]]] = defaultdict(list)
        for place, told in self.rows.left(met):
            named = self.rows.cells(place).get(PATH)
            line = Line(named or f"{self.rows.name}#{self.rows.number(place)}", row=place, is_file=bool(named))
            lines.append(line)
            if not isinstance(told, Invalid):
                owner = told.owner or self.organisation
                if first.setdefault((owner, told.link), place) == place:
                    held[owner].append((line, told))
                    if len(held[owner]) >= TOGETHER:
                        self._describe(owner, held.pop(owner), waiting, finished)
                    continue
                column = self.rows.known_by(place)
                value = self.rows.cells(place).get(column, "") if column != ADDRESS else told.link
                told = AddressTwice(value=value[:60], where=self.rows.where(column, told.number))
            line.end("refused", told.code, told.parameters, self.language)
            finished(line)
        for owner, own in held.items():
            self._describe(owner, own, waiting, finished)

    def _describe(
        self, owner: str, pairs: Sequence[tuple[Line, Told]], waiting: MutableMapping[str, Line], finished: Finished
    ) -> None:
        said = [Description(told.link, (*self.values, *told.values), told.corrects) for _, told in pairs]
        for (line, _), done in zip(pairs, self.describe(owner, said), strict=True):
            if isinstance(done, LibraryError):
                line.end("refused", done.code, done.parameters, self.language)
            else:
                self._settle(line, done, waiting)
            if line.outcome is not None:
                finished(line)

    def _settle(self, line: Line, done: Taken, waiting: MutableMapping[str, Line]) -> None:
        line.resource = done.resource
        if done.outcome != "owed" and done.lacking:
            line.end("draft", "incomplete", {"fields": ", ".join(done.lacking)}, self.language)
        elif done.outcome != "owed":
            line.outcome = done.outcome
        elif done.resource in waiting:
            line.outcome = "duplicate"
        elif done.resource:
            waiting[done.resource] = line
