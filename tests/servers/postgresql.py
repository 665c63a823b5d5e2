"""A real PostgreSQL server for a run of the tests, or by hand: `python -m tests.servers.postgresql FOLDER`.

Debian's binaries, on a socket in a folder of its own; nothing listens on the
network. The server refuses to run as root: there it gets a user namespace.
The user `app` owns the databases and needs no password; `guarded` needs one.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.servers.leash import Leashed

USER, GUARDED, PASSWORD = "app", "guarded", "mật khẩu: đúng"
UP_SECONDS = 30.0
ACCESS = f"""local all {GUARDED} scram-sha-256
local all all trust
"""
SETTINGS = {
    "listen_addresses": "",
    # What the tests prove does not depend on a power cut; the commits of hundreds of them would wait for the disk.
    "fsync": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "max_wal_size": "128MB",
    "autovacuum": "off",
}


def binary(name: str) -> str:
    """The newest version that Debian's packages left here. Raises: FileNotFoundError."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise FileNotFoundError(f"{name}: the Debian package postgresql is missing")
    return str(found[-1])


def unprivileged(command: Sequence[str]) -> list[str]:
    """The command as somebody who is not root, with the same rights on files."""
    return (["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []) + [*command]


class PostgresServer:
    """One cluster in a folder. `stop` and `start` again keep what is in it."""

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        """folder: kept; without one the cluster is thrown away with the server. settings: of postgresql.conf."""
        # A socket's path has room for 107 bytes, so it is no folder of pytest's.
        self.scratch = None if folder else Path(tempfile.mkdtemp(prefix="pg-"))
        self.folder = (folder or self.scratch or Path()).absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.settings = {**SETTINGS, **settings}
        self._leash: Leashed | None = None

    def start(self) -> "PostgresServer":
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self.folder.mkdir(parents=True, exist_ok=True)
            made = [binary("initdb"), "-D", str(self.data), "-A", "trust", "-U", USER, "-E", "UTF8"]
            subprocess.run(
                unprivileged([*made, "--locale=C.UTF-8", "--no-sync"]),
                check=True,
                stdout=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
            )
            (self.data / "pg_hba.conf").write_text(ACCESS)
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self._leash = Leashed(
            unprivileged([binary("postgres"), "-D", str(self.data), "-k", str(self.folder), *options]),
            log=self.log,
            # Without waiting for clients to leave.
            stop=signal.SIGINT,
            scratch=self.scratch,
        )
        self._wait(self._answers)
        if fresh:
            self.run(f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")
        return self

    def stop(self) -> None:
        """In order; what is connected is cut off."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """As a machine that loses its power. The backends notice by themselves, and the next start waits for them."""
        self._signal(signal.SIGKILL)

    def close(self) -> None:
        """The end of the server, and of its folder if that was only lent."""
        if self._leash is not None:
            self._leash.end()
            self._leash = None
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def url(self, name: str, user: str = USER) -> str:
        return f"postgresql+psycopg://{user}@/{name}?host={quote(str(self.folder), safe='')}"

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user=USER, dbname=name, autocommit=True)

    def run(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """One statement outside of any transaction."""
        with self.connect(name) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self, name: str, template: str = "template0") -> str:
        """A database of its own for a test, copied from `template`. Returns: its URL."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(name)

    def named(self, name: str) -> str:
        """The URL of a database that is kept; made where it is missing."""
        names = [row[0] for row in self.run("SELECT datname FROM pg_database")]
        return self.url(name) if name in names else self.create(name)

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _signal(self, number: signal.Signals) -> None:
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, number)
        self._wait(lambda: not Path(f"/proc/{pid}").exists() or self._leash is None or not self._leash.running())
        leash, self._leash = self._leash, None
        if leash is not None:
            # The folder stays: the cluster may start again.
            leash.process.wait(UP_SECONDS)
            leash.end()

    def _answers(self) -> bool:
        if self._leash is None or not self._leash.running():
            raise RuntimeError(self.log.read_text(encoding="utf-8", errors="replace")[-2000:])
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _wait(self, until) -> None:  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + UP_SECONDS
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError(self.log.read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(0.02)


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgresServer]:
    """A server whose folder is kept, so with what a power cut asks for."""
    server = PostgresServer(folder, fsync="on", autovacuum="on")
    try:
        yield server.start()
    finally:
        server.close()


def main(folder: str) -> None:
    """Serve until Ctrl+C, and say where."""
    with postgresql(Path(folder)) as server:
        print(f"HOCLIEU_DATABASE_URL='{server.named('hoclieu')}'", flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    main(sys.argv[1])
