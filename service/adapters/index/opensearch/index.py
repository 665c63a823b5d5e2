"""The port: what the library asks of its search index, in an OpenSearch cluster."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from search_mappings import index as layout
from service.adapters.index.opensearch import beginning, writing
from service.adapters.index.opensearch.answering import answer
from service.adapters.index.opensearch.client import Cluster
from service.adapters.index.opensearch.generations import Generations
from service.model import IndexDocument, ResourceKey, SearchPage, SearchQuery


class OpenSearchIndex:
    """Implements `service.ports.SearchIndex` in a cluster."""

    engine = "opensearch"

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._generations = Generations(cluster)

    def fingerprint(self) -> str:
        return layout.fingerprint()

    def begin(self) -> None:
        beginning.begin(self._cluster)

    def create(self, generation: str) -> None:
        self._generations.create(generation)

    def exists(self, generation: str) -> bool:
        return self._generations.exists(generation)

    def write(
        self, generation: str, documents: Sequence[IndexDocument], removed: Collection[ResourceKey]
    ) -> Mapping[ResourceKey, str]:
        return writing.write(self._cluster, self._generations, generation, documents, removed)

    def search(self, generation: str, query: SearchQuery) -> SearchPage:
        return answer(self._cluster, self._generations.index(generation), generation, query)

    def generations(self) -> Sequence[str]:
        """Those that the cluster holds, also where no catalogue knows them."""
        return self._generations.names()

    def versions(self, generation: str) -> Iterator[tuple[ResourceKey, int]]:
        return self._generations.versions(generation)

    def promote(self, generation: str) -> None:
        self._generations.promote(generation)

    def drop(self, generation: str) -> None:
        self._generations.drop(generation)

    def check(self, generation: str) -> None:
        self._generations.check(generation)

    def close(self) -> None:
        self._cluster.close()
