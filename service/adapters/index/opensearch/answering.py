"""Answer one question with one `_search`; a second one only where several passages share a place (`places`)."""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from ingest.document import Locator
from service.adapters.index.opensearch import cursor, places
from service.adapters.index.opensearch.client import Cluster
from service.adapters.index.opensearch.questions import PASSAGES, TEXT, body
from service.model import Found, Hit, ResourceId, ResourceKey, SearchPage, SearchQuery

log = logging.getLogger(__name__)
# Of the time that a search may take, what the cluster may look for; the rest is for fetching and the way.
SHARE_OF_LOOKING = 0.8


def answer(cluster: Cluster, index: str, generation: str, query: SearchQuery) -> SearchPage:
    """A page of what the query's audience may see. Raises: Invalid: a bad cursor; IndexUnavailable."""
    asked = body(query, seconds=cluster.seconds * SHARE_OF_LOOKING)
    if query.fold and not query.known:
        return SearchPage(0, (), {name: {} for name in query.count_facets})
    # The same question to the same copy of a shard: copies score a little differently while old documents go.
    params = {"preference": _preference(query)}
    told = cluster.search(index, json.dumps(asked).encode(), params=params, generation=generation)
    hits = told["hits"]["hits"]
    groups = {_key(hit): _group(hit) for hit in hits}
    sharing = {_key(hit): hit["fields"]["sharing"][0] for hit in hits if _unsure(hit, groups[_key(hit)], query.hits)}
    if sharing:
        groups |= places.exact(cluster, index, generation, query, groups, sharing)
    found = tuple(_found(hit, groups[_key(hit)], query) for hit in hits)
    total = told["hits"]["total"]["value"]
    at_end = len(hits) < query.limit or (not query.after and query.offset + len(hits) >= total)
    return SearchPage(
        total=total,
        found=found,
        facets=_facets(told.get("aggregations", {}), query),
        after="" if at_end or not hits else cursor.write(cursor.order_of(query), hits[-1]["sort"]),
        partial=bool(told["timed_out"] or told["_shards"]["failed"]),
    )


def _preference(query: SearchQuery) -> str:
    about = repr((query.fold, query.filters, query.resource, query.audience))
    return hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()[:16]


def _key(hit: Mapping[str, Any]) -> int:
    key: int = hit["fields"]["key"][0]
    return key


def _group(hit: Mapping[str, Any]) -> places.Group:
    inner = hit.get("inner_hits", {}).get(PASSAGES)
    return places.Group(0, 0, ()) if inner is None else places.group(inner["hits"])


def _unsure(hit: Mapping[str, Any], group: places.Group, hits: int) -> bool:
    """Whether matching passages may share a place and not all of them are here."""
    return hit["fields"]["sharing"][0] > 0 and group.count > hits


def _found(hit: Mapping[str, Any], group: places.Group, query: SearchQuery) -> Found:
    return Found(
        key=ResourceKey(_key(hit)),
        id=ResourceId(hit["fields"]["id"][0]),
        score=hit["_score"] or 0.0,
        hits=tuple(map(_hit, group.passages[: query.hits])),
        places=group.places,
    )


def _hit(passage: Mapping[str, Any]) -> Hit:
    fields = passage["fields"]
    kind, value = json.loads(fields[f"{PASSAGES}.locator"][0])
    return Hit(
        file=fields[f"{PASSAGES}.file"][0],
        locator=Locator(kind, value),
        text=fields[TEXT][0],
        score=passage["_score"],
    )


def _facets(told: Mapping[str, Any], query: SearchQuery) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = {}
    for name in query.count_facets:
        counted = told[name].get("codes", told[name])
        if counted["sum_other_doc_count"]:
            log.warning("index-facet-cut", extra={"facet": name, "left_out": counted["sum_other_doc_count"]})
        facets[name] = {bucket["key"]: bucket["doc_count"] for bucket in counted["buckets"]}
    return facets
