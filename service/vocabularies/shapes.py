"""What each vocabulary must hold to be usable: its columns, which labels must stand, what it refers to.

Data that `reading.py` judges files by. A vocabulary that is not named here
has the common columns, both labels, and names that mean one term each.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

COLUMNS = ("code", "parent", "vi", "en", "alternatives")
"""What every vocabulary has; further columns become extras of a term, under their own names."""

ENDED = "ended"
"""A column of any vocabulary: the day from which a term is not chosen any more. It keeps its labels for what has it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """labels: those that must stand. refers: column -> the vocabulary whose codes it holds, `|` between several.
    mentions: the same of columns that may be missing or empty.

    numbers: columns of whole numbers. below: the column of `refers` whose terms stand above its roots where people
    choose from it as from a tree. nested: names need only differ from those beside them, below the same parent
    and the same references; such a name alone does not say which term is meant.
    """

    labels: tuple[str, ...] = ("vi", "en")
    refers: Mapping[str, str] = field(default_factory=dict)
    mentions: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    nested: bool = False
    below: str = ""

    @property
    def names(self) -> Mapping[str, str]:
        """Every column that holds codes of another vocabulary."""
        return {**self.refers, **self.mentions}

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that must be there."""
        return (*COLUMNS, *self.refers, *self.numbers)


SHAPES: Mapping[str, Shape] = {
    # Topics of a programme ("Số nguyên" stands below several), and what it requires of pupils.
    "topic": Shape(
        ("vi",),
        {"subject": "subject", "grades": "grade"},
        {"programme": "programme"},
        nested=True,
        below="subject",
    ),
    "outcome": Shape(("vi",), {"topic": "topic", "grade": "grade"}, nested=True),
    # Lesson hours a year of a subject in a grade; the numbers are all that people read.
    "period": Shape((), {"subject": "subject", "grades": "grade"}, numbers=("periods",), nested=True),
}
PLAIN = Shape()


def shape_of(name: str) -> Shape:
    return SHAPES.get(name, PLAIN)
