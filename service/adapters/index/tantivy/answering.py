"""Answer one question from one snapshot: exact totals and facets first, then the page's order, then its hits.

A single aggregation without filters finds every resource that keeps the
matching rule; audience, filters, totals and facets are masks over the columns.
Only the best few hundred passages and resources are scored for the order, and
only the resources that are shown are asked for all their matching places.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tantivy

from ingest.document import Locator
from service.adapters.index.tantivy.columns import Mask, Rows
from service.adapters.index.tantivy.questions import Questions
from service.adapters.index.tantivy.reading import Snapshot
from service.adapters.index.tantivy.schema import numbers, read_stored
from service.model import Found, Hit, ResourceId, ResourceKey, SearchPage, SearchQuery

# tantivy refuses more than 65,000 buckets in one answer.
MAX_BUCKETS = 50_000
# How deep passages and metadata are scored for a page that ends at this many resources. Scored documents that
# are left out score less than all of these on their side. Steps, so that pages of one search agree.
WINDOWS = ((40, 400), (400, 4_000), (4_000, 40_000))


@dataclass(frozen=True, slots=True)
class _Matching:
    """A matching passage, by its address."""

    score: float
    place: int
    address: tantivy.DocAddress


def answer(snapshot: Snapshot, query: SearchQuery) -> SearchPage:
    """A page of what the query's audience may see."""
    columns = snapshot.columns
    questions = Questions(snapshot.schema, query, snapshot.spread)
    places: dict[int, int] = {}
    if query.known:
        places = matched(snapshot, questions)
        fitting = columns.mask(columns.rows(places))
    elif query.fold:
        fitting = np.zeros(len(columns), bool)
    else:
        fitting = columns.all() if query.resource is None else columns.keys == query.resource
    seen = columns.for_audience(query.audience)
    fitting = fitting & seen
    holding = {facet: columns.holding(facet, codes) for facet, codes in query.filters.items() if codes}
    chosen = _filtered(fitting, holding, None)
    rows = np.flatnonzero(chosen)
    if not query.known or query.sort != "fit":
        order = columns.most_used(rows) if query.sort == "used" else columns.newest(rows)
    else:
        order = _by_fit(snapshot, questions, chosen, everybody=bool(seen.all()))
    shown = order[query.offset : query.offset + query.limit]
    return SearchPage(
        total=len(rows),
        found=_found(snapshot, questions, shown, places),
        facets=_facets(snapshot, query, fitting, holding),
    )


def _filtered(fitting: Mask, holding: dict[str, Mask], without: str | None) -> Mask:
    chosen = fitting
    for facet, mask in holding.items():
        if facet != without:
            chosen = chosen & mask
    return chosen


def _facets(
    snapshot: Snapshot, query: SearchQuery, fitting: Mask, holding: dict[str, Mask]
) -> dict[str, dict[str, int]]:
    """Counts of each facet with its own filter left out, so that people see what choosing another would give."""
    columns = snapshot.columns
    by_all = columns.counts(_filtered(fitting, holding, None))
    facets: dict[str, dict[str, int]] = {}
    for name in query.count_facets:
        counts = columns.counts(_filtered(fitting, holding, name)) if name in holding else by_all
        facets[name] = {code: int(counts[n]) for code, n in columns.codes.of(name) if n < len(counts) and counts[n]}
    return facets


def matched(snapshot: Snapshot, questions: Questions, *, buckets: int = MAX_BUCKETS) -> dict[int, int]:
    """Every resource that keeps the rule, with how many of its documents do."""
    keys = snapshot.columns.keys
    query = questions.matched()
    counts: dict[int, int] = {}
    for start in range(0, len(keys), buckets):
        part = keys[start : start + buckets]
        asked = query if len(keys) <= buckets else questions.between(query, int(part[0]), int(part[-1]))
        found = snapshot.searcher.aggregate(asked, {"rid": {"terms": {"field": "rid", "size": len(part)}}})
        counts |= {int(bucket["key"]): bucket["doc_count"] for bucket in found["rid"]["buckets"]}
    return counts


def _by_fit(snapshot: Snapshot, questions: Questions, chosen: Mask, *, everybody: bool) -> Rows:
    """Chosen rows as far as the page needs them, best first: its metadata's score and its best passage's."""
    query = questions.query
    end = min(query.offset + query.limit, int(chosen.sum()))
    audience = None if everybody else query.audience
    passages = questions.filtered(questions.passages(), audience=audience)
    metadata = questions.filtered(questions.metadata(), audience=audience)
    depths = [depth for last, depth in WINDOWS if end <= last] + [snapshot.searcher.num_docs + 1]
    for depth in depths:
        bodies, all_bodies = _best(snapshot, passages, depth)
        abouts, all_abouts = _best(snapshot, metadata, depth)
        scored = np.array(sorted(bodies.keys() | abouts.keys()), np.int64)
        candidates = set(scored[chosen[np.searchsorted(snapshot.columns.keys, scored)]].tolist())
        if len(candidates) >= end:
            break
    if not all_bodies and (unknown := candidates - bodies.keys()):
        bodies |= _best(snapshot, questions.within(passages, unknown), snapshot.searcher.num_docs)[0]
    if not all_abouts and (unknown := candidates - abouts.keys()):
        abouts |= _best(snapshot, questions.within(metadata, unknown), len(unknown))[0]
    # Equal scores: newest first, so that pages never overlap.
    keys = np.array(sorted(candidates, reverse=True), np.int64)
    scores = np.array([bodies.get(key, 0.0) + abouts.get(key, 0.0) for key in keys.tolist()])
    return np.searchsorted(snapshot.columns.keys, keys[np.argsort(-scores, kind="stable")])


def _best(snapshot: Snapshot, query: tantivy.Query, depth: int) -> tuple[dict[int, float], bool]:
    """Each resource's best score among the best `depth` documents, and whether that was all of them."""
    hits = snapshot.searcher.search(query, max(depth, 1), count=False).hits
    keys = numbers(snapshot.searcher, "rid", [address for _, address in hits])
    best: dict[int, float] = {}
    for key, (score, _) in zip(keys, hits, strict=True):
        best.setdefault(key, score)
    return best, len(hits) < depth


def _found(snapshot: Snapshot, questions: Questions, shown: Rows, places: dict[int, int]) -> tuple[Found, ...]:
    keys = [int(snapshot.columns.keys[row]) for row in shown]
    matching: dict[int, list[_Matching]] = {key: [] for key in keys}
    abouts: dict[int, float] = {}
    if questions.query.known and keys:
        limit = sum(places[key] for key in keys)
        hits = snapshot.searcher.search(questions.within(questions.passages(), keys), limit, count=False).hits
        addresses = [address for _, address in hits]
        owners, numbered = (numbers(snapshot.searcher, name, addresses) for name in ("rid", "place"))
        for key, place, (score, address) in zip(owners, numbered, hits, strict=True):
            matching[key].append(_Matching(score, place, address))
        abouts = _best(snapshot, questions.within(questions.metadata(), keys), len(keys))[0]
    return tuple(
        Found(
            key=ResourceKey(key),
            id=ResourceId(snapshot.columns.id(row)),
            score=(matching[key][0].score if matching[key] else 0.0) + abouts.get(key, 0.0),
            hits=_hits(snapshot, matching[key], questions.query.hits),
            places=len({one.place for one in matching[key]}),
        )
        for key, row in zip(keys, shown.tolist(), strict=True)
    )


def _hits(snapshot: Snapshot, matching: Sequence[_Matching], count: int) -> tuple[Hit, ...]:
    """The best passages on different places."""
    chosen: dict[int, _Matching] = {}
    for one in matching:
        if len(chosen) == count:
            break
        chosen.setdefault(one.place, one)
    hits = []
    for one in chosen.values():
        file, kind, value, text = read_stored(snapshot.searcher, one.address)
        hits.append(Hit(file=file, locator=Locator(kind, value), text=text, score=one.score))
    return tuple(hits)
