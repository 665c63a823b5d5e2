"""Several web processes behind one port: one is killed, all are counted, the log of all tells nothing private."""

import http.client
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from service.telemetry import cause
from tests.conftest import Served, ingest, make_pdf
from tests.functional.test_metrics import Samples, of, samples
from tests.process_tree import command, left, tree

ASKED = "Nguyễn Thị Bí Mật 0912345678"


@dataclass(frozen=True)
class Running:
    """A library of one resource behind two web processes. log: what all of them wrote."""

    home: Path
    address: str
    pid: int
    resource: str
    log: Path

    def web(self) -> set[int]:
        """Web processes that are alive."""
        return {pid for pid in tree(self.pid) if b"web" in command(pid)}

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


def get(address: str, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request("GET", path, headers={"Connection": "close", **(headers or {})})
        answer = connection.getresponse()
        answer.body = answer.read().decode(errors="replace")  # type: ignore[attr-defined]
        return answer
    finally:
        connection.close()


def measured(address: str) -> Samples:
    return samples(get(address, "/metrics").body)  # type: ignore[attr-defined]


def until(what: str, holds: object, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("processes")
    make_pdf(root / "in/one.pdf", ["Một trang.", "Trang hai."], title="Một trang")
    return root / "home", ingest(root / "home", root / "in", "--publish", "--licence", "CC0-1.0")["one.pdf"]


@pytest.fixture
def two(home: tuple[Path, str], tmp_path: Path) -> Iterator[Running]:
    shutil.copytree(home[0], tmp_path / "home")
    served = Served(tmp_path / "home", "--workers", "2", log=tmp_path / "log")
    with served as address:
        running = Running(tmp_path / "home", address, served.pid, home[1], tmp_path / "log")
        until("two web processes", lambda: len(running.web()) == 2)
        get(address, "/readyz")
        yield running


def test_a_killed_web_process_costs_a_reader_one_request_at_most_and_is_replaced(two: Running) -> None:
    failures = [0] * 4
    answered = [0] * 4
    stop = threading.Event()

    def read(reader: int) -> None:
        while not stop.is_set():
            try:
                assert get(two.address, f"/resources/{two.resource}").status == 200
                answered[reader] += 1
            except (OSError, http.client.HTTPException):
                failures[reader] += 1

    readers = [threading.Thread(target=read, args=(reader,)) for reader in range(len(failures))]
    for reader in readers:
        reader.start()
    try:
        until("readers are answered", lambda: min(answered) >= 3)
        before = two.web()
        os.kill(min(before), signal.SIGKILL)
        seen = list(answered)
        until("a replacement", lambda: len(two.web()) == 2 and two.web() != before)
        until("readers go on", lambda: all(now >= then + 3 for now, then in zip(answered, seen, strict=True)))
    finally:
        stop.set()
        for thread in readers:
            thread.join(60)
    assert max(failures) <= 1
    assert any(line["event"] == "process-died" and line["task"] == "web" for line in two.lines())


def test_whichever_process_is_scraped_answers_for_all_and_a_death_loses_no_count(two: Running) -> None:
    def searches() -> float:
        return of(
            measured(two.address),
            "hoclieu_http_requests_total",
            door="web",
            route="/search",
            method="GET",
            status="200",
        )

    for _ in range(20):
        assert get(two.address, "/search?q=trang").status == 200
    assert {searches() for _ in range(10)} == {20}
    before = two.web()
    os.kill(min(before), signal.SIGKILL)
    until("a replacement", lambda: len(two.web()) == 2 and two.web() != before)
    assert searches() == 20


def test_a_stopped_library_lets_readers_finish_and_leaves_nothing(home: tuple[Path, str], tmp_path: Path) -> None:
    shutil.copytree(home[0], tmp_path / "home")
    served = Served(tmp_path / "home", "--workers", "2", "--no-worker", log=tmp_path / "log")
    with served as address:
        assert get(address, "/readyz").status == 200
        mine = set(tree(served.pid))
        assert not any(b"work" in command(pid) for pid in mine)
    assert left(mine) == []
    with pytest.raises(OSError, match="refused"):
        get(address, "/readyz")


def test_the_log_finds_a_request_and_its_job_by_one_id_and_tells_nothing_private(two: Running) -> None:
    get(two.address, f"/search?q={quote(ASKED)}")
    get(two.address, f"/{quote(ASKED)}")
    get(two.address, f"/api/v1/resources/{quote(ASKED)}")
    # A picture that is not drawn yet is a job that this reader waits for.
    page = get(two.address, f"/resources/{two.resource}/read?page=2&q={quote(ASKED)}")
    asked = page.headers["x-request-id"]
    assert cause.sane(asked)
    until("the job's line", lambda: any(_of(line, "job-done", asked) for line in two.lines()))
    for blob in (two.home / "objects/blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    assert get(two.address, f"/resources/{two.resource}/files/1?q={quote(ASKED)}").status == 503
    lines = two.lines()
    assert any(_of(line, "request", asked) for line in lines)
    failed = [line for line in lines if line["event"] == "unanswered"]
    assert failed
    assert all(cause.sane(str(line["request"])) for line in failed)
    text = two.log.read_text(encoding="utf-8")
    for private in (ASKED, quote(ASKED), *ASKED.split(), "?", "q=", "127.0.0.1"):
        assert private not in text, private


def _of(line: dict[str, object], event: str, identifier: str) -> bool:
    return line["event"] == event and line.get("request") == identifier
