"""Where a PostgreSQL server is and how to talk to it: out of the URL, the password and the limits."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from service.errors import SettingsError

Answer = TypeVar("Answer")

# The server's own limit comes first; what is left is for its word of it to arrive.
GRACE_SECONDS = 5.0
SCHEME = "postgresql+psycopg"
SHAPE = "postgresql+psycopg://user@host:port/name"
OPTIONS = ("host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding")
"""What may follow the `?`: libpq's words for where and how. `host` may be the folder of a socket."""


@dataclass(frozen=True, slots=True)
class Limits:
    """pool: connections at most. Seconds: for a connection, for a statement, for a lock."""

    pool: int = 10
    connect_seconds: int = 5
    statement_seconds: float = 30.0
    lock_seconds: float = 10.0


class Bounded(psycopg.Connection[Any]):
    """A connection that does not wait for ever for a server that says nothing.

    The server's own limits end what takes long; of a server that hangs, or a machine that is cut off in the middle of
    an answer, only this side notices. libpq has no limit for it.
    """

    patience_seconds: float | None = None
    """Of one exchange; None: none, for what has no limit on the server either."""

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Raises: psycopg.OperationalError: and the connection is closed, since an answer may still be on its way."""
        limit = timeout if timeout is not None else self.patience_seconds
        began = time.monotonic()
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError:
            if timeout is None and limit is not None and time.monotonic() - began >= limit:
                self.pgconn.finish()
            raise


@dataclass(frozen=True, slots=True)
class Place:
    """parameters: libpq's, without the password. limits: as they were set."""

    parameters: Mapping[str, Any]
    limits: Limits
    password: SecretStr

    @property
    def user(self) -> str:
        return str(self.parameters["user"])

    @property
    def database(self) -> str:
        return str(self.parameters["dbname"])

    @property
    def said(self) -> str:
        """The server, for people."""
        host, port = str(self.parameters.get("host", "")), self.parameters.get("port", 5432)
        return host if host.startswith("/") else f"{host or 'localhost'}:{port}"

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """A fresh connection. Raises: psycopg.Error."""
        secret = self.password.get_secret_value()
        parameters: dict[str, Any] = {**self.parameters, **({"password": secret} if secret else {})}
        connection = Bounded.connect(**parameters, autocommit=autocommit)
        connection.patience_seconds = self.limits.statement_seconds + GRACE_SECONDS
        return connection


def place(url: str, password: SecretStr, limits: Limits) -> Place:
    """Raises: SettingsError: not the shape, or an option that is none of ours."""
    wrong = SettingsError(name="HOCLIEU_DATABASE_URL", value=url, allowed=SHAPE)
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise wrong from error
    if parsed.drivername != SCHEME or not parsed.username or not parsed.database:
        raise wrong
    unknown = sorted(set(parsed.query) - set(OPTIONS))
    if unknown or not all(isinstance(value, str) for value in parsed.query.values()):
        raise SettingsError(name="HOCLIEU_DATABASE_URL", value=url, allowed=f"{SHAPE}?{'=…&'.join(OPTIONS)}=…")
    parameters: dict[str, Any] = {"user": parsed.username, "dbname": parsed.database}
    if parsed.host:
        parameters["host"] = parsed.host
    if parsed.port:
        parameters["port"] = parsed.port
    session = {
        "statement_timeout": _milliseconds(limits.statement_seconds),
        "lock_timeout": _milliseconds(limits.lock_seconds),
        "timezone": "UTC",
        # Compiling a query of a few milliseconds takes longer than running it.
        "jit": "off",
    }
    return Place(
        {
            **parameters,
            **parsed.query,
            "connect_timeout": limits.connect_seconds,
            "application_name": "hoclieu",
            "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
            # A server that vanished without a word (power, cable) is noticed after some ten seconds.
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000 + _milliseconds(limits.statement_seconds),
        },
        limits,
        password,
    )


def _milliseconds(seconds: float) -> int:
    # Nought would mean no limit.
    return max(1, round(seconds * 1000))
