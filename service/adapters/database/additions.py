"""Many new resources at once, in a constant number of statements however many they are.

What `Resources.add` and `Revisions.add_revision` write for one, row for row.
A new resource has no revision yet that could be open, so that nothing has to
be locked and looked at between the inserts. Keys come back beside what names
their row (public id, resource), since engines promise no order of them.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import insert, select

from service.adapters.database.columns import now
from service.adapters.database.identifiers import new_identifier
from service.adapters.database.organisations import owner_of
from service.adapters.database.rows import file_rows, value_rows
from service.adapters.database.tables import (
    ALIASES,
    BLOBS,
    FILES,
    RESOURCES,
    REVISIONS,
    VALUES,
)
from service.adapters.database.transaction import Transaction, chunks
from service.errors import Invalid
from service.model import Access, Content, FileEntry, Resource, ResourceId, ResourceKey


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
    # An id that a resource has already is not inserted, and another is drawn for it.
    drawn = transaction.insert(RESOURCES).on_conflict_do_nothing(index_elements=["id"])
    keys: dict[str, int] = {}
    while len(keys) < len(contents):
        tried = _unretired(transaction, len(contents) - len(keys))
        added = transaction.insert_all(
            drawn.returning(RESOURCES.c.id, RESOURCES.c.key), [{**row, "id": one} for one in tried]
        )
        keys |= {one.id: one.key for one in added}
    identifiers = sorted(keys, key=lambda one: keys[one])
    draft = {"number": 1, "state": "draft", "created_at": moment, "row_version": 1}
    drafts = transaction.insert_all(
        insert(REVISIONS).returning(REVISIONS.c.resource, REVISIONS.c.key),
        [{**draft, "resource": keys[one]} for one in identifiers],
    )
    revisions = {one.resource: one.key for one in drafts}
    pairs = [(revisions[keys[one]], content) for one, content in zip(identifiers, contents, strict=True)]
    transaction.insert_all(insert(VALUES), [row for key, content in pairs for row in value_rows(key, content.values)])
    transaction.insert_all(insert(FILES), [row for key, content in pairs for row in file_rows(key, content.files)])
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


def check_blobs(transaction: Transaction, files: Collection[FileEntry]) -> None:
    """Raises: Invalid: a file whose bytes were never added as a blob."""
    wanted = {file.sha256 for file in files}
    known: set[str] = set()
    for chunk in chunks(wanted):
        known.update(row.sha256 for row in transaction.all(select(BLOBS.c.sha256).where(BLOBS.c.sha256.in_(chunk))))
    if wanted - known:
        raise Invalid(field="files", value=min(wanted - known))


def _unretired(transaction: Transaction, count: int) -> set[str]:
    """Fresh ids that do not lead anywhere yet."""
    drawn = {new_identifier() for _ in range(count)}
    for chunk in chunks(drawn):
        rows = transaction.all(select(ALIASES.c.retired).where(ALIASES.c.retired.in_(chunk)))
        drawn.difference_update(row.retired for row in rows)
    return drawn
