"""Bring a SQLite file to this version's schema, once, whoever else starts at the same moment.

Called by `sqlite.py` only. A lock file beside the database makes processes
take turns; the kernel drops the lock of a process that dies. The copy that is
taken before is a whole database, made by `VACUUM INTO`.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.engine.interfaces import DBAPICursor

from service.errors import LibraryFromTheFuture, Unavailable

if TYPE_CHECKING:
    from service.adapters.database.migrations import History


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold `NAME.lock` beside the database; wait for whoever has it."""
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def upgrade(connection: Connection, path: Path, *, target: str = "", history: "History | None" = None) -> None:
    """Copy what is there, then run what is missing in one transaction.

    connection: of the writing engine, outside a transaction. target: a revision, by default the newest.
    history: by default the library's own.
    Raises: LibraryFromTheFuture: the database has a revision that this version does not know.
    """
    # Imported here: alembic is needed at an upgrade only, and web processes are to stay small.
    from service.adapters.database import migrations

    history = history or migrations.HISTORY
    # SQLite ignores this inside a transaction. Batch migrations replace tables that others refer to;
    # what they leave is checked as a whole below.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            present = migrations.current(connection)
        known = history.revisions()
        target = target or known[-1]
        if present is not None and present not in known:
            raise LibraryFromTheFuture(found=present)
        if present == target:
            return
        if present is not None:
            _copy(cursor, path, present)
        with connection.begin():
            history.upgrade(connection, target)
            if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                raise Unavailable(part="database")
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _copy(cursor: DBAPICursor, path: Path, revision: str) -> None:
    """`NAME.before-REVISION` beside the database: whole or not there."""
    unfinished = path.with_name(f"{path.name}.copying")
    unfinished.unlink(missing_ok=True)
    try:
        cursor.execute("VACUUM INTO ?", (str(unfinished),))
        with unfinished.open("rb") as copied:
            os.fsync(copied.fileno())
        unfinished.replace(path.with_name(f"{path.name}.before-{revision}"))
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
