"""What PostgreSQL's errors mean: while the library runs, and at its start, when somebody can still set it right.

Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html. A
connection that is refused has no code, only the server's words; a server that
speaks another language than English is then just one that cannot be reached,
and its own words say the rest.
"""

import psycopg

from service.errors import (
    Conflict,
    DatabaseAway,
    DatabaseCrowded,
    DatabaseForbidden,
    DatabaseFull,
    DatabasePassword,
    DatabaseReadOnly,
    DatabaseSlow,
    DatabaseUnknown,
    Invalid,
    LibraryError,
    SettingsError,
    StorageFull,
    Unavailable,
)

PART = "database"
URL, PASSWORD = "HOCLIEU_DATABASE_URL", "HOCLIEU_DATABASE_PASSWORD"
STATEMENT_LIMIT, LOCK_LIMIT = "HOCLIEU_DATABASE_STATEMENT_SECONDS", "HOCLIEU_DATABASE_LOCK_SECONDS"

SERIALISATION, DEADLOCK = "40001", "40P01"
UNIQUE, REFERENCE = "23505", "23503"
READ_ONLY = "25006"
DISK_FULL = "53100"
LOCK_TIMEOUT, CANCELLED = "55P03", "57014"
FORBIDDEN = "42501"
COLLISIONS = (SERIALISATION, DEADLOCK, UNIQUE, REFERENCE)
"""What another transaction's commit brought about: the same act, run again, sees that commit."""
LOST = ("57P01", "57P02", "57P03", "08000", "08003", "08006")

# In the order of asking: the words of a connection that was refused, and what is wrong.
REFUSALS: tuple[tuple[str, type[SettingsError]], ...] = (
    ("no password supplied", DatabasePassword),
    ("authentication failed", DatabasePassword),
    ("too many clients", DatabaseCrowded),
    ("connection slots are reserved", DatabaseCrowded),
    ("too many connections", DatabaseCrowded),
    ("permission denied", DatabaseForbidden),
    ("not permitted to log in", DatabaseForbidden),
    ("no pg_hba.conf entry", DatabaseForbidden),
)


def meaning(error: psycopg.Error, *, reading: bool) -> Exception:
    """While the library runs. reading: it happened inside `reading()`."""
    code = error.sqlstate or ""
    if isinstance(error, psycopg.IntegrityError):
        return Conflict()
    if code == READ_ONLY and reading:
        return RuntimeError("writing inside reading(): use writing()")
    if code == DISK_FULL:
        return StorageFull(part=PART)
    if isinstance(error, psycopg.DataError):
        # The one text that PostgreSQL cannot hold: a NUL character.
        return Invalid(field="text", value=words(error))
    return Unavailable(part=PART)


def collided(error: LibraryError) -> bool:
    """Whether the act may succeed when it is run again as a whole."""
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.sqlstate in COLLISIONS


def lost(error: LibraryError) -> bool:
    """Whether the connection broke, so that another one may do."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.OperationalError):
        return False
    return cause.sqlstate is None or cause.sqlstate in LOST


def at_start(error: psycopg.Error, *, place: str, user: str, database: str) -> LibraryError:
    """The setting that is wrong, and what to do. place: where the server is looked for."""
    code, said = error.sqlstate or "", words(error)
    if code == CANCELLED:
        return DatabaseSlow(name=STATEMENT_LIMIT)
    if code == LOCK_TIMEOUT:
        return DatabaseSlow(name=LOCK_LIMIT)
    if code == FORBIDDEN:
        return DatabaseForbidden(name=URL, user=user, database=database, reason=said)
    if code == DISK_FULL:
        return DatabaseFull(name=URL, place=place)
    if code == READ_ONLY:
        return DatabaseReadOnly(name=URL, place=place)
    if code and code not in LOST:
        return Unavailable(part=PART)
    if f'database "{database}" does not exist' in said:
        return DatabaseUnknown(name=URL, database=database, place=place)
    if f'role "{user}" does not exist' in said:
        return DatabasePassword(name=URL, user=user, secret=PASSWORD)
    kind = next((kind for sign, kind in REFUSALS if sign in said), DatabaseAway)
    return kind(name=URL, place=place, user=user, database=database, secret=PASSWORD, reason=said)


def words(error: psycopg.Error) -> str:
    """The server's own first line, without libpq's preface."""
    line = next(iter(str(error).splitlines()), "")
    return line.rpartition("failed: ")[2].removeprefix("FATAL:").strip()
