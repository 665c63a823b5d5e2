"""How right proposals are, and how often there is one, on samples that their model was not shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from deploy.proposals.examples import Sample
from ingest.document import Document
from service.library.proposals.gathering import proposals
from service.library.proposals.seeing import Source
from service.library.proposals.weights import Weights
from service.model import Proposal
from service.vocabularies import Vocabularies

VIEWS = ("all", "no-name", "text", "model")
"""What a sample is judged by: everything; without its file name; without its title and headings too; the words of its
text alone, with no rule."""
LEASTS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
AIMED = 0.9


@dataclass(frozen=True, slots=True)
class Figure:
    """Of `samples` samples so many got a proposal of at least `least`, and so many of these were right."""

    view: str
    field: str
    least: float
    samples: int
    proposed: int
    right: int

    @property
    def coverage(self) -> float:
        return self.proposed / self.samples

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0


def first(
    vocabularies: Vocabularies, sample: Sample, models: Mapping[str, Weights], view: str
) -> dict[str, tuple[float, str]]:
    """Field -> confidence and code of the surest proposal."""
    document = sample.document(titled=view != "text")
    if view == "model":
        guesses = {name: model.guess(text_of(document)) for name, model in models.items()}
        return {name: (guess.confidence, guess.code) for name, guess in guesses.items() if guess}
    name = sample.name if view == "all" else "tài liệu." + sample.name.partition(".")[2]
    found: dict[str, Proposal] = {}
    source = Source(name, sample.media_type, replace(document, language=sample.language))
    for one in proposals(vocabularies, source, models=models):
        found.setdefault(one.field, one)
    return {name: (one.confidence, one.value) for name, one in found.items()}


def text_of(document: Document) -> str:
    return "\n".join(passage.text for passage in document.passages)


def closure(vocabularies: Vocabularies, field: str, codes: Sequence[str]) -> frozenset[str]:
    """The right codes and all above them: whoever says the subject above a strand is right."""
    return frozenset(above for code in codes for above in vocabularies.ancestors(field, code))


def judge(
    vocabularies: Vocabularies, trials: Sequence[tuple[Sample, Mapping[str, Weights]]], fields: Sequence[str]
) -> Iterator[Figure]:
    """trials: samples, each with models that were not shown it."""
    for view in VIEWS:
        found = [(sample, first(vocabularies, sample, models, view)) for sample, models in trials]
        for field in fields:
            if view == "model" and not any(field in said for _, said in found):
                continue
            told = [
                (said[field][0], said[field][1] in closure(vocabularies, field, sample.truth[field]))
                for sample, said in found
                if field in said
            ]
            for least in LEASTS:
                taken = [right for sure, right in told if sure >= least]
                yield Figure(view, field, least, len(found), len(taken), sum(taken))
