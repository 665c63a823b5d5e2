"""HEAD on a real server: what GET says of itself, and nothing after it."""

import http.client
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from service.app import create
from tests.conftest import Shelf
from tests.functional.addresses import filled, templates

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
# What is known of an answer only while it is made (RFC 9110, 9.3.2): how a stream is packed, how long a count is.
STREAMED = ("transfer-encoding", "content-encoding", "vary")
COUNTED = "/metrics"


def ask(address: str, method: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    # A robot is not counted, so that tests of the counts see none of this.
    connection.request(method, path, headers={"User-Agent": "headbot/1", **headers})
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


@pytest.mark.parametrize("packing", ["identity", "gzip"])
def test_every_address_answers_head_as_it_answers_get(running: str, library: Shelf, packing: str) -> None:
    """Each route there is, and a new one as soon as it is there."""
    paths = [filled(template, library.ids["parabola.pdf"]) for template in templates(create(library.services))]
    assert len(paths) > 50
    different = []
    for path in paths:
        headers = {"Accept-Encoding": packing}
        # What is being made may be ready a moment later; it then says the same as long as nobody looks away.
        for _ in range(20):
            got, head, again = (ask(running, method, path, **headers)[:2] for method in ("GET", "HEAD", "GET"))
            if got == again:
                break
        left_out = {*STREAMED} if path.endswith("/export.jsonl") else set()
        left_out |= {"content-length"} if path == COUNTED else set()
        if (head[0], bare(head[1], left_out)) != (got[0], bare(got[1], left_out)) or head[0] == 405:
            different.append((path, head, got))
    assert different == []


def bare(headers: dict[str, str], left_out: set[str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in left_out}


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=-5", "bytes=0-1,3-4", "bytes=99999999-"])
@pytest.mark.parametrize("path", ["/resources/{id}/files/1", "/resources/{id}/files.zip"])
def test_head_of_a_part_says_what_the_whole_is(running: str, library: Shelf, path: str, wanted: str) -> None:
    # Ranges are defined for GET alone (RFC 9110, 14.2).
    path = path.format(id=library.ids["parabola.pdf"])
    (status, head), (_, got) = ask(running, "HEAD", path, Range=wanted)[:2], ask(running, "GET", path)[:2]
    assert status == 200
    assert "content-range" not in head
    for name in ("content-length", "content-type", "etag", "accept-ranges"):
        assert head[name] == got[name]


def test_a_thousand_ranges_are_one_answer(running: str, library: Shelf) -> None:
    wanted = "bytes=" + ",".join(f"{at}-{at + 1}" for at in range(0, 2000, 2))
    path = f"/resources/{library.ids['parabola.pdf']}/files/1"
    status, headers, body = ask(running, "GET", path, Range=wanted)
    assert status == 200
    assert body == ask(running, "GET", path)[2]
    assert "content-range" not in headers


def test_the_published_contract_names_each_operation_once(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {method for operations in paths.values() for method in operations} == {"get"}


def test_the_icon_answers_under_the_name_that_browsers_guess(client: TestClient) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert client.get("/favicon.ico", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
