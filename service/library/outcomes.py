"""What became of a file that went in: a line of the report, and what it is read from.

Used by a batch, after the jobs of an item are done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ingest.document import Finding
from service.errors import PersonalData
from service.library import copies, personal
from service.library.bundles import bundle_of, bundles, names_of
from service.library.copies import Near
from service.library.values import missing
from service.messages import sentence
from service.model import Job, Proposal, Reading, Resource, Revision
from service.ports import UnitOfWork

Outcome = Literal["published", "draft", "duplicate", "refused", "skipped", "companion"]
OUTCOMES: tuple[Outcome, ...] = ("published", "draft", "duplicate", "refused", "skipped", "companion")


@dataclass(slots=True)
class Line:
    """One file of the report, or a row without one. reason: None, or code and sentence. row: place of the sheet's row
    that names it. proposals: as `proposal_as_json` writes them."""

    path: str
    outcome: Outcome | None = None
    resource: str | None = None
    media_type: str | None = None
    passages: int = 0
    warnings: list[dict[str, Any]] = field(default_factory=list)
    reason: dict[str, str] | None = None
    seconds: float = 0.0
    row: int | None = None
    proposals: list[dict[str, Any]] = field(default_factory=list)
    is_file: bool = True

    def as_json(self) -> dict[str, Any]:
        names = ("path", "outcome", "resource", "media_type", "passages", "warnings", "reason", "seconds", "proposals")
        return {name: getattr(self, name) for name in names}

    def end(self, outcome: Outcome, code: str, parameters: Mapping[str, str | int], language: str) -> None:
        """It did not go in, for this reason."""
        self.outcome = outcome
        self.reason = _reason(code, parameters, language)

    def describe(self, reading: Reading, language: str) -> None:
        """What reading the file gave."""
        self.media_type = reading.media_type
        self.passages = reading.passages
        self.warnings = [
            {
                "code": warning.code,
                "parameters": dict(warning.parameters),
                "text": sentence(warning.code, language, warning.parameters),
            }
            for warning in reading.warnings
        ]

    def finish(self, done: "Done", language: str, *, publish: bool) -> None:
        """Its jobs are done. publish: whether it was meant to be published, so that a draft wants a reason."""
        self.outcome = "published" if done.out else "draft"
        if done.revision and done.revision.main_files:
            self.media_type = done.revision.main_files[0].media_type
        self.proposals = [proposal_as_json(one) for one in done.proposals if one.accepted_at is None]
        if done.reading is not None:
            self.describe(done.reading, language)
            # Of reading it: how long it waited in the queue says nothing of the file.
            self.seconds = round(done.reading.seconds, 3)
        self.warnings += copies.warnings(done.near, language)
        if self.outcome == "draft" and (why := _why_draft(self.path, done, language, publish=publish)):
            self.reason = _reason(*why, language)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an item. revision: the draft that is open, or else the published one; job: the one that failed,
    if it did; held: personal data that keep it a draft; proposals: what a machine suggests of it; near: what it is
    nearly a copy of."""

    resource: Resource | None
    revision: Revision | None
    reading: Reading | None
    held: tuple[Finding, ...]
    job: Job | None
    proposals: Sequence[Proposal] = ()
    near: tuple[Near, ...] = ()

    @property
    def out(self) -> bool:
        """Whether people find what went in: not while it is withdrawn or hidden, and not as it was before."""
        shown = self.resource is not None and self.resource.visibility == "live" and self.resource.published
        return bool(shown) and self.job is None and (self.revision is None or self.revision.number == shown)


def look(work: UnitOfWork, id: str, job: Job | None) -> Done:
    resource = work.resources.get(id)
    revision = (work.resources.open_revision(resource.key) or shown(work, resource)) if resource else None
    if revision is None:
        return Done(resource, None, None, (), job)
    held, near = personal.held(work, names_of(revision)), copies.noted(work, revision.resource)
    suggested = work.proposals.of([revision.resource]).get(revision.resource, ())
    return Done(resource, revision, newest_reading(work, revision), held, job, suggested, near)


def proposal_as_json(one: Proposal) -> dict[str, Any]:
    """A proposal in reports and lists."""
    evidence = [{"where": seen.where, "seen": seen.seen, "confidence": seen.confidence} for seen in one.evidence]
    return {"field": one.field, "value": one.value, "confidence": one.confidence, "evidence": evidence}


def _why_draft(path: str, done: Done, language: str, *, publish: bool) -> tuple[str, Mapping[str, str | int]] | None:
    """Code and parameters of what keeps it a draft."""
    name = {"name": path}
    if done.job is not None:
        return done.job.reason, {**name, **done.job.reason_parameters}
    if done.reading is not None and done.reading.error:
        return done.reading.error, {**name, **done.reading.error_parameters}
    if done.held:
        return PersonalData.code, {"places": personal.in_words(done.held, language)}
    if publish and done.revision is not None and (lacking := missing(done.revision)):
        return "incomplete", {"fields": ", ".join(lacking)}
    if done.resource is not None and done.resource.visibility != "live":
        return "kept-hidden", {"resource": done.resource.id}
    return None


def _reason(code: str, parameters: Mapping[str, str | int], language: str) -> dict[str, str]:
    return {"code": code, "text": sentence(code, language, parameters)}


def shown(work: UnitOfWork, resource: Resource) -> Revision | None:
    if resource.published:
        return work.resources.revision(resource.key, resource.published)
    return work.resources.open_revision(resource.key)


def newest_reading(work: UnitOfWork, revision: Revision) -> Reading | None:
    groups = list(bundles(revision.files).values())
    if not groups:
        return None
    name = bundle_of(groups[0])
    return work.readings.newest([name]).get(name)
