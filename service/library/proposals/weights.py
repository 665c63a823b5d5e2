"""A linear model that tells a field from the words of a text: its syllables and pairs of neighbours, toneless.

Weights are data, `<field>.weights` beside this file, made by
`python -m deploy.proposals.train`. A file begins with JSON on one line
(classes, scale, temperature), then a line a feature: the feature, a tab, and
for each class that it speaks for or against `number:weight`. A feature counts
once a text, and a text's features share one length, so that long texts are
not surer than short ones.
"""

import itertools
import json
import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from service.library.proposals.words import syllables

FOLDER = Path(__file__).parent
FIELDS = ("subject", "grade")
"""Fields that have a model."""
FEWEST = 8
"""Known features below which a text is too short to say anything."""
SURE = 0.9
"""No text alone says more: a model of few examples is not to outweigh what a name says."""
SHOWN = 6


class Guess(NamedTuple):
    """code: of the class; confidence: 0–1; seen: the features that spoke most for it."""

    code: str
    confidence: float
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """rows: feature -> its line, read when first asked for. scale: what a weight is divided by."""

    classes: tuple[str, ...]
    scale: float
    temperature: float
    rows: Mapping[str, str]

    def guess(self, text: str) -> Guess | None:
        """The likeliest class. None: too few words of the text are known."""
        return self.of(features(text))

    def of(self, said: Iterable[str]) -> Guess | None:
        """The same of a text's features, which are counted once for all models."""
        known = [feature for feature in said if feature in self.rows]
        if len(known) < FEWEST:
            return None
        length = math.sqrt(len(known)) * self.scale * self.temperature
        scores = [0.0] * len(self.classes)
        rows = [parsed(self.rows[feature]) for feature in known]
        for row in rows:
            for place, weight in zip(row[::2], row[1::2], strict=True):
                scores[place] += weight
        chances = softmax([score / length for score in scores])
        best = max(range(len(chances)), key=chances.__getitem__)
        spoke = [dict(zip(row[::2], row[1::2], strict=True)).get(best, 0) for row in rows]
        told = sorted(zip(spoke, known, strict=True), key=lambda pair: -pair[0])[:SHOWN]
        return Guess(self.classes[best], min(SURE, chances[best]), tuple(feature for _, feature in told))


def features(text: str) -> dict[str, None]:
    """Syllables and pairs of neighbours, each once, in the order of the text."""
    said = syllables(text)
    return dict.fromkeys([*said, *(f"{one} {other}" for one, other in itertools.pairwise(said))])


@lru_cache(maxsize=16_384)
def parsed(row: str) -> "array[int]":
    """Class, weight, class, weight …: kept small, since texts of a library ask for the same rows again and again."""
    return array("h", map(int, row.replace(":", " ").split()))


def softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


@cache
def load(field: str) -> Weights:
    """Raises: KeyError: this field has no model."""
    if field not in FIELDS:
        raise KeyError(field)
    return read((FOLDER / f"{field}.weights").read_text(encoding="utf-8").splitlines())


def read(lines: Iterable[str]) -> Weights:
    head, *rows = lines
    said = json.loads(head)
    return Weights(
        tuple(said["classes"]), said["scale"], said["temperature"], dict(row.split("\t", 1) for row in rows if row)
    )


def written(weights: Weights) -> str:
    """The text of a file, the same for the same weights."""
    head = {"classes": list(weights.classes), "scale": weights.scale, "temperature": weights.temperature}
    rows = [f"{feature}\t{row}" for feature, row in sorted(weights.rows.items())]
    return "\n".join([json.dumps(head), *rows, ""])
