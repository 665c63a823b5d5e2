"""Exact places of resources in which several passages share one: a long page that was cut.

Nested passages are counted one by one, so that two of one page would count
twice and both be shown. Most resources have no such page, or show all that
matches; of the others all matching passages are asked for, by number alone,
and then the texts of those that are shown.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.adapters.index.opensearch.client import Cluster
from service.adapters.index.opensearch.questions import PASSAGES, matching, passages, shown
from service.model import SearchQuery

# As many passages as a resource may have (`search_mappings/index.json`).
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Group:
    """Matching passages of a resource. count: how many there are; passages: those at hand, best first."""

    count: int
    passages: tuple[dict[str, Any], ...]


def exact(cluster: Cluster, index: str, generation: str, query: SearchQuery, keys: Sequence[int]) -> dict[int, Group]:
    """Of each resource the best passage of every shown place; `count` is that of places."""
    inner = {
        "name": PASSAGES,
        "size": MOST,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": [f"{PASSAGES}.place", f"{PASSAGES}.number"],
    }
    these = replace(query, filters={}, sort="fit", resource=None)
    every = _ask(cluster, index, generation, {"bool": {"must": [matching(these, inner)], "filter": _only(keys)}}, keys)
    chosen: dict[int, list[int]] = {}
    counts: dict[int, int] = {}
    for hit in every:
        best: dict[int, int] = {}
        for passage in hit["inner_hits"][PASSAGES]["hits"]["hits"]:
            fields = passage["fields"]
            best.setdefault(fields[f"{PASSAGES}.place"][0], fields[f"{PASSAGES}.number"][0])
        key = hit["fields"]["key"][0]
        counts[key], chosen[key] = len(best), list(best.values())[: query.hits]
    return {key: Group(counts[key], tuple(found)) for key, found in _texts(cluster, index, generation, query, chosen)}


def _texts(
    cluster: Cluster, index: str, generation: str, query: SearchQuery, chosen: dict[int, list[int]]
) -> list[tuple[int, list[dict[str, Any]]]]:
    """The chosen passages of each resource, scored as before."""
    clauses = []
    for key, numbers in chosen.items():
        only = {"terms": {f"{PASSAGES}.number": numbers}}
        within = {"bool": {"must": [passages(query)], "filter": [only]}}
        inner = shown(query.hits) | {"name": str(key)}
        nested = {"nested": {"path": PASSAGES, "query": within, "inner_hits": inner}}
        clauses.append({"bool": {"filter": _only([key]), "must": [nested]}})
    told = _ask(cluster, index, generation, {"bool": {"should": clauses}}, list(chosen))
    return [
        (key, hit["inner_hits"][str(key)]["hits"]["hits"])
        for hit in told
        for key in hit["fields"]["key"]
        if key in chosen
    ]


def _only(keys: Sequence[int]) -> list[dict[str, Any]]:
    return [{"terms": {"key": list(keys)}}]


def _ask(
    cluster: Cluster, index: str, generation: str, query: dict[str, Any], keys: Sequence[int]
) -> list[dict[str, Any]]:
    body = {
        "query": query,
        "size": len(keys),
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["key"],
    }
    told = cluster.search(index, json.dumps(body).encode(), params={}, generation=generation)
    found: list[dict[str, Any]] = told["hits"]["hits"]
    return found
