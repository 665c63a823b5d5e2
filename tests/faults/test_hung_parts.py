"""A part hangs instead of dying: what needs it is refused, what does not goes on, and it is used again by itself."""

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Served, ingest, make_pdf
from tests.process_tree import tree
from tests.servers.breaking import Faults, Relay
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server

CROWD = 60
"""More than a web process has threads for what anybody asks (40)."""


def ask(address: str, path: str) -> tuple[int, str]:
    """Status and body, or Retry-After of an error."""
    try:
        with urllib.request.urlopen(address + path, timeout=120) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Retry-After", "")


@dataclass
class Crowd:
    """Many who ask for the same at once. statuses: of those who have been answered."""

    address: str
    path: str

    def __enter__(self) -> "Crowd":
        self.statuses: list[int] = []
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(CROWD)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join(120)

    def _ask(self) -> None:
        self.statuses.append(ask(self.address, self.path)[0])


@pytest.fixture
def hung(s3_server: S3Server, bucket: str, tmp_path: Path) -> Iterator[tuple[str, str, Relay]]:
    """A running library whose store can be made to hang: its address, a resource, what stands before the store."""
    make_pdf(tmp_path / "in/one.pdf", ["Một trang có parabol."], title="Một trang")
    with Relay(s3_server.host) as relay, pytest.MonkeyPatch.context() as environment:
        for name, value in s3_server.environment(bucket).items():
            environment.setenv(name, value)
        environment.setenv("HOCLIEU_OBJECTS_URL", s3_server.url(bucket, relay.host))
        ids = ingest(tmp_path / "home", tmp_path / "in", "--publish", "--licence", "CC0-1.0")
        with Served(tmp_path / "home", "--no-worker") as address:
            assert ask(address, "/search?q=parabol")[0] == 200
            yield address, ids["one.pdf"], relay


def test_a_store_that_hangs_under_a_crowd_keeps_no_search_waiting_and_is_used_again(
    hung: tuple[str, str, Relay],
) -> None:
    address, resource, relay = hung
    file = f"/resources/{resource}/files/1"
    relay.faults = Faults(silent=True)
    relay.hang_up()
    with Crowd(address, file) as crowd:
        # Whoever is first waits for the store's 2 × 20 seconds; searches and pages must not.
        for path in ("/healthz", "/search?q=parabol", "/api/v1/search?q=parabol", f"/resources/{resource}"):
            status, body = ask(address, path)
            assert status == 200
            assert path != "/api/v1/search?q=parabol" or json.loads(body)["total"] == 1
        assert len(crowd.statuses) < CROWD, "the crowd's waiting is what the searches went past"
        # Found out meanwhile: who comes now is told so, and when to come again.
        assert ask(address, file) == (503, "10")
        relay.faults = Faults()
        relay.hang_up()
    assert set(crowd.statuses) <= {200, 503}
    deadline = time.monotonic() + 30
    while (answer := ask(address, file)[0]) != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answer == 200


def test_a_database_that_hangs_costs_readers_a_bounded_time_and_is_used_again(tmp_path: Path) -> None:
    server = PostgresServer().start()
    limits = {"HOCLIEU_DATABASE_STATEMENT_SECONDS": "1", "HOCLIEU_DATABASE_CONNECT_SECONDS": "2"}
    url = server.create("library")
    try:
        with Served(tmp_path / "home", "--no-worker", HOCLIEU_DATABASE_URL=url, **limits) as address:
            assert ask(address, "/search?q=a")[0] == 200
            pids = list(tree(int((server.data / "postmaster.pid").read_text().split()[0])))
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            try:
                with Crowd(address, "/search?q=a") as crowd:
                    assert ask(address, "/healthz")[0] == 200
                    status, again = ask(address, "/readyz")
                    assert (status, again) == (503, "10")
                # They have all been answered though nothing has moved.
                assert crowd.statuses == [503] * CROWD
            finally:
                for pid in pids:
                    os.kill(pid, signal.SIGCONT)
            deadline = time.monotonic() + 30
            while (answer := ask(address, "/search?q=a")[0]) != 200 and time.monotonic() < deadline:
                time.sleep(0.1)
            assert answer == 200
    finally:
        server.close()
