"""A library on real servers, run by real processes: web processes, a worker, somebody who deposits.

Beside them it is looked at through the same use cases; `Station.count` and
`Station.examine` say what is there and what is not as it should be.
"""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service import compose
from service.library import discover, project
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import PUBLIC
from service.ports import UnitOfWork, blob_key
from service.settings import Settings
from tests.faults.depositing import Attempt, one_page
from tests.faults.library import Library
from tests.faults.readers import Known
from tests.process_tree import children
from tests.servers.opensearch import OpenSearchServer
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import ACCESS_KEY, SECRET_KEY, S3Server

SETTLE_SECONDS = 600.0
PATIENT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Counts:
    """What is where. database: resources; store: files; index: published resources that searches find."""

    database: int
    store: int
    index: int


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the attempts. wrong: each loss and each double, in words."""

    acknowledged: int = 0
    refused: int = 0
    refused_yet_there: int = 0
    wrong: list[str] = field(default_factory=list)


class Station(Library):
    """A `Library` on PostgreSQL and S3, and on OpenSearch, or with none in a folder. log: of all its processes."""

    def __init__(
        self,
        home: Path,
        database: PostgresServer | None = None,
        store: S3Server | None = None,
        index: OpenSearchServer | None = None,
    ) -> None:
        super().__init__(home)
        self.database, self.store, self.index = database, store, index
        self.log = home.parent / "log"
        self.settings: dict[str, Any] = {"home": home}
        # All readers of a drill come from one address, and their number is no matter of it.
        self.environment["HOCLIEU_SEARCHES_PER_MINUTE"] = "100000"
        if database is not None:
            name = f"library_{os.urandom(4).hex()}"
            self.settings["database_url"] = database.create(name)
            self.environment["HOCLIEU_DATABASE_URL"] = self.settings["database_url"]
        if store is not None:
            bucket = f"library-{os.urandom(4).hex()}"
            store.client().make_bucket(bucket)
            self.environment |= store.environment(bucket)
            self.settings |= {
                "objects_url": store.url(bucket),
                "objects_access_key": ACCESS_KEY,
                "objects_secret_key": SECRET_KEY,
            }
        if index is not None:
            self.index_name = f"library-{os.urandom(4).hex()}"
            self.environment |= index.environment(self.index_name)
            # A machine that drills and serves at once is slow itself, which is no matter of most drills.
            self.environment["HOCLIEU_INDEX_SECONDS"] = str(PATIENT_SECONDS)
            self.settings |= {"index_url": index.url(self.index_name), "index_seconds": PATIENT_SECONDS}
        self.parts = self.open()
        self.known: list[Known] = []

    def open(self) -> Services:
        return compose.services(Settings(**self.settings))

    def run_processes(self, tokens: Sequence[str]) -> None:
        """Take in a resource a token, by the real command, then start two web processes and a worker."""
        self.known = self._fill(self.home.parent / "shelf", tokens)
        self.serving, self.address = self.serve_on("--workers", "2", "--no-worker")
        self.worker = self.start("work")

    def _fill(self, folder: Path, tokens: Sequence[str]) -> list[Known]:
        folder.mkdir(parents=True, exist_ok=True)
        data = {token: one_page(token) for token in tokens}
        for token in tokens:
            (folder / f"{token}.pdf").write_bytes(data[token])
        done = self.run("ingest", str(folder), "--publish", "--licence", "CC0-1.0")
        assert done.returncode == 0, done.stderr
        ids = {token: self.found(token)[0] for token in tokens}
        return [Known(ids[token], token, hashlib.sha256(data[token]).hexdigest()) for token in tokens]

    def start(self, *arguments: str, module: str = "service.cli", **environment: str) -> "subprocess.Popen[bytes]":
        """A process of the library, ended with it. environment: what it has other than the others."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**self.environment, **environment},
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self._running.append(process)
        return process

    def serve_on(self, *arguments: str, **environment: str) -> tuple["subprocess.Popen[bytes]", str]:
        """A running `serve` with its address."""
        process = self.start("serve", "--port", "0", *arguments, **environment)
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        return process, next(word for word in said.split() if word.startswith("http"))

    @contextlib.contextmanager
    def depositing(self, ledger: Path, rate: float, *kinds: str) -> Iterator[None]:
        """Somebody deposits meanwhile."""
        process = self.start(str(ledger), str(rate), ",".join(kinds), module="tests.faults.depositing")
        yield
        process.terminate()
        assert process.wait(120) == 0, self.log.read_text(encoding="utf-8")[-3000:]

    def found(self, token: str) -> list[str]:
        """Ids that a search for the token finds."""
        return [item.id for item in discover.search(self.parts, PUBLIC, SearchRequest(text=token)).items]

    def count(self) -> Counts:
        with self.parts.catalogue.reading() as work:
            resources = sum(1 for _ in _all(work))
        store = sum(1 for _ in self.parts.objects.keys("blobs/"))
        index = sum(1 for _ in self.parts.index.versions(project.live(self.parts).name))
        return Counts(resources, store, index)

    def settle(self) -> None:
        """Wait until nothing is left to read or index."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while left := self.unfinished():
            assert time.monotonic() < deadline, left
            time.sleep(0.2)

    def unfinished(self) -> dict[tuple[str, str], int]:
        with self.parts.catalogue.reading() as work:
            numbers = work.jobs.numbers()
        return {(kind, state): number for (kind, state), number in numbers.items() if state != "failed"}

    def examine(self, attempts: Sequence[Attempt]) -> Found:
        """Every attempt that was acknowledged is there once, whole, with its effects once; refused ones left nothing,
        or all (its commit was made, and only the word of it got lost)."""
        wrong: list[str] = []
        yet_there = 0
        with self.parts.catalogue.reading() as work:
            wrong += [f"job {job.kind} of {job.subject} failed: {job.reason}" for job in work.jobs.failed(1000)]
        if differences := project.compare(self.parts, project.live(self.parts)):
            wrong.append(f"index and database differ: {differences}")
        for one in attempts:
            with self.parts.catalogue.reading() as work:
                held = [resource.id for resource in work.resources.holding(one.sha256)]
                events = [
                    event.kind
                    for resource in held
                    if (kept := work.resources.get(resource))
                    for event in work.events.of(kept.key)
                ]
            if one.outcome == "refused":
                yet_there += bool(held)
                if not held:
                    continue
            wrong += [f"{one.token} ({one.kind}): {what}" for what in self._wrong(one, held, events)]
        acknowledged = sum(one.outcome == "acknowledged" for one in attempts)
        return Found(acknowledged, len(attempts) - acknowledged, yet_there, wrong)

    def _wrong(self, one: Attempt, held: Sequence[str], events: Sequence[str]) -> Iterator[str]:
        if len(held) != 1 or one.resource not in ("", held[0]):
            yield f"{len(held)} resources in the database instead of one"
            return
        last = {"publish": ["published"], "draft": [], "incomplete": ["not-published"]}[one.kind]
        if sorted(events) != sorted(["deposited", "read", *last]):
            yield f"its events are {events}"
        if hashlib.sha256(self.parts.objects.get(blob_key(one.sha256))).hexdigest() != one.sha256:
            yield "other bytes in the store"
        found = self.found(one.token)
        if found != (list(held) if one.kind == "publish" else []):
            yield f"{len(found)} of it in the index"

    def lines(self) -> list[dict[str, Any]]:
        """The log of all processes, as far as it is whole."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return [json.loads(line) for line in text.splitlines() if line.startswith("{") and line.endswith("}")]

    def web(self) -> list[int]:
        """Web processes of `serve` that live and have said that they answer."""
        said = {line["pid"] for line in self.lines() if line["event"] == "serving"}
        return [pid for pid in children(self.serving.pid) if pid in said]


def kill(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(30)


def _all(work: UnitOfWork) -> Iterator[object]:
    after = 0
    while page := work.resources.after(after, 500):
        yield from page
        after = page[-1].key
