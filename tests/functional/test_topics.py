"""Topics as a tree below their subjects: counted, chosen by links alone, narrowed step by step, said in chips."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import project
from service.settings import Settings
from tests.relevance.library import Text, publish

QUADRATIC, TRIANGLES, PHYSICS = "toan-10-1-1-3-2", "toan-10-2-1-1-1", ("subject", "vat-li")
MATHS, TENTH = ("subject", "toan"), ("grade", "lop-10")
OUTCOME = "programme=ct2018,subject=toan,grade=lop-10,outcome=toan-10-1-1-3-1.1"
TEXTS = [
    Text("parabola", "Parabol", ("Chung một trang.",), (MATHS, TENTH, ("topic", QUADRATIC))),
    Text("outcome", "Hàm số", ("Chung hai trang.",), (MATHS, TENTH, ("placement", OUTCOME))),
    Text("triangle", "Định lí sin", ("Chung ba trang.",), (MATHS, TENTH, ("topic", TRIANGLES))),
    Text("nine", "Căn bậc hai", ("Chung bốn trang.",), (MATHS, ("grade", "lop-9"), ("topic", "toan-9-1-1-1"))),
    Text("net", "Mạng", ("Chung năm trang.",), (("subject", "tin-hoc"), ("grade", "lop-6"), ("topic", "tin-hoc-6-2"))),
    Text("odd", "Chủ đề lạ", ("Chung sáu trang.",), (PHYSICS, TENTH, ("topic", "vat-li-rieng"))),
    Text("none", "Không chủ đề", ("Chung bảy trang.",), (MATHS, TENTH)),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, str]]]:
    services = compose.services(Settings(home=tmp_path_factory.mktemp("topics"), public_url="http://library.test"))
    services.catalogue.migrate()
    project.ensure(services)
    names = publish(services, TEXTS)
    with TestClient(create(services), base_url="http://library.test") as client:
        yield client, {name: resource for resource, name in names.items()}
    services.catalogue.close()


@pytest.fixture
def client(library: tuple[TestClient, dict[str, str]]) -> TestClient:
    return library[0]


def rows(client: TestClient, query: str = "") -> dict[str, tuple[str, int, str | None]]:
    """Of the API: code -> label, count, parent."""
    facet = client.get(f"/api/v1/search?{query}").json()["facets"]["topic"]
    return {row["value"]: (row["label"], row["count"], row["parent"]) for row in facet}


def tree(client: TestClient, query: str = "") -> list[tuple[str, str]]:
    """(label, address) of the lines in the group of topics, from above to below."""
    page = unescape(client.get(f"/search?{query}").text)
    group = page.partition('id="facet-topic"')[2].partition("</section>")[0]
    return re.findall(r'<a href="([^"]+)".*?<span class="label">(.*?)</span>', group)


def labels(client: TestClient, query: str = "") -> list[str]:
    return [label for _, label in tree(client, query)]


def address(client: TestClient, label: str, query: str = "") -> str:
    (found,) = [url for url, text in tree(client, query) if text == label]
    return found.removeprefix("/search?")


def total(client: TestClient, query: str) -> int:
    return int(client.get(f"/api/v1/search?{query}").json()["total"])


def test_the_api_tells_the_tree_from_the_subject_down(client: TestClient) -> None:
    found = rows(client, "lang=en")
    assert found["toan"] == ("Mathematics", 4, None)
    assert found["toan-10-1"] == ("Algebra and elements of calculus", 2, "toan")
    assert found["toan-10-1-1-3"] == ("Hàm số và đồ thị", 2, "toan-10-1-1")
    assert found[QUADRATIC] == ("Hàm số bậc hai, đồ thị hàm số bậc hai và ứng dụng", 1, "toan-10-1-1-3")
    # What a requirement belongs to; and what no vocabulary holds, as the resource says it.
    assert found["toan-10-1-1-3-1"][1:] == (1, "toan-10-1-1-3")
    assert found["vat-li-rieng"] == ("vat-li-rieng", 1, None)


def test_it_filters_and_counts_like_every_facet(client: TestClient) -> None:
    assert total(client, f"topic={QUADRATIC}") == 1
    assert total(client, f"topic={QUADRATIC}&topic=tin-hoc-6-2") == 2
    assert total(client, "topic=toan") == total(client, "topic=toan&q=chung") == 4
    assert total(client, "topic=toan&grade=lop-9") == 1
    # Without its own filter; narrowed by that of another.
    assert rows(client, f"topic={QUADRATIC}") == rows(client)
    narrowed = rows(client, "grade=lop-9&topic=tin-hoc-6-2")
    assert {code: row[1] for code, row in narrowed.items()} == {
        "toan": 1, "toan-9-1": 1, "toan-9-1-1": 1, "toan-9-1-1-1": 1, "tin-hoc-6-2": 0,
    }  # fmt: skip
    assert client.get("/api/v1/search?topic=nope").json()["code"] == "unknown-filter"


def test_subjects_are_shown_and_what_is_below_one_when_somebody_has_come_so_far(client: TestClient) -> None:
    assert labels(client) == ["Toán", "Tin học", "vat-li-rieng"]
    first = address(client, "Toán")
    assert first == "topic=toan"
    # Topics are called alike in several grades: beside nothing that says which, they say it.
    opened = labels(client, first)
    assert opened[opened.index("Toán") :][:4] == [
        "Toán", "Số và Đại số · Lớp 9", "Đại số và Một số yếu tố giải tích · Lớp 10", "Hình học và Đo lường · Lớp 10",
    ]  # fmt: skip
    # The subject as a filter opens it as well.
    assert {*opened} - {"Tin học", "vat-li-rieng"} == {*labels(client, "subject=toan")} - {"Tin học", "vat-li-rieng"}


def test_a_step_down_narrows_and_a_step_beside_widens(client: TestClient) -> None:
    algebra = address(client, "Đại số và Một số yếu tố giải tích · Lớp 10", "topic=toan")
    assert algebra == "topic=toan-10-1"
    assert total(client, algebra) == 2
    # A chain of single values is open to its fork.
    assert {"Đại số", "Hàm số và đồ thị"} <= {*labels(client, algebra)}
    below = address(client, "Hàm số bậc hai, đồ thị hàm số bậc hai và ứng dụng", algebra)
    assert below == f"topic={QUADRATIC}"
    assert address(client, "Hình học và Đo lường · Lớp 10", below) == f"topic={QUADRATIC}&topic=toan-10-2"
    assert address(client, "Hàm số bậc hai, đồ thị hàm số bậc hai và ứng dụng", below) == "/search"
    # Up again: the subject takes the place of what stands below it.
    assert address(client, "Toán", f"{below}&topic=tin-hoc-6-2") == "topic=tin-hoc-6-2&topic=toan"
    # Another tree does the same.
    page = unescape(client.get("/search?grade=thpt").text)
    assert 'href="/search?grade=lop-10"' in page


def test_a_chip_says_the_grade_and_takes_the_filter_away(client: TestClient) -> None:
    page = unescape(client.get("/search?topic=toan-10-1-1-3&grade=lop-9").text)
    # Nothing is left of it, and it stays to be taken away.
    assert 'href="/search?grade=lop-9" aria-label="Bỏ bộ lọc Hàm số và đồ thị · Lớp 10"' in page
    assert re.search(r'class="on" aria-current="true".*?Hàm số và đồ thị.*?<span class="n">0</span>', page, re.DOTALL)
    english = unescape(client.get("/en/search?topic=toan").text)
    assert 'aria-label="Remove the filter Mathematics"' in english


def test_a_page_says_its_topics_and_leads_to_what_has_them(library: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = library
    page = unescape(client.get(f"/resources/{ids['parabola']}").text)
    label = "Hàm số bậc hai, đồ thị hàm số bậc hai và ứng dụng · Lớp 10"
    assert f'<a href="/search?topic={QUADRATIC}">{label}</a>' in page
    assert 'href="/search?topic=toan-10-1-1-3-1"' in client.get(f"/resources/{ids['outcome']}").text


def test_words_of_a_topic_find_what_has_it(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=he+thuc+luong+trong+tam+giac").json()["items"]
    assert found[0]["title"] == "Định lí sin"
