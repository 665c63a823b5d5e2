"""HEAD on a real server: what GET says of itself, and nothing after it."""

import http.client
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from tests.conftest import Shelf

PATHS = [
    "/",
    "/search?q=parabol",
    "/favicon.ico",
    "/healthz",
    "/readyz",
    "/api/v1/openapi.json",
    "/api/v1/search?q=parabol",
    "/api/v1/search?size=0",
    "/api/v1/resources/{id}",
    "/api/v1/resources/{id}/passages",
    "/api/v1/resources/nothere",
    "/api/v1/export.jsonl?after=nothere",
    "/resources/{id}/files/1",
    "/resources/{id}/linkset.json",
    "/opds",
    "/opds/v2/publications?q=parabol",
    "/sitemap.xml",
    "/opensearch.xml",
]

# Of each answer by itself.
OWN = ("date", "x-request-id")


def ask(address: str, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    # A robot is not counted, so that tests of the counts see none of this.
    connection.request(method, path, headers={"User-Agent": "headbot/1"})
    answer = connection.getresponse()
    # http.client itself reads nothing after HEAD: what the server sent all the same is found on the socket.
    body = answer.read()
    if method == "HEAD":
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200, "the connection is out of step: a body was sent"
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders() if name.lower() not in OWN}, body


@pytest.mark.parametrize("path", PATHS)
def test_head_says_what_get_says_without_a_body(running: str, library: Shelf, path: str) -> None:
    path = path.format(id=library.ids["parabola.pdf"])
    status, headers, body = ask(running, "GET", path)
    assert ask(running, "HEAD", path) == (status, headers, b"")
    assert len(body) == int(headers["content-length"])
    assert status != 405


def test_the_published_contract_names_each_operation_once(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {method for operations in paths.values() for method in operations} == {"get"}


def test_the_icon_answers_under_the_name_that_browsers_guess(client: TestClient) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert client.get("/favicon.ico", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
