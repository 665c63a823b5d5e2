"""A search that a time limit cut off says so at every door, and gives what was found."""

from dataclasses import replace

from starlette.testclient import TestClient

from service.app import create
from service.messages import sentence
from service.model import SearchPage, SearchQuery
from service.ports import SearchIndex
from tests.conftest import Shelf


class CutOff:
    """An index whose every search runs out of time."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)

    def search(self, generation: str, query: SearchQuery) -> SearchPage:
        return replace(self._index.search(generation, query), partial=True)


def test_pages_and_answers_say_that_there_may_be_more(library: Shelf) -> None:
    services = replace(library.services, index=CutOff(library.services.index))  # type: ignore[arg-type]
    client = TestClient(create(services))
    for path, language in (("/search", "vi"), ("/en/search", "en")):
        page = client.get(path, params={"q": "daynhieu"}).text
        assert sentence("search-partial", language) in page
        assert "daynhieu</mark>" in page
    assert client.get("/api/v1/search", params={"q": "daynhieu"}).json()["partial"] is True


def test_a_whole_answer_says_nothing_of_it(client: TestClient) -> None:
    assert client.get("/api/v1/search", params={"q": "daynhieu"}).json()["partial"] is False
    assert sentence("search-partial", "vi") not in client.get("/search", params={"q": "daynhieu"}).text
