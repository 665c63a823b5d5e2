"""Make the weights of proposals: `python -m deploy.proposals.train [--judge]`.

Learns from the programmes' topics, the names of subjects and the sample
library, and prints how right proposals are on samples that were held back:
the library is cut into halves, each is judged by a model of the other. Then
the model of everything is written; with --judge nothing is.
"""

import sys
import time
from dataclasses import replace

from deploy.proposals import examples, judging, learning
from deploy.proposals.examples import Sample
from service.library.proposals import weights
from service.library.proposals.weights import Weights
from service.vocabularies import Vocabularies, seeds

JUDGED = ("subject", "grade", "type")


def learnt(vocabularies: Vocabularies, field: str, shown: list[Sample]) -> Weights:
    """A model of the programmes and these samples."""
    return learning.fit(
        [
            *examples.of_programmes(vocabularies, field),
            *examples.of_names(vocabularies, field),
            *examples.of_samples(vocabularies, field, shown),
        ]
    )


def trials(vocabularies: Vocabularies) -> list[tuple[Sample, dict[str, Weights]]]:
    """Every sample with models that were not shown it."""
    halves = examples.halves(vocabularies, examples.samples())
    raw = [{field: learnt(vocabularies, field, half) for field in weights.FIELDS} for half in halves]
    held_back = (halves[1], halves[0])
    heats = [
        {field: _heat(vocabularies, field, [(models, held)]) for field in weights.FIELDS}
        for models, held in zip(raw, held_back, strict=True)
    ]
    # Each half is judged at a temperature that it had no part in.
    return [
        (sample, {field: replace(raw[side][field], temperature=heats[1 - side][field]) for field in weights.FIELDS})
        for side in (0, 1)
        for sample in held_back[side]
    ]


def _heat(vocabularies: Vocabularies, field: str, judged: list[tuple[dict[str, Weights], list[Sample]]]) -> float:
    return learning.best_temperature(
        [
            (models[field], judging.text_of(one.document()), judging.closure(vocabularies, field, one.truth[field]))
            for models, held in judged
            for one in held
        ]
    )


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--judge"]):
        sys.stderr.write("usage: python -m deploy.proposals.train [--judge]\n")
        return 2
    began = time.monotonic()
    vocabularies = seeds.load()
    held_back = trials(vocabularies)
    print(f"{'seen':<8} {'field':<8} {'from':>5} {'proposed':>9} {'right':>6} {'precision':>10} {'coverage':>9}")
    for one in judging.judge(vocabularies, held_back, JUDGED):
        print(
            f"{one.view:<8} {one.field:<8} {one.least:>5} {one.proposed:>4}/{one.samples:<4} {one.right:>6}"
            f" {one.precision:>10.3f} {one.coverage:>9.3f}"
        )
    if not arguments:
        everything = examples.samples()
        for field in weights.FIELDS:
            heats = [models[field].temperature for _, models in held_back]
            model = replace(learnt(vocabularies, field, everything), temperature=round(sum(heats) / len(heats), 3))
            path = weights.FOLDER / f"{field}.weights"
            path.write_text(weights.written(model), encoding="utf-8")
            print(f"{path.name}: {len(model.rows)} features, {len(model.classes)} classes, {path.stat().st_size} bytes")
    print(f"{time.monotonic() - began:.1f} seconds")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
