"""Results as JSON: the same answer for `/api/v1/search` and `hoclieu search --json`."""

from collections.abc import Sequence

from service.api import models
from service.library.services import Services
from service.library.views import FacetCount, Item, SearchResults
from service.links import Links


def answer(services: Services, links: Links, results: SearchResults, language: str) -> models.SearchAnswer:
    """Results in the words of the contract. language: of facet labels; links: absolute."""
    return models.SearchAnswer(
        query=results.query,
        total=results.total,
        items=[_item(links, item, results.searched) for item in results.items],
        facets={
            name: [_facet(services, name, count, language) for count in counts]
            for name, counts in results.facets.items()
        },
        rewritten=results.rewritten,
        suggestion=results.suggestion,
        page=results.page,
        size=results.size,
        cursor=results.cursor,
        partial=results.partial,
    )


def similar(links: Links, resource_id: str, items: Sequence[Item]) -> models.Similar:
    """Resources like one, as a list. links: absolute."""
    return models.Similar(id=resource_id, items=[listed(links, item) for item in items])


def listed(links: Links, item: Item) -> models.Listed:
    """A resource in a list."""
    return models.Listed(
        id=item.id,
        title=item.title,
        type=item.type,
        subjects=list(item.subjects),
        grades=list(item.grades),
        language=item.language,
        licence=item.licence,
        url=links.resource(item.id),
        thumbnail_url=links.thumbnail(item.id) if item.has_thumbnail else None,
        source=item.source or None,
    )


def _item(links: Links, item: Item, query: str) -> models.Item:
    return models.Item(
        **dict(listed(links, item)),
        score=item.score,
        hits=[
            models.Hit(
                file=hit.file,
                locator=models.Locator(kind=hit.locator.kind, value=hit.locator.value),
                snippet=hit.snippet,
                url=links.read(item.id, file=hit.file, kind=hit.locator.kind, value=hit.locator.value, q=query),
            )
            for hit in item.hits
        ],
    )


def _facet(services: Services, name: str, count: FacetCount, language: str) -> models.Facet:
    label = count.label or services.vocabularies.label(name, count.value, language)
    return models.Facet(value=count.value, label=label, count=count.count, parent=count.parent)
