"""The catalogue on SQLite: one file, many processes, one of them writing at a time.

`writing()` is BEGIN IMMEDIATE, because a transaction that reads first and
writes later fails at once for most of two writers' transactions, whatever the
busy timeout. `reading()` runs on connections that cannot write at all. WAL
lets both go on side by side; `synchronous=FULL` makes a commit survive a power
cut. Vendor errors end in `_translate`.
"""

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, ExceptionContext, QueuePool, create_engine, event, text
from sqlalchemy.dialects.sqlite import insert

from service.adapters.database.sqlite_rows import many
from service.adapters.database.sqlite_upgrade import alone, upgrade
from service.adapters.database.tables import HEAD
from service.adapters.database.transaction import Transaction
from service.adapters.database.unit_of_work import UnitOfWork
from service.errors import Conflict, SettingsError, StorageFull, Unavailable

T = TypeVar("T")

PART = "database"
BUSY_SECONDS = 30.0
# A writer asks again this often. SQLite's own wait grows to 100 ms between two looks and misses the 5 ms
# that a batch leaves between its commits: the other writer then waited 3.9 s at most.
POLL_SECONDS = 0.001
# What is left of a disk when a write of the shared-memory file has failed for lack of room.
NEARLY_FULL_BYTES = 1 << 20
IO_ERRORS = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)


class SqliteCatalogue:
    """The port `service.ports.Catalogue` on `sqlite:///…`. Safe for threads; do not carry it across a fork.

    busy_seconds: how long a writer waits for another one before it gives up.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = _path(url)
        self.busy_seconds = busy_seconds
        self._writers = self._engine(read_only=False)
        self._readers = self._engine(read_only=True)
        # Threads of one process queue here, woken at once; SQLite's own wait between processes is a poll.
        self._turn = threading.Lock()
        self._watch_lock = threading.Lock()
        self._watcher: sqlite3.Connection | None = None
        self._watched_before = 0

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A consistent view from the first statement on. Raises: RuntimeError: something tried to write in it."""
        with self._readers.connect() as connection, connection.begin():
            yield UnitOfWork(Transaction(connection, insert, many=many))

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        if not self._turn.acquire(timeout=self.busy_seconds):
            raise Unavailable(part=PART)
        try:
            with self._writers.connect() as connection, connection.begin():
                yield UnitOfWork(Transaction(connection, insert, many=many))
        finally:
            self._turn.release()

    def write(self, act: Callable[[UnitOfWork], T]) -> T:
        """Nobody writes beside it, so nothing is met that would call for another try."""
        with self.writing() as work:
            return act(work)

    def migrate(self) -> None:
        """Several processes may come at once: one works, the others wait and find it done.

        Before an upgrade a copy of the database is left beside it, `NAME.before-REVISION`.
        """
        self._create()
        if self._revision() == HEAD:
            return
        try:
            with alone(self.path), self._writers.connect() as connection:
                upgrade(connection, self.path)
        except (OSError, sqlite3.Error) as error:
            raise _meaning(error, self.path) from error
        except Unavailable:
            # A connection that met a full disk on an empty file takes it for no database even when there is room.
            self._readers.dispose()
            self._writers.dispose()
            raise

    def check(self) -> None:
        if self._revision() != HEAD:
            raise Unavailable(part=PART)

    def changes(self) -> int:
        """SQLite's own count of others' commits, seen from a connection that never writes. No I/O on the file."""
        with self._watch_lock:
            try:
                if self._watcher is None:
                    self._watcher = self._connect(read_only=True)
                    # A new connection counts from the beginning: stay above every number given before.
                    self._watched_before += 1 << 32
                number: int = self._watcher.execute("PRAGMA data_version").fetchone()[0]
            except sqlite3.Error as error:
                self._stop_watching()
                raise _meaning(error, self.path) from error
            return self._watched_before + number

    def settled(self) -> bool:
        """Whether nobody writes: datestamps are given by the one who does. The look itself holds nobody up."""
        with self._writers.connect() as connection:
            cursor = connection.connection.cursor()
            try:
                cursor.execute("BEGIN IMMEDIATE")
                cursor.execute("ROLLBACK")
            except sqlite3.Error as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    return False
                raise _meaning(error, self.path) from error
            finally:
                cursor.close()
        return True

    def connections(self) -> tuple[int, int]:
        """The port `service.ports.Pooled`."""
        pools = [engine.pool for engine in (self._readers, self._writers)]
        queues = [pool for pool in pools if isinstance(pool, QueuePool)]
        return sum(pool.checkedout() for pool in queues), sum(pool.checkedin() for pool in queues)

    def close(self) -> None:
        with self._watch_lock:
            self._stop_watching()
        self._readers.dispose()
        self._writers.dispose()

    def _stop_watching(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    def _revision(self) -> str | None:
        """The schema's revision; None where there is none. Raises: Unavailable."""
        with self._readers.connect() as connection, connection.begin():
            known = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
            if connection.execute(known).first() is None:
                return None
            revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return revision

    def _create(self) -> None:
        """The file and its folder, if need be, in WAL mode for ever."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with alone(self.path):
                connection = self._connect(read_only=False, create=True)
                try:
                    connection.execute("PRAGMA journal_mode=WAL")
                finally:
                    connection.close()
        except (OSError, sqlite3.Error) as error:
            raise _meaning(error, self.path) from error

    def _engine(self, *, read_only: bool) -> Engine:
        engine = create_engine(
            "sqlite://",
            creator=lambda: self._connect(read_only=read_only),
            poolclass=QueuePool,
            # Kept open: what a busy web process uses; more are opened when more threads ask, and closed after.
            pool_size=8,
            max_overflow=-1,
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            if read_only:
                connection.exec_driver_sql("BEGIN")
            else:
                self._begin_writing(connection)

        @event.listens_for(engine, "handle_error")
        def _translate(context: ExceptionContext) -> None:
            original = context.original_exception
            # A value that a column type refuses is the caller's mistake and stays what it is.
            raise (_meaning(original, self.path) if isinstance(original, sqlite3.Error) else original) from None

        return engine

    def _begin_writing(self, connection: Connection) -> None:
        cursor = connection.connection.cursor()
        deadline = time.monotonic() + self.busy_seconds
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise _meaning(error, self.path) from error
            else:
                return
            time.sleep(POLL_SECONDS)

    def _connect(self, *, read_only: bool, create: bool = False) -> sqlite3.Connection:
        mode = "rwc" if create else "rw"
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={mode}",
            uri=True,
            timeout=self.busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            # A writer meets nobody once it has begun; until then `_begin_writing` waits in its own way.
            connection.execute("PRAGMA query_only=ON" if read_only else "PRAGMA busy_timeout=0")
        except sqlite3.Error:
            # The first of these opens the file: on a full disk it fails, and an open file would stay behind.
            connection.close()
            raise
        return connection


def _path(url: str) -> Path:
    """The file of `sqlite:///relative` or `sqlite:////absolute`, as it stands: nothing is unquoted, no options.

    Raises: SettingsError.
    """
    scheme, _, name = url.partition(":///")
    if scheme != "sqlite" or not name or name == ":memory:":
        raise SettingsError(name="HOCLIEU_DATABASE_URL", value=url, allowed="sqlite:///…")
    return Path(name).absolute()


def _meaning(error: BaseException, path: Path) -> Exception:
    """What a vendor error means to the library. Source: https://www.sqlite.org/rescode.html"""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, sqlite3.IntegrityError):
        return Conflict()
    if code == sqlite3.SQLITE_READONLY and "readonly" in str(error) and os.access(path, os.W_OK):
        return RuntimeError("writing inside reading(): use writing()")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(part=PART)
    # Without room for the -shm or -journal file SQLite says "I/O error", not "full".
    if code == sqlite3.SQLITE_FULL or (code is not None and code & 0xFF in IO_ERRORS and _nearly_full(path)):
        return StorageFull(part=PART)
    return Unavailable(part=PART)


def _nearly_full(path: Path) -> bool:
    try:
        room = os.statvfs(path.parent)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < NEARLY_FULL_BYTES
