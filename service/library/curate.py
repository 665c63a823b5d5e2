"""Take a published resource away, bring it back, clear what was held for personal data, name organisations.

A withdrawn resource leaves a tombstone with its reason; every act is an event.
"""

import datetime
from dataclasses import replace

from ingest.document import Finding
from service.errors import Invalid, NotFound, Purged
from service.library import personal
from service.library.bundles import names_of
from service.library.permissions import Action, require, require_role
from service.library.publishing import listed
from service.library.services import Services
from service.model import PRIORITY_PEOPLE, Organisation, Principal, Resource, Revision, Visibility
from service.ports import UnitOfWork


def withdraw(services: Services, principal: Principal, resource_id: str, *, reason: str) -> Resource:
    """Raises: NotFound; NotAllowed; Invalid: no reason, or it is not live."""
    if not reason.strip():
        raise Invalid(field="reason", value=reason)
    return _move(services, principal, resource_id, visibility="withdrawn", reason=reason.strip())


def reinstate(services: Services, principal: Principal, resource_id: str) -> Resource:
    """Undo a withdrawal, or show again what was hidden.

    Raises: NotFound; NotAllowed; Invalid: it is live; PersonalData {places}: `clear` it first; Purged.
    """
    return _move(services, principal, resource_id, visibility="live", reason="")


def _move(
    services: Services, principal: Principal, resource_id: str, *, visibility: Visibility, reason: str
) -> Resource:
    action: Action = "withdraw" if visibility == "withdrawn" else "reinstate"

    def act(work: UnitOfWork) -> Resource:
        found = work.resources.get(resource_id)
        revision = _published(work, found)
        resource = require(principal, found, revision, action)
        if resource.visibility == visibility:
            raise Invalid(field="visibility", value=visibility)
        if visibility == "live" and revision is not None:
            if work.blobs.refused([file.sha256 for file in revision.files]):
                raise Purged
            personal.refuse(services, personal.held(work, names_of(revision)))
        now = datetime.datetime.now(datetime.UTC)
        saved = work.resources.save(replace(resource, visibility=visibility, withdrawn_reason=reason, modified_at=now))
        live = visibility == "live" and revision is not None
        work.terms.replace(saved.key, listed(services.living.of(work), saved, revision) if live and revision else [])
        work.events.add("withdrawn" if reason else "reinstated", saved.key, principal.role, {"reason": reason})
        work.jobs.add("index", saved.id, priority=PRIORITY_PEOPLE)
        if live:
            work.jobs.add("render", saved.id, priority=PRIORITY_PEOPLE)
        else:
            # At once: a tombstone needs no rendering. Last, as every datestamp.
            work.oai.retract(saved.key, saved.row_version)
        return saved

    return services.catalogue.write(act)


def clear(services: Services, principal: Principal, resource_id: str, *, reason: str) -> tuple[Finding, ...]:
    """Say that what was found in an item is no personal data. It is not published by this, but may be from now on.

    Returns: what was cleared. Raises: NotFound; NotAllowed; Invalid: no reason, or nothing is held.
    """
    if not reason.strip():
        raise Invalid(field="reason", value=reason)

    def act(work: UnitOfWork) -> tuple[Finding, ...]:
        found = work.resources.get(resource_id)
        revision = (work.resources.open_revision(found.key) if found else None) or _published(work, found)
        resource = require(principal, found, revision, "clear")
        names = names_of(revision) if revision else []
        held = personal.held(work, names)
        if not held:
            raise Invalid(field="findings", value=resource.id)
        for name in names:
            kinds = {finding.kind for finding in personal.held(work, [name])}
            work.readings.clear(name, kinds, actor=principal.role, reason=reason.strip())
        details = {"reason": reason.strip(), "findings": personal.in_codes(held)}
        work.events.add("cleared", resource.key, principal.role, details)
        return held

    return services.catalogue.write(act)


def _published(work: UnitOfWork, resource: Resource | None) -> Revision | None:
    if resource is None:
        raise NotFound
    return work.resources.revision(resource.key, resource.published) if resource.published else None


def add_organisation(services: Services, principal: Principal, code: str, name: str) -> Organisation:
    """Raises: NotAllowed; Invalid: the code is not lower-case ASCII; Conflict: it is taken."""
    require_role(principal, "deposit")
    code, name = named(code, name)
    return services.catalogue.write(lambda work: work.organisations.add(code, name))


def named(code: str, name: str) -> tuple[str, str]:
    """Code and name as an organisation may have them. Raises: Invalid: no such code, or no name."""
    if not code or not all(character.isascii() and (character.isalnum() or character in "-_") for character in code):
        raise Invalid(field="organisation", value=code)
    if not name.strip():
        raise Invalid(field="name", value=name)
    return code, name.strip()
