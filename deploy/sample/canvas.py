"""Strokes and labels of a figure, in points from its top left corner; `pages.py` puts them on paper.

A figure is a value: strokes are drawn behind the text, labels are real text,
so that the words in a drawing can be searched and copied.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]
Colour = tuple[float, float, float]

BLUE: Colour = (0.07, 0.27, 0.42)
RED: Colour = (0.72, 0.22, 0.12)
GREEN: Colour = (0.2, 0.5, 0.3)
GREY: Colour = (0.55, 0.6, 0.65)
PALE_BLUE: Colour = (0.88, 0.94, 0.98)
PALE_GREEN: Colour = (0.88, 0.95, 0.88)
PALE_YELLOW: Colour = (0.99, 0.95, 0.82)
PALE_RED: Colour = (0.98, 0.9, 0.87)


@dataclass(frozen=True, slots=True)
class Stroke:
    points: tuple[Point, ...]
    colour: Colour = BLUE
    fill: Colour | None = None
    width: float = 1.2
    closed: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """`text` is HTML of one line; (x, y) its base line at the side that `align` names."""

    x: float
    y: float
    text: str
    size: float = 10.5
    align: str = "center"
    colour: str = "#1c2126"


@dataclass(slots=True)
class Figure:
    """Drawn once at import; `height` in points, the width is that between the margins."""

    height: float
    strokes: list[Stroke] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def line(self, *points: Point, colour: Colour = BLUE, width: float = 1.2, dashed: bool = False) -> None:
        self.strokes.append(Stroke(points, colour, width=width, dashed=dashed))

    def shape(self, points: Iterable[Point], *, colour: Colour = BLUE, fill: Colour | None = None) -> None:
        self.strokes.append(Stroke(tuple(points), colour, fill, closed=True))

    def box(self, x: float, y: float, width: float, height: float, *, fill: Colour = PALE_BLUE) -> None:
        self.shape([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill=fill)

    def oval(
        self, x: float, y: float, across: float, down: float, *, colour: Colour = BLUE, fill: Colour | None = None
    ) -> None:
        """An ellipse around (x, y) with these radii; a polygon of 72 sides looks round at this size."""
        steps = [math.tau * step / 72 for step in range(72)]
        self.shape([(x + across * math.cos(a), y + down * math.sin(a)) for a in steps], colour=colour, fill=fill)

    def dot(self, x: float, y: float, *, radius: float = 2.6, colour: Colour = RED) -> None:
        self.oval(x, y, radius, radius, colour=colour, fill=colour)

    def arrow(self, *points: Point, colour: Colour = BLUE, width: float = 1.2, dashed: bool = False) -> None:
        """A line through the points with a head at its last."""
        self.line(*points, colour=colour, width=width, dashed=dashed)
        (x0, y0), (x1, y1) = points[-2], points[-1]
        angle = math.atan2(y1 - y0, x1 - x0)
        wings = [(x1 - 7 * math.cos(angle + turn), y1 - 7 * math.sin(angle + turn)) for turn in (0.38, -0.38)]
        self.shape([(x1, y1), *wings], colour=colour, fill=colour)

    def label(self, x: float, y: float, text: str, *, size: float = 10.5, align: str = "center") -> None:
        self.labels.append(Label(x, y, text, size, align))


@dataclass(frozen=True, slots=True)
class Axes:
    """A system of coordinates in a figure: where O is, and points a unit."""

    figure: Figure
    origin: Point
    unit: Point

    def at(self, x: float, y: float) -> Point:
        return self.origin[0] + x * self.unit[0], self.origin[1] - y * self.unit[1]

    def draw(self, xs: tuple[float, float], ys: tuple[float, float], *, names: tuple[str, str] = ("x", "y")) -> None:
        self.figure.arrow(self.at(xs[0], 0), self.at(xs[1], 0), colour=GREY)
        self.figure.arrow(self.at(0, ys[0]), self.at(0, ys[1]), colour=GREY)
        right, top = self.at(xs[1], 0), self.at(0, ys[1])
        self.figure.label(right[0] - 2, right[1] + 14, f"<i>{names[0]}</i>", align="right")
        self.figure.label(top[0] + 7, top[1] + 7, f"<i>{names[1]}</i>", align="left")
        self.figure.label(self.origin[0] - 5, self.origin[1] + 12, "O", align="right")

    def plot(self, function: Callable[[float], float], xs: tuple[float, float], *, colour: Colour = BLUE) -> None:
        steps: Sequence[float] = [xs[0] + (xs[1] - xs[0]) * step / 80 for step in range(81)]
        self.figure.line(*(self.at(x, function(x)) for x in steps), colour=colour, width=1.8)

    def mark(self, x: float, y: float, *, to_axes: bool = True) -> None:
        """A point, with dashed lines to both axes."""
        if to_axes:
            self.figure.line(self.at(x, 0), self.at(x, y), self.at(0, y), colour=GREY, width=0.8, dashed=True)
        self.figure.dot(*self.at(x, y))
