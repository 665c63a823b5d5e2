"""From what somebody typed to a question for the index: tokens, never a string that a parser reads.

Normalise, split shorthand written with its grade (`vl10`), add what shorthand
and synonyms mean, find out which tokens the index knows and how many of them
a resource must hold. Any text is understood; nothing here raises.

The rule (SearchQuery.required): all known tokens up to three, of more at least
two fifths, rounded down; the same as OpenSearch's `3<40%`, so both engines can
be asked for it. Four tokens need one: the ranking, not the rule, puts the
resource with all four first. In the trials before this code (OpenSearch 3.8,
1,000 questions over 6,352 passages) the rule cost 0–0.7 points of nDCG and
cut the mean total to a fifth.
"""

import re
import unicodedata
from collections.abc import Callable, Collection

from service.model import Audience, SearchQuery
from service.search.analysis import Analysis, analyse, pairs
from service.search.marking import Wanted
from service.search.words import Tokens, meanings, words

# Longer queries are pasted paragraphs: their first words find them, and each word costs the index time.
MAX_TOKENS = 64
ALL_UP_TO = 3
SHARE = (2, 5)
_JOINED = re.compile(r"([^\W\d_]{2,})(\d{1,2})$")

Known = Callable[[Collection[str]], Collection[str]]


def understand(text: str, *, audience: Audience, known: Known, typed: str = "") -> SearchQuery:
    """The question that a text asks.

    known: which of some folded tokens the index holds (`library/lexicons.py`). typed: what somebody typed, where the
    text is what they probably meant (`rewriting`).
    Returns: a blank text asks for everything (no tokens); a text of punctuation only asks for itself, one token
    that no index holds, and so finds nothing. Filters, order, page and facets are the caller's to add.
    """
    plain = unicodedata.normalize("NFC", text)
    if not any(character.isprintable() and not character.isspace() for character in plain):
        return SearchQuery(audience=audience)
    own = analyse(plain)
    if not own.fold:
        return SearchQuery(audience=audience, dia=("?",), fold=("?",))
    asked = _Question(_shortened(own), known)
    return asked.query(audience, accented=asked.own.dia != asked.own.fold, typed=typed)


def tokens_to_mark(text: str) -> Wanted:
    """What to mark in a text that was found with this query, without asking an index."""
    own = analyse(text)
    if not own.fold:
        return Wanted()
    asked = _Question(_shortened(own), lambda tokens: tokens)
    return _wanted(asked.fold, asked.dia, accented=asked.own.dia != asked.own.fold)


def wanted_of(query: SearchQuery) -> Wanted:
    """What to mark in a text that a question found."""
    return _wanted(query.fold, query.dia, accented=query.accented)


def _wanted(fold: Collection[str], dia: Collection[str], *, accented: bool) -> Wanted:
    return Wanted(frozenset(fold), frozenset(dia) if accented else frozenset())


def required(count: int) -> int:
    """How many of `count` known tokens a resource must hold."""
    return count if count <= ALL_UP_TO else count * SHARE[0] // SHARE[1]


def _shortened(own: Analysis) -> Analysis:
    return Analysis(own.dia[:MAX_TOKENS], own.fold[:MAX_TOKENS], own.bigrams[: MAX_TOKENS - 1])


class _Question:
    """A query on its way: its own tokens, what is added for scoring, and other ways to say a token."""

    def __init__(self, own: Analysis, known: Known) -> None:
        self.known = known
        self.ways: dict[str, set[Tokens]] = {}
        self.dia: list[str] = []
        self.fold: list[str] = []
        self.bigrams: list[str] = []
        self.own = self._split(own, known)
        self._take(self.own)
        for start, end, meaning in meanings(self.own.fold):
            self._take(meaning)
            written = self.own.fold[start:end]
            for token in set(written) - set(meaning.fold):
                self.ways.setdefault(token, set()).add(tuple(dict.fromkeys(meaning.fold)))
        self._grade_words()
        said = {token for ways in self.ways.values() for way in ways for token in way}
        self.held = frozenset(known({*self.fold, *said}))

    def query(self, audience: Audience, *, accented: bool, typed: str) -> SearchQuery:
        held = {
            token: tuple(sorted(way for way in self.ways.get(token, ()) if self.held.issuperset(way)))
            for token in dict.fromkeys(self.own.fold)
        }
        distinct = tuple(token for token, ways in held.items() if token in self.held or ways)
        typed_fold, typed_bigrams = self._typed(typed)
        return SearchQuery(
            audience=audience,
            dia=tuple(self.dia),
            fold=tuple(self.fold),
            bigrams=tuple(self.bigrams),
            accented=accented,
            known=distinct,
            ways={token: held[token] for token in distinct if held[token]},
            required=required(len(distinct)),
            typed_fold=typed_fold,
            typed_bigrams=typed_bigrams,
        )

    def _typed(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What was typed and is not asked for, as far as the index holds it: a word that was meant after all."""
        own = _shortened(analyse(text))
        other = set(own.fold) - set(self.fold)
        held = set(self.known(other)) if other else set()
        near = [*zip(own.bigrams, own.fold, own.fold[1:], strict=False)]
        pairs = [pair for pair, *both in near if held.intersection(both) and pair not in self.bigrams]
        return tuple(token for token in dict.fromkeys(own.fold) if token in held), tuple(dict.fromkeys(pairs))

    def _take(self, analysis: Analysis) -> None:
        self.dia += (token for token in analysis.dia if token not in self.dia)
        self.fold += (token for token in analysis.fold if token not in self.fold)
        self.bigrams += (pair for pair in analysis.bigrams if pair not in self.bigrams)

    def _split(self, own: Analysis, known: Known) -> Analysis:
        """`vl10` as `vl 10`, still found where it stands in one piece; `co2` only if the index has no `co2`."""
        joined = {token: (match[1], match[2]) for token in own.fold if (match := _JOINED.match(token))}
        table = words()
        if not joined:
            return own
        whole = {token for token, (letters, digits) in joined.items() if not table.joins_grade(letters, digits)}
        whole &= set(known(whole)) if whole else set()
        accented: list[str] = []
        folded: list[str] = []
        for written, token in zip(own.dia, own.fold, strict=True):
            if token not in joined or token in whole:
                accented.append(written)
                folded.append(token)
                continue
            letters, digits = joined[token]
            accented += (written.removesuffix(digits), digits)
            folded += (letters, digits)
            self.fold.append(token)
            for part in (letters, digits):
                self.ways.setdefault(part, set()).add((token,))
        return Analysis(accented, folded, pairs(folded))

    def _grade_words(self) -> None:
        """`toán 10` is scored as `toán lớp 10` too."""
        table = words()
        tokens = self.own.fold
        for end, number in enumerate(tokens):
            if number not in table.grades:
                continue
            for start in range(max(0, end - table.longest), end):
                if table.takes_grade(tuple(tokens[start:end])):
                    between = [tokens[end - 1], *table.grade_word.fold, number]
                    self._take(Analysis(list(table.grade_word.dia), list(table.grade_word.fold), pairs(between)))
