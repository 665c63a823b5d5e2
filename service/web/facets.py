"""Facets as groups of links, nested as their vocabulary is; beside results, and beside lists from the term table."""

from dataclasses import dataclass

from service.http.limits import FILTERS_FREE
from service.library.views import FacetCount
from service.web.asking import Asking
from service.web.rendering import Page

SHOWN_AT_ONCE = 7
# In these, people look for a place in an order they know, not for the most frequent.
ORDERED = ("grade", "programme", "week")
# Of these all are shown at once: a level without its grades would hide them.
WHOLE = ("grade",)


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
    nodes = _nodes(page, asked, name, counts, None)
    if name in WHOLE:
        return Facet(name, nodes, ()) if nodes else None
    return Facet(name, nodes[:SHOWN_AT_ONCE], nodes[SHOWN_AT_ONCE:]) if nodes else None


def _nodes(
    page: Page, asked: Asking, name: str, counts: tuple[FacetCount, ...], parent: str | None
) -> tuple[Node, ...]:
    present = {count.value for count in counts}
    level = [count for count in counts if (count.parent if count.parent in present else None) == parent]
    if name in ORDERED:
        order = {code: place for place, code in enumerate(page.door.services.vocabularies.terms.get(name, {}))}
        level.sort(key=lambda count: order.get(count.value, len(order)))
    else:
        level.sort(key=lambda count: not count.chosen)
    return tuple(
        Node(
            label=page.labels.facet(name, count),
            count=count.count,
            chosen=count.chosen,
            url=asked.toggled(name, count.value).url,
            deep=not count.chosen and len(asked.chosen) >= FILTERS_FREE,
            below=_nodes(page, asked, name, counts, count.value),
        )
        for count in level
    )
