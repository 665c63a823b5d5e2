"""Which words tell most of a text: what to look for to find others like it.

A syllable alone says little in Vietnamese, so neighbouring ones count that
keep together (`hàm số`, not `của hàm`), and single words after them. What a
text says often weighs more, what many resources say weighs less. How common
a word is comes from a lexicon that was counted batch by batch, and so may
call any word rare; that a pair keeps together needs no lexicon.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from service.search.analysis import fold

Key = TypeVar("Key", str, tuple[str, str])

PAIRS, SINGLES = 8, 6
"""As many clauses as a query of twelve words has; more cost the index time and found nothing better."""
# Those with the highest weight are looked up in the lexicon.
_LOOKED_UP = 40
# Of all resources: a word that fewer hold is not rarer for that, since only itself may hold it.
_RARE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Telling:
    """Folded tokens, each once, and the pairs among them that keep together, as `analysis.bigrams` writes them."""

    tokens: tuple[str, ...]
    bigrams: tuple[str, ...]


def telling(texts: Iterable[tuple[str, float]], common: Callable[[str], int]) -> Telling:
    """texts: each with the weight of a word in it; common: how many resources hold a folded token."""
    singles: dict[str, float] = defaultdict(float)
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    for text, weight in texts:
        tokens = fold(text)
        for token in tokens:
            singles[token] += weight
        for pair in pairwise(tokens):
            pairs[pair] += weight
    together = {
        pair: math.sqrt(weight) * weight / math.sqrt(singles[pair[0]] * singles[pair[1]])
        for pair, weight in pairs.items()
        if _says(pair[0]) and _says(pair[1])
    }
    likely = _best(together, _LOOKED_UP)
    alone = _best({token: math.sqrt(weight) for token, weight in singles.items() if _says(token)}, _LOOKED_UP)
    counts = {token: common(token) for token in {*alone, *(token for pair in likely for token in pair)}}
    most = max(counts.values(), default=0) or 1

    def rare(token: str) -> float:
        return math.log(1 + most / (counts[token] + 1 + _RARE_SHARE * most))

    chosen = _best({pair: together[pair] * (rare(pair[0]) + rare(pair[1])) for pair in likely}, PAIRS)
    further = _best({token: math.sqrt(singles[token]) * rare(token) for token in alone}, SINGLES)
    asked = dict.fromkeys([*(token for pair in chosen for token in pair), *further])
    return Telling(tuple(asked), tuple("_".join(pair) for pair in chosen))


def _says(token: str) -> bool:
    """Numbers and single letters stand in everything."""
    return len(token) > 1 and not token.isdigit()


def _best(scores: dict[Key, float], most: int) -> list[Key]:
    """Equal scores in the order of the alphabet, so that every process chooses the same."""
    return sorted(scores, key=lambda one: (-scores[one], one))[:most]
