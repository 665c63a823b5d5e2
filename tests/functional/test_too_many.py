"""429 on every door: how long to wait, in words for people and as a problem for programs."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from service.app import PROGRAMS, create
from tests.conftest import Shelf
from tests.functional.addresses import filled, templates

# Each bucket holds one request.
ONE = 0.01
FREE = {
    "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/robots.txt", "/favicon.ico", "/keeper.js",
    "/static/{digest}/{name}", "/about", "/en/about", "/kept", "/en/kept", "/source", "/en/source",
}  # fmt: skip
"""What costs the library nothing: nobody is held there."""


@pytest.fixture
def client(library: Shelf) -> Iterator[TestClient]:
    settings = library.services.settings.model_copy(update={"searches_per_minute": ONE})
    app = create(replace(library.services, settings=settings))
    with TestClient(app, base_url="http://library.test", follow_redirects=False) as made:
        yield made


def test_every_door_says_when_to_come_back(library: Shelf) -> None:
    settings = library.services.settings.model_copy(update={"searches_per_minute": ONE})
    app = create(replace(library.services, settings=settings))
    resource = library.ids["parabola.pdf"]
    unheld = []
    for template in templates(app):
        if template in FREE or template.startswith("/source/"):
            continue
        path = filled(template, resource)
        # An application of its own: what one door has spent is no other's.
        with TestClient(create(replace(library.services, settings=settings)), base_url="http://library.test") as client:
            client.head(path, follow_redirects=False)
            answer = client.get(path, follow_redirects=False)
            head = client.head(path, follow_redirects=False)
        if template == "/oai":
            # As its protocol has it.
            assert (answer.status_code, 1 <= int(answer.headers["retry-after"]) <= 60) == (503, True)
            continue
        if answer.status_code != 429:
            unheld.append((template, answer.status_code))
            continue
        assert 1 <= int(answer.headers["retry-after"]) <= 60, template
        assert answer.headers["cache-control"] == "no-store", template
        assert head.status_code == 429, template
        if template.removeprefix("/en").startswith(PROGRAMS):
            assert answer.headers["content-type"] == "application/problem+json", template
            assert answer.json()["code"] == "too-many-requests", template
            assert answer.json()["remedy"], template
        else:
            assert answer.headers["content-type"].startswith("text/html"), template
            said = "too many requests" if template.startswith("/en") else "vừa gửi quá nhiều yêu cầu"
            assert said in answer.text, template
    assert unheld == []


def test_what_costs_nothing_is_never_held(client: TestClient) -> None:
    for path in sorted(FREE - {"/static/{digest}/{name}"}):
        assert {client.get(path).status_code for _ in range(5)} <= {200, 404}, path


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_program_is_told_in_the_language_it_asked_for(client: TestClient, lang: str) -> None:
    path = f"/api/v1/search?lang={lang}"
    client.get(path)
    answer = client.get(path)
    assert answer.status_code == 429
    wait = int(answer.headers["retry-after"])
    assert str(wait) in answer.json()["detail"]
    assert answer.json()["title"] == {"vi": "Quá nhiều yêu cầu", "en": "Too many requests"}[lang]


def test_a_report_too_many_is_told_so(client: TestClient, library: Shelf) -> None:
    """The form itself is a page; what is sent is held by its own bucket, and wrong reports cost as right ones."""
    path = f"/resources/{library.ids['parabola.pdf']}/report"
    assert client.post(path, data={"reason": "nonsense"}).status_code == 400
    answer = client.post(path, data={"reason": "nonsense"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
