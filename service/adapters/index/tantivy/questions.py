"""A `SearchQuery` as tantivy queries, built from terms: no parser reads what people type.

    matched     resources whose metadata, or one of whose passages, keeps the matching rule; not scored
    passages    passages that keep the rule, scored
    metadata    resources by their metadata, scored; whatever part of the query is in it counts

Filters never score: each is wrapped in a constant 0. A filter that everything
passes is left out by the caller, because even then it costs a third of a query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import tantivy

from service.adapters.index.tantivy.columns import AUDIENCE, audiences
from service.adapters.index.tantivy.schema import label
from service.model import Audience, SearchQuery
from service.search.weights import BODY, IN_A_ROW, METADATA

Must, Should = tantivy.Occur.Must, tantivy.Occur.Should
K1, B = 1.2, 0.75
"""tantivy's BM25 constants, which cannot be set."""


@dataclass(frozen=True, slots=True)
class Questions:
    """spread: documents of all kinds for each resource; see `_length_correction`."""

    schema: tantivy.Schema
    query: SearchQuery
    spread: float

    def matched(self) -> tantivy.Query:
        return self._here(any_of([self._rule("body_fold"), self._rule("meta")]))

    def passages(self) -> tantivy.Query:
        query = self.query
        further = [token for token in query.fold if token not in query.known]
        clauses = self._terms("body_fold", further, BODY.fold) + self._terms("body_bi", query.bigrams, BODY.bigrams)
        clauses += self._in_a_row()
        if query.accented:
            clauses += self._terms("body_dia", query.dia, BODY.dia)
        parts = [(Must, self._rule("body_fold")), *((Should, clause) for clause in clauses)]
        return self._here(tantivy.Query.boolean_query(parts))

    def _in_a_row(self) -> list[tantivy.Query]:
        """A bonus for passages that hold the query's words in its own order."""
        pairs = [self._term("body_bi", pair) for pair in self.query.bigrams]
        bonus = tantivy.Query.const_score_query(all_of(pairs), 1.0)
        return [tantivy.Query.boost_query(bonus, IN_A_ROW * len(pairs))] if len(pairs) > 1 else []

    def metadata(self) -> tantivy.Query:
        level = _length_correction(self.spread)
        clauses: list[tantivy.Query] = []
        for name, weights in METADATA.items():
            clauses += self._terms(f"{name}_fold", self.query.fold, weights.fold * level)
            clauses += self._terms(f"{name}_bi", self.query.bigrams, weights.bigrams * level)
        return self._here(any_of(clauses))

    def filtered(self, query: tantivy.Query, *, audience: Audience | None) -> tantivy.Query:
        """With the facet filters, and with the audience's where one is given."""
        filters = [self._labels(facet, codes) for facet, codes in self.query.filters.items() if codes]
        if audience is not None:
            filters.append(self._labels(AUDIENCE, audiences(audience)))
        return narrowed(query, filters)

    def within(self, query: tantivy.Query, keys: Iterable[int]) -> tantivy.Query:
        """Only documents of these resources."""
        return narrowed(query, [tantivy.Query.term_set_query(self.schema, "rid", list(keys))])

    def between(self, query: tantivy.Query, first: int, last: int) -> tantivy.Query:
        """Only documents of resources with keys from `first` to `last`, both included."""
        return narrowed(query, [tantivy.Query.range_query(self.schema, "rid", tantivy.FieldType.Unsigned, first, last)])

    def _here(self, query: tantivy.Query) -> tantivy.Query:
        return query if self.query.resource is None else self.within(query, [self.query.resource])

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
        return tantivy.Query.term_query(self.schema, field, token, "basic" if field.endswith("_bi") else "freq")


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.empty_query()
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Should, query) for query in queries])


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.empty_query()
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Must, query) for query in queries])


def narrowed(query: tantivy.Query, filters: Sequence[tantivy.Query]) -> tantivy.Query:
    if not filters:
        return query
    constant = [tantivy.Query.const_score_query(each, 0.0) for each in filters]
    return tantivy.Query.boolean_query([(Must, query), *((Must, each) for each in constant)])


def _length_correction(spread: float) -> float:
    """What brings a metadata clause of a field of mean length back to what it would score in an index of its own.

    tantivy divides a field's tokens by all documents, passages too, so every title looks `spread` times
    as long as it is, and a textbook's title would count less than a leaflet's.
    """
    return (1 + K1 * (1 - B + B * spread)) / (1 + K1)
