"""The likeliest words behind what was typed: a path through candidates, weighed by which word follows which.

A candidate costs what it would take to have typed this for it: accents left
out, other accents, one wrong letter. What follows what comes from `syllables`,
with absolute discounting (Ney, Essen, Kneser 1994): a pair that was never seen
is judged by its words. All costs are natural logarithms, and were chosen on
`relevance/xquad_vi` in tens, not in tenths.
"""

import functools
import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from service.search.syllables import WIDTH, Numbers, Syllables

Costs = npt.NDArray[np.float64]

DISCOUNT = 0.75
EDIT = 6.0
"""One letter too many, too few, wrong, or two swapped."""
SIGN = 2.5
"""Each accent that was typed and is none of the word's."""
UNKNOWN = 18.0
"""A word that nobody has written here; in a large library the rarest costs as much."""
LEAST_LEFT_OUT, MOST_LEFT_OUT = 0.02, 0.98
SURELY_ACCENTED = 0.9
"""Of a word's occurrences: who types one without accents has left them out."""
MOST_CANDIDATES = 40
SHORT = 5
"""Letters. A shorter word is one letter away from many others."""
MOSTLY = 0.6
"""Of the occurrences of some letters: what they mean where nothing beside them says it."""

_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_ITSELF = -1


@dataclass(frozen=True, slots=True)
class Typed:
    """A word as it was typed: with its accents, and bare. fixed: it stays; unknown: the index does not hold it."""

    accented: str
    folded: str
    fixed: bool
    unknown: bool = False


def restored(syllables: Syllables, typed: Sequence[Typed]) -> list[int | None]:
    """For each word the place of the one that was meant, None where it stays as it is."""
    left_out = _left_out(syllables, typed)
    columns = [_candidates(syllables, one, left_out) for one in typed]
    path = _best(syllables, columns)
    chosen = [int(places[at]) for (places, _), at in zip(columns, path, strict=True)]
    return [
        place if place != _ITSELF and not one.fixed and _convinces(syllables, one, chosen, number) else None
        for number, (one, place) in enumerate(zip(typed, chosen, strict=True))
    ]


def _left_out(syllables: Syllables, typed: Sequence[Typed]) -> float:
    """What it costs that accents of a word were left out, by how the others were typed.

    Who leaves all accents out says nothing with a bare word; who sets them means it.
    """
    bare, accented = 0, 0
    for one in typed:
        if one.accented != one.folded:
            accented += 1
        elif not one.fixed and (called := syllables.called(one.folded)):
            counts = {word: int(syllables.counts[place]) for place, word in called}
            total = sum(counts.values())
            bare += total - counts.get(one.folded, 0) > SURELY_ACCENTED * total
    if not accented:
        return 0.0
    share = min(max(bare / (bare + accented), LEAST_LEFT_OUT), MOST_LEFT_OUT)
    return -math.log(share)


def _candidates(syllables: Syllables, one: Typed, left_out: float) -> tuple[Numbers, Costs]:
    """Places of words that may have been meant, and what each costs."""
    called = syllables.called(one.folded)
    if one.fixed:
        own = next((place for place, word in called if word == one.accented), _ITSELF)
        return np.array([own], np.int64), np.zeros(1)
    costs = {place: _signs_cost(word, one, left_out) for place, word in called}
    if one.unknown or one.accented != one.folded:
        for folded in syllables.among(_edits(one.folded)):
            for place, word in syllables.called(folded):
                cost = EDIT + _signs_cost(word, one, left_out)
                costs[place] = min(cost, costs.get(place, cost))
    if one.unknown or not costs or one.accented != one.folded:
        costs[_ITSELF] = 0.0
    places, weights = np.array(list(costs), np.int64), np.array(list(costs.values()))
    if len(places) > MOST_CANDIDATES:
        best = np.argsort(weights + _alone(syllables, places), kind="stable")[:MOST_CANDIDATES]
        places, weights = places[best], weights[best]
    return places, weights


def _signs_cost(word: str, one: Typed, left_out: float) -> float:
    if one.accented == one.folded:
        return 0.0 if word.isascii() else left_out
    typed, meant = _signs(one.accented), _signs(word)
    return SIGN * (typed - meant).total() + (left_out if meant - typed else 0.0)


@functools.lru_cache(maxsize=8_000)
def _signs(word: str) -> Counter[str]:
    """Its accents, the bar of đ among them."""
    return Counter(sign for sign in unicodedata.normalize("NFD", word.replace("đ", "d̵")) if not sign.isascii())


def _edits(word: str) -> list[bytes]:
    """Everything one letter away."""
    plain = word.encode("ascii")
    halves = [(plain[:at], plain[at:]) for at in range(len(plain) + 1)]
    letters = [bytes((letter,)) for letter in _LETTERS]
    made = [first + second[1:] for first, second in halves if second]
    made += [first + second[1:2] + second[:1] + second[2:] for first, second in halves if len(second) > 1]
    made += [first + letter + second[1:] for first, second in halves if second for letter in letters]
    made += [first + letter + second for first, second in halves for letter in letters]
    return sorted({one for one in made if one and one != plain and len(one) <= WIDTH})


def _alone(syllables: Syllables, places: Numbers) -> Costs:
    """What a word costs that follows nothing known."""
    total = syllables.tokens + len(syllables) + 1
    costs: Costs = -np.log((syllables.counts[places] + 0.5) / total)
    costs[places == _ITSELF] = UNKNOWN
    return costs


def _after(syllables: Syllables, first: Numbers, second: Numbers) -> Costs:
    """What each of `second` costs behind each of `first`."""
    alone = np.exp(-_alone(syllables, second))
    seen = _seen(syllables, first, second)
    own = np.maximum(syllables.counts[first].astype(np.float64), 1.0)
    followers = _begin(syllables, first + 1) - _begin(syllables, first)
    # Of a word behind which nothing was seen, the word itself says all.
    left = np.where(followers > 0, np.minimum(DISCOUNT * followers / own, 1.0), 1.0)
    left[first == _ITSELF] = 1.0
    shares = np.maximum(seen - DISCOUNT, 0.0) / own[:, None] + left[:, None] * alone[None, :]
    costs: Costs = -np.log(shares)
    costs[:, second == _ITSELF] = UNKNOWN
    return costs


def _seen(syllables: Syllables, first: Numbers, second: Numbers) -> Costs:
    """How often each of `second` stands behind each of `first`."""
    wanted = (first.astype(np.uint64)[:, None] << np.uint64(32)) | second.astype(np.uint64)[None, :]
    places = np.searchsorted(syllables.pairs, wanted)
    places[places == len(syllables.pairs)] = 0
    if not len(syllables.pairs):
        return np.zeros(wanted.shape)
    there = (syllables.pairs[places] == wanted) & (first >= 0)[:, None] & (second >= 0)[None, :]
    return np.where(there, syllables.pair_counts[places], 0).astype(np.float64)


def _begin(syllables: Syllables, places: Numbers) -> Numbers:
    """Where the pairs of a word begin."""
    return np.searchsorted(syllables.pairs, np.maximum(places, 0).astype(np.uint64) << np.uint64(32)).astype(np.int64)


def _best(syllables: Syllables, columns: Sequence[tuple[Numbers, Costs]]) -> list[int]:
    """The cheapest way through (Viterbi 1967): which candidate of each column."""
    steps: list[Numbers] = []
    costs = np.zeros(1)
    before = np.array([_ITSELF], np.int64)
    for places, weights in columns:
        through = costs[:, None] + _after(syllables, before, places)
        steps.append(np.argmin(through, axis=0))
        costs = through.min(axis=0) + weights
        before = places
    at = int(np.argmin(costs))
    path = []
    for number in range(len(columns) - 1, -1, -1):
        path.append(at)
        at = int(steps[number][at])
    return path[::-1]


def _convinces(syllables: Syllables, one: Typed, chosen: Sequence[int], number: int) -> bool:
    """Whether what was chosen may stand for what was typed.

    Where no pair with it was ever seen, a short word with another letter is no better than others, and accents are a
    guess: the word has to be what these letters mostly are.
    """
    place = chosen[number]
    called = [own for own, _ in syllables.called(one.folded)]
    mended = place not in called
    if mended and len(one.folded) >= SHORT:
        return True
    here = np.array([place], np.int64)
    sides = [_seen(syllables, np.array([before], np.int64), here) for before in chosen[max(0, number - 1) : number]]
    sides += [_seen(syllables, here, np.array([after], np.int64)) for after in chosen[number + 1 : number + 2]]
    if any(bool(side.any()) for side in sides):
        return True
    counts = syllables.counts[called]
    return not mended and int(syllables.counts[place]) >= MOSTLY * int(counts.sum())
