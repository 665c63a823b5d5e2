"""Many new resources at once, in a constant number of statements however many they are.

What `Resources.add` and `Revisions.add_revision` write for one, row for row.
A new resource has no revision yet that could be open, so that nothing has to
be locked and looked at between the inserts. Keys come back beside what names
their row (public id, resource), since engines promise no order of them.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert, select

from service.adapters.database.columns import now
from service.adapters.database.identifiers import new_identifier
from service.adapters.database.organisations import owner_of
from service.adapters.database.rows import file_rows, term_rows, value_rows
from service.adapters.database.tables import (
    ALIASES,
    BLOBS,
    FILES,
    RESOURCES,
    REVISIONS,
    TERMS,
    VALUES,
)
from service.adapters.database.transaction import Transaction, chunks
from service.errors import Invalid
from service.model import Access, Content, Described, FileEntry, Resource, ResourceId, ResourceKey

# Built once, and read once by the engine's module that runs them with many rows.
_ADD_REVISIONS: Insert = insert(REVISIONS).returning(REVISIONS.c.resource, REVISIONS.c.key)
ADD_VALUES = insert(VALUES)
ADD_TERMS = insert(TERMS)
_ADD_FILES = insert(FILES)


def add_all(
    transaction: Transaction, contents: Sequence[Content], *, owner: str, access: Access, origin: str
) -> Sequence[Resource]:
    """In the order of `contents`. Raises: NotFound: no such organisation. Invalid: a file without a blob."""
    owner = owner_of(transaction, owner)
    check_blobs(transaction, [file for content in contents for file in content.files])
    moment = now()
    row = {
        "owner": owner,
        "origin": origin,
        "visibility": "live",
        "access": access,
        "created_at": moment,
        "modified_at": moment,
        "withdrawn_reason": "",
        "row_version": 1,
    }
    identified = sorted(fresh(transaction, [row] * len(contents)))
    keys = {id: key for key, id in identified}
    identifiers = [id for _, id in identified]
    draft = {"number": 1, "state": "draft", "created_at": moment, "row_version": 1}
    drafts = transaction.insert_all(_ADD_REVISIONS, [{**draft, "resource": keys[one]} for one in identifiers])
    revisions = {one.resource: one.key for one in drafts}
    pairs = [(revisions[keys[one]], content) for one, content in zip(identifiers, contents, strict=True)]
    transaction.insert_all(ADD_VALUES, [row for key, content in pairs for row in value_rows(key, content.values)])
    transaction.insert_all(_ADD_FILES, [row for key, content in pairs for row in file_rows(key, content.files)])
    return [
        Resource(
            key=ResourceKey(keys[one]),
            id=ResourceId(one),
            owner=owner,
            origin=origin,
            visibility="live",
            access=access,
            embargo_until=None,
            published=None,
            created_at=moment,
            modified_at=moment,
            withdrawn_reason="",
            row_version=1,
        )
        for one in identifiers
    ]


def add_described(
    transaction: Transaction, described: Sequence[Described], *, owner: str, origin: str
) -> Sequence[tuple[ResourceKey, ResourceId]]:
    """Resources without files, each with its one revision, published or open: a page of them is a few inserts.

    owner: an organisation that there is. Returns: in the order of `described`.
    """
    moment = now()
    row = {
        "owner": owner,
        "origin": origin,
        "visibility": "live",
        "created_at": moment,
        "modified_at": moment,
        "withdrawn_reason": "",
        "row_version": 1,
    }
    keys = fresh(
        transaction, [{**row, "access": one.access, "published": 1 if one.published else None} for one in described]
    )
    born = {
        True: {"number": 1, "state": "published", "created_at": moment, "published_at": moment, "row_version": 1},
        False: {"number": 1, "state": "draft", "created_at": moment, "published_at": None, "row_version": 1},
    }
    added = transaction.insert_all(
        _ADD_REVISIONS,
        [{**born[one.published], "resource": key} for (key, _), one in zip(keys, described, strict=True)],
    )
    revisions = {one.resource: one.key for one in added}
    pairs = [(key, one) for (key, _), one in zip(keys, described, strict=True)]
    transaction.insert_all(ADD_VALUES, [row for key, one in pairs for row in value_rows(revisions[key], one.values)])
    transaction.insert_all(ADD_TERMS, [row for key, one in pairs if one.published for row in term_rows(key, one.terms)])
    return [(ResourceKey(key), ResourceId(id)) for key, id in keys]


def fresh(transaction: Transaction, rows: Sequence[dict[str, Any]]) -> list[tuple[int, str]]:
    """New resources with ids of their own. Returns: (key, id) in the order of `rows`.

    rows: all their columns but key and id.
    """
    drawn = _drawing(transaction.insert)
    made: list[tuple[int, str] | None] = [None] * len(rows)
    open = list(range(len(rows)))
    while open:
        named = dict(zip(_drawn(transaction, len(open)), open, strict=True))
        added = transaction.insert_all(drawn, [{**rows[place], "id": one} for one, place in named.items()])
        for one in added:
            made[named[one.id]] = (one.key, one.id)
        open = [place for place in open if made[place] is None]
    return [one for one in made if one is not None]


@cache
def _drawing(insert: Callable[[Table], Any]) -> Any:
    """An id that a resource has already is not inserted, and another is drawn for it."""
    drawn = insert(RESOURCES).on_conflict_do_nothing(index_elements=["id"])
    return drawn.returning(RESOURCES.c.id, RESOURCES.c.key)


def check_blobs(transaction: Transaction, files: Collection[FileEntry]) -> None:
    """Raises: Invalid: a file whose bytes were never added as a blob."""
    wanted = {file.sha256 for file in files}
    known: set[str] = set()
    for chunk in chunks(wanted):
        known.update(row.sha256 for row in transaction.all(select(BLOBS.c.sha256).where(BLOBS.c.sha256.in_(chunk))))
    if wanted - known:
        raise Invalid(field="files", value=min(wanted - known))


def _drawn(transaction: Transaction, count: int) -> list[str]:
    """So many different ids that do not lead anywhere yet."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {new_identifier() for _ in range(count - len(found))} - found
        for chunk in chunks(drawn):
            rows = transaction.all(select(ALIASES.c.retired).where(ALIASES.c.retired.in_(chunk)))
            drawn.difference_update(row.retired for row in rows)
        found |= drawn
    return sorted(found)
