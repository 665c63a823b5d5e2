"""Weigh signs together: those of different places add up, what speaks for something else takes from them.

The best sign of each place counts. Two grades that are equally likely are
both unlikely. A strand or a language speaks for the subject above it, not the
other way round.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from service.library.proposals.rules import Sign
from service.model import Evidence, Proposal
from service.vocabularies import Vocabularies
from service.vocabularies.reading import several

LEAST = 0.2
"""Less is not worth anybody's look."""
MOST = 0.98
"""No machine is surer."""
ENOUGH = 0.5
"""From here on a subject or a grade is taken for a placement, and a grade judges subjects."""
ANOTHER_LEVEL = 0.3
"""What is left of a subject that is not taught at the grade's level."""
SEEN_CHARACTERS = 120


def weighed(vocabularies: Vocabularies, found: Iterable[Sign]) -> dict[str, list[Proposal]]:
    """Proposals by field or part of a placement, the surest first."""
    by_field: dict[str, dict[str, dict[str, Sign]]] = {}
    for sign in found:
        best = by_field.setdefault(sign.field, {}).setdefault(sign.value, {})
        if sign.where not in best or sign.confidence > best[sign.where].confidence:
            best[sign.where] = sign
    made = {name: _of_field(vocabularies, name, values) for name, values in by_field.items()}
    grades = [one for one in made.get("grade", ()) if one.confidence >= ENOUGH]
    if grades and "subject" in made:
        level = vocabularies.ancestors("grade", grades[0].value)[-1]
        made["subject"] = _at_level(vocabularies, made["subject"], level)
    return made


def _of_field(vocabularies: Vocabularies, name: str, values: Mapping[str, Mapping[str, Sign]]) -> list[Proposal]:
    above = {value: vocabularies.ancestors(name, value) for value in values}
    raw: dict[str, tuple[float, dict[str, Sign]]] = {}
    for value in values:
        # What lies below speaks for it too, the better sign of each place.
        best: dict[str, Sign] = {}
        for other, signs_of_other in values.items():
            if value in above[other]:
                for where, sign in signs_of_other.items():
                    if where not in best or sign.confidence > best[where].confidence:
                        best[where] = sign
        raw[value] = (1 - math.prod(1 - sign.confidence for sign in best.values()), best)
    made = []
    for value, (sure, best) in raw.items():
        others = (raw[other][0] for other in values if value not in above[other] and other not in above[value])
        against = max(others, default=0.0)
        confidence = round(min(MOST, sure * (1 - against * against / (against + sure))), 3) if sure else 0.0
        if confidence >= LEAST:
            made.append(Proposal(name, value, confidence, _evidence(best.values())))
    return sorted(made, key=lambda one: -one.confidence)


def _evidence(found: Iterable[Sign]) -> tuple[Evidence, ...]:
    ordered = sorted(found, key=lambda sign: -sign.confidence)
    return tuple(Evidence(sign.where, sign.seen[:SEEN_CHARACTERS], round(sign.confidence, 3)) for sign in ordered)


def _at_level(vocabularies: Vocabularies, found: Sequence[Proposal], level: str) -> list[Proposal]:
    """Subjects that are not taught at the level of the grade lose by it, where the vocabulary says anything of it."""
    taught = {code: several(term.extra.get("levels", "")) for code, term in vocabularies.terms["subject"].items()}
    if not any(level in levels for levels in taught.values()):
        return list(found)
    judged = [
        one
        if level in (taught.get(one.value) or [level])
        else replace(one, confidence=round(one.confidence * ANOTHER_LEVEL, 3))
        for one in found
    ]
    return sorted((one for one in judged if one.confidence >= LEAST), key=lambda one: -one.confidence)
