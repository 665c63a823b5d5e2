"""Near copies: a file saved again, a presentation and its PDF, a lesson with one slide changed.

The same bytes are one resource (`deposit`). What only says nearly the same is
taken in all the same, because whoever changed a slide meant to; but whoever
corrects it is told what it is nearly a copy of. That is written down once, as
an event of the newcomer, in the commit that reads it, and looked up whenever
somebody asks. A check is one statement on an index (`service/search/sketching.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import NotFound
from service.library.permissions import require, require_role
from service.library.services import Services
from service.messages import sentence
from service.model import Principal, Resource, ResourceId, ResourceKey, Revision
from service.ports import UnitOfWork
from service.search.sketching import contained, is_near

EVENT = "near-copy"
NAMED = 3
"""As many are written down of a newcomer, the most alike ones."""
# Candidates whose sketches are compared: who is alike shares more bands than these many others.
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Near:
    """Another resource that says nearly the same. percent: of the shorter text, what stands in the other too."""

    id: ResourceId
    title: str
    percent: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A resource, and one that was there before and is nearly the same."""

    id: ResourceId
    title: str
    near: Near


def note(work: UnitOfWork, resource: Resource, revision: Revision) -> None:
    """Write down what a resource is nearly a copy of, each once, whichever of both came first."""
    known = _noted(work, resource.key)
    for key, id, percent in _nearest(work, resource.key, revision)[:NAMED]:
        if id not in known and resource.id not in _noted(work, key):
            work.events.add(EVENT, resource.key, "machine", {"of": id, "percent": percent})


def noted(work: UnitOfWork, key: ResourceKey) -> tuple[Near, ...]:
    """What was written down of a resource and still is there, the most alike first."""
    found = (_told(work, ResourceId(id), percent) for id, percent in _noted(work, key).items())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: -one.percent))


def warnings(near: Sequence[Near], language: str) -> list[dict[str, Any]]:
    """As a line of a report has them."""
    said = [(EVENT, {"resource": one.id, "title": one.title, "percent": one.percent}) for one in near]
    return [
        {"code": code, "parameters": parameters, "text": sentence(code, language, parameters)}
        for code, parameters in said
    ]


def of_resource(services: Services, principal: Principal, resource_id: str) -> tuple[Near, ...]:
    """What is nearly the same as a resource now, draft or not, whichever came first; the most alike first.

    Raises: NotFound; NotAllowed.
    """
    with services.catalogue.reading() as work:
        found = work.resources.get(resource_id)
        revision = _current(work, found) if found else None
        resource = require(principal, found, revision, "publish")
        if revision is None:
            raise NotFound
        told = (_told(work, id, percent) for _, id, percent in _nearest(work, resource.key, revision))
        return tuple(one for one in told if one is not None)


def everything(services: Services, principal: Principal) -> tuple[Pair, ...]:
    """Every pair that was written down and of which both are still there, oldest first. Raises: NotAllowed."""
    require_role(principal, "publish")
    pairs: list[Pair] = []
    with services.catalogue.reading() as work:
        for event in work.events.of_kind(EVENT):
            here = work.resources.by_key(event.resource) if event.resource else None
            mine = _told(work, here.id, 0) if here else None
            other = _told(work, ResourceId(str(event.details["of"])), int(event.details["percent"]))
            if mine is not None and other is not None:
                pairs.append(Pair(mine.id, mine.title, other))
    return tuple(pairs)


def _nearest(work: UnitOfWork, key: ResourceKey, revision: Revision) -> list[tuple[ResourceKey, ResourceId, int]]:
    """Other resources with their percent, the most alike first."""
    alike: dict[str, int] = {}
    for mine in work.sketches.of([file.sha256 for file in revision.main_files]).values():
        for sha256, theirs in work.sketches.sharing(mine, _LOOKED_AT).items():
            if is_near(mine, theirs):
                alike[sha256] = max(alike.get(sha256, 0), round(100 * contained(mine, theirs)))
    found: dict[tuple[ResourceKey, ResourceId], int] = {}
    for sha256, other, id in work.sketches.holders(list(alike)) if alike else ():
        if other != key:
            found[other, id] = max(found.get((other, id), 0), alike[sha256])
    ranked = sorted(found.items(), key=lambda one: (-one[1], one[0][0]))
    return [(other, id, percent) for (other, id), percent in ranked]


def _noted(work: UnitOfWork, key: ResourceKey) -> dict[str, int]:
    """Public id -> percent."""
    return {
        str(event.details["of"]): int(event.details["percent"]) for event in work.events.of(key) if event.kind == EVENT
    }


def _told(work: UnitOfWork, id: ResourceId, percent: int) -> Near | None:
    """None: it has gone meanwhile."""
    resource = work.resources.get(id)
    if resource is None or resource.visibility == "withdrawn":
        return None
    revision = _current(work, resource)
    name = revision.main_files[0].name if revision and revision.main_files else id
    return Near(id, (revision.first("title") if revision else None) or name, percent)


def _current(work: UnitOfWork, resource: Resource) -> Revision | None:
    published = work.resources.revision(resource.key, resource.published) if resource.published else None
    return work.resources.open_revision(resource.key) or published
