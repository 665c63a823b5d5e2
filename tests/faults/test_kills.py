"""kill -9 at random moments of a batch: what was acknowledged is there once, searchable, whole.

Each round loads a few new files while `serve` runs, kills one process of the
tree (worker, extraction child, fork parent, serve or the command itself) at a
random moment, starts again what died, lets the batch end, and examines the
library. `make soak` runs many rounds; the seed is printed and can be given.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import compose
from service.library import discover, look, project
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import OPERATOR, PUBLIC
from service.settings import Settings

TARGETS = ("worker", "extraction child", "fork parent", "serve", "ingest")
FILES_A_ROUND = 5


def words(rng: random.Random) -> str:
    """A token that occurs nowhere else: letters only, so that no analysis splits it."""
    return "z" + "".join(rng.choice("bcdghklmnprstvx") + rng.choice("aeiou") for _ in range(5))


def make_files(folder: Path, rng: random.Random, round_number: int) -> dict[str, str]:
    """File name -> its own token. Some pages each, so that a kill can fall into the reading."""
    import pymupdf

    folder.mkdir(parents=True)
    tokens = {}
    for number in range(FILES_A_ROUND):
        name, token = f"{round_number}-{number}.pdf", words(rng)
        with pymupdf.open() as document:
            for page_number in range(1, 13):
                page = document.new_page()
                page.insert_text((72, 100), f"Tai lieu {token} trang {page_number} noi ve ham so bac hai")
            document.save(folder / name)
        tokens[name] = token
    return tokens


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def victim(target: str, serve: int, ingest: int) -> int | None:
    """The process to kill, if it lives at this moment."""
    if target == "serve":
        return serve
    if target == "ingest":
        return ingest
    workers = children(serve)
    if target == "worker":
        return workers[0] if workers else None
    parents = [child for owner in (*workers, ingest) for child in children(owner)]
    if target == "fork parent":
        return parents[0] if parents else None
    grandchildren = [child for parent in parents for child in children(parent)]
    return grandchildren[0] if grandchildren else None


class Library:
    """A library in a folder, its `serve` process, and its parts opened beside it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "HOCLIEU_HOME": str(home), "HOCLIEU_LEASE_SECONDS": "2"}
        self.serve: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
        self.serve = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        assert self.serve.stdout is not None
        self.serve.stdout.readline()  # it says its address once it listens
        return self.serve

    def stop(self) -> None:
        if self.serve is not None and self.serve.poll() is None:
            self.serve.terminate()
            self.serve.wait(30)
        if self.serve is not None and self.serve.stdout is not None:
            self.serve.stdout.close()

    def ingest(self, folder: Path, report: Path | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "service.cli", "ingest", str(folder), "--publish", "--licence", "CC0-1.0"]
        if report:
            command += ["--report", str(report)]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def open(self) -> Services:
        return compose.services(Settings(home=self.home))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path / "home")
    yield made
    made.stop()


def acknowledged(output: bytes) -> dict[str, str]:
    """Path -> resource id of each whole line that the command printed before it ended."""
    lines = [line.split("\t") for line in output.decode().splitlines() if line.count("\t") == 2]
    return {path: id for outcome, path, id in lines if outcome == "published"}


def examine(parts: Services, tokens: dict[str, str], said: dict[str, str]) -> None:
    generation = project.live(parts)
    assert not project.compare(parts, generation)
    for name, token in tokens.items():
        found = discover.search(parts, PUBLIC, SearchRequest(text=token))
        assert [item.title for item in found.items] == [name.removesuffix(".pdf")], (name, token)
        item = found.items[0]
        if name in said:
            assert item.id == said[name]
        assert item.hits
        assert item.hits[0].locator.kind == "page"
        view = look.resource(parts, OPERATOR, item.id)
        assert view.readings[1].passages == 12
        assert sum(1 for _ in look.passages(parts, PUBLIC, item.id)) == 12
        opened = look.open_file(parts, PUBLIC, item.id, 1)
        assert sum(len(block) for block in parts.objects.open(opened.key)) == opened.entry.size_bytes


def test_kills_at_random_moments_of_a_batch_lose_and_double_nothing(
    library: Library, tmp_path: Path, soak_count: int, soak_seed: int
) -> None:
    rng = random.Random(soak_seed)
    print(f"\nseed {soak_seed}, {soak_count} rounds")
    killed: dict[str, int] = dict.fromkeys(TARGETS, 0)
    tokens: dict[str, str] = {}
    said: dict[str, str] = {}
    serve = library.start()
    for round_number in range(soak_count):
        folder = tmp_path / f"round-{round_number}"
        tokens |= make_files(folder, rng, round_number)
        target = TARGETS[round_number % len(TARGETS)]
        command = library.ingest(folder)
        moment = time.monotonic() + rng.uniform(0.3, 1.6)
        while time.monotonic() < moment + 3:
            process = victim(target, serve.pid, command.pid) if time.monotonic() >= moment else None
            if process is not None:
                os.kill(process, signal.SIGKILL)
                killed[target] += 1
                break
            time.sleep(0.002)
        output, _ = command.communicate(timeout=120)
        said |= acknowledged(output)
        if serve.poll() is not None:
            assert serve.stdout is not None
            serve.stdout.close()
            serve = library.start()
        report = tmp_path / "report.json"
        again = library.ingest(folder, report)
        _, errors = again.communicate(timeout=120)
        assert again.returncode == 0, errors.decode()
        outcomes = {line["path"]: line["outcome"] for line in json.loads(report.read_text())["files"]}
        assert set(outcomes) == {path.name for path in folder.iterdir()}
        assert set(outcomes.values()) <= {"published", "duplicate"}, outcomes
        parts = library.open()
        try:
            examine(parts, tokens if round_number == soak_count - 1 else dict(list(tokens.items())[-FILES_A_ROUND:]), said)
        finally:
            parts.catalogue.close()
    print("killed:", ", ".join(f"{target} {number}" for target, number in killed.items()))
    assert sum(killed.values()) >= soak_count * 0.8, "most rounds must have killed something"
