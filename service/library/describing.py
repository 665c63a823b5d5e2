"""Take in what lies elsewhere: a description with an address or a place on a shelf, and no file.

What a catalogue of links, films, sites and printed books becomes: resources of
the organisation that describes them, published at once where nothing is missing,
many in one commit. An address is described once by an organisation: handed in
again, the description is corrected, by the way that files take.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from service.errors import LibraryError, NotFound
from service.library.address import digest
from service.library.correct import changed, correct
from service.library.owners import answering
from service.library.permissions import require_role
from service.library.publishing import access_for, listed
from service.library.services import Services
from service.library.values import corrected, merge, missing
from service.model import (
    LOCAL,
    PRIORITY_BATCH,
    Described,
    Principal,
    Resource,
    ResourceId,
    ResourceKey,
    Revision,
    Value,
)
from service.ports import UnitOfWork
from service.vocabularies import Vocabularies

TOGETHER = 500
"""Descriptions a commit: on SQLite it keeps others from writing for up to 481 ms (of 206 commits)."""
DEFAULTS = (Value("type", "other", "machine", where="default"), Value("language", "und", "machine", where="default"))
"""What a file would have said of itself; whatever else is said wins."""


@dataclass(frozen=True, slots=True)
class Description:
    """link: the address, as `library.address` writes it, or of what has none `shelf.known_by`; a value says it too.

    corrects: id of the resource that it is about, whatever address that had; empty where nobody says.
    """

    link: str
    values: tuple[Value, ...]
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a description. owed: a job brings what is said now into a resource that is there.

    lacking: fields that keep it a draft although it was to be published. resource: None where nothing is stored.
    """

    outcome: Literal["published", "draft", "duplicate", "owed"]
    resource: ResourceId | None = None
    lacking: tuple[str, ...] = ()


def describe_all(
    services: Services,
    principal: Principal,
    descriptions: Sequence[Description],
    *,
    owner: str,
    publish: bool,
    priority: int = PRIORITY_BATCH,
) -> Sequence[Taken | LibraryError]:
    """What came of each stands at its place. Raises: NotAllowed; Unavailable: nothing of these is in the catalogue."""
    require_role(principal, "deposit")

    def act(work: UnitOfWork) -> Sequence[Taken]:
        return _Round(services, work, principal, answering(work, owner), publish, priority).take(descriptions)

    try:
        return services.catalogue.write(act)
    except NotFound as error:
        return [error] * len(descriptions)


def what_would_come(
    services: Services, principal: Principal, descriptions: Sequence[Description], *, owner: str, publish: bool
) -> Sequence[Taken]:
    """The same of a dry run: nothing is stored. What would change is told as what it would be then."""
    require_role(principal, "deposit")
    with services.catalogue.reading() as work:
        return _Round(services, work, principal, answering(work, owner), publish, PRIORITY_BATCH).foretell(descriptions)


@dataclass
class _Round:
    """Of one unit of work and one owner."""

    services: Services
    work: UnitOfWork
    principal: Principal
    owner: str
    publish: bool
    priority: int

    def take(self, descriptions: Sequence[Description]) -> Sequence[Taken]:
        sums = [digest(one.link) for one in descriptions]
        here = self._here(descriptions, sums)
        vocabularies = self.services.living.of(self.work)
        born: dict[str, Revision] = {}
        for one, summed, known in zip(descriptions, sums, here, strict=True):
            if known is None and summed not in born:
                born[summed] = self._born(one)
        described = [self._described(vocabularies, revision) for revision in born.values()]
        added = dict(zip(born, self.work.resources.add_described(described, owner=self.owner), strict=True))
        self._tell(list(zip(added.values(), described, strict=True)))
        self.work.addresses.keep({key: summed for summed, (key, _) in added.items()})
        told: list[Taken] = []
        for one, summed, known in zip(descriptions, sums, here, strict=True):
            if known is not None:
                told.append(self._again(one, summed, *known))
            elif (revision := born.pop(summed, None)) is not None:
                told.append(self._outcome(revision, added[summed][1]))
            else:
                told.append(Taken("duplicate", added[summed][1]))
        return told

    def _tell(self, added: Sequence[tuple[tuple[ResourceKey, ResourceId], Described]]) -> None:
        """What follows from new ones: events, and the jobs of what is out."""
        role = self.principal.role
        self.work.events.add_all("deposited", {key: {"files": 0} for (key, _), _ in added}, role)
        out = [(pair, one) for pair, one in added if one.published]
        published: Mapping[ResourceKey, Mapping[str, str | int]] = {
            key: {"revision": 1, "access": one.access} for (key, _), one in out
        }
        self.work.events.add_all("published", published, role)
        ids = [id for (_, id), _ in out]
        self.work.jobs.add_all("index", ids, priority=self.priority)
        self.work.jobs.add_all("render", ids, priority=self.priority)

    def foretell(self, descriptions: Sequence[Description]) -> Sequence[Taken]:
        """What `take` would come to."""
        sums, seen, told = [digest(one.link) for one in descriptions], set[str](), list[Taken]()
        for one, summed, known in zip(descriptions, sums, self._here(descriptions, sums), strict=True):
            if known is None:
                told.append(Taken("duplicate") if summed in seen else self._outcome(self._born(one), None))
                seen.add(summed)
                continue
            resource, current = known
            if current is None or not self._owed(one, resource, current):
                told.append(Taken("duplicate", resource.id))
            else:
                mended = replace(current, values=corrected(current.values, self._said(one, resource)))
                would = self._outcome(mended, resource.id)
                told.append(would if resource.visibility == "live" else replace(would, outcome="draft"))
        return told

    def _here(
        self, descriptions: Sequence[Description], sums: Sequence[str]
    ) -> Sequence[tuple[Resource, Revision | None] | None]:
        """Of each that there is already the resource, and what it says now."""
        known = self.work.addresses.known(self.owner, set(sums))
        meant = [
            known.get(summed) or (self._named(one.corrects) if one.corrects else None)
            for one, summed in zip(descriptions, sums, strict=True)
        ]
        shown = self.work.resources.published([one.key for one in meant if one is not None and one.published])
        return [
            None if one is None else (one, shown[one.key][1] if one.key in shown else self._draft(one)) for one in meant
        ]

    def _named(self, id: str) -> Resource | None:
        """The resource of this owner that a row names, if it describes an address."""
        found = self.work.resources.get(id)
        if found is None or found.owner != self.owner or found.origin != LOCAL or found.visibility == "withdrawn":
            return None
        current = self.work.resources.revision(found.key, found.published) if found.published else self._draft(found)
        return found if current is not None and not current.files else None

    def _draft(self, resource: Resource) -> Revision | None:
        return self.work.resources.open_revision(resource.key)

    def _born(self, one: Description) -> Revision:
        now = datetime.datetime.now(datetime.UTC)
        draft = Revision(ResourceKey(0), 1, "draft", merge(DEFAULTS, one.values), (), now)
        out = self.publish and not missing(draft)
        return replace(draft, state="published", published_at=now) if out else draft

    def _described(self, vocabularies: Vocabularies, revision: Revision) -> Described:
        published = revision.state == "published"
        if not published:
            return Described(revision.values, published=False)
        now = revision.created_at
        access = access_for(vocabularies, revision, "public")
        resource = Resource(ResourceKey(0), ResourceId(""), self.owner, LOCAL, "live", access, None, 1, now, now)
        return Described(revision.values, tuple(listed(vocabularies, resource, revision)), access)

    def _outcome(self, revision: Revision, id: ResourceId | None) -> Taken:
        lacking = tuple(missing(revision)) if self.publish else ()
        return Taken("published" if self.publish and not lacking else "draft", id, lacking)

    def _again(self, one: Description, summed: str, resource: Resource, current: Revision | None) -> Taken:
        if current is None or not self._owed(one, resource, current):
            return Taken("duplicate", resource.id)
        if not correct(self.work, self.principal, resource, one.values, publish=self.publish, priority=self.priority):
            if resource.published:
                # Somebody is at work on it.
                return Taken("duplicate", resource.id)
            self.work.jobs.add("publish", resource.id, priority=self.priority)
        self.work.addresses.keep({resource.key: summed})
        return Taken("owed", resource.id)

    def _owed(self, one: Description, resource: Resource, current: Revision) -> bool:
        """Whether something would change: what it says, or that it is out. A batch that only drafts changes no
        published one."""
        if resource.published:
            again = bool(changed(current.values, corrected(current.values, self._said(one, resource))))
            return again and self.publish and self._draft(resource) is None
        return self.publish or bool(changed(current.values, corrected(current.values, one.values)))

    @staticmethod
    def _said(one: Description, resource: Resource) -> list[Value]:
        """What options say of all is no correction of one that is out already."""
        return [value for value in one.values if not resource.published or value.origin == "sheet"]
