"""What an item of QTI 2 or 3 says is right: the values of its responses, and what each is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.questions.markup import name
from ingest.formats.questions.shape import MOST_CHOICES, RIGHT
from ingest.formats.words import tidy


@dataclass(frozen=True, slots=True)
class Declared:
    """right: the values of the correct response in their order. worth: value -> points, of a mapping."""

    right: tuple[str, ...] = ()
    worth: Mapping[str, float] = field(default_factory=dict)

    def share(self, value: str) -> float:
        """Percent of the points; those that are right together share them."""
        if self.right:
            return RIGHT / len(self.right) if value in self.right else 0.0
        return RIGHT * max(0.0, self.worth.get(value, 0.0)) / max(1e-9, *self.worth.values()) if self.worth else 0.0

    def earning(self) -> list[tuple[str, float]]:
        """What may be written, with its share; the correct response first."""
        most = max((points for points in self.worth.values() if points > 0), default=1.0)
        found = dict.fromkeys(self.right, RIGHT)
        return [
            *found.items(),
            *(
                (value, RIGHT * points / most)
                for value, points in self.worth.items()
                if points > 0 and value not in found
            ),
        ]


def declared(root: Any) -> dict[str, Declared]:
    """Identifier of a response -> what is right for it."""
    made = {}
    for one in root:
        if name(one) == "responsedeclaration":
            right = [
                tidy("".join(value.itertext()))
                for said in one
                if name(said) == "correctresponse"
                for value in said
                if name(value) == "value"
            ]
            worth = {
                tidy(attribute(entry, "mapkey")): _points(attribute(entry, "mappedvalue"))
                for entry in one.iter()
                if name(entry) == "mapentry"
            }
            kept = dict(list(worth.items())[:MOST_CHOICES])
            made[one.get("identifier", "")] = Declared(tuple(filter(None, right))[:MOST_CHOICES], kept)
    return made


def attribute(element: Any, wanted: str) -> str:
    """`mapKey` of version 2 is `map-key` in version 3; empty where it is missing."""
    return next((value for key, value in element.attrib.items() if key.lower().replace("-", "") == wanted), "")


def _points(text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        return 0.0
    # Neither endless nor no number.
    return points if abs(points) < 1e6 else 0.0
