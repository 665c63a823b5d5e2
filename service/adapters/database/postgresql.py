"""The catalogue on PostgreSQL: any number of processes that read and write side by side.

`writing()` is READ COMMITTED: what is read for a change is locked where it is
read (`Transaction.held`, `Transaction.alone`), so that use cases may lean on
it as they do on SQLite's single writer; the rest is constraints. `write()`
runs an act again that met another's commit. `reading()` is REPEATABLE READ and
READ ONLY: one moment. Vendor errors end in `postgresql_errors.py`.
Why: `docs/decisions/0011-…`.
"""

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from pydantic import SecretStr
from sqlalchemy import (
    Connection,
    Engine,
    ExceptionContext,
    QueuePool,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import TimeoutError as NoneFree

from service.adapters.database.oai import STAMPING
from service.adapters.database.postgresql_arrays import alone, is_free, many
from service.adapters.database.postgresql_errors import PART, URL, at_start, collided, lost, meaning
from service.adapters.database.postgresql_listening import CHANNEL, Listener
from service.adapters.database.postgresql_place import Limits, place
from service.adapters.database.postgresql_upgrade import upgrade
from service.adapters.database.tables import HEAD
from service.adapters.database.transaction import Transaction
from service.adapters.database.unit_of_work import UnitOfWork
from service.errors import Conflict, SettingsError, Unavailable

T = TypeVar("T")

TRIES = 8
"""How often an act is run that others' commits keep from its own."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.005, 0.5

_READING = "hoclieu_reading"
_NOTIFY = text("SELECT pg_notify(:channel, :name)")


class PostgresCatalogue:
    """The port `service.ports.Catalogue` on PostgreSQL. Safe for threads; do not carry it across a fork."""

    def __init__(self, url: str, *, password: SecretStr = SecretStr(""), limits: Limits = Limits()) -> None:  # noqa: B008
        """Raises: SettingsError: the URL has not the shape. Nothing is connected yet."""
        self.place = place(url, password, limits)
        self._writers = self._engine()
        # Another isolation over the same pool.
        self._readers = self._writers.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True, **{_READING: True}
        )
        self._listener = Listener(lambda: self.place.connect(autocommit=True))

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A consistent view from the first statement on. Raises: RuntimeError: something tried to write in it."""
        with self._connected(self._readers) as connection, connection.begin():
            yield UnitOfWork(Transaction(connection, insert))

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """Raises: Unavailable, Conflict: it met others' commits; nothing of the block is left."""
        with self._connected(self._writers) as connection:
            transaction = Transaction(connection, insert, alone, many, _count_on, writes=True)
            with connection.begin():
                yield UnitOfWork(transaction)
                if transaction.freed:
                    connection.execute(_NOTIFY, {"channel": CHANNEL, "name": self._listener.name})
        if transaction.freed:
            self._listener.bump()

    def write(self, act: Callable[[UnitOfWork], T]) -> T:
        """A deadlock, a serialisation failure or a broken constraint are tried again, up to TRIES times in all;
        a connection that broke before the commit was asked for, once."""
        pause = FIRST_PAUSE_SECONDS
        for left in range(TRIES - 1, -1, -1):
            acted = False
            try:
                with self.writing() as work:
                    result = act(work)
                    acted = True
                return result
            except (Conflict, Unavailable) as error:
                again = collided(error) or (lost(error) and not acted and left == TRIES - 1)
                if not (left and again):
                    raise
            # Two that met once should not meet again at the same moment.
            time.sleep(random.uniform(0, pause))  # noqa: S311 - no secret
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        raise Unavailable(part=PART)

    def migrate(self) -> None:
        """Several processes may come at once, from several machines: one works, the others wait and find it done.

        Raises: SettingsError: which setting keeps the library from its database; LibraryFromTheFuture.
        """
        try:
            if self._revision() == HEAD:
                return
            with self._connected(self._writers) as connection:
                encoding = connection.execute(text("SHOW server_encoding")).scalar()
                connection.rollback()
                if encoding != "UTF8":
                    raise SettingsError(name=URL, value=self.place.database, allowed="ENCODING 'UTF8'")
                upgrade(connection)
        except Unavailable as error:
            cause = error.__cause__
            if isinstance(cause, psycopg.Error):
                where = {"place": self.place.said, "user": self.place.user, "database": self.place.database}
                raise at_start(cause, **where) from cause
            raise

    def check(self) -> None:
        if self._revision() != HEAD:
            raise Unavailable(part=PART)

    def changes(self) -> int:
        """Others' commits are told by the server; a look here costs no I/O."""
        try:
            return self._listener.number()
        except psycopg.Error as error:
            raise meaning(error, reading=True) from error

    def settled(self) -> bool:
        """Whether nobody holds the lock under which datestamps are given."""
        with self._connected(self._readers) as connection, connection.begin():
            return is_free(connection, STAMPING)

    def connections(self) -> tuple[int, int]:
        """The port `service.ports.Pooled`; the one that listens is not of the pool."""
        pool = self._writers.pool
        return (pool.checkedout(), pool.checkedin()) if isinstance(pool, QueuePool) else (0, 0)

    def close(self) -> None:
        self._listener.close()
        self._writers.dispose()

    def _revision(self) -> str | None:
        """The schema's revision; None where there is none. Raises: Unavailable."""
        with self._connected(self._readers) as connection, connection.begin():
            if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
                return None
            revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return revision

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Connection]:
        try:
            connection = engine.connect()
        except NoneFree as error:
            raise Unavailable(part=PART) from error
        with contextlib.closing(connection):
            yield connection

    def _engine(self) -> Engine:
        limits = self.place.limits
        engine = create_engine(
            "postgresql+psycopg://",
            creator=self.place.connect,
            poolclass=QueuePool,
            pool_size=limits.pool,
            max_overflow=0,
            pool_timeout=limits.connect_seconds,
            # A server that went away and came back is noticed here, not by a reader.
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            use_native_hstore=False,
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            # The pool resets to READ WRITE after `reading()`, which would overrule a server set to take no writes.
            held = connection.connection.driver_connection
            if held is not None and not connection.get_execution_options().get(_READING, False):
                held.read_only = None

        @event.listens_for(engine, "handle_error")
        def _translate(context: ExceptionContext) -> None:
            original = context.original_exception
            if context.is_pre_ping:
                return
            if not isinstance(original, psycopg.Error):
                # A value that a column type refuses is the caller's mistake and stays what it is.
                raise original from None
            connection = context.connection
            reading = connection is not None and connection.get_execution_options().get(_READING, False)
            raise meaning(original, reading=reading)

        return engine


def _count_on(connection: Connection, table: Table) -> None:
    """A sequence hears nothing of keys that came with their rows."""
    key = table.autoincrement_column
    if key is None:
        return
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, key.name))).scalar()
    highest = connection.execute(select(func.max(key))).scalar()
    if sequence and highest:
        connection.execute(select(func.setval(sequence, highest)))
