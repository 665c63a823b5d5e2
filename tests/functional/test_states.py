"""Every route on every state: what is not public does not exist, what was withdrawn says so, and comes back."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.library import curate
from service.model import OPERATOR
from tests.conftest import Shelf

ROUTES = [
    "/resources/{id}",
    "/en/resources/{id}",
    "/resources/{id}/v/1",
    "/resources/{id}/read",
    "/resources/{id}/read?page=1&text=1",
    "/resources/{id}/read?q=b%E1%BA%A3n",
    "/resources/{id}/files/1",
    "/resources/{id}/v/1/files/1",
    "/resources/{id}/files/1/pages/1",
    "/resources/{id}/files/1/captions.vtt",
    "/resources/{id}/thumbnail",
    "/api/v1/resources/{id}",
    "/api/v1/resources/{id}/passages",
]


@pytest.mark.parametrize("route", ROUTES)
def test_a_draft_does_not_exist_for_the_public(client: TestClient, library: Shelf, route: str) -> None:
    path = route.format(id=library.ids["draft.pdf"])
    nobody = route.format(id="0123456789ab")
    answer = client.get(path)
    assert answer.status_code == 404
    other = client.get(nobody)
    # The answer does not tell a draft from an id that was never given out; each has an id of its own.
    same = answer.text.replace(library.ids["draft.pdf"], "0123456789ab")
    assert same.replace(answer.headers["x-request-id"], "") == other.text.replace(other.headers["x-request-id"], "")


@pytest.mark.parametrize("route", ROUTES)
def test_a_withdrawn_resource_answers_with_its_tombstone(client: TestClient, library: Shelf, route: str) -> None:
    answer = client.get(route.format(id=library.ids["gone.pdf"]))
    assert answer.status_code == 410
    assert "Tác giả yêu cầu." in answer.text
    assert "thu hồi" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("word", ["bimatchuacongbo", "Bản nháp", "thu hồi"])
def test_neither_is_found(client: TestClient, library: Shelf, word: str) -> None:
    hidden = {library.ids["draft.pdf"], library.ids["gone.pdf"]}
    found = {item["id"] for item in client.get("/api/v1/search", params={"q": word, "size": 100}).json()["items"]}
    assert not hidden & found
    for path in ("/", f"/search?q={word}"):
        page = client.get(path).text
        assert not any(identifier in page for identifier in hidden)


@pytest.fixture
def withdrawn_for_a_while(library: Shelf) -> Iterator[str]:
    identifier = library.ids["cells.pdf"]
    curate.withdraw(library.services, OPERATOR, identifier, reason="Kiểm tra.")
    yield identifier
    curate.reinstate(library.services, OPERATOR, identifier)


def test_a_withdrawal_holds_at_once_also_for_addresses_that_browsers_hold(
    client: TestClient, library: Shelf, withdrawn_for_a_while: str
) -> None:
    for route in ROUTES:
        answer = client.get(route.format(id=withdrawn_for_a_while), headers={"If-None-Match": "*"})
        assert answer.status_code == 410, route
    # Results leave it out before the index has heard of it.
    assert withdrawn_for_a_while not in client.get("/search?q=cell").text


def test_what_comes_back_is_there_again(client: TestClient, library: Shelf) -> None:
    identifier = library.ids["cells.pdf"]
    curate.withdraw(library.services, OPERATOR, identifier, reason="Kiểm tra.")
    curate.reinstate(library.services, OPERATOR, identifier)
    assert client.get(f"/resources/{identifier}").status_code == 200
    assert client.get(f"/resources/{identifier}/files/1").status_code == 200
