"""Exact places of resources in which several passages share one: a long page that was cut.

Nested passages are counted one by one, so that two of one page would count
twice and both be shown. Most resources have no such page, or show all that
matches. Of the others the places that match more than once are counted, and
where fewer places are at hand than are shown, more passages are asked for.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.adapters.index.opensearch.client import Cluster
from service.adapters.index.opensearch.questions import PASSAGES, TEXT, matching, rule, shown
from service.model import SearchQuery

# The cluster gives 65,535 buckets in an answer.
MOST_BUCKETS = 50_000
# How much deeper to look for further places each time: what one long page matches fills the first look.
DEEPER = 8
# Of one resource (`search_mappings/index.json`).
MOST_PASSAGES = 100_000
PLACE = f"{PASSAGES}.place"


@dataclass(frozen=True, slots=True)
class Group:
    """Matching passages of a resource.

    count: how many there are; places: how many different places of them; passages: the best of each place that is
    at hand, best first.
    """

    count: int
    places: int
    passages: tuple[dict[str, Any], ...]


def group(inner: Mapping[str, Any]) -> Group:
    """Of a resource's inner hits; `places` is too large where some that share one are not at hand."""
    best: dict[int, dict[str, Any]] = {}
    for passage in inner["hits"]:
        best.setdefault(passage["fields"][PLACE][0], passage)
    count = inner["total"]["value"]
    return Group(count, count - len(inner["hits"]) + len(best), tuple(best.values()))


def exact(
    cluster: Cluster,
    index: str,
    generation: str,
    query: SearchQuery,
    groups: Mapping[int, Group],
    sharing: Mapping[int, int],
) -> dict[int, Group]:
    """The same groups with exact places. sharing: how many passages of each stand where an earlier one stands."""
    found = {
        key: replace(groups[key], places=count)
        for part in _parts(sharing)
        for key, count in _counts(cluster, index, generation, query, part).items()
    }
    size = query.hits
    while short := [
        key for key, one in found.items() if len(one.passages) < min(query.hits, one.places) and size < one.count
    ]:
        size = min(size * DEEPER, MOST_PASSAGES)
        for key, one in _deeper(cluster, index, generation, query, short, size).items():
            found[key] = replace(found[key], passages=one.passages)
    return found


def _parts(sharing: Mapping[int, int]) -> Iterator[list[int]]:
    """Resources whose places fit into one answer together; one of more than that alone."""
    part: list[int] = []
    size = 0
    for key, number in sharing.items():
        if part and size + number > MOST_BUCKETS:
            yield part
            part, size = [], 0
        part.append(key)
        size += number
    if part:
        yield part


def _counts(cluster: Cluster, index: str, generation: str, query: SearchQuery, keys: Sequence[int]) -> dict[int, int]:
    """Different places of each: its matching passages without those that a place has besides its first."""
    again = {"terms": {"field": PLACE, "size": MOST_BUCKETS, "min_doc_count": 2}}
    within = {"filter": rule(query, f"{TEXT}.fold"), "aggs": {"again": again}}
    nested = {"nested": {"path": PASSAGES}, "aggs": {"matching": within}}
    aggregations = {str(key): {"filter": {"term": {"key": key}}, "aggs": {PASSAGES: nested}} for key in keys}
    body = {"size": 0, "query": {"bool": {"filter": _only(keys)}}, "aggs": aggregations}
    told = cluster.search(index, json.dumps(body).encode(), params={}, generation=generation)
    counts = {}
    for key in keys:
        matched = told["aggregations"][str(key)][PASSAGES]["matching"]
        counts[key] = matched["doc_count"] - sum(bucket["doc_count"] - 1 for bucket in matched["again"]["buckets"])
    return counts


def _deeper(
    cluster: Cluster, index: str, generation: str, query: SearchQuery, keys: Sequence[int], size: int
) -> dict[int, Group]:
    """The best `size` passages of each."""
    these = replace(query, filters={}, sort="fit", resource=None)
    body = {
        "query": {"bool": {"must": [matching(these, shown(size))], "filter": _only(keys)}},
        "size": len(keys),
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["key"],
    }
    told = cluster.search(index, json.dumps(body).encode(), params={}, generation=generation)
    return {hit["fields"]["key"][0]: group(hit["inner_hits"][PASSAGES]["hits"]) for hit in told["hits"]["hits"]}


def _only(keys: Sequence[int]) -> list[dict[str, Any]]:
    return [{"terms": {"key": list(keys)}}]
