"""Bring a PostgreSQL database to this version's schema, once, whoever else starts at the same moment.

Called by `postgresql.py` only. An advisory lock makes processes take turns,
on whichever machines they run; the server drops it with its transaction. DDL
is transactional: the schema is the old one or the new one. A copy is the
operator's, who knows the disks (`pg_dump`); none is taken here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from service.adapters.database.postgresql_place import Bounded
from service.errors import LibraryFromTheFuture

if TYPE_CHECKING:
    from service.adapters.database.migrations import History

# "hoclieu!" as a number: locks of other programs on the same database differ.
LOCK = int.from_bytes(b"hoclieu!", "big")


@contextmanager
def _without_limit(connection: Connection) -> Iterator[None]:
    """On this side of the connection; on the server's it is lifted inside the transaction."""
    held = connection.connection.driver_connection
    if not isinstance(held, Bounded):
        yield
        return
    limit, held.patience_seconds = held.patience_seconds, None
    try:
        yield
    finally:
        held.patience_seconds = limit


def upgrade(connection: Connection, *, target: str = "", history: "History | None" = None) -> None:
    """Wait for whoever else does it, then run what is missing, in one transaction.

    target: a revision, by default the newest. history: by default the library's own.
    Raises: LibraryFromTheFuture: the database has a revision that this version does not know.
    """
    # Imported here: alembic is needed at an upgrade only, and web processes are to stay small.
    from service.adapters.database import migrations

    history = history or migrations.HISTORY
    with connection.begin(), _without_limit(connection):
        # An upgrade takes as long as it takes, and so does waiting for another one's.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        present = migrations.current(connection)
        known = history.revisions()
        if present is not None and present not in known:
            raise LibraryFromTheFuture(found=present)
        target = target or known[-1]
        if present != target:
            history.upgrade(connection, target)
