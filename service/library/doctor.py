"""What is missing on this machine or not well in this library, and what to do.

Each check says one thing: well, a warning (something optional, a default that
should be changed) or a fault. Sentences are made from the codes elsewhere.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ingest import pipeline
from ingest.tools import soffice
from service.errors import DocumentRefused, LibraryError, ObjectDamaged, ObjectMissing
from service.library import fixity, personal, project
from service.library.bundles import names_of
from service.library.services import Services
from service.settings import DEFAULT_REPOSITORY_ID

Verdict = Literal["well", "warning", "fault"]

# What the identifiers of OAI-PMH take: a domain each of whose labels begins with a letter (oai-identifier.xsd).
REPOSITORY = re.compile(r"[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*)+")
# Optional programs of later readers; an item that would need one says so itself.
FREE_BYTES_WARNING = 2 * 1024**3
# A reading of all files that ended longer ago than so many times what is set is late: no worker runs, or it is slow.
LATE = 2
# Ids in one line; whoever needs all of them walks through.
IDS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor: a message code (`doctor-…`), its parameters, how bad it is."""

    code: str
    verdict: Verdict
    parameters: Mapping[str, str | int] = field(default_factory=dict)


def examine(services: Services, guards: Mapping[str, bool | str]) -> Iterator[Check]:
    """All checks, in the order in which a fault explains the next.

    guards: what protects extraction children on this machine (`ingest.sandbox.Sandbox.guards`).
    """
    yield from _parts(services)
    yield from _settings(services)
    yield from _room(services)
    yield from _fixity(services)
    yield from _jobs(services)
    yield from _index(services)
    yield from _personal(services)
    for name, holds in guards.items():
        if holds is True:
            yield Check("doctor-guard", "well", {"guard": name})
        else:
            yield Check("doctor-guard-missing", "warning", {"guard": name, "reason": str(holds or "")})
    if soffice.is_there():
        yield converter(guards)


def converter(guards: Mapping[str, bool | str]) -> Check:
    """Which confinement holds for LibreOffice, the largest program that opens uploaded files: it works in /tmp."""
    if guards.get("temporary") is True:
        return Check("doctor-converter", "well")
    reason = {"reason": str(guards.get("temporary") or "")}
    # Landlock keeps it to its folder all the same, where the kernel has it.
    return Check(
        "doctor-converter-shares-tmp" if guards.get("files") is True else "doctor-converter-open", "warning", reason
    )


def _parts(services: Services) -> Iterator[Check]:
    for name, check in (("database", services.catalogue.check), ("objects", services.objects.check)):
        try:
            check()
        except LibraryError as error:
            yield Check("doctor-part-away", "fault", {"part": name, "reason": str(error.parameters or error.code)})
        else:
            yield Check("doctor-part", "well", {"part": name})


def _settings(services: Services) -> Iterator[Check]:
    if services.settings.repository_id == DEFAULT_REPOSITORY_ID:
        yield Check("doctor-repository-id", "warning")
    elif not REPOSITORY.fullmatch(services.settings.repository_id):
        yield Check("doctor-repository-id-shape", "fault", {"given": services.settings.repository_id})
    if not services.settings.public_url:
        yield Check("doctor-public-url", "warning")
    if not services.settings.admin_emails:
        yield Check("doctor-admin-emails", "warning")
    if not services.settings.library_name.strip():
        yield Check("doctor-library-name", "warning")


def _room(services: Services) -> Iterator[Check]:
    try:
        room = services.objects.room()
    except LibraryError:
        room = None
    if room is not None and room.low:
        # The same words as whoever deposits gets.
        megabytes = {"free_megabytes": room.free_bytes // 1_000_000, "kept_megabytes": room.kept_bytes // 1_000_000}
        yield Check("doctor-deposits-refused", "fault", megabytes)
    home = services.settings.home
    if home.exists():
        free = shutil.disk_usage(home).free
        verdict: Verdict = "well" if free >= FREE_BYTES_WARNING else "warning"
        yield Check("doctor-room" if verdict == "well" else "doctor-room-low", verdict, {"gigabytes": free // 1024**3})


def _fixity(services: Services) -> Iterator[Check]:
    """Whether stored files are what was stored, and when somebody last looked."""
    try:
        told = fixity.told(services)
        with services.catalogue.reading() as work:
            faults = work.fixity.faults(IDS_NAMED)
    except LibraryError:
        return
    if faults:
        named = ", ".join(fault.sha256 for fault in faults)
        numbers = {"damaged": told.damaged, "missing": told.missing}
        yield Check("doctor-files-lost", "fault", {**numbers, "named": named})
    days = services.settings.fixity_days
    if told.age_seconds is not None and days and told.age_seconds > LATE * days * 86_400:
        yield Check("doctor-fixity-late", "warning", {"days": int(told.age_seconds // 86_400)})
    elif told.age_seconds is not None and not faults:
        yield Check("doctor-fixity", "well", {"days": int(told.age_seconds // 86_400)})


def _jobs(services: Services) -> Iterator[Check]:
    try:
        with services.catalogue.reading() as work:
            numbers = work.jobs.numbers()
            failed = work.jobs.failed(5)
    except LibraryError:
        return
    queued = sum(number for (_, state), number in numbers.items() if state == "queued")
    yield Check("doctor-jobs", "well", {"queued": queued})
    for job in failed:
        if job.reason == DocumentRefused.code:
            cause = str(job.reason_parameters.get("cause", ""))
            yield Check("doctor-job-refused", "warning", {"subject": job.subject, "cause": cause})
            continue
        if job.reason in (ObjectMissing.code, ObjectDamaged.code):
            key = str(job.reason_parameters.get("key", ""))
            yield Check("doctor-job-lost", "warning", {"kind": job.kind, "subject": job.subject, "key": key})
            continue
        yield Check("doctor-job-failed", "warning", {"kind": job.kind, "subject": job.subject, "reason": job.reason})


def _index(services: Services) -> Iterator[Check]:
    try:
        generation = project.live(services)
        services.index.check(generation.name)
        differences = project.compare(services, generation)
    except LibraryError as error:
        yield Check("doctor-index-away", "fault", {"reason": error.code})
        return
    if generation.fingerprint != services.index.fingerprint():
        yield Check("doctor-index-old", "warning", {"generation": generation.name})
    elif generation.lexicon is None:
        yield Check("doctor-index-wordless", "warning", {"generation": generation.name})
    elif generation.syllables is None:
        yield Check("doctor-index-unlearnt", "warning", {"generation": generation.name})
    yield from _generations(services)
    if differences:
        yield Check(
            "doctor-index-differs",
            "warning",
            {
                "missing": len(differences.missing),
                "stale": len(differences.stale),
                "extra": len(differences.extra),
            },
        )
    else:
        yield Check("doctor-index", "well", {"generation": generation.name})


def _generations(services: Services) -> Iterator[Check]:
    """Those beside the live one: kept for a way back, or left by a command that was killed."""
    with services.catalogue.reading() as work:
        rows = work.generations.all(services.index.engine)
    for row in rows:
        if row.state == "building":
            yield Check("doctor-index-half", "warning", {"generation": row.name})
    kept = [row.name for row in rows if row.state == "old"]
    if kept:
        yield Check("doctor-index-kept", "warning", {"count": len(kept), "oldest": kept[0]})


def _personal(services: Services) -> Iterator[Check]:
    """What is hidden because personal data stand in it, and whether there is something that nobody has looked for."""
    hidden: list[str] = []
    after = 0
    try:
        while True:
            with services.catalogue.reading() as work:
                page = work.resources.after(after, 500)
                for resource in page:
                    if resource.visibility == "hidden" and resource.published:
                        revision = work.resources.revision(resource.key, resource.published)
                        if revision and personal.held(work, names_of(revision)):
                            hidden.append(resource.id)
            if not page:
                break
            after = page[-1].key
        with services.catalogue.reading() as work:
            stale = bool(work.readings.stale(pipeline.fingerprint(), "", 1))
    except LibraryError:
        return
    if hidden:
        named = ", ".join(hidden[:IDS_NAMED])
        yield Check("doctor-personal-data", "warning", {"count": len(hidden), "resources": named})
    if stale:
        yield Check("doctor-readings-old", "warning")
