"""The order of resources by fit, and what is exactly known of those that are shown.

A resource's score is its metadata's plus its best passage's, which no single
tantivy query can sort by. So the best metadata is scored, and the best passages
without the matching rule, which is the dear part. Together they bound what a
resource can reach (Fagin's threshold algorithm); only those whose bound is high
enough are asked for exactly, with the rule and all their matching passages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import tantivy

from service.adapters.index.tantivy.columns import Mask, Rows
from service.adapters.index.tantivy.questions import Questions
from service.adapters.index.tantivy.reading import Snapshot
from service.adapters.index.tantivy.schema import numbers

Scores = npt.NDArray[np.float64]

# Documents scored for each resource up to the page's end, and how much deeper to look where they do not settle it.
DEPTH_EACH = 40
DEEPER = 8
# Metadata is short and a document a resource: what is scored need not be asked for.
METADATA_DEEPER = 5
# Resources asked for exactly, for each one up to the page's end: at first, and at most before looking deeper.
ASKED_EACH = 2
ASKED_AT_MOST_EACH = 30
# Sums of clauses in another order differ in the last digits of a single-precision number.
SLACK = 1e-4
_DECIMALS = 3


@dataclass(slots=True)
class Exact:
    """One resource. about: its metadata's score; passages: all that match, with their scores, best first."""

    about: float = 0.0
    passages: list[tuple[float, tantivy.DocAddress]] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Rounded: what scores the same in two ways of asking must tie."""
        return round(self.about + (self.passages[0][0] if self.passages else 0.0), _DECIMALS)


@dataclass(frozen=True, slots=True)
class _Best:
    """Each row's best score among the best documents of a kind, else `least`, which it cannot exceed; 0: all met."""

    scores: Scores
    least: float

    def unmet(self, rows: Rows) -> Mask:
        return self.scores[rows] <= self.least if self.least else np.zeros(len(rows), bool)


def by_fit(
    snapshot: Snapshot, questions: Questions, chosen: Mask, *, everybody: bool
) -> tuple[Sequence[int], dict[int, Exact]]:
    """Keys of the chosen rows up to the page's end, best first, and what was learnt of more than those.

    Equal scores: the younger resource first, so that pages never overlap.
    """
    query = questions.query
    rows = np.flatnonzero(chosen)
    end = min(query.offset + query.limit, len(rows))
    audience = None if everybody else query.audience
    asked = (questions.bodies(), questions.in_a_row(), questions.metadata())
    bodies, in_a_row, metadata = (questions.filtered(one, audience=audience) for one in asked)
    known: dict[int, Exact] = {}
    depth = end * DEPTH_EACH
    while end:
        body, row = _best(snapshot, bodies, depth), _best(snapshot, in_a_row, depth)
        about = _best(snapshot, metadata, depth * METADATA_DEEPER)
        bounds = np.maximum(body.scores, row.scores) + about.scores
        order = rows[np.lexsort((-rows, -bounds[rows]))]
        at_most = end * ASKED_AT_MOST_EACH if body.least or row.least or about.least else len(order)
        best = _settled(snapshot, questions, order, bounds, about, known, end=end, at_most=at_most)
        if best is not None:
            return best, known
        depth *= DEEPER
    return [], known


def exactly(snapshot: Snapshot, questions: Questions, keys: Sequence[int]) -> dict[int, Exact]:
    """What these resources score, and where."""
    found = {key: Exact() for key in keys}
    _find_passages(snapshot, questions, found)
    _find_metadata(snapshot, questions, found)
    return found


def _find_passages(snapshot: Snapshot, questions: Questions, found: Mapping[int, Exact]) -> None:
    if found and questions.query.known:
        asked = questions.only_of(list(found)).passages()
        for key, score, address in _hits(snapshot, asked, snapshot.searcher.num_docs):
            found[key].passages.append((score, address))


def _find_metadata(snapshot: Snapshot, questions: Questions, found: Mapping[int, Exact]) -> None:
    if found and questions.query.known:
        for key, score, _ in _hits(snapshot, questions.only_of(list(found)).metadata(), len(found)):
            found[key].about = score


def _hits(snapshot: Snapshot, query: tantivy.Query, most: int) -> Iterator[tuple[int, float, tantivy.DocAddress]]:
    """(resource, score, address) of the best documents."""
    hits = snapshot.searcher.search(query, most, count=False).hits
    for key, (score, address) in zip(numbers(snapshot.searcher, "rid", [at for _, at in hits]), hits, strict=True):
        yield key, score, address


def _best(snapshot: Snapshot, query: tantivy.Query, depth: int) -> _Best:
    hits = snapshot.searcher.search(query, min(depth, snapshot.searcher.num_docs + 1), count=False).hits
    least = 0.0 if len(hits) < depth else hits[-1][0]
    best = np.full(len(snapshot.columns), least)
    # From the worst to the best, so that the best of a row stays.
    hits.reverse()
    keys = numbers(snapshot.searcher, "rid", [address for _, address in hits])
    best[snapshot.columns.rows(np.array(keys, np.int64))] = [score for score, _ in hits]
    return _Best(best, least)


def _settled(
    snapshot: Snapshot,
    questions: Questions,
    order: Rows,
    bounds: Scores,
    about: _Best,
    known: dict[int, Exact],
    *,
    end: int,
    at_most: int,
) -> Sequence[int] | None:
    """Keys of the best `end` rows. order: rows by their bounds; `known` grows by those that are asked for.

    None: more than `at_most` would have to be asked.
    """
    begin, until = 0, min(end * ASKED_EACH, len(order))
    best: list[int] = []
    while True:
        part = order[begin:until]
        keys = snapshot.columns.keys[part].tolist()
        asked = {key: Exact(score) for key, score in zip(keys, about.scores[part].tolist(), strict=True)}
        asked = {key: one for key, one in asked.items() if key not in known}
        _find_passages(snapshot, questions, asked)
        unmet = set(snapshot.columns.keys[part[about.unmet(part)]].tolist())
        for key in unmet & asked.keys():
            asked[key].about = 0.0
        _find_metadata(snapshot, questions, {key: one for key, one in asked.items() if key in unmet})
        known |= asked
        best = sorted([*best, *keys], key=lambda key: (-known[key].score, -key))[:end]
        missing = int(np.count_nonzero(bounds[order[until:]] >= known[best[-1]].score - SLACK))
        if not missing:
            return best
        if until + missing > at_most:
            return None
        begin, until = until, until + min(missing, until)
