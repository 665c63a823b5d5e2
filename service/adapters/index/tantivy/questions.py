"""A `SearchQuery` as tantivy queries, built from terms: no parser reads what people type.

    matched     resources whose metadata, or one of whose passages, keeps the matching rule; not scored
    passages    passages that keep the rule, scored
    bodies      passages that keep it or not, scored alike but for the bonus: what no other passage exceeds
    in_a_row    those with the bonus, scored alike
    metadata    resources by their metadata, scored; whatever part of the query is in it counts

Filters never score: each is wrapped in a constant 0. A filter that everything
passes is left out by the caller, because even then it costs a third of a query.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import tantivy

from service.adapters.index.tantivy.columns import AUDIENCE, audiences
from service.adapters.index.tantivy.reading import Snapshot
from service.adapters.index.tantivy.schema import BODY_FIELDS, label
from service.model import Audience, SearchQuery
from service.search.weights import BODY, IN_A_ROW, METADATA, TYPED

Must, Should = tantivy.Occur.Must, tantivy.Occur.Should
K1, B = 1.2, 0.75
"""tantivy's BM25 constants, which cannot be set."""


# Naming each resource is the cheaper way for a page of them; beyond, a set is looked up for every match.
_NAMED_AT_MOST = 400


@dataclass(frozen=True, slots=True)
class Questions:
    """levels: of each term, see `_levels`; only: some resources' documents.

    `only` narrows every single term. Narrowing the whole query would be shorter, but a union of terms that is
    asked for one document reads 4,096 from there: 4 ms for twenty resources instead of 0.4.
    """

    schema: tantivy.Schema
    query: SearchQuery
    levels: Mapping[tuple[str, str], float]
    only: tantivy.Query | None = None

    @classmethod
    def of(cls, snapshot: Snapshot, query: SearchQuery) -> "Questions":
        questions = cls(snapshot.schema, query, _levels(snapshot, query))
        return questions if query.resource is None else questions.only_of([query.resource])

    def only_of(self, keys: Sequence[int]) -> "Questions":
        """The same about these resources only."""
        if len(keys) > _NAMED_AT_MOST:
            only = tantivy.Query.term_set_query(self.schema, "rid", list(keys))
        else:
            only = any_of([tantivy.Query.term_query(self.schema, "rid", key, "basic") for key in keys])
        return replace(self, only=only)

    def matched(self) -> tantivy.Query:
        return any_of([self._rule("body_fold"), self._rule("meta")])

    def passages(self) -> tantivy.Query:
        further = [token for token in self.query.fold if token not in self.query.known]
        clauses = self._terms("body_fold", further, BODY.fold) + self._beside_fold() + self._bonus()
        return _with([self._rule("body_fold")], clauses)

    def bodies(self) -> tantivy.Query:
        # A union of terms and nothing else: tantivy skips blocks that cannot reach the best.
        return any_of(self._terms("body_fold", self.query.fold, BODY.fold) + self._beside_fold())

    def in_a_row(self) -> tantivy.Query:
        return _with(self._bonus(), self._terms("body_fold", self.query.fold, BODY.fold) + self._beside_fold())

    def _beside_fold(self) -> list[tantivy.Query]:
        clauses = self._terms("body_bi", self.query.bigrams, BODY.bigrams)
        clauses += self._terms("body_fold", self.query.typed_fold, TYPED * BODY.fold)
        clauses += self._terms("body_bi", self.query.typed_bigrams, TYPED * BODY.bigrams)
        return clauses + (self._terms("body_dia", self.query.dia, BODY.dia) if self.query.accented else [])

    def _bonus(self) -> list[tantivy.Query]:
        """For passages that hold the query's words in its own order; for a single pair there is none."""
        pairs = [self._term("body_bi", pair) for pair in self.query.bigrams]
        bonus = tantivy.Query.const_score_query(all_of(pairs), 1.0)
        return [tantivy.Query.boost_query(bonus, IN_A_ROW * len(pairs))] if len(pairs) > 1 else []

    def metadata(self) -> tantivy.Query:
        clauses: list[tantivy.Query] = []
        for name, weights in METADATA.items():
            clauses += self._terms(f"{name}_fold", self.query.fold, weights.fold)
            clauses += self._terms(f"{name}_bi", self.query.bigrams, weights.bigrams)
        return any_of(clauses)

    def filtered(self, query: tantivy.Query, *, audience: Audience | None) -> tantivy.Query:
        """With the facet filters, and with the audience's where one is given."""
        filters = [self._labels(facet, codes) for facet, codes in self.query.filters.items() if codes]
        if audience is not None:
            filters.append(self._labels(AUDIENCE, audiences(audience)))
        return narrowed(query, filters)

    def between(self, query: tantivy.Query, first: int, last: int) -> tantivy.Query:
        """Only documents of resources with keys from `first` to `last`, both included."""
        return narrowed(query, [tantivy.Query.range_query(self.schema, "rid", tantivy.FieldType.Unsigned, first, last)])

    def _rule(self, field: str) -> tantivy.Query:
        """The matching rule on one field; a token said another way counts, but only its own form scores."""
        units = [self._unit(field, token) for token in self.query.known]
        if self.query.required >= len(units):
            return all_of(units)
        return tantivy.Query.boolean_query([(Should, unit) for unit in units], self.query.required)

    def _unit(self, field: str, token: str) -> tantivy.Query:
        own = self._term(field, token)
        ways = [all_of([self._term(field, part) for part in way]) for way in self.query.ways.get(token, ())]
        return any_of([own, *(tantivy.Query.const_score_query(way, 0.0) for way in ways)])

    def _labels(self, facet: str, codes: Sequence[str]) -> tantivy.Query:
        return any_of([tantivy.Query.term_query(self.schema, "labels", label(facet, code), "basic") for code in codes])

    def _terms(self, field: str, tokens: Iterable[str], weight: float) -> list[tantivy.Query]:
        if not weight:
            return []
        return [tantivy.Query.boost_query(self._term(field, token), weight) for token in tokens]

    def _term(self, field: str, token: str) -> tantivy.Query:
        # That a pair of words stands there says much, how often says little: without the bonus, 3 to 8 more of
        # 100 toned lines lead back to their page (`python -m tests.relevance.pages`, seeds 4 to 6).
        term = tantivy.Query.term_query(self.schema, field, token, "basic" if field.endswith("_bi") else "freq")
        asked = narrowed(term, [self.only]) if self.only else term
        level = self.levels.get((field, token), 1.0)
        return asked if level == 1.0 else tantivy.Query.boost_query(asked, level)


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.empty_query()
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Should, query) for query in queries])


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.empty_query()
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Must, query) for query in queries])


def _with(required: Sequence[tantivy.Query], further: Sequence[tantivy.Query]) -> tantivy.Query:
    if not required:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([*((Must, one) for one in required), *((Should, one) for one in further)])


def narrowed(query: tantivy.Query, filters: Sequence[tantivy.Query]) -> tantivy.Query:
    if not filters:
        return query
    constant = [tantivy.Query.const_score_query(each, 0.0) for each in filters]
    return tantivy.Query.boolean_query([(Must, query), *((Must, each) for each in constant)])


def _levels(snapshot: Snapshot, query: SearchQuery) -> dict[tuple[str, str], float]:
    """(field, token) -> what brings its clause to what it would score in an index of its own kind of documents.

    tantivy counts documents of both kinds: every word looks rarer than it is, one of a title much more, so that
    titles would outweigh texts, the more the longer resources are; and it divides a field's tokens by all documents,
    so that every title looks as many times as long (texts do not: see `schema._filler`).
    """
    documents = snapshot.searcher.num_docs
    resources = max(len(snapshot.columns), 1)
    length = (1 + K1 * (1 - B + B * documents / resources)) / (1 + K1)
    fields = {
        "body_dia": query.dia,
        "body_fold": query.fold + query.typed_fold,
        "body_bi": query.bigrams + query.typed_bigrams,
    }
    fields |= {f"{name}_fold": query.fold for name in METADATA} | {f"{name}_bi": query.bigrams for name in METADATA}
    levels = {}
    for field, tokens in fields.items():
        own, longer = (max(documents - resources, 1), 1.0) if field in BODY_FIELDS else (resources, length)
        for token in tokens:
            if holding := snapshot.searcher.doc_freq(field, token):
                levels[field, token] = longer * _idf(min(holding, own), own) / _idf(holding, documents)
    return levels


def _idf(holding: int, documents: int) -> float:
    """BM25's; never below zero, as tantivy and Lucene have it."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))
