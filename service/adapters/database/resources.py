"""Identities: adding, finding by id or key, saving by compare-and-set, retired ids.

What stands inside a resource (revisions, values, files) is read and written
by `revisions.py`; both together are the port's `Resources`. The module is long
because a port's promises are kept in one place.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from service.adapters.database.additions import add_all, add_described
from service.adapters.database.columns import now
from service.adapters.database.identifiers import new_identifier, normalised
from service.adapters.database.organisations import owner_of
from service.adapters.database.revisions import Revisions
from service.adapters.database.tables import (
    ADDRESSES,
    ALIASES,
    FILES,
    RESOURCES,
    REVISIONS,
    VALUES,
)
from service.adapters.database.transaction import chunks
from service.errors import Conflict, Invalid, NotFound
from service.model import Access, Content, Described, Resource, ResourceId, ResourceKey, Revision, Value

# Built once: every page of results runs them.
_MEANT = RESOURCES.c.key.in_(bindparam("keys", expanding=True))
_ALL_MEANT = select(RESOURCES).where(_MEANT)
_PUBLISHED = select(RESOURCES).where(_MEANT, RESOURCES.c.published.is_not(None))
_PUBLISHED_REVISIONS = (
    select(REVISIONS)
    .join(RESOURCES, RESOURCES.c.key == REVISIONS.c.resource)
    .where(_MEANT, RESOURCES.c.published == REVISIONS.c.number)
)
_TOLD = (
    select(RESOURCES, VALUES.c.field, VALUES.c.value, VALUES.c.language, VALUES.c.origin.label("said"), VALUES.c.place)
    .join(REVISIONS, (REVISIONS.c.resource == RESOURCES.c.key) & (REVISIONS.c.number == RESOURCES.c.published))
    .join(VALUES, VALUES.c.revision == REVISIONS.c.key)
    # Said so that no index knows it: asked for fields by their name, SQLite walks everything that the library has of
    # these. Rows of other fields never leave it.
    .where(_MEANT, VALUES.c.field.concat("").in_(bindparam("fields", expanding=True)))
    .order_by(RESOURCES.c.key, VALUES.c.position)
)

_FILED = select(FILES.c.sha256).where(FILES.c.sha256.in_(bindparam("hashes", expanding=True))).limit(1)
_HELD = (
    select(FILES.c.sha256)
    .join(REVISIONS, REVISIONS.c.key == FILES.c.revision)
    .join(RESOURCES, RESOURCES.c.key == REVISIONS.c.resource)
    .where(
        FILES.c.sha256.in_(bindparam("hashes", expanding=True)),
        FILES.c.role == "main",
        RESOURCES.c.visibility != "withdrawn",
    )
)
# And every file that goes in runs these.
_BY_ID = select(RESOURCES).where(
    RESOURCES.c.key
    == func.coalesce(
        select(ALIASES.c.resource).where(ALIASES.c.retired == bindparam("meant")).scalar_subquery(),
        select(RESOURCES.c.key).where(RESOURCES.c.id == bindparam("meant")).scalar_subquery(),
    )
)
_BY_IDS = select(RESOURCES).where(RESOURCES.c.id.in_(bindparam("ids", expanding=True))).order_by(RESOURCES.c.key)
_BY_KEY = select(RESOURCES).where(RESOURCES.c.key == bindparam("meant"))
_SAVE = (
    update(RESOURCES)
    .where(RESOURCES.c.key == bindparam("meant"), RESOURCES.c.row_version == bindparam("held"))
    .returning(RESOURCES)
)


def resource_of(row: Row[Any]) -> Resource:
    return Resource(
        key=ResourceKey(row.key),
        id=ResourceId(row.id),
        owner=row.owner,
        origin=row.origin,
        visibility=row.visibility,
        access=row.access,
        embargo_until=row.embargo_until,
        published=row.published,
        created_at=row.created_at,
        modified_at=row.modified_at,
        withdrawn_reason=row.withdrawn_reason,
        row_version=row.row_version,
    )


class Resources(Revisions):
    """The port `service.ports.Resources`."""

    def add(self, *, owner: str, access: Access = "public", origin: str = "local") -> Resource:
        """A new live resource without a revision. Raises: NotFound: no such organisation."""
        owner = owner_of(self.transaction, owner)
        moment = now()
        while True:
            identifier = new_identifier()
            if self.transaction.one(select(ALIASES.c.retired).where(ALIASES.c.retired == identifier)) is not None:
                continue
            row = self.transaction.one(
                self.transaction.insert(RESOURCES)
                .values(
                    id=identifier,
                    owner=owner,
                    origin=origin,
                    visibility="live",
                    access=access,
                    created_at=moment,
                    modified_at=moment,
                    withdrawn_reason="",
                    row_version=1,
                )
                .on_conflict_do_nothing(index_elements=["id"])
                .returning(RESOURCES)
            )
            if row is not None:
                return resource_of(row)

    def owned(self, owner: str, limit: int) -> Sequence[Resource]:
        """The first ones by key, held until the commit."""
        found = select(RESOURCES).where(RESOURCES.c.owner == owner).order_by(RESOURCES.c.key).limit(limit)
        return [resource_of(row) for row in self.transaction.all(self.transaction.held(found))]

    def add_all(
        self, contents: Sequence[Content], *, owner: str, access: Access = "public", origin: str = "local"
    ) -> Sequence[Resource]:
        return add_all(self.transaction, contents, owner=owner, access=access, origin=origin) if contents else []

    def add_described(
        self, described: Sequence[Described], *, owner: str, origin: str = "local"
    ) -> Sequence[tuple[ResourceKey, ResourceId]]:
        owner = owner_of(self.transaction, owner)
        return add_described(self.transaction, described, owner=owner, origin=origin) if described else []

    def get(self, resource_id: str) -> Resource | None:
        """By public id as people type it; a retired id leads to the resource that took its place."""
        identifier = normalised(resource_id)
        if identifier is None:
            return None
        row = self.transaction.one(self.transaction.held(_BY_ID), {"meant": identifier})
        return None if row is None else resource_of(row)

    def some(self, resource_ids: Collection[str]) -> Mapping[str, Resource]:
        found, held = dict[str, Resource](), self.transaction.held(_BY_IDS)
        for chunk in chunks(resource_ids):
            found.update((row.id, resource_of(row)) for row in self.transaction.all(held, {"ids": chunk}))
        for one in set(resource_ids) - set(found):
            if (known := self.get(one)) is not None:
                found[one] = known
        return found

    def by_key(self, key: ResourceKey) -> Resource | None:
        row = self.transaction.one(self.transaction.held(_BY_KEY), {"meant": key})
        return None if row is None else resource_of(row)

    def by_keys(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, Resource]:
        rows = (row for chunk in chunks(keys) for row in self.transaction.all(_ALL_MEANT, {"keys": chunk}))
        return {ResourceKey(row.key): resource_of(row) for row in rows}

    def published(self, keys: Collection[ResourceKey]) -> Mapping[ResourceKey, tuple[Resource, Revision]]:
        """Four queries for up to 10,000 keys: resources with revisions, values, files."""
        found: dict[ResourceKey, tuple[Resource, Revision]] = {}
        for chunk in chunks(keys):
            resources = {row.key: resource_of(row) for row in self.transaction.all(_PUBLISHED, {"keys": chunk})}
            rows = self.transaction.all(_PUBLISHED_REVISIONS, {"keys": chunk})
            for revision in self.whole(rows):
                found[revision.resource] = (resources[revision.resource], revision)
        return found

    def told(
        self, keys: Collection[ResourceKey], fields: Collection[str]
    ) -> Mapping[ResourceKey, tuple[Resource, Sequence[Value]]]:
        """Those without a value of these fields are left out."""
        found: dict[ResourceKey, tuple[Resource, list[Value]]] = {}
        meant = {"keys": list(keys), "fields": list(fields)}
        for row in self.transaction.all(_TOLD, meant) if keys else ():
            if row.key not in found:
                found[ResourceKey(row.key)] = (resource_of(row), [])
            value = Value(row.field, row.value, row.said, language=row.language, where=row.place)
            found[ResourceKey(row.key)][1].append(value)
        return found

    def save(self, resource: Resource) -> Resource:
        row = self.transaction.one(
            _SAVE,
            {
                "meant": resource.key,
                "held": resource.row_version,
                "owner": resource.owner,
                "origin": resource.origin,
                "visibility": resource.visibility,
                "access": resource.access,
                "embargo_until": resource.embargo_until,
                "published": resource.published,
                "modified_at": resource.modified_at,
                "withdrawn_reason": resource.withdrawn_reason,
                "row_version": resource.row_version + 1,
            },
        )
        if row is None:
            raise Conflict(resource=resource.id)
        return resource_of(row)

    def after(self, key: int, limit: int) -> Sequence[Resource]:
        rows = self.transaction.all(
            select(RESOURCES).where(RESOURCES.c.key > key).order_by(RESOURCES.c.key).limit(limit)
        )
        return [resource_of(row) for row in rows]

    def add_alias(self, retired: str, key: ResourceKey) -> None:
        """Let a retired id lead to `key`, together with every id that led to it before. Idempotent.

        The retired id may be free or another resource's own (two records of one thing become one).
        Raises: Invalid: not an id. NotFound: no such resource. Conflict: it is the resource's own id,
        or leads somewhere else already.
        """
        identifier = normalised(retired)
        if identifier is None:
            raise Invalid(field="id", value=retired)
        # Whether an id is free, and where its chain ends, is said by several rows together.
        self.transaction.alone("aliases")
        target = self.by_key(key)
        if target is None:
            raise NotFound(key=key)
        leads_to = self.transaction.scalar(select(ALIASES.c.resource).where(ALIASES.c.retired == identifier))
        own = self.transaction.scalar(select(ALIASES.c.resource).where(ALIASES.c.retired == target.id))
        if target.id == identifier or own is not None or leads_to not in (None, key):
            raise Conflict(resource=identifier)
        replaced = self.transaction.scalar(select(RESOURCES.c.key).where(RESOURCES.c.id == identifier))
        if replaced is not None:
            # Chains are flattened when they arise, so that a look-up is one step for ever.
            self.transaction.run(update(ALIASES).where(ALIASES.c.resource == replaced).values(resource=key))
        self.transaction.run(
            self.transaction.insert(ALIASES)
            .values(retired=identifier, resource=key)
            .on_conflict_do_nothing(index_elements=["retired"])
        )

    def sharing(self, hashes: Collection[str]) -> Sequence[Resource]:
        found: dict[ResourceKey, Resource] = {}
        for chunk in chunks(hashes):
            holders = (
                select(REVISIONS.c.resource)
                .join(FILES, FILES.c.revision == REVISIONS.c.key)
                .where(FILES.c.sha256.in_(chunk))
            )
            for row in self.transaction.all(select(RESOURCES).where(RESOURCES.c.key.in_(holders))):
                found[row.key] = resource_of(row)
        return [found[key] for key in sorted(found)]

    def strip(self, key: ResourceKey, kept: Collection[str]) -> None:
        mine = select(REVISIONS.c.key).where(REVISIONS.c.resource == key)
        self.transaction.run(delete(VALUES).where(VALUES.c.revision.in_(mine), VALUES.c.field.not_in(list(kept))))
        self.transaction.run(update(FILES).where(FILES.c.revision.in_(mine)).values(name=""))
        self.transaction.run(delete(ADDRESSES).where(ADDRESSES.c.resource == key))

    def held(self, hashes: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        for chunk in chunks(hashes):
            # What is new has no files, and a planner that knows little of a young library would walk all of it.
            if self.transaction.one(_FILED, {"hashes": chunk}) is not None:
                found.update(row.sha256 for row in self.transaction.all(_HELD, {"hashes": chunk}))
        return frozenset(found)

    def carrying(self, field: str, values: Collection[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for chunk in chunks(values):
            rows = self.transaction.all(
                select(VALUES.c.value, func.count(REVISIONS.c.resource.distinct()).label("number"))
                .join(REVISIONS, REVISIONS.c.key == VALUES.c.revision)
                .where(VALUES.c.field == field, VALUES.c.value.in_(chunk), REVISIONS.c.state != "superseded")
                .group_by(VALUES.c.value)
            )
            found.update({row.value: row.number for row in rows})
        return found

    def placed(self) -> Sequence[tuple[ResourceKey, str]]:
        rows = self.transaction.all(
            select(REVISIONS.c.resource, VALUES.c.value)
            .join(REVISIONS, REVISIONS.c.key == VALUES.c.revision)
            .where(VALUES.c.field == "placement", REVISIONS.c.state != "superseded")
            .distinct()
        )
        return [(ResourceKey(row.resource), row.value) for row in rows]

    def holding(self, sha256: str) -> Sequence[Resource]:
        holders = (
            select(REVISIONS.c.resource)
            .join(FILES, FILES.c.revision == REVISIONS.c.key)
            .where(FILES.c.sha256 == sha256, FILES.c.role == "main")
        )
        rows = self.transaction.all(
            self.transaction.held(
                select(RESOURCES)
                .where(RESOURCES.c.key.in_(holders), RESOURCES.c.visibility != "withdrawn")
                .order_by(RESOURCES.c.key)
            )
        )
        return [resource_of(row) for row in rows]
