"""What the operator does with proposals: look at them, accept those that are sure enough.

Accepting makes a person's value of each: in the open draft, or in a new
revision that is published at once, with the jobs that follow. Who, which and
from which confidence on is an event; the evidence stays with the proposal.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from service.errors import Invalid, NotFound
from service.library import personal
from service.library.bundles import names_of
from service.library.permissions import require_role
from service.library.placements import FIELD as PLACEMENT
from service.library.proposals.gathering import FIELDS
from service.library.publishing import publish
from service.library.services import Services
from service.library.values import RANK, SINGLE, merge
from service.model import Principal, Proposal, Resource, ResourceKey, Revision, Value
from service.ports import UnitOfWork

EVENT = "proposals-accepted"
WHERE = "proposal"
"""The place of a value that was a proposal."""
PROPOSED = (*FIELDS, PLACEMENT)
# Commits are short and leave room between them, so that a person's publish does not wait.
PAGE = 25
PAUSE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Listed:
    """A resource and its open proposals, the surest first. title: as its newest revision has it."""

    resource: str
    title: str
    state: str
    proposals: tuple[Proposal, ...]


@dataclass(slots=True)
class Accepted:
    """values: how many were accepted, by field. drafts, published: ids of resources that got some, as they stand now.

    held: ids of those that cannot be changed now: hidden, withdrawn, or holding personal data.
    """

    values: dict[str, int] = field(default_factory=dict)
    drafts: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    def add(self, other: "Accepted") -> None:
        for name, number in other.values.items():
            self.values[name] = self.values.get(name, 0) + number
        self.drafts += other.drafts
        self.published += other.published
        self.held += other.held


def of(services: Services, principal: Principal, resource_id: str) -> tuple[Proposal, ...]:
    """All proposals of a resource, accepted ones too, for whoever edits it. Raises: NotAllowed; NotFound."""
    require_role(principal, "publish")
    with services.catalogue.reading() as work:
        resource = work.resources.get(resource_id)
        if resource is None:
            raise NotFound
        return tuple(work.proposals.of([resource.key]).get(resource.key, ()))


def listing(services: Services, principal: Principal, *, least: float = 0.0, name: str = "") -> Iterator[Listed]:
    """Resources that have open proposals, in the order they came, a page a transaction.

    least: confidence from which on they are shown. name: of a field; empty: all. Raises: NotAllowed; Invalid.
    """
    require_role(principal, "publish")
    _check(least, name)
    after = 0
    while True:
        with services.catalogue.reading() as work:
            keys = work.proposals.waiting(after, PAGE, least=least, field=name)
            found = work.proposals.of(keys)
            rows = [row for key in keys if (row := _listed(work, key, _meant(found[key], least, name)))]
        yield from rows
        if not keys:
            return
        after = keys[-1]


def accept(
    services: Services, principal: Principal, *, least: float, name: str = "", resource_id: str = ""
) -> Accepted:
    """Accept every open proposal of at least this confidence, where nobody has said something else.

    Of a field with one value the surest is taken, and none where two are equally sure. name: only this field;
    resource_id: only of this one. Raises: NotAllowed; NotFound; Invalid: a confidence beyond 0–1, no such field.
    """
    require_role(principal, "publish")
    _check(least, name)
    done = Accepted()
    if resource_id:
        with services.catalogue.reading() as work:
            found = work.resources.get(resource_id)
        if found is None:
            raise NotFound
        done.add(services.catalogue.write(partial(_accept, services, principal, [found.key], least, name)))
        return done
    after = 0
    while True:
        with services.catalogue.reading() as work:
            keys = work.proposals.waiting(after, PAGE, least=least, field=name)
        if not keys:
            return done
        done.add(services.catalogue.write(partial(_accept, services, principal, keys, least, name)))
        after = keys[-1]
        time.sleep(PAUSE_SECONDS)


def _check(least: float, name: str) -> None:
    if not 0 <= least <= 1:
        raise Invalid(field="min-confidence", value=str(least))
    if name and name not in PROPOSED:
        raise Invalid(field="field", value=name)


def _meant(found: Sequence[Proposal], least: float, name: str) -> tuple[Proposal, ...]:
    return tuple(
        one for one in found if one.accepted_at is None and one.confidence >= least and name in ("", one.field)
    )


def _newest(work: UnitOfWork, resource: Resource) -> Revision | None:
    """The open revision, else the published one."""
    return work.resources.open_revision(resource.key) or (
        work.resources.revision(resource.key, resource.published) if resource.published else None
    )


def _listed(work: UnitOfWork, key: ResourceKey, found: tuple[Proposal, ...]) -> Listed | None:
    resource = work.resources.by_key(key)
    revision = _newest(work, resource) if resource else None
    if resource is None or revision is None or resource.visibility == "withdrawn":
        return None
    return Listed(resource.id, revision.first("title") or "", revision.state, found)


def _accept(
    services: Services,
    principal: Principal,
    keys: Sequence[ResourceKey],
    least: float,
    name: str,
    work: UnitOfWork,
) -> Accepted:
    done = Accepted()
    found = work.proposals.of(keys)
    for key in keys:
        resource = work.resources.by_key(key)
        revision = _newest(work, resource) if resource else None
        if resource is None or revision is None:
            continue
        chosen = choose(revision.values, _meant(found.get(key, ()), least, name))
        if not chosen:
            continue
        if resource.visibility != "live" or (revision.published_at and personal.held(work, names_of(revision))):
            done.held.append(resource.id)
            continue
        _write(services, work, principal, resource, revision, chosen, least)
        for one in chosen:
            done.values[one.field] = done.values.get(one.field, 0) + 1
        (done.published if revision.state == "published" else done.drafts).append(resource.id)
    return done


def _write(
    services: Services,
    work: UnitOfWork,
    principal: Principal,
    resource: Resource,
    revision: Revision,
    chosen: Sequence[Proposal],
    least: float,
) -> None:
    values = merge(revision.values, [Value(one.field, one.value, "person", where=WHERE) for one in chosen])
    if revision.state == "published":
        draft = work.resources.add_revision(resource.key, values=values, files=revision.files)
        publish(services, work, resource, draft, actor=principal.role)
    else:
        work.resources.save_revision(replace(revision, values=values))
    work.proposals.accept(resource.key, [(one.field, one.value) for one in chosen], actor=principal.role)
    details: Mapping[str, str] = {
        name: "; ".join(one.value for one in chosen if one.field == name) for name in {one.field for one in chosen}
    }
    work.events.add(EVENT, resource.key, principal.role, {**details, "least": str(least)})


def choose(values: Sequence[Value], found: Sequence[Proposal]) -> list[Proposal]:
    """Those that may become values: of fields that hold nothing better than a machine's guess."""
    filled = {value.field for value in values if RANK[value.origin] < RANK["machine"]}
    chosen: list[Proposal] = []
    for name in PROPOSED:
        here = sorted((one for one in found if one.field == name), key=lambda one: -one.confidence)
        if not here or name in filled:
            continue
        if name not in SINGLE:
            chosen += here
        elif len(here) == 1 or here[0].confidence > here[1].confidence:
            chosen.append(here[0])
    return chosen
