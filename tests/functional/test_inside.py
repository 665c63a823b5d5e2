"""Looking inside one resource: from "còn 12 trang khác" to all its places, in their order, each a link."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import project
from service.library.services import Services
from service.settings import Settings
from service.web.inside import MOST
from tests.relevance.library import Text, publish

TEXTS = [
    Text("book", "Sách <dày>", tuple(f"Trang {n} nói về parabol{' parabol' * (n % 3)}." for n in range(1, 16))),
    Text("long", "Sách rất dày", tuple(f"Trang {n} nói về hyperbol." for n in range(1, MOST + 6))),
    Text("short", "Parabol", ("Một trang khác.", "Parabol ở đây.")),
    Text("four", "Bốn trang", tuple(f"Elip {n}." for n in range(4))),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, dict[str, str]]]:
    services = compose.services(Settings(home=tmp_path_factory.mktemp("inside"), public_url="http://library.test"))
    services.catalogue.migrate()
    project.ensure(services)
    names = publish(services, TEXTS)
    yield services, {name: resource for resource, name in names.items()}
    services.catalogue.close()


@pytest.fixture
def client(shelf: tuple[Services, dict[str, str]]) -> Iterator[TestClient]:
    app = create(shelf[0])
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def places(page: str) -> list[int]:
    """The pages that the list leads to."""
    section = page.partition('class="hits narrow"')[2].partition("</ul>")[0]
    return [int(number) for number in re.findall(r"/read\?file=1&page=(\d+)&q=", section)]


def test_a_result_leads_to_its_other_pages(client: TestClient, shelf: tuple[Services, dict[str, str]]) -> None:
    book = shelf[1]["book"]
    page = unescape(client.get("/search?q=parabol&sort=newest").text)
    (more,) = re.findall(r'<a class="more" href="([^"]+)">(.*?)</a>', page)
    assert more == (f"/search?q=parabol&sort=newest&resource={book}", "còn 12 trang khác")
    inside = unescape(client.get(more[0]).text)
    assert places(inside) == list(range(1, 16))
    assert "15 chỗ trong học liệu" in inside
    assert "<mark>parabol</mark>" in inside
    # The way back keeps the question.
    assert 'href="/search?q=parabol&sort=newest"' in inside
    assert f'<input type="hidden" name="resource" value="{book}">' in inside
    assert "Sách &lt;dày&gt;" in client.get(more[0]).text
    assert "Sách <dày>" not in client.get(more[0]).text


def test_one_more_is_one_in_english(client: TestClient) -> None:
    assert re.findall(r'class="more"[^>]*>(.*?)<', client.get("/en/search?q=elip").text) == ["1 more page"]


def test_of_a_very_long_one_the_best_are_shown_and_it_is_said(
    client: TestClient, shelf: tuple[Services, dict[str, str]]
) -> None:
    page = unescape(client.get(f"/search?q=hyperbol&resource={shelf[1]['long']}").text)
    found = places(page)
    assert (len(found), found) == (MOST, sorted(found))
    assert f"{MOST + 5} chỗ trong học liệu" in page
    assert f"Hiện {MOST} chỗ khớp nhất." in page
    # The reader lists fewer and leads here.
    reader = unescape(client.get(f"/resources/{shelf[1]['long']}/read?q=hyperbol").text)
    assert f'href="/search?q=hyperbol&resource={shelf[1]["long"]}">Xem cả {MOST + 5} chỗ<' in reader
    assert "Xem cả" not in client.get(f"/resources/{shelf[1]['book']}/read?q=parabol").text


def test_nothing_in_it_and_nothing_asked_are_said(client: TestClient, shelf: tuple[Services, dict[str, str]]) -> None:
    book = shelf[1]["book"]
    none = client.get(f"/search?q=xyzzy&resource={book}")
    assert (none.status_code, places(none.text)) == (200, [])
    assert "Không thấy “xyzzy” trong học liệu này." in none.text
    empty = client.get(f"/search?resource={book}")
    assert empty.status_code == 200
    assert "Tìm trong Sách" in empty.text
    assert 'content="noindex, nofollow"' in empty.text


@pytest.mark.parametrize("resource", ["nothere00000", "../x", "x" * 200, "'"])
def test_a_resource_that_is_none_is_not_found(client: TestClient, resource: str) -> None:
    assert client.get(f"/search?q=parabol&resource={resource}").status_code == 404
    assert client.get(f"/api/v1/search?q=parabol&resource={resource}").status_code == 404


def test_the_api_looks_inside_one_too(client: TestClient, shelf: tuple[Services, dict[str, str]]) -> None:
    found = client.get(f"/api/v1/search?q=parabol&resource={shelf[1]['book']}").json()
    assert (found["total"], len(found["items"][0]["hits"])) == (1, 15)
    assert client.get("/api/v1/search?q=parabol").json()["total"] == 2


def test_a_withdrawn_one_says_so_and_without_the_index_the_reader_is_left(
    client: TestClient, shelf: tuple[Services, dict[str, str]]
) -> None:
    services, ids = shelf
    with services.catalogue.writing() as work:
        found = work.resources.get(ids["short"])
        assert found is not None
        work.resources.save(replace(found, visibility="withdrawn", withdrawn_reason="Sai."))
    assert client.get(f"/search?q=parabol&resource={ids['short']}").status_code == 410
    with services.catalogue.reading() as work:
        generation = work.generations.all(services.index.engine)[0]
    services.index.drop(generation.name)
    away = client.get(f"/search?q=parabol&resource={ids['book']}")
    assert away.status_code == 503
    assert away.headers["retry-after"]
    assert f"/resources/{ids['book']}/read?q=parabol" in away.text
