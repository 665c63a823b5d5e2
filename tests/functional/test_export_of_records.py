"""`/api/v1/export.jsonl`: everything that everybody may see, once, as a stream that can be taken up again."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from service.library import shared
from service.library.services import Services
from service.model import Value
from tests.conftest import Shelf

EXPORT = "/api/v1/export.jsonl"


def lines(text: str) -> list[dict[str, object]]:
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the library of the tests has several, with what nobody may see at the end of some."""
    monkeypatch.setattr(shared, "PAGE", 4)


def test_each_record_that_everybody_may_see_comes_once(client: TestClient, library: Shelf, short_pages: None) -> None:
    answer = client.get(EXPORT)
    assert answer.headers["content-type"] == "application/x-ndjson"
    ids = [line["id"] for line in lines(answer.text)]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {id for name, id in library.ids.items() if name not in ("gone.pdf", "draft.pdf")}


def test_a_line_is_what_the_record_s_own_address_answers(client: TestClient, library: Shelf) -> None:
    for line in lines(client.get(EXPORT).text)[:5]:
        own = client.get(f"/api/v1/resources/{line['id']}").json()
        del own["revisions"]
        assert line == own


def test_it_goes_on_behind_any_record_that_ever_was(client: TestClient, library: Shelf, short_pages: None) -> None:
    whole = client.get(EXPORT).text.splitlines(keepends=True)
    for number, line in enumerate(whole, start=1):
        rest = client.get(EXPORT, params={"after": json.loads(line)["id"]}).text
        assert rest == "".join(whole[number:])
    behind_what_is_gone = client.get(EXPORT, params={"after": library.ids["gone.pdf"].upper()})
    assert behind_what_is_gone.status_code == 200
    assert set(behind_what_is_gone.text.splitlines(keepends=True)) < set(whole)


@pytest.mark.parametrize("after", ["zzzzzzzzzzzz", "../x", "x" * 10_000, "ă\x00", "\x00", " "])
def test_behind_what_never_was_there_is_nothing(client: TestClient, after: str) -> None:
    answer = client.get(EXPORT, params={"after": after})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_it_is_sent_while_it_is_made_and_compressed_where_that_is_asked_for(client: TestClient) -> None:
    with client.stream("GET", EXPORT, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert "content-length" not in answer.headers
        packed = b"".join(answer.iter_raw())
    plain = client.get(EXPORT, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) / 2


def test_head_walks_over_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def walked(*_: object) -> Iterator[object]:
        raise AssertionError("the library was walked over")

    monkeypatch.setattr(shared, "pages", walked)
    answer = client.head(EXPORT)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("change", [{"access": "organisation"}, {"access": "signed-in"}, {"visibility": "hidden"}])
def test_what_is_not_for_everybody_is_not_in_it(client: TestClient, library: Shelf, change: dict[str, str]) -> None:
    resource = library.ids["cells.pdf"]
    before = _changed(library.services, resource, change)
    try:
        assert resource not in client.get(EXPORT).text
    finally:
        _changed(library.services, resource, before)
    assert resource in client.get(EXPORT).text


@pytest.mark.parametrize("licence", ["CNE", "InC"])
def test_what_may_not_leave_its_house_is_not_in_it_even_where_somebody_opened_it(library: Shelf, licence: str) -> None:
    with library.services.catalogue.reading() as work:
        resource = work.resources.get(library.ids["cells.pdf"])
        assert resource is not None
        revision = work.resources.published([resource.key])[resource.key][1]
    vocabularies = library.services.vocabularies
    assert shared._leaves(vocabularies, revision)
    others = tuple(value for value in revision.values if value.field != "licence")
    assert not shared._leaves(vocabularies, replace(revision, values=(*others, Value("licence", licence, "person"))))


def _changed(services: Services, resource_id: str, change: dict[str, str]) -> dict[str, str]:
    """Returns: what it was before."""
    with services.catalogue.writing() as work:
        resource = work.resources.get(resource_id)
        assert resource is not None
        work.resources.save(replace(resource, **change))  # type: ignore[arg-type]
    return {name: getattr(resource, name) for name in change}
