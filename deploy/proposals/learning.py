"""Fit the linear model: multinomial logistic regression on sparse features, by Adagrad, and round its weights.

Features and the length that a text's features share are those of
`service.library.proposals.weights`, so that what is learnt is what is used.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from deploy.proposals.examples import Example
from service.library.proposals.weights import Weights, features, softmax

EPOCHS = 25
BATCH = 64
RATE = 0.5
SHRINK = 2e-4
"""Pull of each weight to zero, a batch."""
SEED = 20_261_128
FEWEST_TEXTS = 2
"""A feature of one text says nothing of another."""
SCALE = 50
LEAST = 8
"""Rounded weights below it are left out."""
MOST_FEATURES = 6_000
TEMPERATURES = tuple(round(0.2 * 1.15**step, 3) for step in range(24))


def fit(examples: Sequence[Example]) -> Weights:
    """Deterministic on one machine; rounding hides what another one's arithmetic changes. Temperature 1."""
    texts = [list(features(example.text)) for example in examples]
    counts = Counter(feature for text in texts for feature in text)
    names = sorted(feature for feature, number in counts.items() if number >= FEWEST_TEXTS)
    places = {feature: place for place, feature in enumerate(names)}
    classes = sorted({example.code for example in examples})
    kept = [
        (np.array(known), classes.index(example.code))
        for example, text in zip(examples, texts, strict=True)
        if (known := [places[feature] for feature in text if feature in places])
    ]
    found = _descend(kept, len(names), len(classes))
    return _rounded(found, names, classes)


def _descend(kept: list[tuple[np.ndarray, int]], features_: int, classes: int) -> np.ndarray:
    shares = np.bincount([label for _, label in kept], minlength=classes)
    # Subjects with few texts count more, though not as much as if there were no more of the others.
    weight = np.clip(np.sqrt(len(kept) / classes / np.maximum(shares, 1)), 0.3, 5.0)
    found = np.zeros((features_, classes))
    steps = np.full((features_, classes), 1e-3)
    order = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        mixed = order.permutation(len(kept))
        for start in range(0, len(mixed), BATCH):
            batch = [kept[place] for place in mixed[start : start + BATCH]]
            flat = np.concatenate([known for known, _ in batch])
            sizes = np.array([len(known) for known, _ in batch])
            row = np.repeat(np.arange(len(batch)), sizes)
            share = (1 / np.sqrt(sizes))[row][:, None]
            scores = np.add.reduceat(found[flat] * share, np.concatenate([[0], np.cumsum(sizes)[:-1]]))
            chances = np.exp(scores - scores.max(axis=1, keepdims=True))
            chances /= chances.sum(axis=1, keepdims=True)
            labels = np.array([label for _, label in batch])
            chances[np.arange(len(batch)), labels] -= 1
            chances *= (weight[labels] / len(batch))[:, None]
            touched, inverse = np.unique(flat, return_inverse=True)
            slope = np.zeros((len(touched), classes))
            np.add.at(slope, inverse, chances[row] * share)
            slope += SHRINK * found[touched]
            steps[touched] += slope**2
            found[touched] -= RATE * slope / np.sqrt(steps[touched])
    return found


def _rounded(found: np.ndarray, names: Sequence[str], classes: Sequence[str]) -> Weights:
    whole = np.rint(found * SCALE).astype(int)
    strongest = np.argsort(-np.abs(whole).max(axis=1), kind="stable")[:MOST_FEATURES]
    rows = {}
    for place in sorted(strongest):
        told = [f"{number}:{value}" for number, value in enumerate(whole[place]) if abs(value) >= LEAST]
        if told:
            rows[names[place]] = " ".join(told)
    return Weights(tuple(classes), float(SCALE), 1.0, rows)


def best_temperature(judged: Sequence[tuple[Weights, str, frozenset[str]]]) -> float:
    """Of `TEMPERATURES` the one that fits texts best which their model was not shown: model, text, right codes."""
    scored = []
    for model, text, right in judged:
        known = [feature for feature in features(text) if feature in model.rows]
        if known:
            scored.append((_scores(model, known), [code in right for code in model.classes]))

    def loss(heat: float) -> float:
        total = 0.0
        for scores, right in scored:
            chances = softmax([score / heat for score in scores])
            total -= math.log(
                max(1e-9, sum(chance for chance, is_right in zip(chances, right, strict=True) if is_right))
            )
        return total

    return min(TEMPERATURES, key=loss)


def _scores(model: Weights, known: Sequence[str]) -> list[float]:
    scores = [0.0] * len(model.classes)
    for feature in known:
        for part in model.rows[feature].split():
            place, _, value = part.partition(":")
            scores[int(place)] += int(value)
    return [score / (math.sqrt(len(known)) * model.scale) for score in scores]
