"""Charts and diagrams that a slide, a text or a sheet shows: parts of their own, read where they stand."""

from typing import Any

from ingest.formats.ooxml import drawing
from ingest.formats.ooxml.charts import chart
from ingest.formats.ooxml.diagrams import diagram
from ingest.formats.ooxml.names import CX, DGM, C, R
from ingest.formats.ooxml.package import Package

GRAPHICS = (C + "chart", CX + "chart", DGM + "relIds")
"""Elements that stand for a chart or a diagram."""


def graphic(package: Package, part: str, element: Any) -> list[str]:
    """Lines of the chart or diagram that an element of a drawing stands for, with shapes drawn over a chart."""
    if element.tag == DGM + "relIds":
        tree = package.tree(package.target(part, element.get(R + "dm")))
        if tree is None:
            return []
        drawing.settle(tree)
        return diagram(tree)
    name = package.target(part, element.get(R + "id"))
    tree = package.tree(name)
    if tree is None:
        return []
    drawing.settle(tree)
    over = [package.tree(shapes) for shapes in package.related(name, "chartUserShapes")]
    return [*chart(tree), *(line for shapes in over if shapes is not None for line in drawing.lines(shapes))]
