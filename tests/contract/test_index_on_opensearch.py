"""The search index's contract on a real OpenSearch; what only a cluster can suffer stands in `test_opensearch_*`."""

import pytest

from service.adapters.index.opensearch import Cluster, Login, OpenSearchIndex, parse
from tests.contract.index_processes import GENERATION, Open
from tests.contract.search_index import IndexContract
from tests.servers.opensearch import OpenSearchServer


def open_opensearch(place: str) -> OpenSearchIndex:
    return OpenSearchIndex(Cluster(parse(place), Login(), seconds=30.0, connect_seconds=5.0))


@pytest.fixture
def place(opensearch_server: OpenSearchServer, index_name: str) -> str:
    return opensearch_server.url(index_name)


@pytest.fixture
def open_index() -> Open:
    return open_opensearch


@pytest.fixture
def index(place: str) -> OpenSearchIndex:
    made = open_opensearch(place)
    made.begin()
    made.create(GENERATION)
    return made


class TestIndexOnOpenSearch(IndexContract):
    pass
