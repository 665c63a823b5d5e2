"""Merge an organisation into another one: what it owns, what stands under it, the sets of its records.

The code that is gone is answered for at once, in the transaction that says so:
what is handed in for it from then on belongs to its successor, and whoever was
just depositing has been waited for. What it owned follows in a job, a page a
transaction, each resource with an event. Killed at any moment, the job begins
with what is still left. At its end the records of both have the sets of both:
whoever harvests the old one goes on to get what its successor publishes.
"""

import threading
from dataclasses import replace
from functools import partial

from service.errors import AlreadyMerged, Unavailable, UnknownOrganisation
from service.library import rendering
from service.library.permissions import require_role
from service.library.publishing import listed, touch
from service.library.services import Services
from service.model import PRIORITY_BATCH, Job, Principal
from service.ports import UnitOfWork

# As in `vocabulary.relist`: a person's publish does not wait.
PAGE = 50
PAUSE_SECONDS = 0.005


def merge(services: Services, principal: Principal, code: str, into: str) -> str:
    """From now on `into` answers for `code`; a job moves what that one owns. Said twice it goes on where it was.

    Returns: the subject of the `merge` job.
    Raises: NotAllowed; UnknownOrganisation; Invalid: the same twice; AlreadyMerged: into another one.
    """
    require_role(principal, "move")

    def act(work: UnitOfWork) -> str:
        for one in (code, into):
            if work.organisations.get(one) is None:
                raise UnknownOrganisation(value=one, where="organisations merge")
        try:
            work.organisations.merge(code, into)
        except AlreadyMerged as error:
            if (error.parameters["organisation"], error.parameters["successor"]) != (code, into):
                raise
        else:
            work.events.add("organisation-merged", None, principal.role, {"from": code, "to": into})
        work.jobs.add("merge", code, priority=PRIORITY_BATCH)
        return code

    return services.catalogue.write(act)


def carry_out(services: Services, job: Job, stopping: threading.Event) -> None:
    """Move what a merged organisation still owns, then have the records of both rendered that this concerns.

    Raises: Unavailable: told to stop in the middle; the job is given back.
    """
    code = job.subject
    while services.catalogue.write(partial(_page, services, code=code)):
        if stopping.wait(PAUSE_SECONDS):
            raise Unavailable(part="worker")
    # What stands in sets of the successor has the former code's by now, and those below it have others above them.
    rendering.sweep(services)


def _page(services: Services, work: UnitOfWork, *, code: str) -> int:
    into = work.organisations.successors().get(code)
    if into is None:
        return 0
    found = work.resources.owned(code, PAGE)
    vocabularies = services.living.of(work)
    shown = work.resources.published([one.key for one in found])
    for one in found:
        owned = replace(one, owner=into)
        # A new row version, so that index and harvesters take it anew; no change that feeds would tell of.
        moved = touch(work, owned) if one.published else work.resources.save(owned)
        if one.key in shown and one.visibility == "live":
            work.terms.replace(one.key, listed(vocabularies, moved, shown[one.key][1]))
    work.events.add_all("owner-changed", {one.key: {"from": code, "to": into} for one in found}, "operator")
    return len(found)


def queue_owed(services: Services) -> int:
    """A job for each merged organisation that still owns something: an import brought it, or a job failed.

    Returns: how many.
    """
    with services.catalogue.reading() as work:
        owing = [code for code, _ in work.organisations.owing()]
    if owing:
        services.catalogue.write(lambda work: work.jobs.add_all("merge", owing, priority=PRIORITY_BATCH))
    return len(owing)
