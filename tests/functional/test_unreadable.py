"""What no reader of ours can read: the page that offers to take it, and pages where there is nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create
from service.library import project
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.model import OPERATOR, Value
from tests.functional.repository import library
from tests.kinds import work_off


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = library(tmp_path / "home")
    project.ensure(made)
    yield made
    made.catalogue.close()


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create(services), base_url="http://library.test", follow_redirects=False) as made:
        yield made


def test_the_file_that_was_asked_for_is_offered(services: Services, client: TestClient, tmp_path: Path) -> None:
    films = [tmp_path / "mot.swf", tmp_path / "hai.swf"]
    for number, film in enumerate(films):
        # 10 frames a second of nothing.
        film.write_bytes(b"FWS\x05\x15\0\0\0\x40\0\0\x0a\x01\0\x40\0\0\0\0\0" + bytes([number]))
    values = [Value("licence", "CC-BY-4.0", "person"), Value("title", "Hai phim", "person", language="vi")]
    offered = [Offered(film, film.name) for film in films]
    one = deposit(services, OPERATOR, offered, owner="default", values=values, publish=True).resource.id
    work_off(services)
    for asked, file in (("", 1), ("?file=1", 1), ("?file=2", 2)):
        page = client.get(f"/resources/{one}/read{asked}")
        assert page.status_code == 200
        assert f'<a class="button first" href="/resources/{one}/files/{file}" download>' in page.text, asked
    assert client.get(f"/resources/{one}/read?file=3").status_code == 404


@pytest.mark.parametrize(("prefix", "said"), [("", "Thư viện chưa có học liệu nào"), ("/en", "")])
def test_an_empty_library_says_so_and_leads_home(client: TestClient, prefix: str, said: str) -> None:
    for asked in ("/search", "/search?page=7", "/search?type=video"):
        main = client.get(f"{prefix}{asked}").text.partition("<main")[2]
        assert said in main, asked
        assert f'<a class="button" href="{prefix}/' in main, asked
