"""Items with lists of pupils or staff are kept, and not shown: held as drafts, hidden where they were public.

`ingest` finds the lists and tells their places; here stands what follows.
`process` asks before it publishes and after it has read something again;
whoever brings an item back is asked too. Somebody who has looked may clear
the kinds that were found (`clear`); what a later pipeline finds of another
kind is held again. Why so: docs/decisions/0009-personal-data-stops-at-the-door.md.
"""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Finding
from service.errors import PersonalData
from service.library.services import Services
from service.messages import sentence
from service.model import PRIORITY_PEOPLE, Resource
from service.ports import UnitOfWork

# A sentence names this many places, and how many more there are.
_PLACES_SAID = 3
# What a reader of events needs to know which places were meant.
_PLACES_NOTED = 20


def held(work: UnitOfWork, names: Sequence[str]) -> tuple[Finding, ...]:
    """What keeps these bundles from being shown: found by their newest reading, and cleared by nobody."""
    readings = work.readings.newest(names)
    found = {name: reading.findings for name, reading in readings.items() if reading.findings}
    if not found:
        return ()
    cleared = work.readings.cleared(list(found))
    return tuple(
        finding
        for name in names
        for finding in found.get(name, ())
        if finding.kind not in cleared.get(name, frozenset())
    )


def in_words(findings: Sequence[Finding], language: str) -> str:
    """Places as people read them: "trang 3, cột C: 34 ngày sinh"."""
    said = [_place(finding, language) for finding in findings[:_PLACES_SAID]]
    if more := len(findings) - len(said):
        said.append(sentence("findings-more", language, {"count": more}))
    return "; ".join(said)


def _place(finding: Finding, language: str) -> str:
    what = sentence(f"finding-{finding.kind}", language, {"count": finding.count})
    if finding.locator is None:
        return what
    place = sentence(f"locator-{finding.locator.kind}", language, {"value": finding.locator.value})
    place = place[0].lower() + place[1:]
    if finding.column:
        place = sentence("finding-column", language, {"place": place, "column": finding.column})
    return f"{place}: {what}"


def in_codes(findings: Sequence[Finding]) -> str:
    """Places as events keep them: "births page 3 C 34; …". Never what stands there."""
    return "; ".join(
        " ".join(
            str(part)
            for part in (
                finding.kind,
                *((finding.locator.kind, finding.locator.value) if finding.locator else ()),
                finding.column or "",
                finding.count,
            )
            if part != ""
        )
        for finding in findings[:_PLACES_NOTED]
    )


def refuse(services: Services, findings: Sequence[Finding]) -> None:
    """Raises: PersonalData {places}: there are findings."""
    if findings:
        raise PersonalData(places=in_words(findings, services.settings.language))


def hide(work: UnitOfWork, resource: Resource, findings: Sequence[Finding]) -> Resource:
    """Stop showing what is public and turned out to hold personal data: page, file, index, facets."""
    now = datetime.datetime.now(datetime.UTC)
    saved = work.resources.save(replace(resource, visibility="hidden", modified_at=now))
    work.terms.replace(saved.key, [])
    work.events.add("hidden", saved.key, "machine", {"reason": PersonalData.code, "findings": in_codes(findings)})
    work.jobs.add("index", saved.id, priority=PRIORITY_PEOPLE)
    work.oai.retract(saved.key, saved.row_version)
    return saved
