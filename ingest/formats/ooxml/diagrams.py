"""Text of a SmartArt diagram, from its data model, each box before the boxes under it.

Source: ECMA-376-1, 21.4.3 (data model: points and the connections between them).
"""

from collections import defaultdict
from typing import Any

from ingest.formats.ooxml.drawing import lines
from ingest.formats.ooxml.names import DGM, integer

# Points that a layout made for its own drawing; their texts repeat those of the boxes.
_MADE = ("pres", "parTrans", "sibTrans")


def diagram(root: Any) -> list[str]:
    """Lines of a `dgm:dataModel` part."""
    points = {point.get("modelId"): point for point in root.iter(DGM + "pt") if point.get("type", "node") not in _MADE}
    below: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in root.iter(DGM + "cxn"):
        if link.get("type", "parOf") == "parOf":
            below[link.get("srcId")].append((integer(link.get("srcOrd")), link.get("destId", "")))
    told: list[str] = []
    # What no connection reaches comes at its own place in the file; each point once, so a circle of them ends.
    waiting = list(reversed(points))
    tops = [name for name, point in points.items() if point.get("type") == "doc"]
    waiting += reversed(tops)
    while waiting:
        name = waiting.pop()
        point = points.pop(name, None)
        if point is not None:
            told += lines(point)
            waiting += [child for _, child in sorted(below[name], reverse=True)]
    return told
