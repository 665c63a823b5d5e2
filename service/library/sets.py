"""Sets that harvesters may choose: type, subject, grade, school; what is ready to be handed on; a few for trials.

Specs are codes, which are never given twice: `subject:toan:toan-dai-so` stands
under `subject:toan`, and that under `subject`; each is declared. A school is
named by its own code alone, since schools move: a record is in the set of its
owner and of each organisation above, and of all that were merged into one of
these, so that their sets go on under their old codes.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.messages import sentence
from service.model import HARVESTED, Organisation, Revision
from service.vocabularies import Vocabularies

# https://www.openarchives.org/OAI/2.0/OAI-PMH.xsd, setSpecType: between colons.
_PART = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")
SCHOOL = "school"
FIELDS = ("type", "subject", "grade")
READY, TRIAL = "ready", "trial"
ROOTS = (*FIELDS, SCHOOL, READY, TRIAL)


@dataclass(frozen=True, slots=True)
class Set:
    """A declared set."""

    spec: str
    name: str


def sets_of(
    vocabularies: Vocabularies,
    revision: Revision,
    organisations: Sequence[Organisation],
    *,
    former: Iterable[str] = (),
    also: Iterable[str] = (),
) -> tuple[str, ...]:
    """The narrowest sets of a revision, sorted.

    organisations: its owner and those above; former: codes of those that were merged into them; also: specs.
    """
    specs = {
        spec_of(vocabularies, field, code)
        for field in FIELDS
        for code in revision.every(field)
        # A code that no vocabulary knows (a sheet's own word) would declare a set for ever.
        if vocabularies.get(field, code)
    }
    codes = (*(one.code for one in organisations), *former)
    specs |= {f"{SCHOOL}:{code}" for code in codes if _PART.fullmatch(code)}
    narrowest = (specs | {*also}) - {""}
    return tuple(sorted(one for one in narrowest if not any(other.startswith(f"{one}:") for other in narrowest)))


def spec_of(vocabularies: Vocabularies, field: str, code: str) -> str:
    """A term's set, the broadest code first; empty where a code cannot be said in one."""
    parts = [field, *reversed(vocabularies.ancestors(field, code))]
    return ":".join(parts) if all(_PART.fullmatch(part) for part in parts) else ""


def declared(
    vocabularies: Vocabularies,
    organisations: Iterable[Organisation],
    used: Collection[str],
    language: str,
    named: Mapping[str, str] | None = None,
) -> list[Set]:
    """All sets by spec: of every term and organisation, those `named`, and every other that a record ever was in."""
    names = {root: sentence(f"oai-set-{root}", language) for root in ROOTS} | dict(named or {})
    for field in FIELDS:
        for code in vocabularies.terms.get(field, {}):
            if spec := spec_of(vocabularies, field, code):
                names[spec] = vocabularies.label(field, code, language)
    for one in organisations:
        if _PART.fullmatch(one.code):
            names[f"{SCHOOL}:{one.code}"] = one.name
    if HARVESTED in used:
        names[HARVESTED] = sentence("oai-set-harvested", language)
    for spec in used:
        # Of a term or an organisation that is no more.
        names.setdefault(spec, spec.rsplit(":", 1)[-1])
    return [Set(spec, names[spec]) for spec in sorted(names)]
