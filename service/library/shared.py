"""All published records of ours that everybody may see, in an order that lasts, for whoever takes all metadata.

What was harvested is not ours to hand on like this: it leaves with where it came from, in a set of its own (`/oai`).

Walked by the inner key, which never changes, in pages of their own short
transactions: what is published meanwhile comes at the end, nothing comes
twice, and whoever was cut off goes on behind the last record that arrived.
"""

from collections.abc import Iterator, Mapping, Sequence

from service.errors import Invalid
from service.library.bundles import bundle_of, bundles
from service.library.permissions import allows
from service.library.services import Services
from service.library.views import ResourceView
from service.model import LOCAL, PUBLIC, Reading, ResourceKey, Revision
from service.ports import UnitOfWork
from service.vocabularies import Vocabularies

PAGE = 500
"""Records a transaction: a fraction of a second, and a few hundred kilobytes at once."""


def place_after(services: Services, resource_id: str) -> ResourceKey:
    """Where to go on behind a resource, whatever became of it; the beginning for an empty id.

    Raises: Invalid {field: after}: nobody ever had this id.
    """
    if not resource_id:
        return ResourceKey(0)
    with services.catalogue.reading() as work:
        found = work.resources.get(resource_id)
    if found is None:
        raise Invalid(field="after", value=resource_id[:60])
    return found.key


def pages(services: Services, after: ResourceKey) -> Iterator[Sequence[ResourceView]]:
    """Our records behind a place, in order, as they are when their page is read. `history`: the current one only."""
    while True:
        with services.catalogue.reading() as work:
            found = work.resources.after(after, PAGE)
            page = _page(
                work, services.vocabularies, [one.key for one in found if one.published and one.origin == LOCAL]
            )
        if not found:
            return
        after = found[-1].key
        if page:
            yield page


def views(services: Services, keys: Sequence[ResourceKey]) -> Sequence[ResourceView]:
    """Those of the resources that everybody may see and that may leave the house, in the order given."""
    with services.catalogue.reading() as work:
        return _page(work, services.vocabularies, keys)


def _page(work: UnitOfWork, vocabularies: Vocabularies, keys: Sequence[ResourceKey]) -> Sequence[ResourceView]:
    current = work.resources.published(keys)
    seen = [
        current[key]
        for key in keys
        if key in current and allows(PUBLIC, *current[key], "see") and _leaves(vocabularies, current[key][1])
    ]
    owners = work.organisations.some({resource.owner for resource, _ in seen})
    names = {revision.resource: _bundles(revision) for _, revision in seen}
    readings = work.readings.newest([name for each in names.values() for name in each.values()])
    return [
        ResourceView(
            resource=resource,
            revision=revision,
            organisation=owners[resource.owner],
            readings=_read(names[revision.resource], readings),
            history=(revision,),
        )
        for resource, revision in seen
    ]


def _leaves(vocabularies: Vocabularies, revision: Revision) -> bool:
    """A licence that keeps a resource in its house keeps it out of here, whatever access somebody gave it."""
    licence = vocabularies.get("licence", revision.first("licence") or "")
    return licence is None or licence.extra.get("leaves") != "no"


def _bundles(revision: Revision) -> dict[int, str]:
    return {number: bundle_of(group) for number, group in bundles(revision.files).items()}


def _read(names: dict[int, str], readings: Mapping[str, Reading]) -> dict[int, Reading]:
    return {number: readings[name] for number, name in names.items() if name in readings}
