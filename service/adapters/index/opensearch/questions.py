"""A `SearchQuery` as the body of one `_search`, built from tokens: no query parser reads what people type.

A resource matches when its metadata (`meta`) or one of its passages keeps the
rule. Its score is its metadata's clauses, summed, plus its best passage's.
Audience, filters and the rule on metadata stand where nothing scores. Facets
are counted in the same request, each without its own filter, so filters of
counted facets come after the query (`post_filter`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from search_mappings import index as layout
from service.adapters.index.opensearch.cursor import ORDERS, order_of, read
from service.model import Audience, SearchQuery
from service.search.weights import BODY, IN_A_ROW, METADATA, TYPED

Clause = dict[str, Any]

PASSAGES = "passages"
TEXT = f"{PASSAGES}.text"
# More codes than any vocabulary has; all facets together stay below the cluster's 65,535 buckets an answer.
MOST_CODES = 10_000
NOTHING: Clause = {"match_none": {}}


def body(query: SearchQuery, *, seconds: float) -> Clause:
    """seconds: after which the cluster gives what it has. Raises: Invalid: a cursor that is none of ours."""
    order = order_of(query)
    counted = {name: codes for name, codes in query.filters.items() if codes and name in query.count_facets}
    made: Clause = {
        "query": matching(query),
        "size": query.limit,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["key", "id", "sharing"],
        "sort": ORDERS[order],
        "track_scores": True,
        "track_total_hits": True,
        "timeout": f"{max(1, round(seconds * 1000))}ms",
    }
    if query.after:
        made["search_after"] = read(query.after, order)
    else:
        made["from"] = query.offset
    if counted:
        made["post_filter"] = {"bool": {"filter": [_codes(name, codes) for name, codes in counted.items()]}}
    if query.count_facets:
        made["aggs"] = {name: _counts(name, counted) for name in query.count_facets}
    return made


def matching(query: SearchQuery, hits: Clause | None = None) -> Clause:
    """What is found, scored; `hits`: what is asked of its passages (default: those shown)."""
    filters = [_audience(query.audience)] if not query.audience.everything else []
    if query.resource is not None:
        filters.append({"term": {"key": query.resource}})
    filters += [
        _codes(name, codes) for name, codes in query.filters.items() if codes and name not in query.count_facets
    ]
    if not query.known:
        return {"bool": {"filter": filters or [{"match_all": {}}]}}
    nested: Clause = {"path": PASSAGES, "score_mode": "max", "query": passages(query)}
    if hits or query.hits:
        nested["inner_hits"] = hits or shown(query.hits)
    within = {"nested": nested}
    about = {"constant_score": {"filter": rule(query, "meta"), "boost": 0.0}}
    return {
        "bool": {
            "filter": filters,
            "must": [{"bool": {"should": [about, within]}}],
            "should": metadata(query),
        }
    }


def shown(hits: int) -> Clause:
    """The best passages of a resource, with what is shown of them: field by field, never the whole document."""
    return {
        "name": PASSAGES,
        "size": hits,
        "_source": False,
        "stored_fields": [TEXT, f"{PASSAGES}.locator"],
        "docvalue_fields": [f"{PASSAGES}.file", f"{PASSAGES}.place"],
    }


def passages(query: SearchQuery) -> Clause:
    """Passages that keep the rule, scored."""
    further = _terms(f"{TEXT}.fold", (token for token in query.fold if token not in query.known), BODY.fold)
    clauses = further + _terms(f"{TEXT}.bi", query.bigrams, BODY.bigrams)
    clauses += _terms(f"{TEXT}.fold", query.typed_fold, TYPED * BODY.fold)
    clauses += _terms(f"{TEXT}.bi", query.typed_bigrams, TYPED * BODY.bigrams)
    if query.accented:
        clauses += _terms(TEXT, query.dia, BODY.dia)
    return {"bool": {"must": [rule(query, f"{TEXT}.fold", BODY.fold)], "should": clauses + _bonus(query)}}


def rule(query: SearchQuery, field: str, weight: float = 1.0) -> Clause:
    """How many of the known tokens must be there; one said another way counts, but only its own form scores."""
    units = [_unit(query, field, token, weight) for token in query.known]
    if query.required >= len(units):
        return {"bool": {"must": units}}
    return {"bool": {"should": units, "minimum_should_match": query.required}}


def metadata(query: SearchQuery) -> list[Clause]:
    """Whatever part of the query is in it counts."""
    return [
        clause
        for name, weights in METADATA.items()
        for clause in (
            *_terms(f"{name}.fold", query.fold, weights.fold),
            *_terms(f"{name}.bi", query.bigrams, weights.bigrams),
        )
    ]


def _unit(query: SearchQuery, field: str, token: str, weight: float) -> Clause:
    own = _term(field, token, weight)
    ways = query.ways.get(token, ())
    if not ways:
        return own
    others = [
        {"constant_score": {"filter": {"bool": {"filter": [_term(field, part) for part in way]}}, "boost": 0.0}}
        for way in ways
    ]
    return {"bool": {"should": [own, *others]}}


def _bonus(query: SearchQuery) -> list[Clause]:
    """For passages that hold the query's words in its own order; for a single pair there is none."""
    if len(query.bigrams) < 2:
        return []
    # Lucene leaves the factor k1 + 1 out of every score, and the weights were measured with it.
    k1, _ = layout.similarity()
    pairs = [_term(f"{TEXT}.bi", pair) for pair in query.bigrams]
    boost = IN_A_ROW * len(pairs) / (k1 + 1)
    return [{"constant_score": {"filter": {"bool": {"filter": pairs}}, "boost": boost}}]


def _terms(field: str, tokens: Iterable[str], weight: float) -> list[Clause]:
    return [_term(field, token, weight) for token in tokens] if weight else []


def _term(field: str, token: str, weight: float = 1.0) -> Clause:
    return {"term": {field: token if weight == 1.0 else {"value": token, "boost": weight}}}


def _audience(audience: Audience) -> Clause:
    seen = ["public", *(["signed-in"] if audience.signed_in else [])]
    return {"terms": {"audience": seen + [f"organisation:{code}" for code in sorted(audience.organisations)]}}


def _codes(facet: str, codes: Sequence[str]) -> Clause:
    return {"terms": {f"facets.{facet}": list(codes)}}


def _counts(facet: str, counted: Mapping[str, Sequence[str]]) -> Clause:
    """Codes of a facet where the filters of all others hold."""
    codes = {"terms": {"field": f"facets.{facet}", "size": MOST_CODES}}
    others = [_codes(name, chosen) for name, chosen in counted.items() if name != facet]
    return {"filter": {"bool": {"filter": others}}, "aggs": {"codes": codes}} if others else codes
