"""Health, readiness, errors nobody foresaw, and counts: what whoever runs the library leans on."""

import datetime
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import count
from service.library.services import Services
from service.model import OPERATOR
from service.settings import Settings
from tests.conftest import Shelf


def answering(services: Services) -> TestClient:
    return TestClient(create(services), base_url="http://library.test", raise_server_exceptions=False)


def test_a_library_that_can_search_is_ready(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200
    parts = {"database": "ok", "objects": "ok", "index": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "parts": parts}


@pytest.fixture
def without_database(tmp_path: Path) -> Iterator[Services]:
    services = compose.services(Settings(home=tmp_path))
    yield services
    services.catalogue.close()


def test_a_library_without_its_database_is_alive_and_not_ready(without_database: Services) -> None:
    client = answering(without_database)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"]
    assert answer.json()["detail"]
    assert answer.json()["parts"] == {"database": "unavailable", "objects": "ok", "index": "unknown"}


def test_a_web_process_imports_no_reader_of_files() -> None:
    heavy = "{'pymupdf', 'PIL', 'lxml', 'ingest.extractors.pdf'}"
    code = f"import sys, service.app, service.compose; print({heavy} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "set()"


class Broken:
    """A part that fails in a way nobody foresaw."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"password=secret {name}")


@pytest.mark.parametrize("path", ["/search?q=a", "/en/search?q=a", "/api/v1/search?q=a"])
def test_what_nobody_foresaw_is_one_sentence_without_its_cause(library: Shelf, path: str) -> None:
    client = answering(replace(library.services, catalogue=Broken()))
    answer = client.get(path)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_public_url_with_a_path_holds_in_pages_and_answers(library: Shelf) -> None:
    settings = library.services.settings.model_copy(update={"public_url": "https://so.example/hoc-lieu"})
    client = answering(replace(library.services, settings=settings))
    resource = library.ids["parabola.pdf"]
    assert f'href="/hoc-lieu/resources/{resource}"' in client.get("/search?q=parabol").text
    answer = client.get("/api/v1/search?q=parabol").json()
    assert answer["items"][0]["url"] == f"https://so.example/hoc-lieu/resources/{resource}"
    assert f'content="https://so.example/hoc-lieu/resources/{resource}"' in client.get(f"/resources/{resource}").text


def test_an_english_library_speaks_english_first(library: Shelf) -> None:
    settings = library.services.settings.model_copy(update={"language": "en"})
    client = answering(replace(library.services, settings=settings))
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="vi">' in client.get("/vi/").text
    assert client.get("/api/v1/search?size=0").json()["title"] == "This request is not valid"


def test_what_people_do_is_counted_once_a_door(library: Shelf) -> None:
    resource = library.ids["many-00.pdf"]
    before = _counts(library)
    with answering(library.services) as client:
        for _ in range(3):
            client.get(f"/resources/{resource}")
            client.get(f"/resources/{resource}/files/1")
            client.get(f"/resources/{resource}/files/1", headers={"Range": "bytes=5-"})
            client.get("/search?q=daynhieu")
            client.get("/search?q=khongcogihet")
            client.get(f"/api/v1/resources/{resource}")
        client.get(f"/resources/{resource}/read?page=1&q=daynhieu&text=1", headers={"User-Agent": "somebody else"})
        client.get(f"/resources/{resource}", headers={"User-Agent": "Googlebot/2.1"})
    after = _counts(library)
    grown = {key: number - before.get(key, 0) for key, number in after.items() if number != before.get(key, 0)}
    assert grown == {
        ("opening", resource, "web"): 1,
        ("hit-opened", resource, "web"): 1,
        ("download", resource, "web"): 1,
        ("search", None, "web"): 1,
        ("empty-search", None, "web"): 1,
    }


def _counts(library: Shelf) -> dict[tuple[str, str | None, str], int]:
    today = datetime.datetime.now(datetime.UTC).date()
    rows = count.rows(library.services, OPERATOR, today - datetime.timedelta(1), today)
    # One of either day where midnight came since the library was made.
    counts: Counter[tuple[str, str | None, str]] = Counter()
    for row in rows:
        counts[row.kind, row.resource, row.door] += row.number
    return counts
