"""From a path and a document to proposals, for whoever has just read the file."""

from collections.abc import Iterable, Mapping

from service.library import placements
from service.library.proposals.placing import placement_proposals
from service.library.proposals.seeing import Source, model_signs, rules_of, signs
from service.library.proposals.weighing import weighed
from service.library.proposals.weights import Weights
from service.library.values import RANK, SINGLE
from service.model import Proposal, Value
from service.vocabularies import Vocabularies

FIELDS = ("type", "subject", "grade", "language", "licence")
"""Fields that are proposed by themselves; a placement is put together."""
MOST_VALUES = 5


def proposals(
    vocabularies: Vocabularies,
    source: Source,
    said: Iterable[Value] = (),
    *,
    models: Mapping[str, Weights] | None = None,
) -> tuple[Proposal, ...]:
    """What to suggest, the surest first.

    models: by field, instead of those that ship.

    said: values that hold already. A field that somebody or the file has filled gets no proposal; a subject and a
    grade of these stand in proposed placements.
    """
    known = [value for value in said if RANK[value.origin] < RANK["machine"]]
    filled = {value.field for value in known}
    if filled.issuperset((*FIELDS, placements.FIELD)):
        # A row of a sheet says it all; reading texts for evidence would cost a third of what reading files does.
        return ()
    rules = rules_of(vocabularies)
    found = weighed(vocabularies, [*signs(rules, source), *model_signs(source, models)])
    for name in ("subject", "grade"):
        told = tuple(value.value for value in known if value.field == name)
        roots = [code for code in told if not {*vocabularies.ancestors(name, code)[1:]} & {*told}]
        if roots:
            found[name] = [Proposal(name, roots[0], 1.0, ())] if len(roots) == 1 else []
    placed = placement_proposals(rules, source, found)
    made = [one for name in FIELDS if name not in filled for one in found.get(name, ())[: _most(name)]]
    made += [one for one in placed if placements.FIELD not in filled]
    return tuple(sorted(made, key=lambda one: -one.confidence))


def _most(name: str) -> int:
    return 2 if name in SINGLE else MOST_VALUES
