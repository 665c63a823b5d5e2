"""The id of a request: in the answer, on the page of an error, in what follows from the request."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from service.app import create
from service.telemetry import cause
from tests.conftest import Shelf
from tests.functional.test_operation import Broken

GIVEN = "b7ad6b71-6920-4331-8e0d"


def answering(library: Shelf, trusted: str = "", *, broken: bool = False) -> TestClient:
    settings = library.services.settings.model_copy(update={"trusted_proxies": trusted})
    services = replace(library.services, settings=settings)
    if broken:
        services = replace(services, catalogue=Broken())
    return TestClient(create(services), client=("192.0.2.7", 50000), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("trusted", "given", "kept"),
    [
        ("192.0.2.7", GIVEN, True),
        ("192.0.2.0/24", GIVEN, True),
        ("", GIVEN, False),
        ("192.0.2.8", GIVEN, False),
        ("192.0.2.7", "two words of text", False),
        ("192.0.2.7", "x", False),
    ],
)
def test_an_id_is_taken_from_a_trusted_proxy_alone(library: Shelf, trusted: str, given: str, kept: bool) -> None:
    client = answering(library, trusted)
    # The proxy says whom it speaks for; the connection's other end is still the proxy.
    headers = {"X-Request-Id": given, "X-Forwarded-For": "203.0.113.4"}
    answered = client.get("/healthz", headers=headers).headers["x-request-id"]
    assert (answered == given) is kept
    assert cause.sane(answered)


def test_every_request_has_its_own(library: Shelf) -> None:
    client = answering(library)
    assert len({client.get("/healthz").headers["x-request-id"] for _ in range(20)}) == 20


@pytest.mark.parametrize("path", ["/search?q=a", "/en/search?q=a", "/api/v1/search?q=a"])
def test_the_answer_to_a_fault_tells_its_id(library: Shelf, path: str) -> None:
    answer = answering(library, broken=True).get(path)
    assert answer.status_code == 500
    identifier = answer.headers["x-request-id"]
    assert cause.sane(identifier)
    if path.startswith("/api/"):
        assert answer.json()["request"] == identifier
    else:
        assert (f"Error id: {identifier}" if "/en/" in path else f"Mã lỗi: {identifier}") in answer.text


def test_a_wrong_address_asks_nobody_to_read_out_an_id(library: Shelf) -> None:
    answer = answering(library).get("/resources/000000000000")
    assert answer.status_code == 404
    assert answer.headers["x-request-id"] not in answer.text
