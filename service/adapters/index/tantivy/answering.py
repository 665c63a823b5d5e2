"""Answer one question from one snapshot: exact totals and facets first, then the page's order, then its hits.

A single aggregation without filters finds every resource that keeps the
matching rule; audience, filters, totals and facets are masks over the columns.
`ranking` finds the order of the page and its matching places.
"""

from dataclasses import replace
from itertools import islice
from operator import itemgetter

import numpy as np
import tantivy

from ingest.document import Locator
from service.adapters.index.tantivy.columns import Mask, Rows
from service.adapters.index.tantivy.questions import Questions
from service.adapters.index.tantivy.ranking import Exact, by_fit, exactly
from service.adapters.index.tantivy.reading import Snapshot
from service.adapters.index.tantivy.schema import numbers, read_stored
from service.errors import Invalid
from service.model import Found, Hit, ResourceId, ResourceKey, SearchPage, SearchQuery

# tantivy refuses more than 65,000 buckets in one answer.
MAX_BUCKETS = 50_000


def answer(snapshot: Snapshot, query: SearchQuery) -> SearchPage:
    """A page of what the query's audience may see. Raises: Invalid: a cursor that is none of ours."""
    columns = snapshot.columns
    if query.after:
        query = replace(query, offset=_offset(query.after), after="")
    questions = Questions.of(snapshot, query)
    if query.known:
        fitting = columns.mask(columns.rows(matched(snapshot, questions)))
    elif query.fold:
        fitting = np.zeros(len(columns), bool)
    else:
        fitting = columns.all() if query.resource is None else columns.keys == query.resource
    seen = columns.for_audience(query.audience)
    fitting = fitting & seen
    holding = {facet: columns.holding(facet, codes) for facet, codes in query.filters.items() if codes}
    chosen = _filtered(fitting, holding, None)
    rows = np.flatnonzero(chosen)
    page = slice(query.offset, query.offset + query.limit)
    if query.known and query.sort == "fit":
        keys, known = by_fit(snapshot, questions, chosen, everybody=bool(seen.all()))
        shown = keys[page]
    else:
        order = columns.most_used(rows) if query.sort == "used" else columns.newest(rows)
        shown = columns.keys[order[page]].tolist()
        known = exactly(snapshot, questions, shown)
    return SearchPage(
        total=len(rows),
        found=tuple(_found(snapshot, key, known[key], query.hits) for key in shown),
        facets=_facets(snapshot, query, fitting, holding),
        after=str(query.offset + len(shown)) if shown and query.offset + len(shown) < len(rows) else "",
    )


def _offset(cursor: str) -> int:
    """How many resources come before: the cursor of an index whose answers are cut from one list."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 12):
        raise Invalid(field="cursor", value=cursor[:40])
    return int(cursor)


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


def matched(snapshot: Snapshot, questions: Questions, *, buckets: int = MAX_BUCKETS) -> Rows:
    """Keys of every resource that keeps the rule."""
    keys = snapshot.columns.keys
    query = questions.matched()
    parts = [np.empty(0, np.int64)]
    for start in range(0, len(keys), buckets):
        part = keys[start : start + buckets]
        asked = query if len(keys) <= buckets else questions.between(query, int(part[0]), int(part[-1]))
        # By key: sorting by count costs a quarter more.
        terms = {"field": "rid", "size": len(part), "order": {"_key": "asc"}}
        found = snapshot.searcher.aggregate(asked, {"rid": {"terms": terms}})["rid"]["buckets"]
        parts.append(np.fromiter(map(itemgetter("key"), found), np.int64, len(found)))
    return np.concatenate(parts)


def _found(snapshot: Snapshot, key: int, exact: Exact, hits: int) -> Found:
    passages = exact.passages if hits else []
    places = numbers(snapshot.searcher, "place", [address for _, address in passages])
    # The best passage of each place, best first.
    best: dict[int, tuple[float, tantivy.DocAddress]] = {}
    for place, passage in zip(places, passages, strict=True):
        best.setdefault(place, passage)
    return Found(
        key=ResourceKey(key),
        id=ResourceId(snapshot.columns.entries[key].id),
        score=exact.score,
        hits=tuple(_hit(snapshot, *passage) for passage in islice(best.values(), hits)),
        places=len(best),
    )


def _hit(snapshot: Snapshot, score: float, address: tantivy.DocAddress) -> Hit:
    file, kind, value, text = read_stored(snapshot.searcher, address)
    return Hit(file=file, locator=Locator(kind, value), text=text, score=score)
