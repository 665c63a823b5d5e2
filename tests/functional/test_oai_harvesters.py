"""Whole harvests: by a strict examiner, by other people's clients, and by two who come and go while librarians work.

The module is long because they share what they harvest.
"""

import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from lxml import etree
from oaipmh_scythe import Scythe
from sickle import Sickle

from service.app import create
from service.library import rendering
from service.library.services import Services
from tests.conftest import Served
from tests.functional.repository import BASE_URL, OAI, Clock, Got, Repository, canonical, library, read
from tests.schemas import FOLDER
from tests.servers.postgresql import PostgresServer

EXAMINER = FOLDER.parent / "tools" / "oai_strict.py"
examined = pytest.mark.skipif(
    not EXAMINER.is_file(), reason="no shared/tools/oai_strict.py beside the clone to examine"
)


# --- the strict examiner ------------------------------------------------------------------------


def fill(services: Services, count: int) -> None:
    """So many records with one datestamp, and where there are several, one tombstone of them."""
    repository = Repository(services)
    ids = repository.publish_many(count, "Bài", subject="toan-dai-so", grade="lop-10") if count else []
    made = [rendering.render(services, resource, view) for resource, view in rendering.views(services, ids)]
    with services.catalogue.writing() as work:
        work.oai.stamp(made)
        for id in ids:
            work.jobs.cancel(id)
    if count > 1:
        repository.withdraw(ids[0])


@examined
@pytest.mark.parametrize("count", [0, 1, 1000], ids=["empty", "one", "thousand"])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_strict_examiner_finds_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, count: int
) -> None:
    url = request.getfixturevalue("postgresql_database") if engine == "postgresql" else ""
    services = library(tmp_path, url, public_url="", repository_id="hoclieu.example")
    fill(services, count)
    services.catalogue.close()
    given = {"HOCLIEU_OAI_PAGE": "50", **({"HOCLIEU_DATABASE_URL": url} if url else {})}
    # The many are looked at in the zone where they will stand.
    for zone in ("Asia/Ho_Chi_Minh",) if count > 1 else ("UTC", "Asia/Ho_Chi_Minh"):
        with Served(tmp_path, TZ=zone, **given) as address:
            command = [sys.executable, "-W", "ignore", str(EXAMINER), f"{address}/oai"]
            environment = {**os.environ, "OAI_XSD": str(FOLDER)}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        told = [one for one in done.stdout.splitlines() if one.startswith(("FAIL", "WARN"))]
        assert not done.stderr, done.stderr
        assert told == ([] if count else ["FAIL P10 no records"]), zone
        assert f"{count} records" in done.stdout


# --- other people's clients ---------------------------------------------------------------------


@dataclass(frozen=True)
class Stocked:
    """A library that is asked over the network. address: of its OAI-PMH."""

    address: str
    repository: Repository


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stocked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stocked]:
    url = ""
    if request.param == "postgresql":
        server, template = (request.getfixturevalue(f"postgresql_{part}") for part in ("server", "template"))
        url = server.create("harvested", template)
    services = library(tmp_path_factory.mktemp("stocked"), url)
    repository = Repository(services)
    fill(services, 28)
    repository.publish("Sau cùng", subject="ngu-van", description="Một mô tả & “dấu ngoặc” <thẻ>")
    repository.settle()
    repository.client.close()
    with answering(services) as address:
        yield Stocked(f"{address}/oai", repository)
    services.catalogue.close()


FORMATS = ("oai_dc", "lom", "oai_lom", "mods")


def test_a_harvest_by_sickle_equals_the_database(stocked: Stocked) -> None:
    client = Sickle(stocked.address)
    for prefix in FORMATS:
        got = [_got(one) for one in client.ListRecords(metadataPrefix=prefix)]
        assert _by_identifier(got) == stocked.repository.held(prefix)
    chosen = {one.identifier for one in client.ListIdentifiers(metadataPrefix="lom", set="subject:ngu-van")}
    assert len(chosen) == 1
    assert len({one.setSpec for one in client.ListSets()}) > 100
    some = got[0].identifier
    assert client.GetRecord(identifier=some, metadataPrefix="mods").header.identifier == some


def test_a_harvest_by_scythe_equals_the_database(stocked: Stocked) -> None:
    with Scythe(stocked.address) as client:
        for prefix in FORMATS:
            got = [_got(one) for one in client.list_records(metadata_prefix=prefix)]
            assert _by_identifier(got) == stocked.repository.held(prefix)
        chosen = {one.identifier for one in client.list_identifiers(metadata_prefix="lom", set_="subject:ngu-van")}
        assert len(chosen) == 1
        assert len({one.setSpec for one in client.list_sets()}) > 100
        some = got[0].identifier
        assert client.get_record(some, metadata_prefix="mods").header.identifier == some
        assert client.identify().baseURL == f"{BASE_URL}/oai"


def test_a_harvest_by_http_oai_of_perl_equals_the_database(stocked: Stocked) -> None:
    command = ["perl", str(Path(__file__).with_name("harvest.pl")), stocked.address, *FORMATS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for prefix in FORMATS:
        got = [
            Got(
                one["identifier"],
                one["datestamp"],
                one["deleted"],
                tuple(one["sets"]),
                # With the protocol's element around it.
                canonical(etree.fromstring(one["metadata"])[0]) if one["metadata"] else "",
            )
            for one in lines
            if one["prefix"] == prefix
        ]
        assert _by_identifier(got) == stocked.repository.held(prefix)


def _got(record: Any) -> Got:
    """A record as both of the clients in Python hold it."""
    header, metadata = record.header, record.xml.find(f"{OAI}metadata")
    held = "" if metadata is None else canonical(metadata[0])
    return Got(header.identifier, header.datestamp, header.deleted, tuple(header.setSpecs), held)


def _by_identifier(got: list[Got]) -> dict[str, Got]:
    found = {one.identifier: one for one in got}
    # Each came once.
    assert len(found) == len(got)
    return found


@contextlib.contextmanager
def answering(services: Services) -> Iterator[str]:
    """A real server in this process, for clients that bring their own HTTP. Its address is not the one that is set."""
    server = uvicorn.Server(uvicorn.Config(create(services), host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


# --- histories with two harvesters --------------------------------------------------------------


class Harvester:
    """One that follows the protocol: it comes back from the date of the first answer of its last whole harvest."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self.repository = repository
        self.clock = clock
        self.copy: dict[str, Got] = {}
        self.since = ""
        self._under_way: Iterator[Any] | None = None
        self._next_since = ""

    def step(self) -> bool:
        """Ask for one page. Returns: whether that was the last one of a harvest."""
        if self._under_way is None:
            bounds = {"since": self.since} if self.since else {}
            self._under_way, self._next_since = self.repository.walk(**bounds), ""
        root = next(self._under_way, None)
        if root is not None:
            self._next_since = self._next_since or root.findtext("{*}responseDate")
            self.copy.update({one.identifier: one for one in read(root)})
            return False
        self._under_way, self.since = None, self._next_since
        return True

    def finish(self) -> None:
        """End what is under way, and harvest once more."""
        if self._under_way is not None:
            while not self.step():
                pass
        while not self.step():
            pass


SUBJECTS = ("toan", "toan-dai-so", "ngu-van", "tieng-viet")
some = st.integers(0, 10**6)


class Histories(RuleBasedStateMachine):
    """Edits, withdrawals, restorations, moves between sets, bulk edits and merged schools between the pages of two
    harvests."""

    fresh: Path
    ended = 0

    @initialize()
    def begin(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.patch = pytest.MonkeyPatch()
        self.clock = Clock(self.patch)
        self.services = self.opened()
        self.repository = Repository(self.services)
        self.harvesters = [Harvester(self.repository, self.clock) for _ in range(2)]
        self.live: list[str] = []
        self.withdrawn: list[str] = []
        self.counter = itertools.count()
        self.schools = ["default"]

    def opened(self) -> Services:
        shutil.copy(self.fresh, self.home / "library.sqlite")
        return library(self.home, oai_page=2)

    def title(self) -> str:
        return f"Bài {next(self.counter)}"

    @rule(count=st.integers(1, 4), subject=st.sampled_from(SUBJECTS))
    def publish(self, count: int, subject: str) -> None:
        self.live += self.repository.publish_many(count, self.title(), subject=subject)

    @rule(count=st.integers(0, 2))
    def open_a_school(self, count: int) -> None:
        code = f"truong-{next(self.counter)}"
        with self.services.catalogue.writing() as work:
            work.organisations.add(code, f"Trường {code}", parent="default")
        self.schools.append(code)
        if count:
            self.live += self.repository.publish_many(count, self.title(), owner=code)

    @precondition(lambda self: len(self.schools) > 1)
    @rule(which=some, into=some)
    def merge_schools(self, which: int, into: int) -> None:
        gone = self.schools.pop(which % len(self.schools))
        self.repository.merge(gone, self.schools[into % len(self.schools)])
        # What is handed in for it from now on is its successor's.
        self.live += self.repository.publish_many(1, self.title(), owner=gone)

    @precondition(lambda self: self.live)
    @rule(which=some)
    def edit(self, which: int) -> None:
        self.repository.edit(self.live[which % len(self.live)], self.title())

    @precondition(lambda self: self.live)
    @rule(which=some, subject=st.sampled_from(SUBJECTS))
    def move_set(self, which: int, subject: str) -> None:
        self.repository.edit(self.live[which % len(self.live)], self.title(), subject=subject)

    @precondition(lambda self: self.live)
    @rule(which=some, access=st.sampled_from(["public", "signed-in", "organisation"]))
    def change_access(self, which: int, access: Any) -> None:
        self.repository.set_access(self.live[which % len(self.live)], access)

    @precondition(lambda self: self.live)
    @rule(which=some)
    def withdraw(self, which: int) -> None:
        gone = self.live.pop(which % len(self.live))
        self.repository.withdraw(gone)
        self.withdrawn.append(gone)

    @precondition(lambda self: self.withdrawn)
    @rule(which=some)
    def reinstate(self, which: int) -> None:
        back = self.withdrawn.pop(which % len(self.withdrawn))
        self.repository.reinstate(back)
        self.live.append(back)

    @precondition(lambda self: self.live)
    @rule()
    def edit_all(self) -> None:
        title = self.title()
        for id in self.live:
            self.repository.edit(id, title)

    @rule()
    def work(self) -> None:
        assert self.repository.settle() == {}

    @rule(seconds=st.sampled_from([0.3, 1, 7, 86_400]))
    def wait(self, seconds: float) -> None:
        self.clock.move(seconds)

    @rule(which=st.integers(0, 1), pages=st.integers(1, 4))
    def harvest(self, which: int, pages: int) -> None:
        for _ in range(pages):
            self.harvesters[which].step()

    @invariant()
    def nothing_is_known_twice(self) -> None:
        if hasattr(self, "harvesters"):
            assert all(name == one.identifier for each in self.harvesters for name, one in each.copy.items())

    def teardown(self) -> None:
        if not hasattr(self, "services"):
            return
        try:
            self.repository.settle()
            self.clock.move(1)
            held = self.repository.held()
            with self.services.catalogue.reading() as work:
                assert work.organisations.owing() == []
            for each in self.harvesters:
                each.finish()
                assert each.copy == held, json.dumps([str(one) for one in set(held.values()) ^ set(each.copy.values())])
            type(self).ended += 1
        finally:
            self.patch.undo()
            self.services.catalogue.close()
            shutil.rmtree(self.home, ignore_errors=True)


def histories(count: int, machine: type[Histories]) -> None:
    """Run so many of them; with `-s` it says how many ended well."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=count,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{machine.__name__}: {machine.ended} histories, both harvesters equal to the repository in each")
    assert machine.ended >= count


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, copied for each history."""
    home = tmp_path_factory.mktemp("fresh")
    library(home).catalogue.close()
    return home / "library.sqlite"


def test_two_harvesters_end_equal_to_the_repository(fresh: Path, soak_count: int) -> None:
    """A few histories in a test run; `--soak-count=50` runs two hundred, on PostgreSQL `--soak-count=200` does."""

    class OnSqlite(Histories):
        pass

    OnSqlite.fresh = fresh
    histories(4 * soak_count, OnSqlite)


def test_two_harvesters_end_equal_to_the_repository_on_postgresql(
    postgresql_server: PostgresServer, postgresql_template: str, soak_count: int
) -> None:
    names = itertools.count()

    class OnPostgresql(Histories):
        name = ""

        def opened(self) -> Services:
            self.name = f"histories_{next(names)}"
            return library(self.home, postgresql_server.create(self.name, postgresql_template), oai_page=2)

        def teardown(self) -> None:
            super().teardown()
            if self.name:
                postgresql_server.drop(self.name)

    histories(soak_count, OnPostgresql)
