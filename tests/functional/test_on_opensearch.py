"""A whole library on PostgreSQL, S3 and OpenSearch: taking in, searching, serving; and the demo on all three."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from tests.conftest import CELLS, PARABOLA, Served, ingest, make_pdf
from tests.functional.test_demo import ROOT, free_port, started
from tests.process_tree import command, left, tree
from tests.servers.opensearch import OpenSearchServer
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server

NAME = "whole-library"


@dataclass(frozen=True)
class Library:
    home: Path
    environment: dict[str, str]
    ids: dict[str, str]
    """Name of a file -> public id."""

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            env={**os.environ, **self.environment, "HOCLIEU_HOME": str(self.home), "HOCLIEU_LANGUAGE": "en"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def found(self, text: str) -> list[str]:
        return [item["id"] for item in json.loads(self.run("search", text, "--json").stdout)["items"]]


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory,
    postgresql_server: PostgresServer,
    s3_server: S3Server,
    opensearch_server: OpenSearchServer,
) -> Iterator[Library]:
    root = tmp_path_factory.mktemp("on-opensearch")
    s3_server.client().make_bucket(NAME)
    environment = {
        "HOCLIEU_DATABASE_URL": postgresql_server.create(NAME),
        **s3_server.environment(NAME),
        **opensearch_server.environment(NAME),
    }
    make_pdf(root / "public/parabola.pdf", PARABOLA, title="Hàm số bậc hai", author="Tổ Toán")
    make_pdf(root / "public/cells.pdf", CELLS, title="Cells")
    make_pdf(root / "drafts/draft.pdf", ["Bản nháp bimatchuacongbo."], title="Bản nháp")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        ids = ingest(root / "home", root / "public", "--publish", "--licence", "CC-BY-4.0")
        ids.update(ingest(root / "home", root / "drafts"))
    yield Library(root / "home", environment, ids)
    opensearch_server.drop(NAME)
    postgresql_server.drop(NAME)
    s3_server.clear(NAME)


def test_nothing_but_secrets_and_scratch_is_in_the_home_folder(
    library: Library, opensearch_server: OpenSearchServer
) -> None:
    assert not {"library.sqlite", "objects", "index"} & {path.name for path in library.home.iterdir()}
    indexes = [entry["index"] for entry in opensearch_server.ask("GET", f"_cat/indices/{NAME}-*?format=json")]
    assert len(indexes) == 1


def test_what_was_taken_in_is_found_with_and_without_accents(library: Library) -> None:
    for text in ("đường parabol", "duong parabol", "Tổ Toán"):
        assert library.found(text) == [library.ids["parabola.pdf"]], text
    assert library.found("plant cells wall") == [library.ids["cells.pdf"]]
    assert library.found("bimatchuacongbo") == []


def test_it_is_served_with_the_place_and_the_file(library: Library) -> None:
    parabola, http = library.ids["parabola.pdf"], urllib3.PoolManager()
    with Served(library.home, "--workers", "2", **library.environment) as url:
        page = http.request("GET", f"{url}/search?q=truc+doi+xung")
        assert page.status == 200
        assert re.search(rf"/resources/{parabola}/read\?[^\"]*page=2\b", page.data.decode())
        for path in ("/", f"/resources/{parabola}", f"/resources/{parabola}/read?page=2", "/readyz"):
            assert http.request("GET", url + path).status == 200, path
        assert http.request("GET", f"{url}/resources/{parabola}/files/1").data.startswith(b"%PDF-")
        assert http.request("GET", f"{url}/resources/{library.ids['draft.pdf']}").status == 404


def test_what_is_withdrawn_is_not_found_any_more(library: Library) -> None:
    assert library.run("withdraw", library.ids["cells.pdf"], "--reason", "x").returncode == 0
    assert library.found("plant cells wall") == []


def test_the_doctor_finds_nothing(library: Library) -> None:
    done = library.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout


def test_the_demo_runs_on_all_three_with_two_web_processes_and_two_workers(tmp_path: Path) -> None:
    # A socket's path has room for 107 bytes.
    demo = [sys.executable, "-m", "tests.servers.scaled", str(tmp_path / "d"), str(ROOT / "deploy/demo.sh")]
    port, http = free_port(), urllib3.PoolManager()
    with started([*demo, "--workers", "2"], PORT=str(port), WORK="2") as (process, lines):
        proposed = [word for line in lines for word in line.split() if word.startswith("http") and "q=" in word]
        assert len(proposed) == 3, lines
        for address in proposed:
            assert "/read?" in http.request("GET", address).data.decode(), address
        assert http.request("GET", f"http://127.0.0.1:{port}/readyz").status == 200
        pids = list(tree(process.pid))
        commands = [command(pid) for pid in pids]
        roles = [words[words.index(b"service.cli") + 1] for words in commands if b"service.cli" in words]
        assert sum(role == b"web" for role in roles) == 2
        # One below `serve`, one beside it.
        assert sum(b"work" in words for words in commands) == 2
    assert left(pids, seconds=30.0) == []
