"""What readers say is wrong with a resource, for whoever looks after the library.

A report is an event: a reason, and a sentence if somebody wrote one. Nobody is
asked who they are, and an address or a number that is typed all the same is
taken out before anything is written.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Final

from service.errors import Invalid, TooManyRequests
from service.library.permissions import require, require_role
from service.library.services import Services
from service.model import Principal
from service.ports import UnitOfWork

EVENT: Final = "reported"
REASONS = ("wrong", "broken", "rights", "personal", "unsuitable", "other")
MOST_CHARACTERS = 1_000
# A resource that is truly bad is known to be so after a few; whoever goes on fills the table.
MOST_A_DAY = 20
DAY = datetime.timedelta(days=1)

# Addresses of mail, and numbers as long as a telephone's or an identity card's.
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\d)\+?\d(?:[ .-]?\d){8,}(?!\d)")
LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class Report:
    """One report. title: of the resource as it is called now; at: UTC."""

    resource: str
    title: str
    reason: str
    text: str
    at: datetime.datetime


def report(services: Services, principal: Principal, resource_id: str, *, reason: str, text: str = "") -> None:
    """Say that something is wrong. text: plain, at most MOST_CHARACTERS of it are kept.

    Raises: NotFound; Withdrawn; Invalid: no such reason; TooManyRequests: this resource has MOST_A_DAY already.
    """
    if reason not in REASONS:
        raise Invalid(field="reason", value=reason[:60])
    kept = _PERSONAL.sub(LEFT_OUT, text)[:MOST_CHARACTERS]

    def act(work: UnitOfWork) -> None:
        found = work.resources.get(resource_id)
        revision = work.resources.revision(found.key, found.published) if found and found.published else None
        resource = require(principal, found, revision, "see")
        since = datetime.datetime.now(datetime.UTC) - DAY
        today = [event for event in work.events.of(resource.key) if event.kind == EVENT and event.at > since]
        if len(today) >= MOST_A_DAY:
            raise TooManyRequests(seconds=_left(today[0].at))
        work.events.add(EVENT, resource.key, principal.role, {"reason": reason, "text": kept})

    services.catalogue.write(act)


def _left(oldest: datetime.datetime) -> int:
    return max(1, round((oldest + DAY - datetime.datetime.now(datetime.UTC)).total_seconds()))


def reports(services: Services, principal: Principal, *, since: datetime.datetime | None = None) -> list[Report]:
    """All of them, the newest first. Raises: NotAllowed."""
    require_role(principal, "report")
    listed = []
    with services.catalogue.reading() as work:
        for event in reversed(work.events.of_kind(EVENT)):
            if (since and event.at < since) or event.resource is None:
                continue
            resource = work.resources.by_key(event.resource)
            if resource is None:
                continue
            revision = work.resources.revision(resource.key, resource.published) if resource.published else None
            title = (revision.first("title") or "") if revision else ""
            reason, text = str(event.details.get("reason", "")), str(event.details.get("text", ""))
            listed.append(Report(resource.id, title, reason, text, event.at))
    return listed
