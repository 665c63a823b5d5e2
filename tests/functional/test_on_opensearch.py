"""A library whose index stands in OpenSearch: the same commands, pages and answers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import project
from service.settings import Settings
from tests.conftest import MANY, PARABOLA, ingest, make_pdf
from tests.servers.opensearch import OpenSearchServer

NAME = "functional"


@dataclass(frozen=True)
class Library:
    home: Path
    server: OpenSearchServer
    ids: dict[str, str]

    def settings(self) -> Settings:
        return Settings(home=self.home, index_url=self.server.url(NAME))

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "HOCLIEU_HOME": str(self.home), **self.server.environment(NAME)}
        command = [sys.executable, "-m", "service.cli", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, opensearch_server: OpenSearchServer) -> Iterator[Library]:
    root = tmp_path_factory.mktemp("on-opensearch")
    make_pdf(root / "public/parabola.pdf", PARABOLA, title="Hàm số bậc hai")
    for number in range(MANY):
        make_pdf(root / f"public/many-{number:02}.pdf", [f"Bài daynhieu số {number}."], title=f"Bài đọc thêm {number}")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in opensearch_server.environment(NAME).items():
            environment.setenv(name, value)
        ids = ingest(root / "home", root / "public", "--publish", "--licence", "CC-BY-4.0")
    yield Library(root / "home", opensearch_server, ids)
    opensearch_server.drop(NAME)


@pytest.fixture(scope="module")
def client(library: Library) -> Iterator[TestClient]:
    with TestClient(create(compose.services(library.settings()))) as made:
        yield made


def test_the_index_is_in_the_cluster_and_not_in_the_home_folder(library: Library) -> None:
    assert not (library.home / "index").exists()
    services = compose.services(library.settings())
    generation = project.live(services)
    assert (generation.engine, generation.fingerprint) == ("opensearch", services.index.fingerprint())
    assert not project.compare(services, generation)
    services.index.close()
    services.catalogue.close()


def test_a_page_shows_the_place_with_the_words_marked(client: TestClient, library: Library) -> None:
    page = client.get("/search", params={"q": "truc doi xung parabol"}).text
    assert "<mark>trục đối xứng</mark>" in page
    assert f"/resources/{library.ids['parabola.pdf']}/read?file=1&amp;page=2" in page


def test_cursors_walk_over_everything_once(client: TestClient) -> None:
    seen: list[str] = []
    cursor, pages = "", []
    while True:
        body = client.get("/api/v1/search", params={"q": "daynhieu", "size": 10, "cursor": cursor}).json()
        seen += [item["id"] for item in body["items"]]
        pages.append(body["page"])
        cursor = body["cursor"]
        if not cursor:
            break
    assert (len(seen), len(set(seen)), pages) == (MANY, MANY, [1, 2, 3])


@pytest.mark.parametrize("cursor", ["xx", "bzE=x", "MTo=", "MDpbImZpdCIsMV0=", "MDpbIm5ld2VzdCIsMSwxXQ=="])
def test_a_cursor_that_is_none_is_named(client: TestClient, cursor: str) -> None:
    answer = client.get("/api/v1/search", params={"q": "daynhieu", "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "cursor" in answer.json()["detail"]


def test_a_withdrawn_resource_is_found_no_more(client: TestClient, library: Library) -> None:
    gone = library.ids["many-00.pdf"]
    told = library.run("withdraw", gone, "--reason", "Tác giả yêu cầu.")
    assert told.returncode == 0, told.stderr
    found = client.get("/api/v1/search", params={"q": "daynhieu", "size": 100}).json()
    assert gone not in {item["id"] for item in found["items"]}
    assert found["total"] == MANY - 1


def test_the_command_line_finds_the_same(library: Library) -> None:
    told = library.run("search", "truc doi xung parabol")
    assert (told.returncode, library.ids["parabola.pdf"] in told.stdout) == (0, True)
