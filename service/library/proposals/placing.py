"""Put a placement together of what was proposed: subject and grade with a week, a lesson or a lesson hour.

A plan of a whole class's week, which names several subjects in headings of
its own, has one for each of these sections.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.document import ContentsEntry, Document
from service.library import placements
from service.library.proposals.rules import Rules, Sign
from service.library.proposals.seeing import Source
from service.library.proposals.weighing import ENOUGH, MOST
from service.model import Evidence, Placement, Proposal
from service.vocabularies import Vocabularies

PARTS = ("week", "lesson", "period", "term", "series", "programme")
ANCHORS = ("week", "lesson", "period")
"""What makes a placement worth proposing."""
SUBJECTS_OF_A_WEEK = 3
"""A plan with so many subjects under headings of their own has a placement a section."""
# Of a heading: 3. or IV)
_NUMBER = re.compile(r"^\s*(?:\d+|[IVX]+)[.)]\s*")


def placement_proposals(rules: Rules, source: Source, found: Mapping[str, Sequence[Proposal]]) -> list[Proposal]:
    """Where the file stands in its programme, if its subject and grade are told; for a week's plan, its sections."""
    parts = {name: found[name][0] for name in PARTS if found.get(name) and found[name][0].confidence >= ENOUGH}
    grade = _sure(found.get("grade", ()))
    if grade is None or not any(name in parts for name in ANCHORS):
        return []
    told = {name: int(one.value) if name in placements.NUMBERS else one.value for name, one in parts.items()}
    base = placements.read(placements.text(Placement(**{"programme": placements.TODAY, **told})))  # type: ignore[arg-type]
    base = replace(base, grade=grade.value)
    anchor = max((parts[name] for name in ANCHORS if name in parts), key=lambda one: one.confidence)
    sure = grade.confidence * anchor.confidence
    shown = tuple(seen for one in (*parts.values(), grade) for seen in one.evidence[:1])
    sections = _sections(rules, source.document)
    if "week" in parts and len({code for _, code, _ in sections}) >= SUBJECTS_OF_A_WEEK:
        week = Placement(programme=base.programme, grade=base.grade, series=base.series, week=base.week)
        return [
            _placed(rules.vocabularies, replace(week, section=number), code, sure * sign.confidence,
                    (Evidence("heading", sign.seen, sign.confidence), *shown))
            for number, code, sign in sections
        ]  # fmt: skip
    subject = _sure(found.get("subject", ()))
    if subject is None:
        return []
    shown = (*subject.evidence[:1], *shown)
    return [_placed(rules.vocabularies, base, subject.value, sure * subject.confidence, shown)]


def _sure(found: Sequence[Proposal]) -> Proposal | None:
    return found[0] if found and found[0].confidence >= ENOUGH else None


def _placed(
    vocabularies: Vocabularies, base: Placement, code: str, confidence: float, evidence: tuple[Evidence, ...]
) -> Proposal:
    root = vocabularies.ancestors("subject", code)[-1]
    placement = replace(base, subject=root, strand=code if code != root else "")
    return Proposal(placements.FIELD, placements.text(placement), round(min(MOST, confidence), 3), evidence)


def _sections(rules: Rules, document: Document | None) -> list[tuple[int, str, Sign]]:
    """(section, subject, sign) of headings that name a subject; each subject where it is named first."""
    found: dict[str, tuple[int, str, Sign]] = {}
    for entry in document.contents if document is not None else ():
        sign = _named(rules, entry)
        if sign is not None and isinstance(entry.locator.value, int):
            found.setdefault(sign.value, (entry.locator.value, sign.value, sign))
    return list(found.values())


def _named(rules: Rules, entry: ContentsEntry) -> Sign | None:
    """The subject that a heading of a section names; a heading counts like a title there."""
    if entry.locator.kind != "section":
        return None
    named = [sign for sign in rules.signs("title", _NUMBER.sub("", entry.title)) if sign.field == "subject"]
    return max(named, key=lambda sign: sign.confidence, default=None)
