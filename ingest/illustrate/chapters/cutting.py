"""One section out of a page whose places are headings, and in which section each of its ids stands."""

from collections.abc import Mapping

from ingest.illustrate.chapters.tree import Child, Node

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_SEEN = frozenset(("img", "image", "svg", "math", "hr", "iframe", "embed", "video", "audio"))


def section(root: Node, begins: Mapping[int, int], wanted: int) -> tuple[Node, Mapping[str, int]]:
    """What stands in a section, inside the elements that it stands in, and id -> section of the whole page.

    begins: number of a heading -> its section.
    """
    cutting = _Cutting(begins, wanted)
    kept = cutting.of(root)
    return kept or Node("body"), cutting.places


class _Cutting:
    def __init__(self, begins: Mapping[int, int], wanted: int) -> None:
        self.places: dict[str, int] = {}
        self._begins, self._wanted = begins, wanted
        self._now = 1
        # Ids of what has begun and shown nothing yet: a division that begins with a heading belongs to it.
        self._waiting: list[str] = []

    def of(self, node: Node) -> Node | None:
        if node.tag in _HEADINGS:
            self._now = self._begins.get(node.number, self._now)
        if identifier := node.attributes.get("id") or (node.attributes.get("name") if node.tag == "a" else None):
            self._waiting.append(identifier)
        if node.tag in _HEADINGS or node.tag in _SEEN:
            self._waiting += [one for below in node.walk() if (one := below.attributes.get("id"))]
            self._settle()
            return node if self._now == self._wanted else None
        before = self._now
        children: list[Child] = []
        for child in node.children:
            if isinstance(child, Node):
                if (kept := self.of(child)) is not None:
                    children.append(kept)
            else:
                if not child.isspace():
                    self._settle()
                if self._now == self._wanted:
                    children.append(child)
        # What is empty itself (an anchor, a line break) stands where it stands.
        if not children and not (not node.children and before == self._wanted):
            return None
        return Node(node.tag, node.attributes, children, node.number)

    def _settle(self) -> None:
        for identifier in self._waiting:
            self.places.setdefault(identifier, self._now)
        self._waiting.clear()
