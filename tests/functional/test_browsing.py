"""While the index is away `/search` says so and lists from the catalogue; programs get 503; all else goes on."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.errors import IndexUnavailable
from service.library import project
from service.library.services import Services
from service.messages import sentence
from service.settings import Settings
from tests.relevance.library import Text, publish

COUNT = 45


class Away:
    """An index that does not answer."""

    engine = "tantivy"

    def fingerprint(self) -> str:
        return "away"

    def __getattr__(self, name: str) -> object:
        def act(*_given: object) -> object:
            raise IndexUnavailable(part="index")

        return act


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    home: Path = tmp_path_factory.mktemp("browsing")
    made = compose.services(Settings(home=home))
    made.catalogue.migrate()
    project.ensure(made)
    texts = [
        Text(
            f"t{number}",
            f"Bài số {number}",
            ("chữ",),
            (("subject", "toan" if number % 3 else "vat-li"), ("grade", f"lop-{10 + number % 2}")),
        )
        for number in range(1, COUNT + 1)
    ]
    ids = list(publish(made, texts))
    with made.catalogue.writing() as work:
        for resource, change in ((ids[0], {"visibility": "hidden"}), (ids[1], {"access": "organisation"})):
            found = work.resources.get(resource)
            assert found is not None
            work.resources.save(replace(found, **change))  # type: ignore[arg-type]
            if "visibility" in change:
                work.terms.replace(found.key, [])
    yield made
    made.catalogue.close()


@pytest.fixture
def client(parts: Services) -> Iterator[TestClient]:
    app = create(replace(parts, index=Away()))  # type: ignore[arg-type]
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False) as made:
        yield made


def titles(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<h2 class=\"card-title\"><a[^>]*>Bài số (\d+)", page)]


def walk(client: TestClient, path: str) -> list[int]:
    """All titles, page after page, as somebody who follows the links sees them."""
    seen: list[int] = []
    for _ in range(9):
        answer = client.get(path)
        assert answer.status_code == 200
        seen += titles(answer.text)
        following = re.search(r'rel="next" href="([^"]+)"', answer.text)
        if following is None:
            return seen
        path = html.unescape(following[1])
    raise AssertionError("it never ends")


def test_a_list_holds_each_public_resource_once_newest_first(client: TestClient) -> None:
    assert walk(client, "/search") == list(range(COUNT, 2, -1))
    assert walk(client, "/search?subject=vat-li") == [n for n in range(COUNT, 2, -1) if n % 3 == 0]
    both = walk(client, "/search?subject=toan&grade=lop-10&grade=lop-11")
    assert both == [n for n in range(COUNT, 2, -1) if n % 3]


def test_every_link_to_browse_by_leads_to_as_many_as_it_says(client: TestClient) -> None:
    page = client.get("/search?q=chu").text
    links = re.findall(r'<li><a href="(/search\?[^"]+)"[^>]*>.*?<span class="n">(\d+)</span>', page)
    assert {url.split("?")[1].split("=")[0] for url, _ in links} >= {"subject", "grade"}
    for url, count in links:
        assert len(walk(client, html.unescape(url))) == int(count), url


def test_words_that_were_not_searched_for_are_503_and_the_page_says_so(client: TestClient) -> None:
    for path, language in (("/search", "vi"), ("/en/search", "en")):
        answer = client.get(path, params={"q": "chu"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert answer.headers["Cache-Control"] == "no-store"
        assert html.escape(sentence("browse-away", language)) in answer.text
        assert "q=chu" in answer.text
    assert client.get("/search").status_code == 200


def test_programs_get_503_with_a_time_to_come_back(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "chu"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.json()["type"].endswith("index-unavailable")


def test_resources_open_and_the_start_page_leads_to_the_lists(client: TestClient) -> None:
    link = re.search(r'<a class="cover[^"]*" href="([^"]+)"', client.get("/search").text)
    assert link is not None
    assert client.get(link[1]).status_code == 200
    home = client.get("/")
    assert home.status_code == 200
    assert 'href="/search"' in home.text


def test_a_place_in_a_list_that_names_nothing_begins_at_the_beginning(client: TestClient) -> None:
    for before in ("", "zzz", "0" * 12, "x" * 2_000, "'; --"):
        answer = client.get("/search", params={"before": before})
        assert titles(answer.text)[0] == COUNT


def test_filters_of_nothing_are_an_empty_list(client: TestClient) -> None:
    answer = client.get("/search", params={"subject": "không có", "grade": ["lop-10", "'"]})
    assert (answer.status_code, titles(answer.text)) == (200, [])
