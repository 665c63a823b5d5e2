"""What stands inside a resource: numbered revisions with their values and files.

A published revision never changes again but in its state, because pages,
citations and harvesters point at it for ever.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, delete, func, insert, select, update

from service.adapters.database.additions import check_blobs
from service.adapters.database.columns import now
from service.adapters.database.rows import file_rows, value_rows
from service.adapters.database.tables import (
    FILES,
    RESOURCES,
    REVISIONS,
    VALUES,
)
from service.adapters.database.transaction import Transaction, chunks
from service.errors import Conflict, NotFound
from service.model import FileEntry, ResourceKey, Revision, Value

OPEN = ("draft", "submitted")

# Built once: every page of results runs these, and building costs as much as running.
_MEANT: BindParameter[Any] = bindparam("revisions", expanding=True)
# The revision, then the fields of the model in its own order: a page of results makes hundreds of them.
_VALUES_OF = (
    select(VALUES.c.revision, *(VALUES.c[name] for name in ("field", "value", "origin", "language", "place")))
    .where(VALUES.c.revision.in_(_MEANT))
    .order_by(VALUES.c.revision, VALUES.c.position)
)
_FILES_OF = (
    select(
        FILES.c.revision, *(FILES.c[name] for name in ("number", "sha256", "size_bytes", "media_type", "name", "role"))
    )
    .where(FILES.c.revision.in_(_MEANT))
    .order_by(FILES.c.revision, FILES.c.position)
)
_BY_NUMBER = select(REVISIONS).where(
    REVISIONS.c.resource == bindparam("meant"), REVISIONS.c.number == bindparam("numbered")
)
_OPEN = select(REVISIONS).where(REVISIONS.c.resource == bindparam("meant"), REVISIONS.c.state.in_(OPEN))
_SAVE = (
    update(REVISIONS)
    .where(
        REVISIONS.c.resource == bindparam("meant"),
        REVISIONS.c.number == bindparam("numbered"),
        REVISIONS.c.row_version == bindparam("held"),
    )
    .returning(REVISIONS)
)
_ADD_VALUES = insert(VALUES)
_FORGET_VALUES = delete(VALUES).where(VALUES.c.revision == bindparam("meant"))


class Revisions:
    """The half of `service.ports.Resources` that concerns revisions."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def add_revision(self, key: ResourceKey, *, values: Sequence[Value], files: Sequence[FileEntry]) -> Revision:
        """A new draft with the next number.

        Raises: Conflict: one is already open. Invalid: a file whose bytes were never added as a blob.
        """
        # The resource is the lock of its revisions: two drafts at once would break a constraint and the whole act.
        self.transaction.one(self.transaction.held(select(RESOURCES.c.key).where(RESOURCES.c.key == key)))
        if self.open_revision(key) is not None:
            raise Conflict(resource=key)
        check_blobs(self.transaction, files)
        last = self.transaction.scalar(select(func.max(REVISIONS.c.number)).where(REVISIONS.c.resource == key))
        row = self.transaction.one(
            insert(REVISIONS)
            .values(resource=key, number=(last or 0) + 1, state="draft", created_at=now(), row_version=1)
            .returning(REVISIONS)
        )
        if row is None:
            raise NotFound(key=key)
        self._write_values(row.key, values)
        if files:
            self.transaction.run(insert(FILES), list(file_rows(row.key, files)))
        return _revision(row, values, files)

    def revision(self, key: ResourceKey, number: int) -> Revision | None:
        return self._first(self.transaction.all(_BY_NUMBER, {"meant": key, "numbered": number}))

    def open_revision(self, key: ResourceKey) -> Revision | None:
        return self._first(self.transaction.all(_OPEN, {"meant": key}))

    def revisions(self, key: ResourceKey) -> Sequence[Revision]:
        return self.whole(
            self.transaction.all(select(REVISIONS).where(REVISIONS.c.resource == key).order_by(REVISIONS.c.number))
        )

    def save_revision(self, revision: Revision) -> Revision:
        """By compare-and-set on `row_version`.

        Raises: NotFound: no such revision. Conflict: changed meanwhile; or it is published and something
        other than its state differs, or it would become a draft again; or a file other than in its media
        type; or the resource has another open or published one.
        """
        held = self.revision(revision.resource, revision.number)
        if held is None:
            raise NotFound(key=revision.resource, revision=revision.number)
        self._check(held, revision)
        row = self.transaction.one(
            _SAVE,
            {
                "meant": revision.resource,
                "numbered": revision.number,
                "held": revision.row_version,
                "state": revision.state,
                "published_at": revision.published_at,
                "row_version": revision.row_version + 1,
            },
        )
        if row is None:
            raise Conflict(resource=revision.resource, revision=revision.number)
        if revision.values != held.values:
            self.transaction.run(_FORGET_VALUES, {"meant": row.key})
            self._write_values(row.key, revision.values)
        for before, after in zip(held.files, revision.files, strict=True):
            if before.media_type != after.media_type:
                self.transaction.run(
                    update(FILES)
                    .where(FILES.c.revision == row.key, FILES.c.number == after.number)
                    .values(media_type=after.media_type)
                )
        return _revision(row, revision.values, revision.files)

    def whole(self, rows: Sequence[Row[Any]]) -> list[Revision]:
        """Revisions of their rows, in the same order, with values and files: two queries however many they are."""
        values: dict[int, list[Value]] = {row.key: [] for row in rows}
        files: dict[int, list[FileEntry]] = {row.key: [] for row in rows}
        fields: list[Any]
        for chunk in chunks(values):
            for revision, *fields in self.transaction.all(_VALUES_OF, {"revisions": chunk}):
                values[revision].append(Value(*fields))
            for revision, *fields in self.transaction.all(_FILES_OF, {"revisions": chunk}):
                files[revision].append(FileEntry(*fields))
        return [_revision(row, values[row.key], files[row.key]) for row in rows]

    def _first(self, rows: Sequence[Row[Any]]) -> Revision | None:
        return self.whole(rows[:1])[0] if rows else None

    def _check(self, held: Revision, wanted: Revision) -> None:
        frozen = held.state not in OPEN
        changed = (held.values, held.files, held.published_at) != (wanted.values, wanted.files, wanted.published_at)
        other_files = [_identity(file) for file in held.files] != [_identity(file) for file in wanted.files]
        if other_files or (frozen and (changed or wanted.state in OPEN)):
            raise Conflict(resource=held.resource, revision=held.number)

    def _write_values(self, revision: int, values: Sequence[Value]) -> None:
        if values:
            self.transaction.run(_ADD_VALUES, list(value_rows(revision, values)))


def _revision(row: Row[Any], values: Sequence[Value], files: Sequence[FileEntry]) -> Revision:
    return Revision(
        resource=ResourceKey(row.resource),
        number=row.number,
        state=row.state,
        values=tuple(values),
        files=tuple(files),
        created_at=row.created_at,
        published_at=row.published_at,
        row_version=row.row_version,
    )


def _identity(file: FileEntry) -> tuple[int, str, int, str, str]:
    """Everything of a file but its media type, which a better look may correct in a draft."""
    return file.number, file.sha256, file.size_bytes, file.name, file.role
