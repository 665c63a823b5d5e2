"""Facets as groups of links, nested as their vocabulary is; beside results, and beside lists from the term table."""

from dataclasses import dataclass

from service.http.limits import FILTERS_FREE
from service.library.views import FacetCount
from service.vocabularies.shapes import shape_of
from service.web.asking import Asking
from service.web.rendering import Page

SHOWN_AT_ONCE = 7
# In these, people look for a place in an order they know, not for the most frequent.
ORDERED = ("grade", "topic", "programme", "week")
# Of these all are shown at once: a level without its grades would hide them.
WHOLE = ("grade",)
# Of these, hundreds of values, what stands below one is shown when somebody has come so far.
FOLDED = ("topic",)


@dataclass(frozen=True, slots=True)
class Node:
    """A facet value with the values below it, as it is drawn; deep: its page is closed to robots."""

    label: str
    count: int
    chosen: bool
    url: str
    deep: bool
    below: tuple["Node", ...]

    @property
    def open(self) -> bool:
        """Something in it is chosen."""
        return self.chosen or any(node.open for node in self.below)


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of links. `rest` stands behind "more"."""

    name: str
    first: tuple[Node, ...]
    rest: tuple[Node, ...]


def facet(page: Page, asked: Asking, counts: tuple[FacetCount, ...], name: str, *, total: int) -> Facet | None:
    """The group of a facet, or None where it helps nobody to choose. total: resources in the list beside it."""
    if len(counts) == 1 and counts[0].count == total and not counts[0].chosen:
        # A single value that everything has helps nobody to choose.
        return None
    nodes = _Tree(page, asked, counts, name).level(None)
    if name in WHOLE:
        return Facet(name, nodes, ()) if nodes else None
    return Facet(name, nodes[:SHOWN_AT_ONCE], nodes[SHOWN_AT_ONCE:]) if nodes else None


class _Tree:
    """The values of one facet, by what they stand below."""

    def __init__(self, page: Page, asked: Asking, counts: tuple[FacetCount, ...], name: str) -> None:
        self.page, self.asked, self.name = page, asked, name
        self.vocabularies = page.door.services.vocabularies
        present = {count.value for count in counts}
        self.below: dict[str | None, list[FacetCount]] = {}
        for count in counts:
            self.below.setdefault(count.parent if count.parent in present else None, []).append(count)
        self.order = {code: place for place, code in enumerate(self.vocabularies.terms.get(name, {}))}
        self.ways = {code: self.vocabularies.path(name, code) for code in asked.filters.get(name, ())}
        self.come_to = {above for way in self.ways.values() for above in way} | self._beside()

    def _beside(self) -> set[str]:
        """What is chosen in the facet whose values stand above: the subject whose topics are meant."""
        shape = shape_of(self.name)
        above = shape.refers[shape.below] if shape.below else ""
        return {one for code in self.asked.filters.get(above, ()) for one in self.vocabularies.ancestors(above, code)}

    def level(self, parent: str | None) -> tuple[Node, ...]:
        counts = self.below.get(parent, [])
        if self.name in ORDERED:
            counts = sorted(counts, key=lambda count: self.order.get(count.value, len(self.order)))
        else:
            counts = sorted(counts, key=lambda count: not count.chosen)
        # Below one of its own vocabulary the plain label is enough.
        label = self.page.labels.of if parent and self.vocabularies.get(self.name, parent) else self.page.labels.alone
        return tuple(
            self._node(count, count.label or label(self.name, count.value), alone=len(counts) == 1) for count in counts
        )

    def _node(self, count: FacetCount, label: str, *, alone: bool) -> Node:
        """alone: nothing else stands beside it, so that it need not be chosen to be seen into."""
        shut = self.name in FOLDED and not (alone or count.value in self.come_to)
        way = self.vocabularies.path(self.name, count.value)
        instead = [code for code, above in self.ways.items() if code in way or count.value in above]
        return Node(
            label=label,
            count=count.count,
            chosen=count.chosen,
            url=self.asked.narrowed(self.name, count.value, instead=instead).url,
            deep=not count.chosen and len(self.asked.chosen) >= FILTERS_FREE,
            below=() if shut else self.level(count.value),
        )
