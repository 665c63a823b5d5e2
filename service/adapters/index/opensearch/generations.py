"""An index a generation, an alias to write to it, and the alias of the library on the one that is live.

Writing goes through an alias and demands one: a cluster that makes an index
by itself at the first document that names it would make one without our
mapping in the place of one that somebody removed.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from opensearchpy.exceptions import NotFoundError, OpenSearchException

from search_mappings import index as layout
from service.adapters.index.opensearch.client import Cluster
from service.adapters.index.opensearch.meaning import PART, meaning
from service.errors import IndexChanged, IndexMissing, IndexUnavailable
from service.model import ResourceKey

_GENERATION = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
PAGE = 5_000
_EXISTS = "resource_already_exists_exception"


class Generations:
    """What `service.ports.SearchIndex` promises of generations."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._live = f"{cluster.address.name}-live"

    def index(self, generation: str) -> str:
        """The name of its index. Raises: IndexUnavailable: no index can be called so."""
        if not _GENERATION.fullmatch(generation):
            raise IndexUnavailable(part=PART, generation=generation, cause="name")
        return f"{self._cluster.address.name}-{generation}"

    def writer(self, generation: str) -> str:
        """The alias that documents are sent to."""
        return f"{self.index(generation)}-write"

    def create(self, generation: str) -> None:
        """Idempotent: of several that make it one does."""
        index = self.index(generation)
        body = layout.body() | {"aliases": {self.writer(generation): {}}}
        try:
            self._cluster.ask("PUT", f"/{index}", json.dumps(body).encode(), generation=generation)
        except IndexUnavailable as error:
            if error.parameters.get("cause") != _EXISTS:
                raise

    def exists(self, generation: str) -> bool:
        try:
            self._cluster.ask("HEAD", f"/{self.index(generation)}", generation=generation)
        except IndexUnavailable as error:
            if isinstance(error.__cause__, NotFoundError):
                return False
            raise
        return True

    def names(self) -> list[str]:
        """Every generation that the cluster holds of this library, whoever made it."""
        begin = f"{self._cluster.address.name}-"
        found = self._cluster.ask("GET", f"/{begin}*/_alias")
        return sorted(index.removeprefix(begin) for index in found)

    def drop(self, generation: str) -> None:
        """Idempotent."""
        try:
            self._cluster.ask("DELETE", f"/{self.index(generation)}", generation=generation)
        except IndexMissing:
            return

    def promote(self, generation: str) -> None:
        """The live alias on this index and on no other, in one action."""
        every = f"{self._cluster.address.name}-*"
        actions = [
            {"remove": {"index": every, "alias": self._live, "must_exist": False}},
            {"add": {"index": self.index(generation), "alias": self._live}},
        ]
        self._cluster.ask("POST", "/_aliases", json.dumps({"actions": actions}).encode(), generation=generation)

    def check(self, generation: str) -> None:
        """The mapping is ours, a search is answered, and the live alias stands here alone (else it is put here).

        Raises: IndexMissing; IndexChanged; IndexUnavailable.
        """
        index = self.index(generation)
        found = self._cluster.ask("GET", f"/{index}", generation=generation)
        about: dict[str, Any] = found.get(index) or next(iter(found.values()), {})
        if not _is_ours(about):
            raise IndexChanged(part=PART, generation=generation)
        if self.writer(generation) not in about.get("aliases", {}):
            self._write_alias(generation)
        looked = {"size": 0, "terminate_after": 1, "query": {"match_all": {}}}
        self._cluster.search(index, json.dumps(looked).encode(), params={}, generation=generation)
        if self._stands_on() != {index}:
            self.promote(generation)

    def versions(self, generation: str) -> Iterator[tuple[ResourceKey, int]]:
        """Every resource with its version, by key; what was written before the first is asked for is among them."""
        index = self.index(generation)
        self.refresh(generation)
        after: list[int] = []
        while True:
            body = {
                "size": PAGE,
                "_source": False,
                "stored_fields": "_none_",
                "docvalue_fields": ["version"],
                "sort": [{"key": "asc"}],
                "track_total_hits": False,
                **({"search_after": after} if after else {}),
            }
            answer = self._cluster.ask("POST", f"/{index}/_search", json.dumps(body).encode(), generation=generation)
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield ResourceKey(hit["sort"][0]), hit["fields"]["version"][0]
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]

    def refresh(self, generation: str) -> None:
        """Whatever was written is seen from now on."""
        self._cluster.ask("POST", f"/{self.index(generation)}/_refresh", generation=generation)

    def _write_alias(self, generation: str) -> None:
        action = {"add": {"index": self.index(generation), "alias": self.writer(generation)}}
        self._cluster.ask("POST", "/_aliases", json.dumps({"actions": [action]}).encode(), generation=generation)

    def _stands_on(self) -> set[str]:
        """Where the live alias is."""
        try:
            return set(self._cluster.raw("GET", f"/_alias/{self._live}"))
        except NotFoundError:
            return set()
        except OpenSearchException as error:
            raise meaning(error) from error


def _is_ours(about: dict[str, Any]) -> bool:
    """Whether the mapping is what the fingerprint in it says it is, or that of another version of this library."""
    mappings = about.get("mappings", {})
    told = mappings.get("_meta", {}).get("fingerprint")
    return bool(told) and (told != layout.fingerprint() or mappings == layout.body()["mappings"])
