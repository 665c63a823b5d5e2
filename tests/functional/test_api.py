"""The JSON door against its contract."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import MANY, Shelf

SEARCH = "/api/v1/search"


def test_an_answer_has_the_shape_of_the_contract(client: TestClient, library: Shelf) -> None:
    answer = client.get(SEARCH, params={"q": "truc doi xung parabol"})
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert {"query", "total", "items", "facets", "rewritten", "suggestion"} <= set(body)
    item = body["items"][0]
    resource = library.ids["parabola.pdf"]
    assert item["id"] == resource
    assert item["title"] == "Hàm số bậc hai và đồ thị"
    assert item["url"] == f"http://library.test/resources/{resource}"
    assert {"type", "subjects", "grades", "language", "licence", "thumbnail_url", "score"} <= set(item)
    hit = item["hits"][0]
    assert hit["locator"] == {"kind": "page", "value": 2}
    assert hit["file"] == 1
    assert "<mark>trục đối xứng</mark>" in hit["snippet"]
    assert hit["url"].startswith(f"http://library.test/resources/{resource}/read?file=1&page=2&q=")
    row = body["facets"]["language"][0]
    assert set(row) == {"value", "label", "count", "parent"}


def test_an_empty_question_browses_all_that_is_public(client: TestClient, library: Shelf) -> None:
    body = client.get(SEARCH, params={"size": 100}).json()
    public = {id for name, id in library.ids.items() if name not in ("gone.pdf", "draft.pdf")}
    assert {item["id"] for item in body["items"]} == public
    assert body["total"] == len(public)
    assert all(item["hits"] == [] for item in body["items"])


def test_filters_repeat_and_labels_speak_the_language_asked_for(client: TestClient) -> None:
    vi = client.get(SEARCH, params={"language": ["en", "vi"]}).json()
    en = client.get(SEARCH, params={"language": "en", "lang": "en"}).json()
    assert vi["total"] > en["total"] > 0
    assert {row["label"] for row in vi["facets"]["language"]} >= {"Tiếng Việt", "Tiếng Anh"}
    assert {row["label"] for row in en["facets"]["language"]} >= {"Vietnamese", "English"}


def test_pages_and_cursors_walk_over_everything_once(client: TestClient) -> None:
    by_page = [
        item["id"]
        for page in (1, 2, 3)
        for item in client.get(SEARCH, params={"q": "daynhieu", "size": 10, "page": page}).json()["items"]
    ]
    by_cursor: list[str] = []
    cursor = ""
    while True:
        body = client.get(SEARCH, params={"q": "daynhieu", "size": 10, "cursor": cursor}).json()
        by_cursor += [item["id"] for item in body["items"]]
        cursor = body["cursor"]
        if not cursor:
            break
    assert by_page == by_cursor
    assert len(set(by_page)) == MANY


def test_a_record_tells_all_that_is_published(client: TestClient, library: Shelf) -> None:
    resource = library.ids["parabola.pdf"]
    record = client.get(f"/api/v1/resources/{resource}").json()
    assert record["titles"] == [{"value": "Hàm số bậc hai và đồ thị", "language": None}]
    assert record["creators"] == ["Tổ Toán"]
    assert record["licence_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert record["organisation"]["code"] == "default"
    assert record["revision"] == 1
    file = record["files"][0]
    assert (file["media_type"], file["pages"], file["name"]) == ("application/pdf", 4, "parabola.pdf")
    assert file["url"] == f"http://library.test/resources/{resource}/files/1"
    assert file["immutable_url"] == f"http://library.test/resources/{resource}/v/1/files/1"
    assert client.get(record["passages_url"]).status_code == 200


def test_passages_come_in_order_with_their_places(client: TestClient, library: Shelf) -> None:
    body = client.get(f"/api/v1/resources/{library.ids['parabola.pdf']}/passages").json()
    assert [passage["locator"]["value"] for passage in body["passages"]] == [1, 2, 3, 4]
    assert "đường parabol" in body["passages"][1]["text"]
    assert body["next"] is None
    rest = client.get(f"/api/v1/resources/{library.ids['parabola.pdf']}/passages?start=3").json()
    assert len(rest["passages"]) == 1


def refused(client: TestClient, query: str) -> dict[str, Any]:
    """The problem that a search which cannot be asked is answered with."""
    answer = client.get(f"{SEARCH}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    return problem


@pytest.mark.parametrize(
    "query",
    ["size=0", "size=101", "size=x", "page=0", "page=100000", "sort=best", "cursor=xx", "cursor=bzE=x", "exact=maybe"],
)
def test_a_parameter_that_cannot_be_used_is_named(client: TestClient, query: str) -> None:
    problem = refused(client, query)
    assert problem["code"] == "invalid"
    assert problem["status"] == 400
    assert query.partition("=")[0] in problem["detail"]
    assert problem["remedy"]
    assert problem["type"] == "urn:hoclieu:problem:invalid"


@pytest.mark.parametrize(
    "query", ["grade=nope", "grade=lop-10&grade=nope", "organisation=nope", "language=nope&lang=en"]
)
def test_a_filter_that_nothing_is_called_is_named_with_what_to_do(client: TestClient, query: str) -> None:
    problem = refused(client, query)
    assert problem["code"] == "unknown-filter"
    assert query.partition("=")[0] in problem["detail"]
    assert "nope" in problem["detail"]
    assert "facets" in problem["remedy"]


@pytest.mark.parametrize("query", ["grade=lop-1", "subject=am-nhac&language=lo", "organisation=default"])
def test_a_filter_that_leaves_nothing_is_an_answer(client: TestClient, query: str) -> None:
    assert client.get(f"{SEARCH}?q=zzzz&{query}").json()["total"] == 0


def test_what_the_contract_does_not_name_is_ignored(client: TestClient) -> None:
    assert client.get(f"{SEARCH}?utm_source=zalo&fbclid=1&q=parabol").json()["total"] == 1


@pytest.mark.parametrize("path", ["/resources/nothere", "/resources/nothere/passages", "/nothing"])
def test_what_is_not_there_is_a_problem_in_json(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/v1{path}?lang=en")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Not found"


def test_another_method_is_refused_in_json(client: TestClient) -> None:
    answer = client.post(SEARCH)
    assert answer.status_code == 405
    assert answer.json()["code"] == "method-not-allowed"
    assert answer.headers["allow"] == "GET, HEAD"


def test_the_contract_is_published(client: TestClient) -> None:
    body = client.get("/api/v1/openapi.json").json()
    names = {parameter["name"] for parameter in body["paths"][SEARCH]["get"]["parameters"]}
    assert {"q", "page", "size", "cursor", "sort", "exact", "lang", "subject", "grade", "organisation"} <= names


def test_the_command_line_answers_what_the_door_answers(client: TestClient, library: Shelf) -> None:
    import json
    import os
    import subprocess
    import sys

    printed = subprocess.run(
        [sys.executable, "-m", "service.cli", "search", "parabol", "--json"],
        env={**os.environ, "HOCLIEU_HOME": str(library.home), "HOCLIEU_PUBLIC_URL": "http://library.test"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    told, answered = json.loads(printed), client.get(SEARCH, params={"q": "parabol"}).json()
    for body in (told, answered):
        for item in body["items"]:
            # Counted openings move the score of nothing; thumbnails may have been made in between.
            item.pop("thumbnail_url")
    assert told["items"] == answered["items"]
    assert told["facets"] == answered["facets"]
